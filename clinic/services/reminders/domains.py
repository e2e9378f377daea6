"""No recipient domain gets more mail of a practice in a minute than its patience, which grows while it knows us.

What does not fit into the running minute is booked into one of the next, so a row waits once and not every minute anew.
Each practice has places of its own: however many an enormous one books, a small one's mail leaves at once.
"""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from clinic import conf
from clinic.models import Reminder
from clinic.services.reminders.settle import Settlement, postponed
from clinic.services.reminders.sql import execute

ITS_TURN = "Waits its turn: only so many mails a minute go to one mail provider."
MINUTE = datetime.timedelta(minutes=1)
Place = tuple[uuid.UUID, str]  # practice and recipient domain

INSERT = """
INSERT INTO clinic_maildomain (id, created_at, practice_id, domain, first_used_at, minute, used)
SELECT clinic_uuid7(), now(), place.practice, place.domain, %s, %s, 0
FROM unnest(%s::uuid[], %s::text[]) AS place(practice, domain)
ON CONFLICT (practice_id, domain) DO NOTHING
"""
# In one order for all workers, so that none waits for another in a circle.
LOCK = """
SELECT d.practice_id, d.domain, d.first_used_at, d.minute, d.used
FROM clinic_maildomain d
JOIN unnest(%s::uuid[], %s::text[]) AS place(practice, domain)
  ON (d.practice_id, d.domain) = (place.practice, place.domain)
ORDER BY d.practice_id, d.domain
FOR UPDATE OF d
"""
BOOKED = """
UPDATE clinic_maildomain d SET minute = v.minute, used = v.used
FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::int[]) AS v(practice, domain, minute, used)
WHERE (d.practice_id, d.domain) = (v.practice, v.domain)
"""


@dataclass(slots=True)
class Book:
    """What a domain has of a practice: since when, and how much of the last minute that was booked."""

    first_used_at: datetime.datetime
    minute: datetime.datetime
    used: int

    def next(self, limit: int) -> datetime.datetime:
        """The minute of one more mail."""
        if self.used >= limit:
            self.minute, self.used = self.minute + MINUTE, 0
        self.used += 1
        return self.minute


def hold_back(rows: Sequence[Reminder], now: datetime.datetime) -> dict[uuid.UUID, Settlement]:
    """Of rows that are wanted, those that have to wait, with when they may leave: row id → settlement."""
    asking = [row for row in rows if not _was_booked(row, now)]
    times = {place: iter(at) for place, at in book(Counter(map(_place, asking)), now).items()}
    leave = {row: next(times[_place(row)]) for row in asking}
    return {row.pk: postponed(row, at, ITS_TURN) for row, at in leave.items() if at > now}


def _place(row: Reminder) -> Place:
    return row.practice_id, row.client.email.rpartition("@")[2].lower()[:255]


def _was_booked(row: Reminder, now: datetime.datetime) -> bool:
    """Its minute has come. (Long after it, it needs another: many may have missed theirs.)"""
    return row.reason == ITS_TURN and now - row.not_before < 2 * MINUTE


@transaction.atomic
def book(wanted: Mapping[Place, int], now: datetime.datetime) -> dict[Place, list[datetime.datetime]]:
    """For each place, when each of so many mails may leave; `now` for those of the running minute."""
    if not wanted:
        return {}
    minute = now.replace(second=0, microsecond=0)
    known = _locked(wanted)
    if missing := [place for place in wanted if place not in known]:
        execute(INSERT, [now, minute, *_columns(missing)])
        known = _locked(wanted)
    times = {}
    for place, count in wanted.items():
        mine = known[place]
        if mine.minute < minute:
            mine.minute, mine.used = minute, 0
        limit = patience(now - mine.first_used_at)
        times[place] = [max(mine.next(limit), now) for _ in range(count)]
    books = list(known.values())
    execute(BOOKED, [*_columns(known), [one.minute for one in books], [one.used for one in books]])
    return times


def _locked(places: Iterable[Place]) -> dict[Place, Book]:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, _columns(places))
        return {(practice, domain): Book(*rest) for practice, domain, *rest in cursor.fetchall()}


def _columns(places: Iterable[Place]) -> list[list[object]]:
    return [list(column) for column in zip(*places, strict=True)]


def patience(known_for: datetime.timedelta) -> int:
    """Mails a minute to a domain that has known the practice for so long."""
    rules = conf.reminders()
    doublings = min(max(known_for.days, 0), 30)
    return min(rules.domain_per_minute, rules.domain_first_day << doublings)
