"""Every page there is, in a browser: nothing that the accessibility rules object to, by day and by night; nothing cut
off on a phone; no heap of scripts. A new page is found here by its line in the access matrix."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from clinic import panels
from tests.architecture.access import PAGES, PEOPLE

OWNER = PEOPLE.index("owner")
NOT_HTML = ("api:", "healthz", "metrics", "reminders_health")
WIDTHS = (390, 820, 1440)
MOST_SCRIPT = 150_000  # bytes, compressed, of one page
RULES = {"resultTypes": ["violations"]}


def pages():
    """Names of all pages that an owner can open and read."""
    return sorted(
        name
        for name, expect in PAGES.items()
        if not expect.post and expect.codes[OWNER] == 200 and not name.startswith(NOT_HTML)
    )


def addresses(world):
    found = {name: reverse(name, args=[world.things[arg] for arg in PAGES[name].args]) for name in pages()}
    found = {name: url + PAGES[name].query.format(**world.things) for name, url in found.items()}
    record = reverse("clinic:client", args=[world.things["client"]])
    return {**found, **{f"clinic:client?{tab.key}": f"{record}?tab={tab.key}" for tab in panels.tabs}}


@pytest.fixture
def opened(site, browser, world, log_in_to):
    """`opened(theme)`: a page of the owner, which keeps the size of the scripts it loaded."""
    contexts = []

    def open_in(theme):
        context = browser.new_context(viewport={"width": 820, "height": 1180}, color_scheme=theme)
        contexts.append(context)
        log_in_to(context, world.users["owner"])
        return context.new_page()

    yield open_in
    for context in contexts:
        context.close()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_can_be_used_by_everybody(theme, site, world, opened):
    page, axe, wrong = opened(theme), Axe(), []
    for name, address in addresses(world).items():
        if not is_page(page, site + address):
            continue
        page.goto(site + address)
        found = axe.run(page, options=RULES)
        if found.response["violations"]:
            wrong.append(f"{name} ({theme})\n{found.generate_report()}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.timeout(400)
def test_no_page_is_wider_than_its_window_or_heavy_with_scripts(site, world, opened):
    page, wrong, scripts = opened("light"), [], {}
    page.on("response", lambda answer: scripts.update({answer.url: size(answer)}) if is_script(answer) else None)
    for name, address in addresses(world).items():
        if not is_page(page, site + address):
            continue
        page.set_viewport_size({"width": WIDTHS[0], "height": 844})
        page.goto(site + address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wrong.append(f"{name} scrolls sideways at {width} px")
        used = page.evaluate("[...document.scripts].map(script => script.src)")
        if (heavy := sum(scripts.get(source, 0) for source in used)) > MOST_SCRIPT:
            wrong.append(f"{name} loads {heavy} bytes of scripts")
    assert scripts, "no script was seen at all"
    assert not wrong, "\n".join(wrong)


def is_page(page, address):
    """Not a file to keep."""
    return "html" in page.request.get(address).headers["content-type"]


def is_script(answer):
    return answer.request.resource_type == "script"


def size(answer):
    return len(gzip.compress(answer.body()))
