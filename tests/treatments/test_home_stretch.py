import datetime
import re
import zoneinfo

import pytest
from django.db import connection
from django.utils import timezone

from clinic import links
from clinic.models import Reminder
from clinic.models.base import uuid7
from clinic.services import clients
from tests.people import make_client
from tests.treatments.conftest import TODAY, make_running
from treatments.models import HomeLog, Programme
from treatments.services import programmes
from treatments.services.home_stretch import HomeStretch

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
EVERY_DAY = (range(1, 8),)


def plan(start: datetime.datetime, hours: int) -> int:
    """As the engine does it: one short window after the other."""
    return sum(HomeStretch().plan(now=start + HOUR * step, until=start + HOUR * (step + 1)) for step in range(hours))


def looked_at_from(start):
    Programme.objects.update(remind_at=start)


@pytest.mark.parametrize(
    ("zone", "first_day", "skipped_or_doubled"),
    [
        ("Europe/Berlin", datetime.date(2026, 3, 28), datetime.time(2, 30)),
        ("Europe/Berlin", datetime.date(2026, 10, 24), datetime.time(2, 30)),
        ("America/Chicago", datetime.date(2026, 3, 7), datetime.time(2, 30)),
        ("America/Chicago", datetime.date(2026, 10, 31), datetime.time(1, 30)),
        ("Australia/Lord_Howe", datetime.date(2026, 4, 4), datetime.time(1, 45)),
        ("Australia/Lord_Howe", datetime.date(2026, 10, 3), datetime.time(2, 10)),
        ("Pacific/Apia", datetime.date(2026, 6, 1), datetime.time(2, 30)),
    ],
)
@pytest.mark.parametrize("odd_hour", [False, True])
def test_each_local_day_has_one_reminder_at_the_local_time(practice, zone, first_day, skipped_or_doubled, odd_hour):
    at = skipped_or_doubled if odd_hour else datetime.time(18, 0)
    client = make_client(practice, timezone=zone, reminder_time=at)
    make_running(client, starts_on=first_day, weekdays=EVERY_DAY)
    here = zoneinfo.ZoneInfo(zone)
    start = datetime.datetime.combine(first_day, datetime.time(0), here).astimezone(datetime.UTC)
    looked_at_from(start)
    plan(start, 24 * 3)
    rows = list(Reminder.objects.order_by("due_at"))
    assert [row.local_date for row in rows] == [first_day + datetime.timedelta(days=step) for step in range(3)]
    for row in rows:
        local = row.due_at.astimezone(here)
        assert local.date() == row.local_date
        skipped = datetime.datetime.combine(row.local_date, at, here).astimezone(datetime.UTC).astimezone(here)
        assert local.time() in (at, skipped.time()), "exactly then, or moved forward where the clocks skip it"


def test_a_day_that_a_zone_never_had_has_no_reminder(practice):
    client = make_client(practice, timezone="Pacific/Apia", reminder_time=datetime.time(18))
    make_running(client, starts_on=datetime.date(2011, 12, 28), weekdays=EVERY_DAY)
    start = datetime.datetime(2011, 12, 28, tzinfo=datetime.UTC)
    looked_at_from(start)
    plan(start, 24 * 4)
    days = list(Reminder.objects.order_by("due_at").values_list("local_date", flat=True))
    assert datetime.date(2011, 12, 30) not in days
    assert len(set(days)) == len(days)
    assert datetime.date(2011, 12, 31) in days


def test_the_practices_zone_and_time_hold_where_the_client_chose_none(running):
    plan(timezone.now(), 12)
    row = Reminder.objects.get()
    assert row.due_at == datetime.datetime(2026, 3, 4, 17, 0, tzinfo=datetime.UTC)  # 18:00 in Berlin
    assert (row.kind, row.subject, row.client) == ("home_stretch", running.pk, running.client)


def test_only_days_with_something_to_do(client_person, at_noon):
    programme = make_running(client_person, weekdays=[(1, 3), (3, 5)])
    plan(timezone.now(), 24 * 7)
    assert [row.local_date.isoweekday() for row in Reminder.objects.order_by("due_at")] == [3, 5, 1]
    programme.items.filter(place=0).update(stopped_at=timezone.now())
    looked_at_from(timezone.now() + datetime.timedelta(days=7))
    plan(timezone.now() + datetime.timedelta(days=7), 24 * 7)
    assert [row.local_date.isoweekday() for row in Reminder.objects.order_by("due_at")] == [3, 5, 1, 3, 5]


def test_planning_again_adds_nothing_and_looks_at_nothing(running):
    now = timezone.now()
    assert HomeStretch().plan(now=now, until=now + 6 * HOUR) == 1
    assert Programme.objects.get().remind_at == datetime.datetime(2026, 3, 5, 17, 0, tzinfo=datetime.UTC)
    assert HomeStretch().plan(now=now, until=now + 6 * HOUR) == 0
    looked_at_from(now)
    assert HomeStretch().plan(now=now, until=now + 6 * HOUR) == 0


def test_nothing_is_compiled_for_a_portion(running):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = on")
        HomeStretch().plan(now=timezone.now(), until=timezone.now() + HOUR)
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def test_after_the_last_day_nobody_looks_any_more(running, time_machine):
    last = datetime.datetime.combine(running.until, datetime.time(12), datetime.UTC)
    looked_at_from(last)
    plan(last, 24)
    assert Reminder.objects.get().local_date == running.until or not Reminder.objects.exists()
    assert Programme.objects.get().remind_at is None


def test_what_was_due_during_an_outage_is_planned_afterwards(running):
    now = timezone.now()
    assert HomeStretch().plan(now=now + 4 * HOUR, until=now + 8 * HOUR) == 1


def test_another_time_of_day_is_followed_the_same_day(running, client_person):
    now = timezone.now()
    HomeStretch().plan(now=now, until=now + HOUR)
    clients.change(client=client_person, by=client_person, reminder_time=datetime.time(15, 0))
    Programme.objects.update(remind_at=now)  # the database's clock is not the test's
    HomeStretch().plan(now=now, until=now + 3 * HOUR)
    assert Reminder.objects.get().due_at == datetime.datetime(2026, 3, 4, 14, 0, tzinfo=datetime.UTC)


def reminder_of(programme, day=TODAY):
    now = timezone.now()
    return Reminder.objects.create(
        practice=programme.practice, client=programme.client, kind="home_stretch", subject=programme.pk,
        local_date=day, due_at=now, not_before=now,
    )  # fmt: skip


def reason_for(row):
    return HomeStretch().unwanted([row]).get(row.pk, "")


def test_a_mail_is_wanted_while_something_is_open(running):
    assert reason_for(reminder_of(running)) == ""


def test_everything_answered_makes_the_mail_unwanted(running):
    for item in running.items.all():
        HomeLog.objects.create(
            practice=running.practice, client=running.client, item=item, local_date=TODAY, outcome="done"
        )
    assert "answered already" in reason_for(reminder_of(running))


def test_everything_stopped_makes_the_mail_unwanted(running):
    running.items.update(stopped_at=timezone.now())
    assert "stopped" in reason_for(reminder_of(running))


def test_an_ended_lost_or_not_yet_running_programme_makes_the_mail_unwanted(running, therapist):
    row = reminder_of(running)
    lost = Reminder(pk=uuid7(), subject=uuid7(), local_date=TODAY)
    later = reminder_of(running, running.until + datetime.timedelta(days=1))
    assert "does not run" in reason_for(later)
    programmes.end(programme=running, because="", by=therapist)
    assert reason_for(row) == reason_for(lost) == "The programme has ended."


ADDRESS = re.compile(r"""https?://[^\s"<]+""")  # a token in it may spell anything


def test_the_mail_says_little_and_leads_to_the_portal(running):
    row = reminder_of(running)
    letter = HomeStretch().compose([row])[row.pk]
    token = letter.text.split("/p/")[1].split("/")[0]
    assert links.read("portal", token) == running.client_id
    for item in running.items.all():
        words = {item.about.name.lower(), item.about.target.lower().replace("_", " ")} - {"", "whole body"}
        for said in (letter.subject, letter.text, letter.html):
            assert not [word for word in words if word in ADDRESS.sub("", said.lower())]
    assert "hip" not in ADDRESS.sub("", letter.text.lower())
    assert f"/p/{token}/" in letter.html


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_takes_three_queries_however_long(practice, at_noon, django_assert_num_queries, count):
    rows = [
        reminder_of(make_running(make_client(practice, ref=f"C{place}", given_name=f"N{place}")))
        for place in range(count)
    ]
    with django_assert_num_queries(3):
        HomeStretch().unwanted(rows)
