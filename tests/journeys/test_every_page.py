"""Every page there is, in a browser: nothing that the accessibility rules object to, by day and by night; nothing cut
off on a phone; no heap of scripts. A new page is found here by its line in the access matrix."""

import gzip

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Error

from clinic import panels
from tests.architecture.access import PAGES, PEOPLE

OWNER = PEOPLE.index("owner")
NOT_HTML = ("api:", "healthz", "metrics", "reminders_health")
WIDTHS = (390, 820, 1440)
MOST_SCRIPT = 150_000  # bytes, compressed, of one page
RULES = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}},
}
#: A mail in the frame of a page: landmarks and the first heading are the page's.
OF_A_MAIL = {"rules": {rule: {"enabled": False} for rule in ("landmark-one-main", "page-has-heading-one", "region")}}


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
    """`opened(…)`: a page of the owner. Nothing moves, so that a colour is what it stays."""
    contexts = []

    def open_in(**options):
        contexts.append(browser.new_context(reduced_motion="reduce", **options))
        log_in_to(contexts[-1], world.users["owner"])
        return contexts[-1].new_page()

    yield open_in
    for context in contexts:
        context.close()


@pytest.mark.timeout(400)
def test_every_page_fits_and_can_be_used_by_everybody(site, world, opened):
    """Each is loaded once: as narrow as a phone, then wider; looked at by day, then by night (only colours differ)."""
    unguarded = opened(bypass_csp=True)
    wrong, scripts, seen = [], {}, 0
    for turn, (name, address) in enumerate(addresses(world).items()):
        if turn % 20 == 0:  # what many pages leave behind makes the next ones slower
            page = opened()
            page.on(
                "response", lambda answer: scripts.update({answer.url: size(answer)}) if is_script(answer) else None
            )
        page.set_viewport_size({"width": WIDTHS[0], "height": 844})
        if not (answer := answer_of(page, site + address)):
            continue
        seen += 1
        looked_at, rules = page, {}
        if "sandbox" in answer.headers.get("content-security-policy", ""):  # no script runs there, the rules' neither
            looked_at, rules = unguarded, OF_A_MAIL
            answer_of(looked_at, site + address)
        wrong += [f"{name} scrolls sideways at {width} px" for width in WIDTHS if is_too_wide(looked_at, width)]
        looked_at.set_viewport_size({"width": 820, "height": 1180})
        found = {theme: in_theme(looked_at, theme, rules) for theme in RULES}
        wrong += [
            f"{name} ({theme})\n{said.generate_report()}" for theme, said in found.items() if said.violations_count
        ]
        used = page.evaluate("[...document.scripts].map(script => script.src)")
        if (heavy := sum(scripts.get(source, 0) for source in used)) > MOST_SCRIPT:
            wrong.append(f"{name} loads {heavy} bytes of scripts")
    assert scripts, "no script was seen at all"
    assert seen > 50, f"only {seen} pages were seen"
    assert not wrong, "\n".join(wrong)


def in_theme(page, theme, rules):
    page.emulate_media(color_scheme=theme)
    settle(page)
    if page.evaluate("!window.axe"):
        page.evaluate(Axe().axe_script)
    return AxeResults(page.evaluate("rules => axe.run(rules)", RULES[theme] | rules))


def settle(page):
    """Till it is painted, and every colour is what it stays: a colour that is handed down changes a moment later."""
    page.evaluate(
        """async () => {
            const painted = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
            await painted()
            const moves = () => document.getAnimations().some(one => one.playState === "running")
            for (let left = 30; left && moves(); left--) await painted()
        }"""
    )


def is_too_wide(page, width):
    """And stays so: a script may need a moment after a window became wider."""
    page.set_viewport_size({"width": width, "height": 900})
    for _ in range(30):
        settle(page)
        if not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            return False
    return True


def answer_of(page, address):
    """Goes there; None for a file to keep, and for a part that another page fetches into itself."""
    page.emulate_media(color_scheme="light")
    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" not in str(error) and "net::ERR_ABORTED" not in str(error):
            raise
        return None
    whole = "html" in answer.headers["content-type"] and "<html" in answer.text()
    return answer if whole else None


def is_script(answer):
    return answer.request.resource_type == "script"


def size(answer):
    return len(gzip.compress(answer.body()))
