import datetime
import zoneinfo

import pytest
from django.db import connection

from clinic.services.reminders.calendar import LOCAL_DAY, LOCAL_INSTANT, end_of_quiet, local_instant

Z = zoneinfo.ZoneInfo
BERLIN = Z("Europe/Berlin")


def at(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("zone", "day", "clock", "utc"),
    [
        ("Europe/Berlin", "2026-06-03", "18:00", "2026-06-03 16:00"),
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29 01:30"),  # skipped: 03:30 summer time
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25 01:30"),  # twice: the second one
        ("America/New_York", "2026-03-08", "02:15", "2026-03-08 07:15"),
        ("America/New_York", "2026-11-01", "01:15", "2026-11-01 06:15"),
        ("Australia/Lord_Howe", "2026-10-04", "02:10", "2026-10-03 15:40"),  # half an hour is skipped
        ("Australia/Lord_Howe", "2026-04-05", "01:40", "2026-04-04 15:10"),
        ("America/Santiago", "2026-09-06", "00:00", "2026-09-06 04:00"),  # midnight itself is skipped
        ("Africa/Casablanca", "2026-02-15", "02:30", "2026-02-15 02:30"),
        ("Asia/Kathmandu", "2026-06-03", "18:00", "2026-06-03 12:15"),
        ("Pacific/Kiritimati", "2026-06-03", "18:00", "2026-06-03 04:00"),
        ("Asia/Tokyo", "2028-02-29", "07:00", "2028-02-28 22:00"),
    ],
)
def test_local_time_becomes_the_instant_that_the_clocks_show(zone, day, clock, utc):
    found = local_instant(datetime.date.fromisoformat(day), datetime.time.fromisoformat(clock), Z(zone))
    assert found == at(utc)


def test_sql_and_python_agree_in_every_zone_on_every_hour_of_a_year_of_changes(db):
    # PostgreSQL reads the old short names (CET, MET) as fixed offsets; places have a slash.
    zones = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone or zone == "UTC")
    clocks = [datetime.time(hour, 30) for hour in (0, 1, 2, 3)] + [datetime.time(18)]
    # Changes of the past: about the coming ones the zone data of PostgreSQL and Python may be of different age.
    days = [datetime.date(2021, *day) for day in [(3, 14), (3, 28), (4, 4), (9, 5), (10, 3), (10, 31), (11, 7)]]
    asked = [(zone, day, clock) for zone in zones for day in days for clock in clocks]
    instant = LOCAL_INSTANT.format(day="day", at="clock", zone="zone")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {instant} FROM unnest(%s::text[], %s::date[], %s::time[])"
            " WITH ORDINALITY AS o(zone, day, clock, n) ORDER BY n",
            [list(column) for column in zip(*asked, strict=True)],
        )
        by_sql = [row[0] for row in cursor]
    wrong = [
        (*case, sql)
        for case, sql in zip(asked, by_sql, strict=True)
        if sql != local_instant(case[1], case[2], Z(case[0]))
    ]
    assert wrong == []
    assert len(asked) > 15_000


def test_sql_knows_the_clients_day(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + LOCAL_DAY.format(instant="timestamptz '2026-06-03 23:00+00'", zone="'Asia/Tokyo'"))
        assert cursor.fetchone() == (datetime.date(2026, 6, 4),)


@pytest.mark.parametrize(
    ("now", "quiet_from", "quiet_until", "over"),
    [
        ("2026-06-03 10:00", "21:00", "07:00", None),
        ("2026-06-03 19:00", "21:00", "07:00", "2026-06-04 05:00"),  # 21:00 sharp
        ("2026-06-03 18:59", "21:00", "07:00", None),
        ("2026-06-03 03:00", "21:00", "07:00", "2026-06-03 05:00"),
        ("2026-06-03 05:00", "21:00", "07:00", None),  # 07:00 sharp
        ("2026-06-03 11:00", "12:00", "14:00", "2026-06-03 12:00"),  # a siesta
        ("2026-06-03 12:00", "12:00", "14:00", None),
        ("2026-06-03 09:59", "12:00", "14:00", None),
        ("2026-06-03 10:00", "12:00", "12:00", None),  # none at all
        ("2026-06-02 22:30", "12:00", "12:00", None),
        ("2026-03-29 00:30", "21:00", "02:30", "2026-03-29 01:30"),  # ends in the skipped hour
    ],
)
def test_quiet_hours_end_when_the_local_clock_says_so(now, quiet_from, quiet_until, over):
    found = end_of_quiet(
        at(now), BERLIN, datetime.time.fromisoformat(quiet_from), datetime.time.fromisoformat(quiet_until)
    )
    assert found == (over and at(over))
