"""A client on a phone, from the link in the mail to “That's it for today”: timer, answers, pain, week."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from clinic import links
from clinic.models import AuditEntry
from tests.treatments.conftest import make_running
from treatments.models import HomeDay, HomeLog, Programme, ProgrammeItem

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True, "service_workers": "block"}
DARK = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}}
#: So that it can be read what the timer asked of the phone.
LISTENER = """
window.asked = [];
navigator.vibrate = (pattern) => { asked.push("vibrate"); return true; };
Object.defineProperty(navigator, "wakeLock", { value: { request: async () => {
  asked.push("awake");
  const lock = new EventTarget();
  lock.release = async () => { asked.push("asleep"); };
  return lock;
} } });
"""

pytestmark = pytest.mark.timeout(100)


@pytest.fixture
def programme(client_person) -> Programme:
    """Three exercises every day: held on the right, held on both sides, counted in rounds."""
    made = make_running(client_person, starts_on=client_person.today, weekdays=[range(1, 8)] * 3)
    made.items.filter(place=1).update(exercise="wall_calf_stretch_straight_knee", repetitions=1)
    made.items.filter(place=2).update(exercise="seated_hip_rotation", side="left", hold_seconds=None, sets=2)
    return made


@pytest.fixture
def phone(site, browser, programme, client_person) -> Page:
    """The page of today; its clock stands still until it is turned."""
    context = browser.new_context(**PHONE, reduced_motion="reduce")
    context.add_init_script(LISTENER)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.clock.install(time=timezone.now())
    page.goto(f"{site}/p/{links.sign('portal', client_person.pk)}/")
    stand_still(page)
    return page


def check(page: Page) -> None:
    """No sideways scrolling, nothing that the accessibility rules object to. The clock runs meanwhile: axe waits."""
    page.clock.resume()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} scrolls sideways"
    for scheme, rules in (("light", {"resultTypes": ["violations"]}), ("dark", DARK)):
        page.emulate_media(color_scheme=scheme)
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found = Axe().run(page, options=rules)
        assert not found.violations_count, f"{page.url} {scheme}\n{found.generate_report()}"
    page.emulate_media(color_scheme="light")
    stand_still(page)


def stand_still(page: Page) -> None:
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)


def timer(page: Page):
    return page.get_by_role("dialog")


def expect_timer(page: Page, title: str, number: str, detail: str) -> None:
    expect(page.locator("[data-timer=title]")).to_have_text(title)
    expect(page.locator("[data-timer=number]")).to_have_text(number)
    expect(page.locator("[data-timer=detail]")).to_have_text(detail)


def test_today_from_the_link_to_the_end(phone, programme, client_person):
    check(phone)
    expect(phone.get_by_text("Tap “Start”")).to_be_visible()
    phone.get_by_role("button", name="3", exact=True).click()

    expect(phone.get_by_role("heading", level=1)).to_have_text("Half-kneeling hip flexor stretch")
    expect(phone.get_by_text("Right side").first).to_be_visible()
    check(phone)
    the_timer_goes_by_the_clock(phone)
    assert not HomeLog.objects.exists(), "its end marks nothing by itself"
    timer(phone).get_by_role("button", name="Done").click()

    expect(phone.get_by_role("heading", level=1)).to_have_text("Calf stretch at the wall, knee straight")
    phone.get_by_text("Add a word, or change it").click()
    phone.get_by_label("A word for your therapist, if you like").fill("Felt good")
    phone.get_by_role("button", name="Save the word").click()
    expect(phone.get_by_text("“Felt good”")).to_be_visible()
    check(phone)
    both_sides_and_a_locked_screen(phone)
    timer(phone).get_by_role("button", name="Too painful").click()

    expect(phone.get_by_text("This exercise is stopped")).to_be_visible()
    check(phone)
    phone.get_by_role("link", name="Next exercise").click()
    counted_at_ones_own_pace(phone)
    timer(phone).get_by_role("button", name="Stop the timer").click()
    phone.get_by_role("button", name="Skip", exact=True).click()

    expect(phone.get_by_role("heading", level=1)).to_have_text("That's it for today")
    check(phone)
    phone.get_by_role("button", name="4", exact=True).click()
    expect(phone.get_by_text("Pain after: 4 of 10")).to_be_visible()
    the_week_says_what_was_done(phone)

    said = {log.item.exercise: (log.outcome, log.word) for log in HomeLog.objects.select_related("item")}
    assert said == {
        "half_kneeling_hip_flexor_stretch": ("done", "Felt good"),
        "wall_calf_stretch_straight_knee": ("too_painful", ""),
        "seated_hip_rotation": ("skipped", ""),
    }
    day = HomeDay.objects.get(client=client_person)
    assert (day.pain_before, day.pain_after) == (3, 4)
    assert ProgrammeItem.objects.filter(stopped_at=None).count() == 2


def the_timer_goes_by_the_clock(page: Page) -> None:
    page.get_by_role("button", name="Start the timer").click()
    expect_timer(page, "Get ready", "5", "Right side · 1 of 2")
    expect(page.locator("[data-timer=said]")).to_have_text("Get ready. Right side · 1 of 2. 5 seconds")
    timer(page).get_by_role("button", name="Pause").click()
    check(page)
    timer(page).get_by_role("button", name="Go on").click()
    page.clock.run_for(5_000)
    expect_timer(page, "Hold", "30", "Right side · 1 of 2")
    page.clock.run_for(12_000)
    expect_timer(page, "Hold", "18", "Right side · 1 of 2")
    expect(page.locator("[data-timer=said]")).to_have_text("Hold. Right side · 1 of 2. 30 seconds")  # once a phase
    timer(page).get_by_role("button", name="Pause").click()
    page.clock.run_for(60_000)
    expect_timer(page, "Hold", "18", "Right side · 1 of 2")
    timer(page).get_by_role("button", name="Go on").click()
    page.clock.run_for(18_000)
    expect_timer(page, "Let go", "10", "Right side · 2 of 2")
    timer(page).get_by_role("button", name="Back").click()
    expect_timer(page, "Hold", "30", "Right side · 1 of 2")
    timer(page).get_by_role("button", name="Next").click()
    timer(page).get_by_role("button", name="Next").click()
    expect_timer(page, "Hold", "30", "Right side · 2 of 2")
    page.clock.run_for(30_000)
    expect_timer(page, "That was all of it", "", "")
    expect(timer(page).get_by_role("button", name="Done")).to_be_focused()
    asked = page.evaluate("asked")
    assert {"vibrate", "awake", "asleep"} <= set(asked)
    assert asked[-1] == "asleep", "the screen may go dark again"
    check(page)


def both_sides_and_a_locked_screen(page: Page) -> None:
    """Nothing of the page runs for 50 seconds; then it shows where the clock is, not where it was."""
    page.get_by_role("button", name="Start the timer").click()
    expect_timer(page, "Get ready", "5", "Left side")
    timer(page).get_by_role("button", name="Sound").click()
    expect(timer(page).get_by_role("button", name="Sound")).to_have_attribute("aria-pressed", "false")
    page.clock.fast_forward(37_000)
    expect_timer(page, "Change sides", "8", "Right side")
    page.clock.fast_forward(13_000)
    expect_timer(page, "Hold", "25", "Right side")


def counted_at_ones_own_pace(page: Page) -> None:
    page.get_by_role("button", name="Start the timer").click()
    expect(timer(page).get_by_role("button", name="Sound")).to_have_attribute("aria-pressed", "false")  # remembered
    page.clock.run_for(5_000)
    expect_timer(page, "2 times", "", "Left side · At your own pace · Round 1 of 2")
    page.clock.run_for(300_000)
    expect_timer(page, "2 times", "", "Left side · At your own pace · Round 1 of 2")
    expect(timer(page).get_by_role("button", name="Pause")).to_be_disabled()
    timer(page).get_by_role("button", name="Next").click()
    expect_timer(page, "Rest", "30", "Left side · Round 2 of 2")


def the_week_says_what_was_done(page: Page) -> None:
    page.get_by_role("link", name="Progress").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your progress")
    expect(page.get_by_text(re.compile("Done so far this week: 1 of 3 exercises"))).to_be_visible()
    expect(page.get_by_role("img", name="Pain out of 10, day by day")).to_be_visible()
    page.get_by_text("Day by day", exact=True).click()
    expect(page.get_by_role("listitem").get_by_text("One was too painful; 1 of 3 done").last).to_be_visible()
    check(page)


def test_without_javascript_everything_stands_there_in_words(site, browser, programme, client_person):
    context = browser.new_context(**PHONE, java_script_enabled=False)
    page = context.new_page()
    for _ in range(3):
        page.goto(f"{site}/p/{links.sign('portal', client_person.pk)}/")
    assert not AuditEntry.objects.filter(actor_client=client_person).exists(), "looking changes nothing"
    page.get_by_role("link", name="Start").click()
    expect(page.get_by_text("Hold 30 seconds, 2 times")).to_be_visible()
    expect(page.get_by_role("button", name="Start the timer")).to_be_hidden()
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Too painful").click()
    expect(page.get_by_text("This exercise is stopped")).to_be_visible()
    page.get_by_text("Tapped by mistake?").click()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("That's it for today")
    assert list(HomeLog.objects.values_list("outcome", flat=True)) == ["done"] * 3
