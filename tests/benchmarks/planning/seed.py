"""Practices, clients and published programmes in large numbers, by a few statements.

Everybody is reminded at a minute from :00 to :44 of an hour, in one of a few zones whose clocks differ by whole hours.
The first ones, the probes, are different: they are in UTC, have something to do every day, and fall due from 12:45 to
12:59. So any of these fifteen minutes has the same number of occurrences, however many programmes there are.
"""

import datetime

from django.db import connection

PRACTICES = 500
PROBES = 3_000
#: Everything starts here: a Wednesday, nothing planned yet.
START = datetime.datetime(2026, 6, 3, 9, 0, tzinfo=datetime.UTC)
FIRST_PROBE = START.replace(hour=12, minute=45)
PORTION = 100_000
ZONES = [
    "UTC", "Europe/Berlin", "Europe/Lisbon", "Europe/Athens", "America/New_York", "America/Chicago",
    "America/Los_Angeles", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland", "America/Sao_Paulo", "Asia/Dubai",
]  # fmt: skip

PRACTICE = """
INSERT INTO clinic_practice (id, created_at, slug, name, timezone, reply_to, emergency_number, reminder_time,
                             quiet_from, quiet_until, client_counter)
SELECT clinic_uuid7(), now(), 'practice-' || n, 'Practice ' || n, (%s::text[])[1 + n %% %s], '', '112',
       make_time(17 + n %% 3, n %% 45, 0), '21:00', '07:00', 0
  FROM generate_series(1, %s) AS n
ON CONFLICT DO NOTHING
"""
CLIENT = """
WITH places AS (SELECT array_agg(id ORDER BY id) AS practices FROM clinic_practice)
INSERT INTO clinic_client (id, created_at, practice_id, ref, given_name, family_name, sex, email, timezone,
                           reminder_time, search)
SELECT clinic_uuid7(), now(), practices[1 + n %% cardinality(practices)], 'N' || n, 'Given' || n, 'Family' || n %% 9973,
       'unspecified', 'n' || n || '@clients.example',
       CASE WHEN n <= %s THEN 'UTC' WHEN n %% 3 = 0 THEN (%s::text[])[1 + n %% %s] ELSE '' END,
       CASE WHEN n <= %s THEN make_time(12, 45 + n %% 15, 0)
            WHEN n %% 2 = 0 THEN make_time(7 + n %% 13, n %% 45, 0) END,
       'given' || n || ' family' || n %% 9973 || ' n' || n
  FROM places, generate_series(%s, %s) AS n
"""
PROGRAMME = """
INSERT INTO treatments_programme (id, created_at, practice_id, client_id, state, starts_on, until, advice, left_out,
                                  no_exercise, note, ended_because, published_at, remind_at)
SELECT clinic_uuid7(), now(), c.practice_id, c.id, 'published',
       date '2026-05-01' + n %% 30, date '2026-07-01' + n %% 60,
       '["Walk for twenty minutes on most days."]', '[]', '[]', '', '', now(), %s
  FROM clinic_client c, CAST(substr(c.ref, 2) AS int) AS n
 WHERE NOT EXISTS (SELECT FROM treatments_programme p WHERE p.client_id = c.id)
"""
ITEM = """
INSERT INTO treatments_programmeitem (id, created_at, practice_id, programme_id, place, exercise, kind, target, side,
    hold_seconds, repetitions, sets, changes, weekdays, for_findings, stopped_because)
SELECT clinic_uuid7(), now(), p.practice_id, p.id, place, 'exercise_' || place, 'stretch', 'hip', '', 30, 2, 1, '[]',
       CASE WHEN place = 1 AND c.reminder_time >= '12:45' AND c.timezone = 'UTC' THEN '{1,2,3,4,5,6,7}'::smallint[]
            WHEN place = 1 THEN '{1,2,3,4,5}' ELSE '{1,4,6}' END, '[]', ''
  FROM treatments_programme p JOIN clinic_client c ON c.id = p.client_id, generate_series(1, 2) AS place
 WHERE NOT EXISTS (SELECT FROM treatments_programmeitem i WHERE i.practice_id = p.practice_id AND i.programme_id = p.id)
"""
# An id is as old as its row, as the engine's are: the first 48 bits are milliseconds.
ID_MADE_AT = (
    "(lpad(to_hex((extract(epoch FROM {at}) * 1000)::bigint), 12, '0')"
    " || substr(replace(clinic_uuid7()::text, '-', ''), 13))::uuid"
)
REMINDER = f"""
INSERT INTO clinic_reminder (id, created_at, practice_id, kind, client_id, subject, local_date, slot, due_at,
                             not_before, state, reason, attempts, claimed_by, counted, settled_at)
SELECT {ID_MADE_AT.format(at="at")}, at, practice_id, 'home_stretch', id, clinic_uuid7(), at::date, 0, at,
       at, state, '', 0, '', false, CASE WHEN state = 'sent' THEN at END
  FROM (SELECT id, practice_id, %s AS state, %s::timestamptz - (row_number() OVER ()) * %s::interval AS at
          FROM generate_series(1, %s) AS round, clinic_client LIMIT %s) AS c
"""


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def value(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def rows_of(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def seed(programmes: int, probes: int = PROBES) -> None:
    """Fill up to so many published programmes; the new ones are not planned yet (`remind_at` is START)."""
    run(PRACTICE, ZONES, len(ZONES), PRACTICES)
    there = value("SELECT count(*) FROM clinic_client")
    for first in range(there + 1, programmes + 1, PORTION):
        last = min(first + PORTION - 1, programmes)
        run(CLIENT, probes, ZONES, len(ZONES), probes, first, last)
    run(PROGRAMME, START)
    run(ITEM)
    analyze()


def seed_reminders(count: int, *, state: str, before: datetime.datetime, spread: datetime.timedelta) -> None:
    """So many, for all clients in turn, due in the time of `spread` that ends at `before`."""
    rounds = -(-count // value("SELECT count(*) FROM clinic_client"))
    run(REMINDER, state, before, spread / count, rounds, count)
    analyze()


def analyze():
    """What autovacuum does after a while."""
    for table in (
        "clinic_practice",
        "clinic_client",
        "treatments_programme",
        "treatments_programmeitem",
        "clinic_reminder",
    ):
        run(f"VACUUM ANALYZE {table}")
