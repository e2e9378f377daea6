"""How the practice does: numbers that can be counted by hand, no names, and files that open again."""

import csv
import datetime
import html
import io
import json
import re
import uuid

import pytest
from django.core.cache import cache
from django.urls import reverse

from assessments.models import Assessment, Finding, Reading
from assessments.queries.practice_report import changes
from assessments.services import assessments
from clinic import report
from clinic.models import Attention, Reminder, SafetyAlert
from clinic.queries import practice_report
from clinic.report import ReportPart, Row
from tests.people import make_client
from treatments.models import HomeLog, Programme, ProgrammeItem
from treatments.queries.practice_report import adherence

REPORT = reverse("clinic:practice_report")
DAY = datetime.date(2026, 6, 1)
NOON = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC)
YEAR = (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))


@pytest.fixture(autouse=True)
def nothing_remembered(db):
    cache.clear()
    yield
    cache.clear()


def measured(client, day, by, value, **details):
    """A signed assessment with one flexion, and what the rules find in it."""
    reading = {"measure": "hip_flexion", "side": "left", "value": value, "mode": "active", "position": "supine",
               "instrument": "goniometer", "examiner": "Tomas"}  # fmt: skip
    row = assessments.record(client=client, assessed_on=day, measurements=[{**reading, **details}], by=by)
    return assessments.sign(assessment=row, by=by)


@pytest.fixture
def people(practice):
    return [make_client(practice, ref=f"P{n}", family_name=f"Person{n}", email="") for n in range(4)]


def row_of(rows, label):
    (found,) = [row for row in rows if row.label == label]
    return found


def test_change_is_judged_by_the_error_and_counted_by_client(people, practice, therapist, owner):
    for person, before, after in zip(people, (80, 80, 80, 80), (95, 85, 60, 90), strict=True):
        measured(person, datetime.date(2025, 12, 1), therapist, before)
        measured(person, DAY, therapist, after)
    row = row_of(changes(practice, *YEAR), "Hip flexion limited")
    # 15 and 10 degrees more are beyond 9.7, 5 are not, 20 less are worse
    assert row.counts == {"Better, beyond error": 2, "Within error": 1, "Worse, beyond error": 1}
    assert row.note == "Only 4: says little."


def test_the_first_time_is_held_against_the_newest(people, practice, therapist):
    for day, value in ((datetime.date(2026, 1, 5), 80), (datetime.date(2026, 3, 5), 88), (DAY, 94)):
        measured(people[0], day, therapist, value)
    assert row_of(changes(practice, *YEAR), "Hip flexion limited").counts["Better, beyond error"] == 1


def test_another_way_of_measuring_and_another_practice_count_for_nothing(
    people, practice, therapist, other_client, other_therapist
):
    measured(people[0], datetime.date(2026, 1, 5), therapist, 80)
    measured(people[0], DAY, therapist, 100, instrument="inclinometer")
    measured(other_client, datetime.date(2026, 1, 5), other_therapist, 80)
    measured(other_client, DAY, other_therapist, 100)
    assert changes(practice, *YEAR) == []


def test_a_rejected_finding_is_left_out(people, practice, therapist):
    first = measured(people[0], datetime.date(2026, 1, 5), therapist, 80)
    measured(people[0], DAY, therapist, 100)
    for finding in Finding.objects.filter(assessment=first):
        assessments.decide(finding=finding, decision="rejected", reason="Bent knee.", by=therapist)
    assert changes(practice, *YEAR) == []
    for finding in Finding.objects.filter(assessment=first):
        assessments.decide(finding=finding, decision="accepted", by=therapist)
    assert len(changes(practice, *YEAR)) == 1


def programme(person, share, days=10):
    """Ten planned days, of which `share` were done."""
    first = datetime.date(2026, 5, 1)
    made = Programme.objects.create(
        practice=person.practice, client=person, state="published", starts_on=first,
        until=first + datetime.timedelta(days=days - 1), published_at=NOON,
    )  # fmt: skip
    item = ProgrammeItem.objects.create(
        practice=person.practice, programme=made, exercise="bridge", kind="strength", weekdays=[1, 2, 3, 4, 5, 6, 7]
    )
    for n in range(round(share * days)):
        HomeLog.objects.create(
            practice=person.practice, client=person, item=item, local_date=first + datetime.timedelta(days=n),
            outcome="done",
        )  # fmt: skip


def test_adherence_is_done_of_planned_by_client(people, practice, monday):
    for person, share in zip(people, (0.1, 0.5, 0.8, 1), strict=True):
        programme(person, share)
    rows = adherence(practice, *YEAR)
    assert {row.label: row.counts for row in rows[:4]} == {
        "Under a quarter": {"Clients": 1}, "A quarter to half": {"Clients": 0},
        "Half to three quarters": {"Clients": 1}, "Three quarters and more": {"Clients": 2},
    }  # fmt: skip
    assert rows[-1].note == "24 of 40 planned were done (60 %)."


def test_only_the_days_of_the_time_count(people, practice, monday):
    programme(people[0], 0.5)
    late = adherence(practice, datetime.date(2026, 5, 6), datetime.date(2026, 5, 10))
    assert late[-1].note == "0 of 5 planned were done (0 %)."
    assert adherence(practice, datetime.date(2026, 6, 1), datetime.date(2026, 6, 30))[0].counts == {"Clients": 0}


def test_visits_mail_and_what_is_open(practice, therapist, other_therapist, book, monday, client_person):
    for state, hours in (("done", -5), ("no_show", -8), ("cancelled", -11), ("booked", -14), ("booked", 5)):
        book(therapist, hours, state=state)
    day = (DAY, DAY)
    seen = {row.label: row.counts["Visits"] for row in practice_report.visits(practice, DAY, DAY)}
    assert seen == {"Came": 1, "Did not come": 1, "Cancelled": 0, "Nobody said yet": 0}
    for state in ("sent", "sent", "failed", "skipped", "planned"):
        now = datetime.datetime(2026, 6, 1, 9, tzinfo=datetime.UTC)
        Reminder.objects.create(
            practice=practice, client=client_person, kind="home_stretch", subject=uuid.uuid4(), local_date=DAY,
            due_at=now, not_before=now, state=state,
        )  # fmt: skip
    (mail,) = practice_report.mail(practice, *day)
    assert mail.counts == {"Sent": 2, "Held back": 1, "Failed": 1, "Uncertain": 0}
    SafetyAlert.objects.create(
        practice=practice, client=client_person, level="ask", because=[], source="x", source_id=uuid.uuid4()
    )
    common = {"practice": practice, "client": client_person, "kind": "slipped_away", "since": now}
    Attention.objects.create(**common, subject=uuid.uuid4())
    Attention.objects.create(**common, subject=uuid.uuid4(), put_off_until=datetime.date(2026, 7, 1))
    assert practice_report.open_flags(practice, *day)[0].counts == {"Open": 1}
    assert row_of(practice_report.waiting(practice, *day), "Slipped away").counts == {"Open": 1, "Put off": 1}


EVIL = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1", 'Comma, "quote"\nline')


@pytest.fixture
def evil():
    rows = [Row(text, {"Number": -5}, text) for text in EVIL]
    with report.parts.temporarily(ReportPart("evil", 99, "Made up", lambda *args: rows)) as part:
        yield part


def test_the_csv_opens_again_and_holds_no_formula(evil, as_owner):
    answer = as_owner.get(reverse("clinic:practice_report_csv"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(answer.content.decode()))
    assert head == ["part", "line", "counted", "number", "note"]
    made_up = [row for row in rows if row[0] == "Made up"]
    assert [row[1] for row in made_up] == [f"'{text}" if text != EVIL[-1] else text for text in EVIL]
    assert {row[3] for row in made_up} == {"-5"}


def test_the_json_opens_again(evil, as_owner):
    document = json.loads(as_owner.get(reverse("clinic:practice_report_json")).content)
    assert document["practice"] == "Riverside Bodywork"
    assert datetime.datetime.fromisoformat(document["as_of"]).tzinfo
    (part,) = [part for part in document["parts"] if part["key"] == "evil"]
    assert [row["label"] for row in part["rows"]] == list(EVIL)
    assert part["rows"][0]["counts"] == {"Number": -5}


def test_reception_sees_no_findings(client, receptionist, people, practice, therapist):
    measured(people[0], datetime.date(2026, 1, 5), therapist, 80)
    measured(people[0], DAY, therapist, 100)
    client.force_login(receptionist.user)
    for url in (REPORT, reverse("clinic:practice_report_csv"), reverse("clinic:practice_report_json")):
        text = client.get(url, {"since": "2026-01-01", "until": "2026-12-31"}).content.decode()
        assert "Hip flexion" not in text
        assert "Done at home" not in text
        assert "Visits" in text


def test_no_name_and_no_reference_is_in_the_report(as_owner, people, practice, therapist, book, monday):
    for person in people:
        measured(person, datetime.date(2026, 1, 5), therapist, 80)
        measured(person, DAY, therapist, 100)
        programme(person, 0.5)
    text = as_owner.get(REPORT, {"since": "2026-01-01", "until": "2026-12-31"}).content.decode()
    assert "Hip flexion limited" in text
    assert "Person" not in text
    assert "P0" not in text


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ({"since": "2026-06-02", "until": "2026-06-01"}, "This day is before the first one."),
        ({"since": "2010-06-02", "until": "2026-06-01"}, "At most five years at once."),
        ({"since": "yesterday"}, "Enter a valid date."),
    ],
)
def test_days_that_cannot_be_are_said(asked, line, as_owner):
    answer = as_owner.get(REPORT, asked)
    assert answer.status_code == 422
    assert line in answer.content.decode()
    assert line in as_owner.get(reverse("clinic:practice_report_csv"), asked).content.decode()


def test_it_is_worked_out_once_in_five_minutes_and_says_when(as_owner, practice, therapist, book, monday):
    first = as_owner.get(REPORT)
    assert "As of 1 June 2026, 10:00" in first.content.decode()
    book(therapist, -2, state="done")
    monday.shift(240)
    again = as_owner.get(REPORT).context["report"]
    assert again == first.context["report"]
    cache.clear()
    anew = as_owner.get(REPORT).context["report"]
    assert anew.as_of > again.as_of
    assert anew.sections != again.sections


def test_the_page_asks_the_same_for_one_client_as_for_four(
    as_owner, people, practice, therapist, django_assert_num_queries
):
    def asked(number):
        cache.clear()
        with django_assert_num_queries(number):
            as_owner.get(REPORT, {"since": "2026-01-01", "until": "2026-12-31"})

    for person in people[:1]:
        measured(person, datetime.date(2026, 1, 5), therapist, 80)
        measured(person, DAY, therapist, 100)
        programme(person, 0.5)
    asked(69)
    for person in people[1:]:
        measured(person, datetime.date(2026, 1, 5), therapist, 80)
        measured(person, DAY, therapist, 100)
        programme(person, 0.5)
    asked(69)
    assert Assessment.objects.count() == 8
    assert Reading.objects.count() == 8


class TestManyClients:
    """Above so many clients the page does not wait for what takes seconds; each such part comes by itself."""

    @pytest.fixture(autouse=True)
    def large(self, practice, monkeypatch):
        monkeypatch.setattr(practice_report, "MANY", 2)
        practice.client_counter = 12_345
        practice.save(update_fields=["client_counter"])

    def test_the_page_says_that_it_counts_and_each_part_comes_by_itself(self, client, owner):
        client.force_login(owner.user)
        page = client.get(REPORT).text
        assert page.count("Being counted among 12,345 clients") == 2
        assert "Nobody said yet" in page  # the visits, which are quick
        for key, words in (("changes", "Findings measured again"), ("adherence", "Under a quarter")):
            wanted = f'id="{key}" hx-get="(.*?)" hx-trigger="load" hx-swap="outerHTML"'
            part = client.get(REPORT + html.unescape(re.search(wanted, page).group(1))).text
            assert words in part
            assert "Being counted" not in part
            assert part.count("<section") == 1
        assert "Being counted" not in client.get(REPORT).text  # known for a while

    @pytest.mark.parametrize("address", [f"{REPORT}?whole=1", f"{REPORT[:-1]}.json", f"{REPORT[:-1]}.csv"])
    def test_files_and_a_browser_without_scripts_wait(self, client, owner, address):
        client.force_login(owner.user)
        answer = client.get(address).text
        assert "Under a quarter" in answer
        assert "Being counted" not in answer

    def test_a_part_that_a_role_does_not_see_does_not_come(self, client, receptionist):
        client.force_login(receptionist.user)
        assert "Being counted" not in client.get(REPORT).text
        assert client.get(f"{REPORT}?part=adherence").status_code == 404
