"""The programme builder in a real browser: by keyboard alone, by mouse, by finger; and what the client gets of it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.treatments.conftest import answer_intake, make_assessment
from treatments.models import Programme
from treatments.services import programmes

pytestmark = pytest.mark.django_db(transaction=True)
WIDE = {"viewport": {"width": 1440, "height": 1000}}
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def draft(client_person, therapist):
    answer_intake(client_person)
    assessment = make_assessment(client_person, therapist, ("hip_extension_limited", "right"))
    return programmes.draft(client=client_person, assessment=assessment, by=therapist)


@pytest.fixture
def opened(browser, site, log_in_to, therapist, draft):
    contexts = []

    def open_at(size, **more):
        context = browser.new_context(**size, **more)
        contexts.append(context)
        log_in_to(context, therapist.user)
        page = context.new_page()
        page.goto(f"{site}/programmes/{draft.pk}/")
        return page

    yield open_at
    for context in contexts:
        context.close()


def names(page):
    return [re.sub(r"^\d+\. ", "", text) for text in page.locator(".item h3").all_inner_texts()]


def in_database(draft):
    return [item.about.name for item in Programme.objects.get(pk=draft.pk).items.all()]


def press_until(page, key, reached, most=150):
    """Press `key` until the focus is where `reached` says, as who has no mouse does."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate(f"() => {{ const e = document.activeElement; return {reached}; }}"):
            return
    raise AssertionError(f"the keyboard does not get to {reached}")


def test_by_keyboard_alone(opened, draft):
    page = opened(WIDE)
    before = names(page)
    # order: the focus stays with the button, so that the next press goes on
    press_until(page, "Tab", f"e.getAttribute('aria-label') === 'Earlier: {before[2]}'")
    page.keyboard.press("Enter")
    expect(page.locator(".item h3").nth(1)).to_contain_text(before[2])
    page.keyboard.press("Enter")
    expect(page.locator(".item h3").nth(0)).to_contain_text(before[2])
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".item h3").nth(1)).to_contain_text(before[2])
    assert in_database(draft) == [before[0], before[2], before[1]]
    # dose: saved when the field is left, the numbers above follow
    press_until(page, "Shift+Tab", "e.name && e.name.endsWith('hold_seconds')")
    page.keyboard.press("Control+A")
    page.keyboard.type("45")
    page.keyboard.press("Tab")
    expect(page.locator(".said").first).to_contain_text("Hold 45 seconds")
    assert draft.items.get(kind="stretch").hold_seconds == 45
    page.keyboard.press("Shift+Tab")
    while page.evaluate("() => !(document.activeElement.name || '').endsWith('hold_seconds')"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("500")
    page.keyboard.press("Tab")
    expect(page.locator(".said").first).to_contain_text("500 is outside 3 to 180 seconds")
    assert draft.items.get(kind="stretch").hold_seconds == 45
    # search the library and add
    page.locator("#words").focus()
    page.keyboard.type("heel-to-toe")
    expect(page.locator("#found")).to_contain_text("Heel-to-toe stand")
    expect(page.locator("#words")).to_be_focused()
    press_until(page, "Tab", "e.innerText && e.innerText.includes('Heel-to-toe stand')")
    page.keyboard.press("Enter")
    expect(page.locator(".item")).to_have_count(4)
    # leave out, and undo
    press_until(page, "Tab", "e.tagName === 'SUMMARY' && e.textContent.includes('Leave out: Heel-to-toe stand')")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".item")).to_have_count(3)
    expect(page.locator("#messages")).to_contain_text("The exercise is left out.")
    page.locator("#messages button", has_text="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".item")).to_have_count(4)
    assert in_database(draft)[-1] == "Heel-to-toe stand"


def drag(page, grip, to, *, dy):
    """By mouse, or a pen: from the grip to a point of `to`."""
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), to.bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + 80, end["y"] + dy, steps=8)
    page.mouse.up()


@pytest.mark.parametrize("size", [TABLET, WIDE], ids=["820", "1440"])
def test_dragging_in_within_and_out(opened, draft, size):
    page = opened(size)
    before = names(page)
    drag(page, page.locator(".offer [data-grip]").first, page.locator(".item").nth(1), dy=10)
    expect(page.locator(".item")).to_have_count(4)
    added = names(page)[1]
    assert in_database(draft) == [before[0], added, *before[1:]]
    drag(page, page.locator(".item [data-grip]").nth(1), page.locator(".item").nth(0), dy=4)
    expect(page.locator(".item h3").first).to_contain_text(added)
    assert in_database(draft) == [added, *before]
    page.locator(".item [data-grip]").first.scroll_into_view_if_needed()
    height = page.locator(".item [data-grip]").first.bounding_box()["y"]
    out = page.locator("[data-leave]")
    drag(page, page.locator(".item [data-grip]").first, out, dy=height - out.bounding_box()["y"])
    expect(page.locator(".item")).to_have_count(3)
    assert in_database(draft) == before
    expect(page.locator("#messages button", has_text="Undo")).to_be_visible()


TOUCH_DRAG = """async ([from, to]) => {
  const at = (type, x, y, on) => on.dispatchEvent(new PointerEvent(type, {
    pointerId: 7, pointerType: "touch", isPrimary: true, bubbles: true, cancelable: true, clientX: x, clientY: y }));
  const grip = document.elementFromPoint(from.x, from.y);
  grip.closest("[data-grip]").setPointerCapture = () => {};
  at("pointerdown", from.x, from.y, grip);
  for (let step = 1; step <= 8; step++) {
    at("pointermove", from.x + (to.x - from.x) * step / 8, from.y + (to.y - from.y) * step / 8, grip);
  }
  at("pointerup", to.x, to.y, grip);
}"""


def test_by_finger_on_a_tablet(opened, draft):
    page = opened(TABLET)
    before = names(page)
    more = page.locator(".item").first.locator("[aria-label='More: Hold']")
    for _ in range(3):
        more.tap()
    expect(page.locator(".said").first).to_contain_text("Hold 33 seconds")
    page.locator(".item").first.locator(".toggle", has_text="Sat").tap()
    expect(page.locator(".said").first).to_contain_text("Mon to Sat")
    page.locator(".offer-add button").first.tap()
    expect(page.locator(".item")).to_have_count(4)
    for target in page.locator(".item .step, .item .toggle, .item .order-button, .item [data-grip]").all()[:12]:
        box = target.bounding_box()
        assert box["width"] >= 40
        assert box["height"] >= 44
    grip, first = page.locator(".item [data-grip]").nth(1), page.locator(".item").first
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), first.bounding_box()
    places = [{"x": start["x"] + 20, "y": start["y"] + 20}, {"x": end["x"] + 80, "y": end["y"] + 4}]
    page.evaluate(TOUCH_DRAG, places)
    expect(page.locator(".item h3").first).to_contain_text(before[1])
    assert in_database(draft)[:2] == [before[1], before[0]]


def test_on_a_phone_the_numbers_stay_in_sight(opened):
    page = opened(PHONE)
    page.locator(".item").nth(1).scroll_into_view_if_needed()
    expect(page.locator("#summary")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_without_javascript_the_same_can_be_done(opened, draft):
    page = opened(WIDE, java_script_enabled=False)
    before = names(page)
    page.get_by_role("button", name=f"Earlier: {before[1]}").click()
    assert names(page)[:2] == [before[1], before[0]]
    item = page.locator(".item").nth(1)
    item.get_by_role("spinbutton", name="Hold").fill("50")
    item.get_by_role("button", name="Save the dose").click()
    assert draft.items.get(kind="stretch").hold_seconds == 50
    page.get_by_label("Search the whole library").fill("heel-to-toe")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("button", name="Heel-to-toe stand").first.click()
    assert names(page)[-1] == "Heel-to-toe stand"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_for_axe_on_any_of_its_pages(opened, site, draft, client_person, scheme):
    page = opened(TABLET, color_scheme=scheme)
    for path in ("", "publish/", "preview/?as=page", "preview/?as=mail"):
        page.goto(f"{site}/programmes/{draft.pk}/{path}")
        found = Axe().run(page).response["violations"]
        assert not [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found], path
    page.goto(f"{site}/programmes/{draft.pk}/publish/")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#messages")).to_contain_text("can see it now")
    page.goto(f"{site}/clients/{client_person.pk}/programmes/")
    found = Axe().run(page).response["violations"]
    assert not [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found]
