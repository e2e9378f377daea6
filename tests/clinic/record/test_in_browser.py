"""Search, shortcuts, undo, files and what could not be loaded, in Chromium: by keyboard, by touch, by dropping."""

import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from clinic.models import Client, ClientFile
from clinic.services import audit
from tests.people import make_client

TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"


@pytest.fixture
def ada(practice, transactional_db):
    return make_client(practice, phone="+493012345678")


@pytest.fixture
def page(site, browser, log_in_to, therapist, ada):
    context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 900})
    log_in_to(context, therapist.user)
    opened = context.new_page()
    opened.set_default_timeout(5000)
    yield opened
    context.close()


def record_of(person):
    return reverse("clinic:client", args=[person.pk])


class TestSearch:
    def test_slash_arrows_and_enter_lead_to_a_client(self, page, ada, practice):
        bea = make_client(practice, ref="C2", given_name="Bea", family_name="Brandt")
        page.goto("/reminders/")
        page.keyboard.press("/")
        field = page.get_by_role("searchbox", name="Name, phone or reference")
        expect(field).to_be_focused()
        page.keyboard.type("brandt")
        expect(page.locator("#search-found .search-hit")).to_have_count(2)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("link", name="Brandt, Bea")).to_be_focused()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        expect(field).to_be_focused()
        page.keyboard.type(" bea")
        expect(page.locator("#search-found .search-hit")).to_have_count(1)
        page.keyboard.press("Enter")
        page.wait_for_url("**" + record_of(bea))

    def test_by_phone_on_a_phone(self, site, browser, log_in_to, therapist, ada):
        context = browser.new_context(base_url=site, viewport={"width": 390, "height": 844}, has_touch=True)
        log_in_to(context, therapist.user)
        phone = context.new_page()
        phone.goto("/")
        phone.get_by_role("link", name="Search for a client").tap()
        phone.get_by_role("searchbox").fill("030 123")
        phone.get_by_role("link", name="Brandt, Ada").tap()
        phone.wait_for_url("**" + record_of(ada))
        context.close()

    def test_without_javascript_it_is_a_page(self, site, browser, log_in_to, therapist, ada):
        context = browser.new_context(base_url=site, java_script_enabled=False)
        log_in_to(context, therapist.user)
        plain = context.new_page()
        plain.goto("/")
        plain.get_by_role("link", name="Search").first.click()
        plain.get_by_role("main").get_by_role("searchbox").fill("ada")
        plain.keyboard.press("Enter")
        plain.get_by_role("link", name="Brandt, Ada").click()
        assert record_of(ada) in plain.url
        context.close()

    def test_while_the_server_is_away_it_says_so_and_tries_again(self, page):
        page.goto("/")
        page.route("**/search/**", lambda route: route.abort())
        page.keyboard.press("/")
        page.keyboard.type("ada")
        expect(page.get_by_role("alert")).to_contain_text("Could not be loaded.")
        page.unroute("**/search/**")
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("link", name="Brandt, Ada")).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)

    def test_logged_out_meanwhile_leads_to_the_log_in_and_back(self, page):
        page.goto("/reminders/")
        page.keyboard.press("/")
        Session.objects.all().delete()
        page.keyboard.type("ada")
        page.wait_for_url("**/accounts/login/?next=/reminders/")


class TestShortcuts:
    def test_keys_one_after_the_other_lead_about(self, page, ada):
        page.goto("/")
        page.keyboard.type("gc")
        page.wait_for_url("**/clients/")
        page.goto(record_of(ada))
        page.keyboard.press("2")
        page.wait_for_url("**?tab=intake")
        page.keyboard.press("1")
        page.wait_for_url("**" + record_of(ada))
        page.keyboard.press("e")
        page.wait_for_url("**/change/")

    def test_they_rest_while_somebody_types(self, page, ada):
        page.goto(f"/clients/{ada.pk}/change/")
        page.get_by_label("Given name").focus()
        page.keyboard.type("gc?/")
        expect(page.get_by_label("Given name")).to_have_value("gc?/Ada")
        assert page.url.endswith("/change/")

    def test_the_sheet_lists_what_this_page_offers(self, page, ada):
        page.goto(record_of(ada))
        page.keyboard.type("?")
        sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
        expect(sheet).to_contain_text("Change the details")
        expect(sheet).to_contain_text("Files of this client")
        page.keyboard.press("Escape")
        page.goto("/reminders/")
        page.keyboard.type("?")
        expect(sheet).to_contain_text("Clientsg then c")
        expect(sheet).not_to_contain_text("Change the details")

    def test_they_can_be_turned_off_and_on(self, page):
        page.goto("/")
        page.keyboard.type("?")
        page.get_by_label("Use shortcuts in this browser").uncheck()
        page.keyboard.press("Escape")
        page.reload()
        page.keyboard.type("gc?")
        page.wait_for_timeout(200)
        assert page.url.endswith("/")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_role("link", name="Keyboard shortcuts").click()
        page.get_by_label("Use shortcuts in this browser").check()
        page.keyboard.press("Escape")
        page.keyboard.type("gc")
        page.wait_for_url("**/clients/")


class TestUndo:
    def test_archived_and_back_by_keyboard(self, page, ada):
        page.goto(record_of(ada))
        page.get_by_role("button", name="Archive").click()
        expect(page.get_by_role("status").filter(has_text="Ada Brandt is archived").first).to_be_visible()
        assert Client.objects.get().archived_at
        page.keyboard.press("u")
        expect(page.get_by_text("Ada Brandt is in your care again.").first).to_be_visible()
        assert Client.objects.get().archived_at is None

    def test_without_javascript(self, site, browser, log_in_to, therapist, ada):
        context = browser.new_context(base_url=site, java_script_enabled=False)
        log_in_to(context, therapist.user)
        plain = context.new_page()
        plain.goto(record_of(ada))
        plain.get_by_role("button", name="Stop reminders").click()
        assert Client.objects.get().reminders_stopped_at
        plain.get_by_role("button", name="Undo").click()
        assert Client.objects.get().reminders_stopped_at is None
        context.close()


class TestFiles:
    @pytest.fixture(autouse=True)
    def media(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path

    def test_chosen_files_are_sent_at_once(self, page, ada):
        page.goto(record_of(ada) + "?tab=files")
        given = [{"name": "a.pdf", "mimeType": "", "buffer": PDF}, {"name": "b.bin", "mimeType": "", "buffer": b"\0\1"}]
        page.get_by_label("Add files").set_input_files(given)
        expect(page.get_by_text("1 file added.").first).to_be_visible()
        expect(page.get_by_text("“b.bin” was not added").first).to_be_visible()
        expect(page.get_by_role("link", name="a.pdf")).to_be_visible()

    def test_dropped_files_too_and_how_far_they_are_is_shown(self, page, ada):
        page.goto(record_of(ada) + "?tab=files")
        page.evaluate(
            """() => {
              const files = new DataTransfer();
              files.items.add(new File(["Hello " + "x".repeat(200000)], "note.txt"));
              const form = document.querySelector("[data-drop]");
              window.seen = [];
              const bar = form.querySelector("progress");
              document.addEventListener("htmx:xhr:progress", () => sessionStorage.setItem("seen", bar.value));
              form.dispatchEvent(new DragEvent("dragover", { bubbles: true, cancelable: true, dataTransfer: files }));
              form.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: files }));
            }"""
        )
        expect(page.get_by_text("1 file added.").first).to_be_visible()
        assert page.evaluate("sessionStorage.getItem('seen')") == "100"
        assert ClientFile.objects.get().name == "note.txt"

    def test_without_javascript_there_is_a_button(self, site, browser, log_in_to, therapist, ada):
        context = browser.new_context(base_url=site, java_script_enabled=False)
        log_in_to(context, therapist.user)
        plain = context.new_page()
        plain.goto(record_of(ada) + "?tab=files")
        plain.get_by_label("Add files").set_input_files([{"name": "a.pdf", "mimeType": "", "buffer": PDF}])
        plain.get_by_role("button", name="Add", exact=True).click()
        assert ClientFile.objects.get().name == "a.pdf"
        context.close()


def test_older_is_added_below_without_a_second_heading(page, ada, therapist):
    start = timezone.now().replace(year=2026, month=1, day=2, hour=1)
    for number in range(60):
        with time_machine.travel(start + timezone.timedelta(hours=number), tick=False):
            audit.record("reminders.stopped", on=ada, by=therapist)
    page.goto(record_of(ada))
    expect(page.locator(".history .event")).to_have_count(25)
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".history .event")).to_have_count(50)
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".history .event")).to_have_count(60)
    expect(page.get_by_role("heading", name=re.compile("January 2026"))).to_have_count(1)
    expect(page.get_by_role("link", name="Older")).to_have_count(0)
