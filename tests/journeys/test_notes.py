"""Session notes as a therapist writes them: by keyboard, by finger, two at once, and while everything goes wrong."""

import contextlib
import re
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect

from tests.worker import ROOT, environment
from treatments.models import SessionNote

SIZES = [pytest.param((820, 1180), id="820"), pytest.param((1440, 900), id="1440")]
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
SAVED = re.compile(r"^Saved \d\d:\d\d")
MOST_PRESSES = 7


@pytest.fixture
def open_tab(site, browser, therapist):
    """`open_tab(path)`: a page of the therapist; more tabs of the same device by `page.context.new_page()`."""
    contexts = []

    def open_tab(path: str, *, user=None, at: str = "", **device) -> Page:
        context = browser.new_context(**device)
        contexts.append(context)
        log_in = Client()  # one for each: the same one would end the session of whoever logged in with it before
        log_in.force_login(user or therapist.user)
        context.add_cookies([{"name": "sessionid", "value": log_in.cookies["sessionid"].value, "url": site}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        page.goto(f"{at or site}{path}")
        return page

    yield open_tab
    for context in contexts:
        context.close()


def new_note(client_person) -> str:
    return f"/clients/{client_person.pk}/notes/new/"


def status(page: Page):
    return page.locator("[data-keep-status]")


def tab_to(page: Page, selector: str) -> None:
    for _ in range(80):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"no Tab leads to {selector}")


def finger(page: Page, view: str, points: list[tuple[float, float]]) -> None:
    """One stroke with a finger; points are shares of the drawing's width and height."""
    figure = page.locator(f"svg[data-view={view}]")
    figure.scroll_into_view_if_needed()
    box = figure.evaluate(
        "svg => { const m = svg.getScreenCTM(); return [m.e, m.f, m.a * svg.dataset.width, m.d * 1000]; }"
    )
    touch = page.context.new_cdp_session(page)
    at = [{"x": box[0] + x * box[2], "y": box[1] + y * box[3]} for x, y in points]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": at[:1]})
    for point in at[1:]:
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("size", SIZES)
def test_written_and_signed_by_keyboard_only(size, open_tab, client_person, capsys):
    page = open_tab(new_note(client_person), viewport={"width": size[0], "height": size[1]})
    tab_to(page, "#id_subjective")
    page.keyboard.type("Stiff in the morning.")
    tab_to(page, "#id_pain_before_0")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    tab_to(page, ".note-chart summary")
    page.keyboard.press("Enter")
    tab_to(page, "#id_mark_place")
    page.keyboard.type("Right low b")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, "#id_t-0-technique")
    presses = ["t", "Enter", "p", "s", "Enter", "r", "5"]
    for key in presses:
        page.keyboard.press(key)
    page.keyboard.press("Enter")  # the next row
    page.keyboard.type("exercise")
    page.keyboard.press("Enter")
    tab_to(page, "#id_plan")
    page.keyboard.type("Go on.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Signed. Nobody can change it from now on.")).to_be_visible()
    note = SessionNote.objects.get()
    assert (note.state, note.subjective, note.plan, note.pain_before) == (
        "signed",
        "Stiff in the morning.",
        "Go on.",
        6,
    )
    rows = [(row.technique, row.structure, row.side, row.minutes) for row in note.techniques.all()]
    assert rows == [("trigger_point_pressure", "psoas", "right", 5), ("therapeutic_exercise", "", "", None)]
    assert [stroke["view"] for stroke in note.chart] == ["back"]
    assert "Pain: right low back" in page.inner_text("main")
    assert len(presses) <= MOST_PRESSES
    with capsys.disabled():
        sys.stdout.write(f"\n{size[0]} px: one technique row takes {len(presses)} key presses\n")


def test_written_and_signed_with_a_finger(open_tab, client_person):
    page = open_tab(new_note(client_person), **TABLET)
    page.get_by_text("Where it hurts: body chart").tap()
    page.get_by_role("button", name="A Ache").tap()
    finger(page, "back", [(0.62, 0.46), (0.63, 0.55), (0.64, 0.65), (0.655, 0.8)])
    finger(page, "front", [(0.2, 0.2), (0.22, 0.22)])
    page.get_by_role("button", name="Take back the last one").tap()
    page.get_by_role("button", name="A Ache").tap()
    page.locator("label.pain-choice").nth(4).tap()
    page.get_by_placeholder("Technique").first.tap()
    page.keyboard.type("myo")
    page.get_by_role("option", name="Myofascial release").tap()
    page.keyboard.type("ql")
    page.get_by_role("option", name="Quadratus lumborum").tap()
    page.locator(".side-choice-both").first.tap()
    expect(status(page)).to_have_text(SAVED)
    assert not Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    page.get_by_role("button", name="Sign", exact=True).tap()
    expect(page.get_by_text("Nobody can change it")).to_be_visible()
    note = SessionNote.objects.get()
    row = note.techniques.get()
    assert (note.state, note.pain_before, row.technique, row.structure, row.side) == (
        "signed", 4, "myofascial_release", "quadratus_lumborum", "both",
    )  # fmt: skip
    assert [(stroke["view"], stroke["kind"]) for stroke in note.chart] == [("back", "ache")]
    assert len(note.chart[0]["points"]) == 4
    assert "Ache: right buttock to right calf" in page.inner_text("main")


def test_a_finger_that_draws_nothing_scrolls(open_tab, client_person):
    page = open_tab(new_note(client_person), **TABLET)
    page.get_by_text("Where it hurts: body chart").tap()
    finger(page, "back", [(0.6, 0.4), (0.6, 0.5)])
    assert page.locator("[name=chart]").input_value() in ("", "null", "[]")
    assert page.locator("svg[data-view=back]").evaluate("svg => getComputedStyle(svg).touchAction") == "auto"


@pytest.mark.parametrize("size", SIZES)
def test_two_editors_see_both_versions(size, open_tab, client_person, owner):
    his = open_tab(new_note(client_person), viewport={"width": size[0], "height": size[1]})
    his.locator("#id_plan").fill("Begun.")
    expect(status(his)).to_have_text(SAVED)
    hers = open_tab(f"/notes/{SessionNote.objects.get().pk}/edit/", user=owner.user)
    hers.locator("#id_plan").fill("Hers.")
    hers.locator("#id_subjective").fill("Her words.")
    expect(status(hers)).to_have_text(SAVED)
    his.locator("#id_plan").fill("His.")
    his.locator("#id_objective").fill("His eyes.")
    expect(status(his)).to_contain_text("Somebody else changed this")
    his.get_by_role("button", name="See both").click()
    expect(his.get_by_role("heading", name="Two versions of this note")).to_be_visible()
    for words in ("Hers.", "His.", "Her words.", "His eyes."):
        expect(his.get_by_text(words)).to_be_visible()
    assert not Axe().run(his, options={"resultTypes": ["violations"]}).response["violations"]
    his.get_by_role("group", name="Subjective").get_by_label("Saved").check()
    his.get_by_role("group", name="Plan").get_by_label("Both").check()
    his.get_by_role("button", name="Save it so").click()
    expect(his.locator("#id_plan")).to_have_value("Hers.\n\nHis.")
    note = SessionNote.objects.get()
    assert (note.plan, note.subjective, note.objective) == ("Hers.\n\nHis.", "Her words.", "His eyes.")
    his.wait_for_function("Object.keys(localStorage).every(key => !key.startsWith('plumbline.keep.'))")


def test_session_time_out_while_writing_and_log_in_in_another_tab(open_tab, site, client_person, therapist):
    page = open_tab(new_note(client_person), **TABLET)
    page.locator("#id_subjective").fill("Before.")
    expect(status(page)).to_have_text(SAVED)
    Session.objects.all().delete()
    page.locator("#id_subjective").fill("Before. After.")
    page.get_by_text("Where it hurts: body chart").tap()
    page.get_by_role("button", name="Pain").tap()
    finger(page, "back", [(0.57, 0.36), (0.58, 0.38), (0.6, 0.37)])
    page.get_by_placeholder("Technique").first.fill("Taping")
    expect(status(page)).to_contain_text("Logged out: kept on this device")
    other = page.context.new_page()
    other.goto(f"{site}/accounts/login/")
    other.locator("[name=login]").fill(therapist.user.email)
    other.locator("[name=password]").fill("a long enough password")
    other.get_by_role("button", name=re.compile("Sign in|Log in")).click()
    other.wait_for_url(re.compile(r"^(?!.*login)"))
    other.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(status(page)).to_have_text(SAVED)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Nobody can change it")).to_be_visible()
    note = SessionNote.objects.get()
    assert (note.state, note.subjective, note.techniques.get().technique) == ("signed", "Before. After.", "taping")
    assert [stroke["view"] for stroke in note.chart] == ["back"]


# --- a server that can be killed --------------------------------------------------------------------------------------


class Server:
    """The site in a process of its own on the test database; `start` again on the same port after `kill`."""

    def __init__(self, log) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log, self.process = log, None
        self.url = f"http://localhost:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "manage.py", "runserver", f"127.0.0.1:{self.port}", "--noreload", "--skip-checks"]
        env = environment(DEBUG="true", PUBLIC_URL=self.url)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz/", timeout=2):
                return
            time.sleep(0.1)
        pytest.fail(self.log.read_text())

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait(10)


@pytest.fixture
def server(transactional_db, tmp_path):
    made = Server(tmp_path / "server.log")
    made.start()
    yield made
    made.kill()


@pytest.mark.timeout(200)
def test_the_server_is_killed_while_somebody_writes(server, open_tab, client_person):
    page = open_tab(new_note(client_person), at=server.url, **TABLET)
    page.set_default_timeout(40_000)
    page.locator("#id_subjective").fill("Before.")
    expect(status(page)).to_have_text(SAVED, timeout=20_000)
    server.kill()
    page.locator("#id_subjective").fill("Before. While it was dead.")
    page.get_by_text("Where it hurts: body chart").tap()
    page.get_by_role("button", name="Numb").tap()
    finger(page, "front", [(0.36, 0.46), (0.37, 0.5)])
    expect(status(page)).to_contain_text("Offline: kept on this device", timeout=20_000)
    page.close(run_before_unload=False)
    server.start()
    again = page.context.new_page()
    again.goto(f"{server.url}/notes/{SessionNote.objects.get().pk}/edit/")
    again.get_by_role("button", name="Use it").click()
    expect(again.locator("#id_subjective")).to_have_value("Before. While it was dead.")
    expect(again.locator("[data-chart-words]")).to_contain_text("Numb: right")
    expect(status(again)).to_have_text(SAVED, timeout=20_000)
    note = SessionNote.objects.get()
    assert (note.subjective, note.chart[0]["kind"]) == ("Before. While it was dead.", "numb")
