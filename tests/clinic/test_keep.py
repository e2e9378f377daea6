"""`keep.js` in a real browser against a real server: nothing that was typed is lost, whatever happens."""

import json
import re

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from playwright.sync_api import expect

from clinic import keeping
from tests.clinic import keep_page
from tests.clinic.keep_page import Store


@pytest.fixture
def server(monkeypatch, settings):
    settings.ROOT_URLCONF = "tests.clinic.keep_page"
    fresh = Store()
    monkeypatch.setattr(keep_page, "store", fresh)
    return fresh


@pytest.fixture
def tab(server, site, browser, log_in_to, therapist):
    """A tab of the therapist's tablet; `tab.context.new_page()` is another on the same device."""
    context = browser.new_context()
    log_in_to(context, therapist.user)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.goto(f"{site}/kept/")
    yield page
    context.close()


def words(tab):
    return tab.get_by_label("Words")


def status(tab):
    return tab.locator("[data-keep-status]")


def on_device(tab):
    tab.wait_for_load_state()
    return tab.evaluate("Object.entries(localStorage).filter(([name]) => name.startsWith('plumbline.keep.'))")


def set_strokes(tab, value):
    tab.evaluate(
        "value => { const f = document.forms[0]; f.elements.strokes.value = value;"
        " f.dispatchEvent(new Event('input', {bubbles: true})); }",
        value,
    )


def test_what_is_typed_is_with_the_server_after_a_second_and_no_longer_on_the_device(tab, server):
    words(tab).press_sequentially("left hip")
    set_strokes(tab, "[[1,2]]")
    tab.get_by_label("B").check()
    expect(status(tab)).to_have_text(re.compile(r"^Saved \d\d:\d\d"))
    assert (server.words, server.strokes, server.posts[-1]["kinds"]) == ("left hip", "[[1,2]]", ["b"])
    assert tab.locator("[name=revision]").input_value() == str(server.revision)
    assert on_device(tab) == []


def test_a_dead_network_keeps_it_here_and_it_goes_out_when_there_is_one(tab, server):
    tab.context.set_offline(True)
    words(tab).fill("typed in the lift")
    expect(status(tab)).to_have_text("Offline: kept on this device.")
    assert "typed in the lift" in on_device(tab)[0][1]
    tab.context.set_offline(False)
    expect(status(tab)).to_contain_text("Saved")
    assert (server.words, on_device(tab)) == ("typed in the lift", [])


def test_saving_without_a_network_stays_on_the_page(tab, server):
    words(tab).fill("first")
    expect(status(tab)).to_contain_text("Saved")
    tab.context.set_offline(True)
    words(tab).fill("second")
    tab.get_by_role("button", name="Save").click()
    expect(status(tab)).to_have_text("Offline: kept on this device.")
    assert words(tab).input_value() == "second"
    tab.context.set_offline(False)
    tab.get_by_role("button", name="Save").click()
    expect(tab).to_have_title("Done")
    assert (server.words, on_device(tab)) == ("second", [])


def test_a_closed_tab_is_offered_again_and_never_taken_by_itself(tab, server, site):
    server.answer = HttpResponse(status=503)
    words(tab).fill("before the crash")
    set_strokes(tab, "[[3,4]]")
    tab.get_by_label("A").check()
    expect(status(tab)).to_have_text("Offline: kept on this device.")
    again = tab.context.new_page()
    tab.close()
    again.goto(f"{site}/kept/")
    server.answer = None
    notice = again.get_by_text("You typed more on this device at")
    expect(notice).to_be_visible()
    assert words(again).input_value() == ""
    words(again).fill("something else")  # typing on before choosing loses neither
    expect(status(again)).to_contain_text("Saved")
    again.reload()
    again.get_by_role("button", name="Use it").click()
    assert words(again).input_value() == "before the crash"
    expect(again.get_by_label("A")).to_be_checked()
    expect(status(again)).to_contain_text("Somebody else changed this")  # "something else" was saved since
    again.get_by_role("button", name="See both").click()
    assert json.loads(again.locator("pre").text_content()) == ["something else", "before the crash"]


def test_it_can_be_dropped(tab, server, site):
    server.answer = HttpResponse(status=503)
    words(tab).fill("never mind")
    expect(status(tab)).to_have_text("Offline: kept on this device.")
    tab.reload()
    tab.get_by_role("button", name="Drop it").click()
    assert on_device(tab) == []
    expect(tab.get_by_text("You typed more")).to_have_count(0)


def test_log_in_again_in_another_tab_goes_on_with_the_new_token(tab, server, site, therapist):
    Session.objects.all().delete()
    words(tab).fill("while logged out")
    expect(status(tab)).to_contain_text("Logged out: kept on this device.")
    other = tab.context.new_page()
    log_in(other, site, therapist.user)
    tab.bring_to_front()
    tab.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(status(tab)).to_contain_text("Saved")
    assert server.words == "while logged out"
    tab.get_by_role("button", name="Save").click()
    expect(tab).to_have_title("Done")


def log_in(page, site, user):
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password", exact=True).fill("a long enough password")
    page.get_by_role("button", name=re.compile("(Sign|Log) in")).click()
    page.wait_for_url(lambda url: "login" not in url)


def test_somebody_else_on_the_same_tablet_neither_sends_nor_sees_it(tab, server, site, owner, log_in_to):
    log_in_to(tab.context, owner.user)
    words(tab).fill("of the therapist")
    expect(status(tab)).to_contain_text("Somebody else is logged in: kept on this device.")
    assert server.posts == []
    other = tab.context.new_page()
    other.goto(f"{site}/kept/")
    expect(other.get_by_text("You typed more")).to_have_count(0)


def test_an_answer_that_got_lost_is_no_second_editor(tab, server):
    words(tab).fill("one")
    expect(status(tab)).to_contain_text("Saved")
    server.revision += 1  # stored by this tab, and the answer never came
    words(tab).fill("two")
    expect(status(tab)).to_contain_text("Saved")
    expect(tab.locator("[name=revision]")).to_have_value("4")
    assert server.words == "two"
    server.revision, server.tab = server.revision + 1, "another"
    words(tab).fill("three")
    expect(status(tab)).to_contain_text("Somebody else changed this")
    assert (server.words, "three" in on_device(tab)[0][1]) == ("two", True)


def test_what_is_refused_is_told_and_kept(tab, server):
    server.answer = keeping.refused(["Words are too long."])
    words(tab).fill("long")
    expect(status(tab)).to_have_text("Not saved, kept on this device. Words are too long.")
    assert "long" in on_device(tab)[0][1]


def test_a_device_forgets_after_a_real_save_and_after_two_weeks(tab, site):
    tab.evaluate(
        "() => { for (const [name, days] of [['old', 15], ['young', 13]])"
        " localStorage.setItem(`plumbline.keep.9.${name}`,"
        " JSON.stringify({at: Date.now() - days * 86400000, values: []})); }"
    )
    words(tab).fill("quick")
    tab.get_by_role("button", name="Save").click()
    expect(tab).to_have_title("Done")
    assert [name for name, _ in on_device(tab)] == ["plumbline.keep.9.young"]


def test_log_out_says_what_would_be_lost_before_it_is(tab, server):
    server.answer = HttpResponse(status=503)
    words(tab).fill("unsaved")
    expect(status(tab)).to_contain_text("Offline")
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_text("only on this device")).to_be_visible()
    assert "unsaved" in on_device(tab)[0][1]
    tab.get_by_role("button", name="Log out and remove").click()
    expect(tab).to_have_title("Done")
    assert on_device(tab) == []
