"""The diary in a real browser: by keyboard only, by mouse and by finger, at tablet and desktop size."""

import datetime
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from clinic.models import Absence, Visit
from tests.clinic.visits.conftest import BERLIN, TODAY, at, ben, book, hours, nadia, room  # noqa: F401

SIZES = {
    "tablet": {"viewport": {"width": 820, "height": 1180}},
    "desktop": {"viewport": {"width": 1440, "height": 900}},
}
DIARY = f"/diary/?day={TODAY}"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=SIZES)
def size(request):
    return SIZES[request.param]


@pytest.fixture
def open_diary(site, browser, log_in_to, therapist):
    """`open_diary(size)`: the day in the diary, as Tomas; what the browser complains of fails the test."""
    contexts, complaints = [], []

    def complain(text):
        if "422" not in text:  # the server asks, or refuses
            complaints.append(text)

    def open_diary(size, path=DIARY, **options):
        context = browser.new_context(**{**size, **options})
        contexts.append(context)
        log_in_to(context, therapist.user)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: complain(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(site + path)
        return page

    yield open_diary
    for context in contexts:
        context.close()
    assert complaints == []


def standing() -> Visit:
    return Visit.objects.get()


def said(page, text):
    return page.locator("#messages").get_by_text(text)


def starts(visit) -> str:
    visit.refresh_from_db()
    return f"{visit.starts_at.astimezone(BERLIN):%H:%M}"


def test_booked_by_keyboard_only_cancelled_and_undone(open_diary, size, client_person, ben, hours):  # noqa: F811
    page = open_diary(size)
    keys = page.keyboard
    keys.press("ArrowDown")  # the first free time, 08:00
    for _ in range(4):
        keys.press("ArrowDown")
    expect(page.locator(":focus")).to_have_text("Book 10:00")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Book a visit")).to_be_visible()
    keys.type("bran", delay=20)  # the search has the focus
    expect(page.get_by_role("radio", name=re.compile("Ada Brandt"))).to_be_checked()
    keys.press("Enter")
    expect(page.get_by_text("This time is in the past.")).to_be_visible()
    page.get_by_role("button", name="Book anyway").press("Enter")  # that day is over
    expect(said(page, "Ada Brandt is booked for Wednesday 13 May, 10:00.")).to_be_visible()
    assert (starts(standing()), standing().client) == ("10:00", client_person)

    link = page.locator(".visit-link")
    link.focus()
    keys.press("Enter")
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name="Cancel the visit").press("Enter")
    expect(said(page, "is cancelled")).to_be_visible()
    assert standing().state == "cancelled"
    page.get_by_role("button", name="Undo").press("Enter")
    expect(said(page, "is booked again")).to_be_visible()
    assert standing().state == "booked"


def test_moved_by_mouse_to_another_time_and_therapist(open_diary, size, book, nadia, hours):  # noqa: F811
    visit = book(10)
    page = open_diary(size)
    card, goal = page.locator(".visit"), column(page, "Nadia")
    box, other = card.bounding_box(), goal.bounding_box()
    hour = box["height"] + 2
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(other["x"] + 30, box["y"] + 10 + hour * 1.25, steps=8)
    expect(page.locator(".visit-target")).to_have_text("11:15")
    page.mouse.up()
    page.get_by_role("button", name="Move it anyway").click()  # that day is over
    expect(said(page, "Ada Brandt: now Wednesday 13 May, 11:15 with Nadia.")).to_be_visible()
    assert (starts(visit), visit.therapist) == ("11:15", nadia)
    page.get_by_role("button", name="Undo").click()
    expect(said(page, "now Wednesday 13 May, 10:00 with Tomas.")).to_be_visible()
    assert starts(visit) == "10:00"


def test_a_drag_that_is_given_up_moves_nothing_and_opens_nothing(open_diary, book, hours):  # noqa: F811
    visit = book(10)
    page = open_diary(SIZES["desktop"])
    box = page.locator(".visit").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 90, steps=5)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".visit-target")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert starts(visit) == "10:00"


def test_moved_by_a_finger_that_holds_it_first(open_diary, size, book, hours):  # noqa: F811
    visit = book(10)
    page = open_diary(size, has_touch=True)
    box = page.locator(".visit").bounding_box()
    finger = Finger(page, box["x"] + 40, box["y"] + 12)
    hour = box["height"] + 2
    finger.down()
    finger.drag(0, 40)  # at once: the page scrolls, nothing is lifted
    expect(page.locator(".visit-flying")).to_have_count(0)
    finger.up()
    page.reload()
    box = page.locator(".visit").bounding_box()
    finger = Finger(page, box["x"] + 40, box["y"] + 12)
    finger.down()
    page.wait_for_timeout(500)
    expect(page.locator(".visit-flying")).to_have_count(1)
    finger.drag(0, hour * 2.5)
    expect(page.locator(".visit-target")).to_have_text("12:30")
    finger.up()
    page.get_by_role("button", name="Move it anyway").tap()
    expect(said(page, "now Wednesday 13 May, 12:30")).to_be_visible()
    assert starts(visit) == "12:30"


def test_moved_in_the_week_to_another_day(open_diary, book, hours):  # noqa: F811
    visit = book(10)
    page = open_diary(SIZES["desktop"], f"/diary/week/?day={TODAY}")
    box, other = page.locator(".visit").bounding_box(), column(page, "Friday 15 May").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(other["x"] + 30, box["y"] + 10, steps=8)
    page.mouse.up()
    page.get_by_role("button", name="Move it anyway").click()
    expect(said(page, "now Friday 15 May, 10:00")).to_be_visible()
    visit.refresh_from_db()
    assert visit.starts_at == at(10, day=TODAY + datetime.timedelta(days=2))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", [DIARY, f"{DIARY}&by=room", f"/diary/week/?day={TODAY}", "/diary/book/", "/diary/calendar/"]
)
def test_axe_finds_nothing(open_diary, book, nadia, ben, room, hours, practice, therapist, path, scheme):  # noqa: F811
    from clinic.services import visits

    Absence.objects.create(practice=practice, member=nadia, starts_at=at(14), ends_at=at(16), reason="Training")
    book(10, room=room, purpose="first")
    book(10, client=ben, therapist=nadia, length=30)
    visits.no_show(visit=book(12), revision=1, by=therapist)
    visits.came(visit=book(13), revision=1, by=therapist)
    visits.cancel(visit=book(15), revision=1, by=therapist)
    page = open_diary(SIZES["tablet"], path, color_scheme=scheme)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_the_sheet_over_the_diary_has_no_violation_either(open_diary, book, hours):  # noqa: F811
    book(10)
    page = open_diary(SIZES["tablet"])
    page.locator(".visit-link").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def column(page, name):
    return (
        page.locator(".diary-column")
        .filter(has=page.get_by_role("heading", name=name))
        .or_(page.get_by_role("region", name=name))
        .first
    )


class Finger:
    """One finger on the glass, as Chromium gets it from a touch screen."""

    def __init__(self, page, x, y):
        self.page, self.x, self.y = page, x, y
        self.glass = page.context.new_cdp_session(page)

    def down(self):
        self._touch("touchStart", [{"x": self.x, "y": self.y}])

    def drag(self, dx, dy, steps=8):
        for _ in range(steps):
            self.x, self.y = self.x + dx / steps, self.y + dy / steps
            self._touch("touchMove", [{"x": self.x, "y": self.y}])
            self.page.wait_for_timeout(16)

    def up(self):
        self._touch("touchEnd", [])

    def _touch(self, kind, points):
        self.glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
