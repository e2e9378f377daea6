"""The planning statement against a naive reading of the calendar, for odd zones, nights, days and windows."""

import datetime
import zoneinfo
from functools import cache

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.models import Reminder
from tests.benchmarks.untraced import untraced
from tests.people import make_client
from tests.treatments.conftest import make_running
from treatments.models import Programme
from treatments.services.home_stretch import HomeStretch

pytestmark = pytest.mark.django_db
# Years that are over: about the coming ones the zone data of PostgreSQL and Python may be of different age.
FIRST, LAST = datetime.date(2011, 1, 1), datetime.date(2022, 12, 31)
DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)
ZONES = (
    "UTC", "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/St_Johns", "America/Havana",
    "America/Santiago", "America/Sao_Paulo", "America/Asuncion", "Asia/Beirut", "Asia/Gaza", "Asia/Tehran",
    "Asia/Kathmandu", "Africa/Casablanca", "Africa/Cairo", "Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Apia",
    "Pacific/Fakaofo", "Pacific/Kiritimati", "Pacific/Chatham", "Pacific/Pago_Pago",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _unwatched():
    """It is about a statement of PostgreSQL's."""
    with untraced():
        yield


@cache
def odd_days(zone):
    """Days on which the clocks of `zone` change, and leap days."""
    here = zoneinfo.ZoneInfo(zone)
    days = [FIRST + DAY * number for number in range((LAST - FIRST).days)]
    offsets = [datetime.datetime.combine(day, datetime.time(12), here).utcoffset() for day in days]
    changes = [day for day, before, after in zip(days[1:], offsets, offsets[1:], strict=False) if before != after]
    return [*changes, *(datetime.date(year, 2, 29) for year in (2012, 2016, 2020))]


@st.composite
def cases(draw):
    zone = draw(st.sampled_from(ZONES))
    middle = draw(st.one_of(st.sampled_from(odd_days(zone)), st.dates(FIRST + 60 * DAY, LAST - 90 * DAY)))
    night = st.times(datetime.time(0), datetime.time(3, 30))
    at = draw(st.one_of(night, st.times())).replace(microsecond=0)
    starts_on = middle + DAY * draw(st.integers(-40, 30))
    until = starts_on + DAY * draw(st.integers(0, 60))
    weekdays = st.sets(st.integers(1, 7), min_size=1).map(sorted)
    items = draw(st.lists(st.tuples(weekdays, st.booleans()), min_size=1, max_size=3))
    begin = datetime.datetime.combine(middle, datetime.time(0), datetime.UTC) - draw(st.integers(0, 72)) * 60 * MINUTE
    steps = draw(st.lists(st.integers(1, 60 * 60), min_size=1, max_size=6))
    return zone, at, starts_on, until, items, begin, steps


def occurrences(zone, at, starts_on, until, items):
    """[(day, instant)] by the letter: each day with something to do, when the clocks there show the time of day."""
    here = zoneinfo.ZoneInfo(zone)
    wanted = {weekday for weekdays, stopped in items if not stopped for weekday in weekdays}
    found = []
    for number in range((until - starts_on).days + 1):
        day = starts_on + DAY * number
        wall = datetime.datetime.combine(day, at)
        instant = max(wall.replace(tzinfo=here, fold=fold).astimezone(datetime.UTC) for fold in (0, 1))
        if day.isoweekday() in wanted and instant.astimezone(here).date() == day:
            found.append((day, instant))
    return found


def plan(begin, steps):
    """Window after window, each beginning somewhat before the one before it ended. Returns the end of the last."""
    now = begin
    for step in steps:
        HomeStretch().plan(now=max(begin, now - 10 * MINUTE), until=now + step * MINUTE)
        now += step * MINUTE
    return now


def agrees(practice, zone, at, starts_on, until, items, begin, steps):
    person = make_client(practice, timezone=zone, reminder_time=at)
    programme = make_running(person, starts_on=starts_on, weekdays=[weekdays for weekdays, _ in items])
    Programme.objects.filter(pk=programme.pk).update(until=until, remind_at=begin)
    stopped = [place for place, (_, is_stopped) in enumerate(items) if is_stopped]
    programme.items.filter(place__in=stopped).update(stopped_at=begin)

    end = plan(begin, steps)

    meant = occurrences(zone, at, starts_on, until, items)
    planned = Reminder.objects.order_by("due_at").values_list("local_date", "due_at")
    assert list(planned) == [(day, instant) for day, instant in meant if begin <= instant < end]
    coming = [instant for _, instant in meant if instant >= end]
    assert Programme.objects.get().remind_at == min(coming, default=None)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases())
def test_the_statement_agrees_with_the_calendar(practice, case):
    with transaction.atomic():
        agrees(practice, *case)
        transaction.set_rollback(True)  # the next case begins with nobody
