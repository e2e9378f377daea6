"""Step 1: due occurrences become rows. Set-based, in a short horizon, again and again; nothing is copied in advance."""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from clinic import conf
from clinic.models import Client, PlanningMark, Reminder
from clinic.reminders import ReminderKind, kinds
from clinic.services import audit
from clinic.services.reminders.sql import execute

logger = logging.getLogger(__name__)

INSERT = """
INSERT INTO clinic_reminder
    (id, created_at, practice_id, kind, client_id, subject, local_date, slot, due_at, not_before,
     state, reason, attempts, claimed_by, counted)
SELECT clinic_uuid7(), now(), o.practice_id, %s, o.client_id, o.subject, o.local_date, o.slot, o.due_at, o.due_at,
       'planned', '', 0, '', false
FROM ({select}) AS o
ON CONFLICT (practice_id, client_id, kind, subject, local_date, slot) DO NOTHING
"""


def insert_occurrences(kind: str, select: str, params: Sequence[Any] = ()) -> int:
    """Insert the rows that `select` gives and that do not exist yet; returns how many.

    `select` is SQL with the columns practice_id, client_id, subject, local_date, slot, due_at; values come by `params`,
    positional. `calendar.LOCAL_INSTANT` makes `due_at`.
    """
    return execute(INSERT.format(select=select), [kind, *params])


def plan(now: datetime.datetime) -> int:
    """Plan every kind up to the horizon. A kind that breaks does not hold up the others."""
    return sum(_plan_safely(kind, now) for kind in kinds)


def _plan_safely(kind: ReminderKind, now: datetime.datetime) -> int:
    try:
        return plan_kind(kind, now)
    except Exception:
        logger.exception("Planning of %s failed; it is tried again at the next tick.", kind.key)
        return 0


@transaction.atomic
def plan_kind(kind: ReminderKind, now: datetime.datetime) -> int:
    """Plan one kind from where it was last planned to, unless another worker is just doing that."""
    rules = conf.reminders()
    PlanningMark.objects.bulk_create([PlanningMark(kind=kind.key, planned_at=now)], ignore_conflicts=True)
    mark = PlanningMark.objects.select_for_update(skip_locked=True).filter(kind=kind.key).first()
    if mark is None:
        return 0
    since = max(min(mark.planned_at, now), now - rules.look_back)
    planned = kind.plan(now=since, until=now + rules.horizon)
    PlanningMark.objects.filter(pk=mark.pk).update(planned_at=now)
    return planned


@transaction.atomic
def request(*, kind: str, client: Client, subject: uuid.UUID, by: audit.Actor) -> Reminder:
    """Mail that somebody asks for now, such as a link; asked again on the same day it is sent again."""
    now = timezone.now()
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
