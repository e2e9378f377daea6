"""Chromium with an authenticator of its own: made in the portal, used on the log-in page, removed again."""

import re

import pytest
from playwright.sync_api import expect

from clinic import links
from clinic.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def open_passkeys(page, site, client_person):
    page.goto(f"{site}/p/{links.sign('portal', client_person.pk)}/passkey/")
    for label, said in (("Day", "2"), ("Month", "3"), ("Year", "1978")):
        page.get_by_label(label).fill(said)
    page.get_by_role("button", name="Go on").click()


def test_a_client_comes_back_without_mail_and_password(site, browser, client_person, therapist):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    phone = context.new_cdp_session(page)
    phone.send("WebAuthn.enable")
    authenticator = phone.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})["authenticatorId"]

    open_passkeys(page, site, client_person)
    page.get_by_role("button", name="Use my fingerprint or face").click()
    expect(page.get_by_text("From now on you can open your page with it.")).to_be_visible()
    expect(page.get_by_role("button", name="Remove")).to_have_count(1)
    assert AuditEntry.objects.filter(verb="client.passkey_added", actor_client=client_person).count() == 1

    context.clear_cookies()
    page.goto(f"{site}/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile(rf"{site}/p/[^/]+/$"))
    expect(page.get_by_role("navigation", name="Your pages")).to_be_visible()
    for staffs in ("/", "/clients/", f"/clients/{client_person.pk}/"):
        assert page.goto(f"{site}{staffs}").status == 403
    page.goto(f"{site}/accounts/login/")  # logged in already: to their page, by a fresh link
    expect(page).to_have_url(re.compile(rf"{site}/p/[^/]+/$"))

    open_passkeys(page, site, client_person)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Take it off your device, too")).to_be_visible()
    assert len(phone.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]) == 1
    page.goto(f"{site}/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Incorrect code.")).to_be_visible()
    expect(page).to_have_url(f"{site}/accounts/login/")


def test_somebody_who_says_no_is_told_that_nothing_was_saved(site, browser, client_person):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    phone = context.new_cdp_session(page)
    phone.send("WebAuthn.enable")
    phone.send("WebAuthn.addVirtualAuthenticator", {"options": {**PHONE, "isUserVerified": False}})
    open_passkeys(page, site, client_person)
    page.get_by_role("button", name="Use my fingerprint or face").click()
    expect(page.get_by_text("Nothing was saved. You can try again whenever you like.")).to_be_visible()
    expect(page.get_by_role("button", name="Use my fingerprint or face")).to_be_enabled()
