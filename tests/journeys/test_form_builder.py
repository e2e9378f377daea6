"""Building an intake form in a real browser: by keyboard alone on a tablet, and by finger."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from intake.models import FormVersion, PracticeForm
from intake.services import practice_forms

pytestmark = pytest.mark.django_db(transaction=True)
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}


@pytest.fixture
def page(browser, site, log_in_to, therapist):
    context = browser.new_context(**TABLET)
    log_in_to(context, therapist.user)
    yield context.new_page()
    context.close()


def press_until(page, key, reached, most=120):
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate(f"() => {{ const e = document.activeElement; return {reached}; }}"):
            return
    raise AssertionError(f"the keyboard does not get to {reached}")


def names(page):
    return page.locator(".asked-name")


def test_a_form_from_nothing_to_published_by_keyboard_alone(page, site):
    page.goto(f"{site}/forms/")
    page.get_by_label("Name of the new form").focus()
    page.keyboard.type("Running")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Running")).to_be_visible()
    page.get_by_label("Title of this page").focus()
    page.keyboard.type("Your running")
    press_until(page, "Tab", "e.value === 'add:yes_no'")
    page.keyboard.press("Enter")
    expect(page.locator("[name$='-label']").first).to_be_focused()  # the new one, open, ready to be named
    page.keyboard.type("Do you run?")
    press_until(page, "Tab", "e.value === 'add:number'")
    page.keyboard.press("Enter")
    expect(page.locator("[name$='-label']").nth(1)).to_be_focused()
    page.keyboard.type("How far in a week?")
    press_until(page, "Tab", "e.name && e.name.endsWith('-unit')")
    page.keyboard.type("km")
    # asked only after a yes: choosing the question brings its answers
    press_until(page, "Tab", "e.name && e.name.endsWith('-show_if')")
    page.keyboard.press("ArrowDown")
    yes = page.get_by_role("checkbox", name="Yes", exact=True)
    expect(yes).to_be_visible()
    yes.focus()
    page.keyboard.press("Space")
    expect(page.locator("#kept")).to_contain_text("Saved")
    # order: the focus stays with the button, so that the next press goes on
    up = page.get_by_role("button", name="Earlier: How far in a week?")
    up.focus()
    page.keyboard.press("Enter")
    expect(names(page).first).to_have_text("How far in a week?")
    expect(page.get_by_role("button", name="Earlier: How far in a week?")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(names(page).first).to_have_text("Do you run?")
    found = Axe().run(page).response["violations"]
    assert not [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found]
    page.get_by_role("button", name="Publish…").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("This is its first version.")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Version 1 is published.")).to_be_visible()
    made = FormVersion.objects.get(key="running").form
    run, far = made.pages[0].fields
    assert (made.pages[0].title, run.label, far.unit) == ("Your running", "Do you run?", "km")
    assert (far.show_if.field, far.show_if.equals) == (run.key, "yes")


def test_by_finger_dragged_removed_and_brought_back_and_seen_as_on_a_phone(page, site, practice, therapist):
    form = practice_forms.create(practice=practice, title="Feet", start="pt-first-visit", by=therapist)
    page.goto(f"{site}/forms/{form.pk}/p/sport/")
    expect(names(page).nth(3)).to_have_text("How?")
    grip = page.locator("#f-sport_level [data-grip]").bounding_box()
    first = page.locator("#f-does_sport").bounding_box()
    touch = page.context.new_cdp_session(page)

    def finger(kind, x, y):
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    x, y = grip["x"] + 20, grip["y"] + 20
    finger("touchStart", x, y)
    for step in range(1, 6):
        finger("touchMove", x + 60, y + (first["y"] + 4 - y) * step / 5)
    finger("touchEnd", 0, 0)
    expect(names(page).first).to_have_text("How?")
    sport = next(each for each in PracticeForm.objects.get().body["pages"] if each["key"] == "sport")
    assert sport["fields"][0]["key"] == "sport_level"
    page.locator("#f-sport_level summary").tap()
    page.locator("button[value='remove:sport_level']").tap()
    expect(page.locator("#messages")).to_contain_text("“How?” is removed.")
    expect(names(page).first).to_have_text("Do you do a sport, or exercise regularly?")
    page.locator("#messages button", has_text="Undo").tap()
    expect(names(page).first).to_have_text("How?")
    # as on a phone, with what is asked only after a yes
    page.goto(f"{site}/forms/{form.pk}/preview/?page=sport")
    phone = page.frame_locator("iframe")
    expect(phone.get_by_role("heading", name="Sport and exercise")).to_be_visible()
    which = phone.get_by_label(re.compile("Which, and since when"))
    expect(which).to_be_hidden()
    phone.get_by_text("Yes", exact=True).first.tap()
    expect(which).to_be_visible()
    assert page.locator("iframe").bounding_box()["width"] == 390
