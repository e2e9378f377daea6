"""The measuring sheet with one hand on the client: by keys, by touch, and whatever happens to the network meanwhile."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from django.contrib.sessions.models import Session
from django.test import Client as HttpClient
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Assessment, Reading
from assessments.services import assessments
from tests.assessments.conftest import day, hip_extension
from tests.worker import ROOT, environment

MOTIONS = ("hip_flexion", "hip_extension", "hip_abduction", "hip_adduction", "hip_internal_rotation",
           "hip_external_rotation")  # fmt: skip
RIGHT, LEFT = ("118", "12", "40", "25", "34", "41"), ("121", "14", "42", "24", "36", "40")
HUMAN = 200  # milliseconds from key to key
SIZES = [(820, 1180), (1180, 820), (1440, 900)]
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}


@pytest.fixture
def open_sheet(site, browser, therapist, client_person):
    """`open_sheet(assessment, **context)`: the page of a new sheet or of a draft, in a device of its own."""
    contexts = []

    def open_sheet(assessment=None, by=therapist, at=None, **options):
        context = browser.new_context(**{**TABLET, **options})
        contexts.append(context)
        person = HttpClient()  # one for each: logging in ends who was logged in before
        person.force_login(by.user)
        key = person.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": key, "url": at or site}])
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        name, row = ("edit", assessment) if assessment else ("new", client_person)
        page.goto(f"{at or site}{reverse(f'assessments:{name}', args=[row.pk])}")
        return page

    yield open_sheet
    for context in contexts:
        context.close()


@pytest.fixture
def draft(client_person, therapist):
    """Extension of both sides, of 2 March."""
    rows = [hip_extension("right", 7), hip_extension("left", 9)]
    return assessments.record(client=client_person, assessed_on=day(2), measurements=rows, by=therapist)


def field(page, name, side="right"):
    return page.locator(f"[name={name}-1-{side}-value]")


def kept(page):
    return page.locator("#kept")


def on_device(page):
    return page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('plumbline.keep.'))")


def values(side):
    rows = {row.measure: f"{float(row.value or 0):g}" for row in Reading.objects.filter(side=side)}
    return tuple(rows.get(name) for name in MOTIONS)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_six_motions_of_both_sides_stand_on_one_screen(open_sheet, width, height):
    page = open_sheet(viewport={"width": width, "height": height})
    for name in MOTIONS:
        for side in ("right", "left"):
            box = field(page, name, side).bounding_box()
            assert box["y"] > 0
            assert box["y"] + box["height"] <= height
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_measured_and_signed_by_keys_alone(open_sheet, capsys):
    page = open_sheet(has_touch=False)
    expect(field(page, "hip_flexion")).to_be_focused()
    start, others = time.monotonic(), 0
    everything = [*RIGHT, *LEFT]
    for place, value in enumerate(everything):
        page.keyboard.type(value, delay=HUMAN)
        if place < len(everything) - 1:
            page.wait_for_timeout(HUMAN)
            page.keyboard.press("Enter")
            others += 1
    page.wait_for_timeout(HUMAN)
    page.keyboard.press("Control+Shift+Enter")
    others += 1
    expect(page.get_by_text("Nobody can change it from now on").first).to_be_visible()
    seconds = time.monotonic() - start
    with capsys.disabled():  # for whoever watches how fast it is
        said = f"{others} key presses beyond the digits, {seconds:.1f} s at {HUMAN} ms a key"
        sys.stdout.write(f"\n12 values at 820 px: {said}\n")
    assert others <= 14
    assert seconds < 60
    assert Assessment.objects.get().state == "signed"
    assert (values("right"), values("left")) == (RIGHT, LEFT)
    page.wait_for_function("Object.keys(localStorage).every(name => !name.startsWith('plumbline.keep.'))")


def test_across_instead_of_down_is_remembered(open_sheet):
    page = open_sheet(has_touch=False)
    page.get_by_role("button", name="Enter goes").click()
    page.reload()
    field(page, "hip_flexion").press("Enter")
    expect(field(page, "hip_flexion", "left")).to_be_focused()
    field(page, "hip_flexion", "left").press("Tab")
    expect(field(page, "hip_extension")).to_be_focused()


def test_the_keys_of_a_field(open_sheet, draft, therapist):
    assessments.sign(assessment=draft, by=therapist)
    page = open_sheet(has_touch=False)
    right = field(page, "hip_extension")
    for key, value in (("=", "7"), ("ArrowUp", "8"), ("PageDown", "3"), ("-", "-3"), ("-", "3")):
        right.press(key)
        expect(right).to_have_value(value)
    page.get_by_role("button", name="Everything untouched as last time").click()
    expect(field(page, "hip_extension", "left")).to_have_value("9")
    expect(right).to_have_value("3")
    right.press("m")
    expect(field(page, "straight_leg_raise")).to_be_visible()
    page.reload()
    expect(field(page, "straight_leg_raise")).to_be_visible()  # which sections were open is remembered
    field(page, "straight_leg_raise").fill("70")
    expect(page.locator("[data-part='Muscle length'] [data-filled]")).to_have_text("1 filled")
    field(page, "straight_leg_raise").press("m")
    expect(field(page, "straight_leg_raise")).to_be_hidden()


def test_limits_speak_at_once_and_a_finding_says_why(open_sheet):
    page = open_sheet(has_touch=False)
    field(page, "hip_extension").fill("200")
    expect(page.get_by_text("200° is above 60°, the most that is accepted.")).to_be_visible()
    expect(field(page, "hip_extension")).to_have_attribute("aria-invalid", "true")
    field(page, "hip_extension").fill("36")
    page.get_by_label("Keep it").check()
    field(page, "hip_extension", "left").press_sequentially("2")
    expect(page.locator("#news")).to_contain_text("Hip extension limited, left")
    expect(field(page, "hip_extension", "left")).to_be_focused()
    expect(page.get_by_label("Keep it")).to_be_checked()  # through the answers of the server, too
    page.keyboard.press("s")
    expect(page.get_by_text("Saved as a draft").first).to_be_visible()


def drag(page, start, end):
    """One finger, as a touch screen reports it."""
    screen = page.context.new_cdp_session(page)
    send = lambda kind, points: screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})  # noqa: E731
    send("touchStart", [{"x": start[0], "y": start[1]}])
    for share in (0.25, 0.5, 0.75, 1):
        send("touchMove", [{"x": a + (b - a) * share, "y": c + (d - c) * share}
                           for (a, b), (c, d) in [((start[0], end[0]), (start[1], end[1]))]])  # fmt: skip
    send("touchEnd", [])


def test_measured_and_signed_by_touch(open_sheet):
    page = open_sheet()
    page.get_by_role("button", name="Set on the arc: Hip flexion, right").tap()
    arc = page.get_by_role("slider")
    box = arc.bounding_box()
    scale = min(box["width"] / 220, box["height"] / 150)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 35 * scale  # the joint
    drag(page, (x, y - 80 * scale), (x - 80 * scale, y))  # a quarter turn to the client's right
    expect(arc).to_have_attribute("aria-valuenow", "90")
    page.get_by_role("button", name="5 more").tap()
    expect(arc).to_have_attribute("aria-valuenow", "95")
    page.get_by_role("button", name="Done").tap()
    expect(field(page, "hip_flexion")).to_have_value("95")
    plus = page.get_by_role("button", name="1 more: Hip extension, left")
    plus.tap()
    first = field(page, "hip_extension", "left").input_value()
    plus.tap()
    expect(field(page, "hip_extension", "left")).to_have_value(str(int(first) + 1))
    page.get_by_role("button", name="Estimate and pain: Hip abduction, right").tap()
    page.locator("label.segment", has_text="moderate").locator("visible=true").tap()
    page.get_by_role("button", name="Another trial: Hip extension").tap()
    page.locator("[name=hip_extension-2-left-value]").fill("11")
    page.get_by_role("button", name="Save and sign").tap()
    expect(page.get_by_text("Nobody can change it from now on").first).to_be_visible()
    rows = {(row.measure, row.side, row.trial): row for row in Reading.objects.all()}
    assert rows["hip_flexion", "right", 1].value == 95
    assert rows["hip_abduction", "right", 1].grade == "moderate"
    assert rows["hip_extension", "left", 2].value == 11
    for name in ("1 less: Hip flexion, right", "Estimate and pain: Hip flexion, right"):
        assert page.get_by_role("button", name=name).count() == 0  # we left the sheet


def test_held_a_stepper_goes_on(open_sheet):
    page = open_sheet(has_touch=False)
    field(page, "hip_flexion").fill("60")
    page.get_by_role("button", name="1 more: Hip flexion, right").hover()
    page.mouse.down()
    expect(field(page, "hip_flexion")).not_to_have_value(re.compile("^6[0-3]$"))
    page.mouse.up()
    stopped = field(page, "hip_flexion").input_value()
    page.wait_for_timeout(400)
    expect(field(page, "hip_flexion")).to_have_value(stopped)


def test_the_arc_by_keys(open_sheet):
    page = open_sheet(has_touch=False)
    field(page, "hip_flexion").fill("90")
    field(page, "hip_flexion").press("a")
    arc = page.get_by_role("slider")
    expect(arc).to_be_focused()
    arc.press("ArrowUp")
    arc.press("PageUp")
    expect(arc).to_have_attribute("aria-valuetext", "96 degrees")
    arc.press("End")
    expect(arc).to_have_attribute("aria-valuenow", "165")  # no further than what is accepted
    arc.press("Enter")
    expect(field(page, "hip_flexion")).to_be_focused()
    expect(field(page, "hip_flexion")).to_have_value("165")


def test_two_editors_see_both_and_nothing_is_lost(open_sheet, draft, owner):
    mine, hers = open_sheet(draft), open_sheet(draft, by=owner)
    field(mine, "hip_extension").fill("5")
    expect(kept(mine)).to_contain_text("Saved")
    field(hers, "hip_extension").fill("9")
    field(hers, "hip_flexion").fill("12x")
    expect(kept(hers)).to_contain_text("Somebody else changed this")
    hers.get_by_role("button", name="See both").click()
    expect(hers.get_by_role("heading", name="Two versions of this assessment")).to_be_visible()
    hers.get_by_label("Hip extension, right, yours: 9").check()
    hers.get_by_role("button", name="Save what is chosen").click()
    expect(hers.get_by_text("Saved as a draft").first).to_be_visible()
    assert {(row.side, row.value) for row in draft.readings.all()} == {("right", 9), ("left", 9)}


def test_a_closed_tab_comes_back_with_half_a_number(open_sheet, site):
    page = open_sheet()
    field(page, "hip_flexion").press_sequentially("11x")
    expect(kept(page)).to_contain_text("Saved")
    other = page.context.new_page()
    address = page.url
    assert "/edit/" in address  # the first pause made it a draft
    page.close()
    other.goto(address)
    expect(field(other, "hip_flexion")).to_have_value("11x")
    assert on_device(other) == []


def test_offline_it_is_kept_here(open_sheet):
    page = open_sheet()
    page.context.set_offline(True)
    field(page, "hip_flexion").fill("118")
    expect(kept(page)).to_have_text("Offline: kept on this device.")
    page.get_by_role("button", name="Save draft").click()
    expect(field(page, "hip_flexion")).to_have_value("118")
    page.context.set_offline(False)
    expect(kept(page)).to_contain_text("Saved")
    assert Assessment.objects.get().typed["values"]["hip_flexion-1-right-value"] == "118"


def test_a_session_that_ended_while_measuring(open_sheet, site, therapist):
    page = open_sheet()
    field(page, "hip_flexion").fill("118")
    expect(kept(page)).to_contain_text("Saved")
    Session.objects.all().delete()
    field(page, "hip_extension").fill("12")
    expect(kept(page)).to_contain_text("Logged out: kept on this device.")
    other = page.context.new_page()
    other.goto(f"{site}{reverse('account_login')}")
    other.get_by_label("Email").fill(therapist.user.email)
    other.get_by_label("Password", exact=True).fill("a long enough password")
    other.get_by_role("button", name=re.compile("(Sign|Log) in")).click()
    other.wait_for_url(lambda url: "login" not in url)
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(kept(page)).to_contain_text("Saved")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as a draft").first).to_be_visible()
    assert {(row.measure, row.value) for row in Reading.objects.all()} == {("hip_flexion", 118), ("hip_extension", 12)}


class Server:
    """The site as a process of its own, which can be killed and started again at the same address."""

    def __init__(self, log):
        self.log = log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"

    def start(self):
        env = environment(PUBLIC_URL=self.url, DEBUG="true", EMAIL_URL="smtp://127.0.0.1:9")
        command = [sys.executable, "manage.py", "runserver", str(self.port), "--noreload"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env}, stdout=log, stderr=log)
        for _ in range(150):
            try:
                return urllib.request.urlopen(f"{self.url}/accounts/login/", timeout=2).close()
            except OSError:
                assert self.process.poll() is None, self.log.read_text()[-2000:]
                time.sleep(0.2)
        raise AssertionError(self.log.read_text()[-2000:])

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.mark.timeout(180)
def test_a_server_that_dies_while_typing(transactional_db, open_sheet, tmp_path, therapist):
    server = Server(tmp_path / "server.log")
    server.start()
    try:
        page = open_sheet(at=server.url)
        field(page, "hip_flexion").fill("118")
        expect(kept(page)).to_contain_text("Saved")
        server.kill()
        field(page, "hip_extension").press_sequentially("12", delay=HUMAN)
        expect(kept(page)).to_have_text("Offline: kept on this device.")
        page.get_by_role("button", name="Save draft").click()
        field(page, "hip_extension", "left").fill("14")
        server.start()
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(kept(page)).to_contain_text("Saved", timeout=30_000)
        page.get_by_role("button", name="Save draft").click()
        expect(page.get_by_text("Saved as a draft").first).to_be_visible(timeout=30_000)
    finally:
        server.kill()
    assert {(row.measure, row.side, row.value) for row in Reading.objects.all()} == {
        ("hip_flexion", "right", 118), ("hip_extension", "right", 12), ("hip_extension", "left", 14),
    }  # fmt: skip
    assert Assessment.objects.count() == 1


def test_without_javascript_the_form_is_a_form(open_sheet):
    page = open_sheet(java_script_enabled=False)
    field(page, "hip_extension").fill("2")
    page.get_by_role("button", name="See findings").click()
    expect(page.get_by_text("Hip extension limited, right").first).to_be_visible()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as a draft").first).to_be_visible()
    assert Reading.objects.get().value == 2
