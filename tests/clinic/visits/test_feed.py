"""The private calendar: read by the icalendar library, and fetched by programs that people subscribe with."""

import datetime
import os
import subprocess
import sys
from pathlib import Path

import icalendar
import pytest
from django.utils import timezone

from clinic.models import Membership, Visit
from clinic.services import calendar_feed, visits
from tests.clinic.visits.conftest import DAY, HOUR, TODAY, at

pytestmark = pytest.mark.django_db
PROGRAMS = Path(sys.executable).parent


def address(member) -> str:
    member.refresh_from_db()
    return f"/calendar/{calendar_feed.token_of(member)}.ics"


def events(client, member) -> dict[str, icalendar.Event]:
    answer = client.get(address(member))
    assert answer.status_code == 200
    found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return {event["uid"]: event for event in found}


@pytest.mark.usefixtures("in_may")
class TestFeed:
    def test_a_visit_says_when_and_as_little_as_possible_of_whom(self, client, book, therapist, room):
        visit = book(10, room=room, note="Sciatica", purpose="reassessment")
        ((uid, event),) = events(client, therapist).items()
        assert uid == f"{visit.pk}@plumbline"
        assert (event.start, event.end) == (at(10), at(11))
        assert (event["summary"], event["location"]) == ("Visit · Ada B.", "Room 1, Mill Lane 4")
        assert (event["status"], event["sequence"], event["last-modified"].dt) == ("CONFIRMED", 1, at(7))
        body = client.get(address(therapist)).content.decode()
        assert not any(word in body for word in ("Brandt", "Sciatica", "assessment", "ada@"))

    def test_only_the_own_visits_of_the_time_around_today(self, client, book, therapist, nadia, ben, other_therapist):
        book(10, therapist=nadia, client=ben)
        for days in (-91, -89, 364, 366):
            book(12, day=TODAY + days * DAY)
        found = [event.start - at(12) for event in events(client, therapist).values()]
        assert [round(gap / DAY) for gap in found] == [-89, 364]
        assert events(client, other_therapist) == {}

    def test_what_is_moved_or_cancelled_keeps_its_name(self, client, book, therapist, in_may):
        visit = book(10)
        (uid,) = events(client, therapist)
        visits.move(visit=visit, revision=1, by=therapist, starts_at=at(14), ends_at=at(15))
        event = events(client, therapist)[uid]
        assert (event.start, event["sequence"]) == (at(14), 2)
        visits.cancel(visit=visit, revision=2, by=therapist)
        event = events(client, therapist)[uid]
        assert (event["status"], event["sequence"]) == ("CANCELLED", 3)
        in_may.move_to(at(7) + 31 * DAY)
        assert events(client, therapist) == {}

    def test_a_program_that_asks_again_hears_that_nothing_changed(self, client, book, therapist):
        book(10)
        first = client.get(address(therapist))
        assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert "private" in first.headers["Cache-Control"]
        again = client.get(address(therapist), headers={"if-none-match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        book(12)
        changed = client.get(address(therapist), headers={"if-none-match": first.headers["ETag"]})
        assert changed.status_code == 200

    @pytest.mark.parametrize("count", [1, 3])
    def test_it_costs_two_queries(self, client, book, therapist, count, django_assert_num_queries):
        for n in range(count):
            book(8 + n)
        url = address(therapist)
        with django_assert_num_queries(2):
            client.get(url)

    def test_a_new_address_ends_the_old_one(self, client, therapist):
        old = address(therapist)
        client.force_login(therapist.user)
        assert old in client.get("/diary/calendar/").content.decode()
        client.post("/diary/calendar/new/")
        assert client.get(old).status_code == 404
        assert address(therapist) != old
        assert client.get(address(therapist)).status_code == 200

    def test_no_address_of_who_left_and_none_that_was_made_up(self, client, therapist):
        good = address(therapist)
        assert client.get(good[:-5] + "x.ics").status_code == 404
        for made_up in ("x", "x:y", "1-1:sig", "%20"):
            assert client.get(f"/calendar/{made_up}.ics").status_code == 404
        Membership.objects.filter(pk=therapist.pk).update(is_active=False)
        assert client.get(good).status_code == 404


SUBSCRIPTION = """
[general]
status_path = "{home}/status/"
[pair visits]
a = "mine"
b = "theirs"
collections = null
conflict_resolution = "b wins"
[storage mine]
type = "filesystem"
path = "{home}/calendar/"
fileext = ".ics"
[storage theirs]
type = "http"
url = "{url}"
"""
CALENDAR = """
[calendars]
[[visits]]
path = {home}/calendar/
[locale]
local_timezone = Europe/Berlin
default_timezone = Europe/Berlin
timeformat = %H:%M
dateformat = %d.%m.%Y
longdateformat = %d.%m.%Y
datetimeformat = %d.%m.%Y %H:%M
longdatetimeformat = %d.%m.%Y %H:%M
[sqlite]
path = {home}/khal.db
"""


@pytest.mark.django_db(transaction=True)
def test_somebody_subscribes_with_vdirsyncer_and_reads_it_in_khal(live_server, therapist, client_person, tmp_path):
    """Two programs that people use, over a real connection: what is moved moves, what is cancelled is marked so."""
    day = timezone.localdate() + 10 * DAY
    times = {"client": client_person, "therapist": therapist, "by": therapist, "anyway": True}
    visit = visits.book(starts_at=at(10, day=day), ends_at=at(11, day=day), **times)
    other = visits.book(starts_at=at(12, day=day), ends_at=at(13, day=day), **times)
    (tmp_path / "calendar").mkdir()
    url = live_server.url + address(therapist)
    (tmp_path / "vdirsyncer").write_text(SUBSCRIPTION.format(home=tmp_path, url=url))
    (tmp_path / "khal").write_text(CALENDAR.format(home=tmp_path))

    def synced() -> list[str]:
        run("vdirsyncer", "-c", tmp_path / "vdirsyncer", "sync")
        listed = run("khal", "-c", tmp_path / "khal", "list", "--format", "{start-time} {title} [{status}]",
                     "--day-format", "", f"{day:%d.%m.%Y}", "1d")  # fmt: skip
        return [line.strip() for line in listed.splitlines() if "Visit" in line]

    run("vdirsyncer", "-c", tmp_path / "vdirsyncer", "discover")
    assert synced() == ["10:00 Visit · Ada B. [CONFIRMED ]", "12:00 Visit · Ada B. [CONFIRMED ]"]
    moved = {"starts_at": at(15, day=day), "ends_at": at(16, day=day)}
    visits.move(visit=visit, revision=1, by=therapist, anyway=True, **moved)
    visits.cancel(visit=other, revision=1, by=therapist)
    assert synced() == ["12:00 Visit · Ada B. [CANCELLED ]", "15:00 Visit · Ada B. [CONFIRMED ]"]
    Visit.objects.filter(pk=other.pk).update(changed_at=timezone.now() - 31 * DAY)
    assert synced() == ["15:00 Visit · Ada B. [CONFIRMED ]"]


def run(program, *words) -> str:
    done = subprocess.run(
        [PROGRAMS / program, *words], capture_output=True, text=True, timeout=60, check=False, env=clean_environment()
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def clean_environment() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"LC_ALL": "C.UTF-8"}


def test_a_visit_on_the_night_of_the_changing_clocks_is_at_its_instant(client, book, therapist):
    spring = datetime.date(2027, 3, 28)
    book(3, day=spring)
    ((_, event),) = events(client, therapist).items()
    assert event.start == datetime.datetime(2027, 3, 28, 1, 0, tzinfo=datetime.UTC)
    assert event.end - event.start == HOUR
