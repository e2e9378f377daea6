"""A message that finds no network stays in the form, and the page says that it is not sent."""

import re

import pytest
from playwright.sync_api import expect

from clinic import links
from clinic.models import Message
from tests.people import make_client

WORDS, MORE = "My knee is swollen since Monday.", "And it is warm."


@pytest.fixture
def context(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    yield context
    context.close()


def test_it_stays_is_said_and_goes_once_when_there_is_a_network_again(context, site, practice):
    page = context.new_page()
    page.goto(f"{site}/p/{links.sign('portal', make_client(practice).pk)}/messages/")
    field, send = page.get_by_label("Your message"), page.get_by_role("button", name="Send")
    said = page.get_by_text("It is not sent yet and stays here")
    sent = page.locator("#messages").get_by_text("Your message is sent.")

    context.set_offline(True)
    field.fill(WORDS)
    send.click()
    expect(said).to_be_visible()
    expect(said).to_be_in_viewport()
    expect(field).to_have_value(WORDS)
    assert not Message.objects.exists()

    context.set_offline(False)
    send.click()
    expect(sent).to_be_visible()
    expect(field).to_have_value("")

    # on its way it gets lost, on a page whose address says that the one before was sent
    field.fill(MORE)
    page.route("**/messages/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    send.click()
    expect(page).to_have_url(re.compile("^chrome-error:"))
    page.unroute("**/messages/")
    page.go_back()
    expect(field).to_have_value(MORE)
    send.click()
    expect(page.get_by_text(MORE)).to_be_visible()
    expect(field).to_have_value("")
    assert list(Message.objects.order_by("created_at").values_list("text", flat=True)) == [WORDS, MORE]
