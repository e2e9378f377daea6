"""Step 1: due occurrences become rows. Set-based, in a short horizon, again and again; nothing is copied in advance."""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction

from clinic import conf
from clinic.models import Client, Reminder
from clinic.reminders import ReminderKind, kinds
from clinic.services import audit, clock
from clinic.services.reminders.sql import execute

logger = logging.getLogger(__name__)

INSERT = """
{before}
INSERT INTO clinic_reminder
    (id, created_at, practice_id, kind, client_id, subject, local_date, slot, due_at, not_before,
     state, reason, attempts, claimed_by, counted)
SELECT clinic_uuid7(), now(), o.practice_id, %s, o.client_id, o.subject, o.local_date, o.slot, o.due_at, o.due_at,
       'planned', '', 0, '', false
FROM ({select}) AS o
ON CONFLICT (practice_id, client_id, kind, subject, local_date, slot) DO NOTHING
"""

# Nobody plans a kind twice at once: who finds its mark locked leaves it to the other.
MARK = "SELECT planned_at FROM clinic_planningmark WHERE kind = %s FOR UPDATE SKIP LOCKED"
FIRST_MARK = """
INSERT INTO clinic_planningmark (id, created_at, kind, planned_at) VALUES (clinic_uuid7(), now(), %s, %s)
ON CONFLICT (kind) DO NOTHING
"""
MOVE_MARK = "UPDATE clinic_planningmark SET planned_at = %s WHERE kind = %s"


class Planned(int):
    """How many rows were inserted, from a kind that plans in portions: what `ReminderKind.plan` may return.

    `left`: something of the window is not planned yet. `again`: the next portion of it can be planned right now.
    """

    left: bool
    again: bool

    def __new__(cls, rows: int, *, left: bool = False, again: bool = False) -> Planned:
        made = super().__new__(cls, rows)
        made.left, made.again = left, again
        return made


def insert_occurrences(
    kind: str, select: str, params: Sequence[Any] = (), *, before: str = "", before_params: Sequence[Any] = ()
) -> int:
    """Insert the rows that `select` gives and that do not exist yet; returns how many.

    `select` is SQL with the columns practice_id, client_id, subject, local_date, slot, due_at; values come by `params`,
    positional. `calendar.LOCAL_INSTANT` makes `due_at`. `before`: a `WITH …` of the same statement, for `select`.
    """
    return execute(INSERT.format(before=before, select=select), [*before_params, kind, *params])


def plan(now: datetime.datetime) -> int:
    """Plan every kind up to the horizon, all of it. Returns how many rows that made."""
    return sum(portions(now))


def portions(now: datetime.datetime) -> Iterator[int]:
    """The same, portion by portion: each is committed before the next begins, so that its mails need not wait.

    A kind that breaks does not hold up the others.
    """
    for kind in kinds:
        try:
            yield from portions_of(kind, now)
        except Exception:
            logger.exception("Planning of %s failed; it is tried again at the next tick.", kind.key)


def plan_kind(kind: ReminderKind, now: datetime.datetime) -> int:
    """Plan one kind from where it was last planned to, unless another worker is just doing that."""
    return sum(portions_of(kind, now))


def portions_of(kind: ReminderKind, now: datetime.datetime) -> Iterator[int]:
    again = kind.plans
    while again:
        planned = _portion(kind, now)
        yield planned
        again = planned.again


@transaction.atomic
def _portion(kind: ReminderKind, now: datetime.datetime) -> Planned:
    """One transaction. The mark moves only when nothing is left: whoever goes on later begins where this one began."""
    rules = conf.reminders()
    mark = _mark(kind, now)
    if mark is None:
        return Planned(0)
    since = max(min(mark, now), now - rules.look_back)
    rows = kind.plan(now=since, until=now + rules.horizon)
    planned = rows if isinstance(rows, Planned) else Planned(rows)
    if not planned.left:
        execute(MOVE_MARK, [now, kind.key])
    return planned


def _mark(kind: ReminderKind, now: datetime.datetime) -> datetime.datetime | None:
    """Where to go on from, which is now for a kind that is new; None while another worker is at it."""
    with connection.cursor() as cursor:
        cursor.execute(MARK, [kind.key])
        found: tuple[datetime.datetime] | None = cursor.fetchone()
    if found is None:
        return now if execute(FIRST_MARK, [kind.key, now]) else None
    return found[0]


@transaction.atomic
def request(
    *, kind: str, client: Client, subject: uuid.UUID, by: audit.Actor, at: datetime.datetime | None = None
) -> Reminder:
    """Mail that somebody asks for, such as a link; asked again on the same day it goes again. `at`: not before it."""
    now = at or clock.now()
    occurrence = {
        "practice_id": client.practice_id, "client": client, "kind": kind, "subject": subject,
        "local_date": now.astimezone(client.zone).date(),
    }  # fmt: skip
    Client.objects.select_for_update().get(pk=client.pk)  # two people asking at once get two slots
    row = Reminder.objects.create(
        **occurrence, slot=Reminder.objects.filter(**occurrence).count(), due_at=now, not_before=now
    )
    audit.record("reminder.requested", on=row, by=by, client=client, kind=kind)
    return row
