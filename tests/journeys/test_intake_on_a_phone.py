"""Somebody who never heard of the product answers the form on a phone: with gaps in the network, on two devices, with
an answer that can't wait. Everything is real: the site, PostgreSQL, Chromium."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from clinic import links
from clinic.models import AuditEntry, SafetyAlert
from clinic.reminders import kinds
from intake.models import IntakeResponse
from intake.services import requests
from tests.intake.test_mail import rows
from tests.journeys.test_one_visit import answer_no, check_page, choose

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ON_ITS_SIDE = {"width": 844, "height": 390}


@pytest.fixture
def address(site, client_person, therapist) -> str:
    """As it stands in the mail."""
    requests.send(client=client_person, by=therapist)
    (reminder,) = rows()
    letter = kinds["intake_link"].compose([reminder])[reminder.pk]
    return re.search(r"https?://\S+/i/\S+", letter.text).group()


EXPECTED = ("422", "ERR_INTERNET_DISCONNECTED")  # what a browser writes to its console where this test wants it


def open_page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda message: complain(message) if message.type == "error" else None)
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    return page


def complain(message) -> None:
    assert any(word in message.text for word in EXPECTED), message.text


def phone(browser, address: str) -> Page:
    page = open_page(browser.new_context(**PHONE))
    page.goto(address)
    return page


def enter(page: Page) -> None:
    """In another order than the fields say."""
    for part, number in (("Day", "1978"), ("Month", "3"), ("Year", "2")):
        page.get_by_label(part).fill(number)
    page.get_by_role("button", name="Go on").click()


def saved(page: Page) -> None:
    expect(page.locator("#kept")).to_contain_text("Saved")


def go_on(page: Page) -> None:
    before = page.url
    check_page(page)
    page.get_by_role("button", name="Next").last.click()
    page.wait_for_url(lambda url: url.partition("#")[0] != before)


def answers() -> dict:
    return IntakeResponse.objects.get().answers


def draw(page: Page, selector: str, *points: tuple[float, float]) -> None:
    sheet = page.locator(selector)
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


@pytest.mark.timeout(180)
def test_from_the_mail_to_the_end_with_a_gap_in_the_network_and_a_turned_phone(browser, address):
    page = phone(browser, address)
    check_page(page)
    assert "Ada" not in page.content(), "nothing about anybody before the date of birth"
    enter(page)
    check_page(page)
    page.get_by_role("link", name="Start").click()

    page.get_by_label("Lower back", exact=True).check()
    choose(page, "pain-low_back-severity", "5")
    saved(page)
    page.set_viewport_size(ON_ITS_SIDE)
    check_page(page)
    expect(page.get_by_label("Lower back", exact=True)).to_be_checked()
    page.set_viewport_size(PHONE["viewport"])
    go_on(page)

    page.context.set_offline(True)
    page.get_by_label("Hours sitting").fill("9")
    page.get_by_role("button", name="Next").last.click()
    expect(page.locator("#kept")).to_contain_text("No connection")
    assert "sitting_hours_per_day" not in answers()
    page.context.set_offline(False)
    page.wait_for_url("**/shoes/")  # on by itself, as it was asked to
    assert answers()["sitting_hours_per_day"] == 9

    no_network = "void (window.fetch = () => Promise.reject(new TypeError('no network')))"
    page.evaluate(no_network)  # to the very end of the page
    page.get_by_label("Worn-out shoes").check()
    expect(page.locator("#kept")).to_contain_text("No connection")
    here = page.url
    page.goto("about:blank")  # the page is gone; what was tapped is not
    assert "footwear" not in answers()
    page.goto(here)
    expect(page.get_by_label("Worn-out shoes")).to_be_checked()
    saved(page)
    assert answers()["footwear"] == "worn"

    other = phone(browser, address)  # another device asks again, and has everything
    enter(other)
    other.get_by_role("link", name="Go on where you left off").click()
    expect(other).to_have_url(re.compile("/tried_so_far/$"))
    other.goto(f"{address}where/")
    other.get_by_label("Hip", exact=True).check()
    choose(other, "pain-hip-severity", "2")
    saved(other)
    go_on(page)
    page.get_by_label("Massage").check()
    go_on(page)
    while "/agreement/" not in page.url:
        answer_no(page)
        go_on(page)
    assert {place["site"] for place in answers()["pain"]} == {"low_back", "hip"}

    page.get_by_role("button", name="Sign and send").click()
    expect(page.get_by_text("Type your full name, or draw it").first).to_be_visible()
    check_page(page)
    draw(page, "[data-sheet]", (0.1, 0.7), (0.2, 0.2), (0.3, 0.7), (0.5, 0.3), (0.7, 0.6), (0.9, 0.4))
    page.get_by_label("I have read this and agree").check()
    page.get_by_role("button", name="Sign and send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    check_page(page)
    signed = IntakeResponse.objects.completed().get()
    assert (signed.signed_name, len(signed.signature)) == ("Ada Brandt", 1)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('keep'))") == []


@pytest.mark.timeout(120)
def test_an_emergency_answer_stops_at_the_tap_and_goes_on_only_when_it_was_read(browser, address):
    page = phone(browser, address)
    enter(page)
    page.goto(f"{address}safety_now/")
    page.locator("[name=red_flags-saddle_numbness][value=yes]").check()
    stop = page.get_by_role("dialog", name="Please get medical help now")
    expect(stop.get_by_role("link", name="Call 112")).to_have_attribute("href", "tel:112")
    expect(stop.get_by_text("Riverside Bodywork has been told.")).to_be_visible()
    assert SafetyAlert.objects.get().level == "emergency"
    check_page(page)
    page.keyboard.press("Escape")
    expect(stop).to_be_visible()
    page.goto(f"{address}shoes/")
    expect(page.get_by_role("heading", name="Please get medical help now")).to_be_visible()  # no way round it
    check_page(page)
    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_role("heading", name="Some questions for your safety")).to_be_visible()
    answer_no(page)
    assert AuditEntry.objects.filter(verb="intake.warning_read").count() == 1

    page.context.set_offline(True)  # also without a network, and nobody is told a lie
    page.locator("[name=red_flags-pulsing_abdomen][value=yes]").check()
    expect(stop.get_by_text("Riverside Bodywork does not know yet")).to_be_visible()
    page.context.set_offline(False)
    expect(stop.get_by_text("Riverside Bodywork has been told.")).to_be_visible()


@pytest.mark.timeout(120)
def test_the_body_chart_by_finger_and_from_the_list(browser, site, client_person, therapist):
    request = with_chart(client_person, therapist)
    page = phone(browser, f"{site}/i/{links.sign('intake', request.pk)}/")
    enter(page)
    page.get_by_role("link", name="Start").click()
    page.get_by_role("button", name="2 Ache").click()
    draw(page, "svg[data-view=back]", (0.55, 0.36), (0.6, 0.5))
    page.get_by_label(re.compile("^How bad is it")).first.select_option("4")
    page.get_by_role("button", name="2 Ache").click()
    page.get_by_text("Choose a place from a list instead").click()
    page.locator("[data-place]").select_option(label="Groin, left")
    page.get_by_role("button", name="Add this place").click()
    saved(page)
    check_page(page)
    page.reload()
    expect(page.get_by_text("Pain: Groin, left")).to_be_visible()
    marks = answers()["own"]["map"]
    assert [(mark["kind"], mark["view"], mark.get("severity")) for mark in marks] == [
        ("ache", "back", 4), ("pain", "front", None),
    ]  # fmt: skip
    assert len(marks[0]["points"]) > 2
    page.get_by_role("button", name="Take back the last one").click()
    expect(page.get_by_text("Pain: Groin, left")).to_have_count(0)


def with_chart(client_person, therapist):
    """An invitation to a form that begins with a body chart."""
    request = requests.send(client=client_person, by=therapist)
    schema = {**request.form_version.schema}
    chart = {"key": "map", "type": "body_chart", "label": "Mark every place that hurts"}
    body = {"key": "body", "title": "Show us where", "fields": [chart]}
    schema["form"] = {**schema["form"], "key": "own", "pages": [body, *schema["form"]["pages"]]}
    version = type(request.form_version).objects.create(
        practice=request.practice, key="own", number=1, title="Ours", schema=schema
    )
    type(request).objects.filter(pk=request.pk).update(form_version=version)
    return request
