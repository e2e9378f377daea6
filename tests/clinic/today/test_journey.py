"""Today in a browser: at the width of a tablet and of a desk, by keyboard and by touch, without a script error."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic.models import Attention
from clinic.services import attention
from tests.people import make_client
from tests.treatments.conftest import make_running
from treatments.models import HomeLog

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def noon():
    """The server's process keeps its own time."""


@pytest.fixture
def in_pain(practice):
    person = make_client(practice)
    today = timezone.localdate(timezone=practice.zone)
    programme = make_running(person, starts_on=today - datetime.timedelta(days=3), weekdays=(range(1, 8),))
    HomeLog.objects.create(
        practice=practice, client=person, item=programme.items.get(), local_date=today, outcome="too_painful"
    )
    attention.look_at(person)
    return person


@pytest.mark.parametrize(("width", "by"), [(390, "touch"), (820, "touch"), (820, "keyboard"), (1440, "keyboard")])
def test_put_off_and_undo(browser, site, log_in_to, therapist, in_pain, width, by):
    context = browser.new_context(viewport={"width": width, "height": 1000}, has_touch=True)
    log_in_to(context, therapist.user)
    page = context.new_page()
    wrong = []
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda problem: wrong.append(str(problem)))
    page.goto(site)
    put_off = page.get_by_role("button", name=re.compile("Put off"))
    press(page, put_off, by)
    expect(page.locator("#messages")).to_contain_text("Ada Brandt: put off until")
    assert Attention.objects.get(kind="too_painful").put_off_until
    press(page, page.get_by_role("button", name="Undo"), by)
    expect(put_off).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wrong == []


def press(page, button, by):
    if by == "touch":
        button.tap()
    else:
        button.focus()
        page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_the_list_of_clients_fits(browser, site, log_in_to, therapist, in_pain, width):
    context = browser.new_context(viewport={"width": width, "height": 1000}, has_touch=True)
    log_in_to(context, therapist.user)
    page = context.new_page()
    page.goto(f"{site}/clients/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wrap = page.locator(".table-wrap").first
    assert wrap.evaluate("box => box.scrollWidth <= box.clientWidth + 8")
    page.get_by_label("Attention").select_option("Needs somebody")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="Brandt, Ada")).to_be_visible()
