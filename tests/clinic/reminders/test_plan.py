import datetime
import threading
import uuid
import zoneinfo
from pathlib import Path

import pytest
import tzdata
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection, transaction

from clinic import conf
from clinic.models import AuditEntry, PlanningMark, Reminder
from clinic.reminders import kinds
from clinic.services import reminders
from clinic.services.reminders.calendar import LOCAL_DAY, LOCAL_INSTANT
from clinic.services.reminders.plan import plan, plan_kind
from tests.clinic.reminders.conftest import NOON
from tests.clinic.reminders.plain_kind import PlainKind
from tests.people import make_client

ZONE = "coalesce(nullif(c.timezone, ''), p.timezone)"
TODAY = LOCAL_DAY.format(instant="%s", zone=ZONE)
# The recipe for kinds, as `calendar` documents it: everybody's own reminder time, in their own zone.
EVERYBODY = f"""
SELECT * FROM (
    SELECT c.practice_id, c.id AS client_id, c.id AS subject, day AS local_date, 0 AS slot,
           {LOCAL_INSTANT.format(day="day", at="coalesce(c.reminder_time, p.reminder_time)", zone=ZONE)} AS due_at
    FROM clinic_client c JOIN clinic_practice p ON p.id = c.practice_id,
         generate_series({TODAY}, {TODAY}, '1 day') AS d,
         LATERAL (SELECT d::date AS day) AS days
) AS all_of_them WHERE due_at BETWEEN %s AND %s
"""


class Daily(PlainKind):
    def plan(self, *, now, until):
        self.windows = [*getattr(self, "windows", []), (now, until)]
        return reminders.insert_occurrences(self.key, EVERYBODY, [now, until, now, until])


@pytest.fixture
def daily():
    with kinds.temporarily(Daily("daily")) as kind:
        yield kind


def test_what_falls_due_becomes_a_row_in_the_clients_own_time(client_person, practice, daily, noon):
    tokyo = make_client(
        practice, ref="T", given_name="Toki", timezone="Asia/Tokyo", reminder_time=datetime.time(19, 10)
    )
    make_client(practice, ref="L", given_name="Late", reminder_time=datetime.time(23))
    assert plan_kind(daily, NOON) == 1  # 19:10 in Tokyo is 12:10 in Berlin
    row = Reminder.objects.get()
    assert row.client == tokyo
    assert row.due_at == row.not_before == NOON + datetime.timedelta(minutes=10)
    assert (row.state, row.local_date, row.attempts, row.counted) == ("planned", datetime.date(2026, 6, 3), 0, False)


def test_planning_again_adds_nothing(client_person, daily):
    six = NOON + datetime.timedelta(hours=6)
    assert plan_kind(daily, six) == 1
    assert plan_kind(daily, six + datetime.timedelta(seconds=15)) == 0
    assert Reminder.objects.count() == 1


def test_an_outage_leaves_no_gap_but_a_whole_day_is_not_made_up_for(client_person, daily):
    hours = [0, 5, 53]
    for hour in hours:
        plan_kind(daily, NOON + datetime.timedelta(hours=hour))
    (first, _), (after_outage, _), (after_days, until) = daily.windows
    assert first == after_outage == NOON
    assert after_days == NOON + datetime.timedelta(hours=29)
    assert until == NOON + datetime.timedelta(hours=53, minutes=15)


def test_a_clock_that_was_set_back_plans_from_the_new_time(client_person, daily):
    plan_kind(daily, NOON)
    plan_kind(daily, NOON - datetime.timedelta(hours=1))
    assert daily.windows[-1][0] == NOON - datetime.timedelta(hours=1)


def test_a_kind_that_breaks_does_not_hold_up_the_others(client_person, daily, caplog):
    class Broken(PlainKind):
        def plan(self, *, now, until):
            raise RuntimeError("x")

    with kinds.temporarily(Broken("broken")):
        assert plan(NOON + datetime.timedelta(hours=6)) >= 1
    assert "Planning of broken failed" in caplog.text
    assert not PlanningMark.objects.filter(kind="broken").exists()


@pytest.mark.django_db
def test_an_idle_look_is_three_statements_and_none_for_a_kind_that_is_only_asked_for(
    daily, kind, django_assert_num_queries
):
    """The mark, what is due, the mark; and around them the transaction."""
    plan_kind(daily, NOON)
    with django_assert_num_queries(5):
        plan_kind(daily, NOON)
    with django_assert_num_queries(0):
        assert plan_kind(kind, NOON) == 0
    assert list(PlanningMark.objects.values_list("kind", "planned_at")) == [("daily", NOON)]


@pytest.mark.django_db(transaction=True)
def test_a_second_planner_leaves_the_kind_to_the_first(client_person, daily):
    plan_kind(daily, NOON)
    found = []

    def second():
        found.append(plan_kind(daily, NOON + datetime.timedelta(hours=6)))
        connection.close()

    with transaction.atomic():
        PlanningMark.objects.select_for_update().get(kind="daily")
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(10)
    assert found == [0]
    assert Reminder.objects.count() == 0


def test_a_mail_that_is_asked_for_is_due_now_and_again_when_asked_again(client_person, receptionist, kind, noon):
    about = uuid.uuid4()
    rows = [reminders.request(kind="plain", client=client_person, subject=about, by=receptionist) for _ in range(2)]
    assert [(row.slot, row.due_at, row.local_date) for row in rows] == [
        (0, rows[0].due_at, datetime.date(2026, 6, 3)),
        (1, rows[1].due_at, datetime.date(2026, 6, 3)),
    ]
    assert abs(rows[0].not_before - NOON) < datetime.timedelta(seconds=5)
    assert AuditEntry.objects.filter(verb="reminder.requested", client=client_person).count() == 2


def test_settings_are_read_late_and_a_misspelt_one_is_told(settings):
    assert conf.reminders().batch == 100
    settings.CLINIC = {"reminders": {"batch": 7}}
    assert conf.reminders().batch == 7
    settings.CLINIC = {"reminders": {"bach": 7}}
    with pytest.raises(ImproperlyConfigured, match="bach"):
        conf.reminders()


@pytest.fixture
def newer_zones_here(tmp_path):
    """This machine knows a zone that the database does not know yet."""
    (tmp_path / "Mars").mkdir()
    (tmp_path / "Mars" / "Phobos").write_bytes((Path(tzdata.__file__).parent / "zoneinfo" / "UTC").read_bytes())
    zoneinfo.reset_tzpath([str(tmp_path)])
    yield
    zoneinfo.reset_tzpath()


def test_a_zone_that_only_this_machine_knows_is_refused_with_a_clear_line(client_person, practice, newer_zones_here):
    for one in (client_person, practice):
        one.timezone = "Mars/Phobos"
        with pytest.raises(ValidationError, match="The database does not know the time zone “Mars/Phobos” yet"):
            one.full_clean()
        one.timezone = "Asia/Tokyo"
        one.full_clean()
