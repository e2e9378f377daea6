"""On a phone: the device's own clock is offered and never taken silently; and it all works without JavaScript."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from clinic import links
from clinic.models import Client
from tests.people import make_client

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def address(site, practice):
    return f"{site}/p/{links.sign('portal', make_client(practice).pk)}/settings/"


@pytest.fixture
def phone(browser):
    contexts = []

    def phone(**options):
        contexts.append(browser.new_context(viewport=PHONE, reduced_motion="reduce", **options))
        return contexts[-1].new_page()

    yield phone
    for context in contexts:
        context.close()


def test_the_clock_of_the_phone_is_offered_and_saved_only_by_the_client(phone, address):
    page = phone(timezone_id="America/Lima")
    page.goto(address)
    field = page.get_by_label("By which city's clock?")
    offer = page.get_by_text("This device's clock goes by Lima.")
    expect(offer).to_be_visible()
    expect(field).to_have_value("practice")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages").get_by_text("Saved.")).to_be_visible()
    assert Client.objects.get().timezone == ""
    page.get_by_role("button", name="Choose it").click()
    expect(field).to_have_value("America/Lima")
    expect(offer).to_be_hidden()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages").get_by_text("Saved.")).to_be_visible()
    expect(offer).to_be_hidden()
    assert Client.objects.get().timezone == "America/Lima"
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        assert not found.violations_count, found.generate_report()


def test_without_javascript_every_choice_is_a_button_and_its_way_back_another(phone, address):
    page = phone(java_script_enabled=False)
    page.goto(address)
    expect(page.get_by_text("This device's clock")).to_be_hidden()
    for choice, told, back in (
        ("Nothing today", "No mail about exercises comes today any more", "Today as usual"),
        ("Pause", "Reminders are paused", "Go on now"),
        ("Stop all reminders", "Reminders are stopped", "Start them again"),
    ):
        page.get_by_role("button", name=choice, exact=True).click()
        expect(page.get_by_text(told, exact=True)).to_be_visible()
        way_back = page.get_by_role("button", name=back)
        assert way_back.bounding_box()["height"] >= 44
        way_back.click()
        expect(page.get_by_text("on each day with something to do, a mail goes to")).to_be_visible()
    assert list(
        Client.objects.values_list("reminders_stopped_at", "reminders_paused_until", "reminders_skipped_on")
    ) == [(None, None, None)]
