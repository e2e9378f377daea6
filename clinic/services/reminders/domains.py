"""No recipient domain gets more mail in a minute than its patience, which grows from day to day while it knows us.

What does not fit into the running minute is booked into one of the next, so a row waits once and not every minute anew.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction

from clinic import conf
from clinic.models import MailDomain, Reminder
from clinic.services.reminders.settle import Settlement, postponed
from clinic.services.reminders.sql import execute

ITS_TURN = "Waits its turn: only so many mails a minute go to one mail provider."
MINUTE = datetime.timedelta(minutes=1)

INSERT = """
INSERT INTO clinic_maildomain (id, created_at, domain, first_used_at, minute, used)
SELECT clinic_uuid7(), now(), domain, %s, %s, 0 FROM unnest(%s::text[]) AS domain
ON CONFLICT (domain) DO NOTHING
"""


def hold_back(rows: Sequence[Reminder], now: datetime.datetime) -> dict[uuid.UUID, Settlement]:
    """Of rows that are wanted, those that have to wait, with when they may leave: row id → settlement."""
    waiting = [row for row in rows if not _was_booked(row, now)]
    by_domain: dict[str, list[Reminder]] = {}
    for row in waiting:
        by_domain.setdefault(row.client.email.rpartition("@")[2].lower()[:255], []).append(row)
    booked = book({domain: len(some) for domain, some in by_domain.items()}, now)
    return {
        row.pk: postponed(row, at, ITS_TURN)
        for domain, some in by_domain.items()
        for row, at in zip(some, booked[domain], strict=True)
        if at > now
    }


def _was_booked(row: Reminder, now: datetime.datetime) -> bool:
    """Its minute has come. (Long after it, it needs another: many may have missed theirs.)"""
    return row.reason == ITS_TURN and now - row.not_before < 2 * MINUTE


@transaction.atomic
def book(wanted: Mapping[str, int], now: datetime.datetime) -> dict[str, list[datetime.datetime]]:
    """For each domain, when each of so many mails may leave; `now` for those of the running minute."""
    names = sorted(wanted)
    minute = now.replace(second=0, microsecond=0)
    known = _locked(names)
    if missing := [name for name in names if name not in known]:
        execute(INSERT, [now, minute, missing])
        known = _locked(names)
    times = {}
    for name in names:
        times[name] = _book_one(known[name], wanted[name], now, minute)
    MailDomain.objects.bulk_update(known.values(), ["minute", "used"])
    return times


def _locked(names: Sequence[str]) -> dict[str, MailDomain]:
    """In one order for all workers, so that none waits for another in a circle."""
    rows = MailDomain.objects.select_for_update().filter(domain__in=names).order_by("domain")
    return {row.domain: row for row in rows}


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
    """Mails a minute to a domain that has known us for so long."""
    rules = conf.reminders()
    doublings = min(max(known_for.days, 0), 30)
    return min(rules.domain_per_minute, rules.domain_first_day << doublings)
