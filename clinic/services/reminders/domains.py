"""No recipient domain gets more mail of a practice in a minute than its patience, which grows while it knows us.

What does not fit into the running minute is booked into one of the next, so a row waits once and not every minute anew.
Each practice has places of its own: however many an enormous one books, a small one's mail leaves at once.
"""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence

from django.db import transaction

from clinic import conf
from clinic.models import MailDomain, Reminder
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
    places = sorted(wanted)
    minute = now.replace(second=0, microsecond=0)
    known = _locked(places)
    if missing := [place for place in places if place not in known]:
        execute(INSERT, [now, minute, *map(list, zip(*missing, strict=True))])
        known = _locked(places)
    times = {place: _book_one(known[place], wanted[place], now, minute) for place in places}
    MailDomain.objects.bulk_update(known.values(), ["minute", "used"])
    return times


def _locked(places: Sequence[Place]) -> dict[Place, MailDomain]:
    """In one order for all workers, so that none waits for another in a circle."""
    rows = MailDomain.objects.select_for_update().filter(
        practice__in={practice for practice, _ in places}, domain__in={domain for _, domain in places}
    )
    found = {(row.practice_id, row.domain): row for row in rows.order_by("practice_id", "domain")}
    return {place: found[place] for place in places if place in found}


def _book_one(
    domain: MailDomain, count: int, now: datetime.datetime, minute: datetime.datetime
) -> list[datetime.datetime]:
    """Moves the domain's own mark: `used` of the last minute that was booked."""
    limit = patience(now - domain.first_used_at)
    if domain.minute < minute:
        domain.minute, domain.used = minute, 0
    times = []
    for _ in range(count):
        if domain.used >= limit:
            domain.minute, domain.used = domain.minute + MINUTE, 0
        domain.used += 1
        times.append(max(domain.minute, now))
    return times


def patience(known_for: datetime.timedelta) -> int:
    """Mails a minute to a domain that has known the practice for so long."""
    rules = conf.reminders()
    doublings = min(max(known_for.days, 0), 30)
    return min(rules.domain_per_minute, rules.domain_first_day << doublings)
