"""Step 3: right before sending, current state decides. What speaks against a mail is kept with it as a sentence."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from clinic import conf
from clinic.models import Practice, Reminder, SafetyAlert, State
from clinic.queries import holding
from clinic.reminders import ReminderKind
from clinic.services import logos
from clinic.services.reminders.calendar import begin_of_day, end_of_quiet
from clinic.services.reminders.settle import Settlement, postponed, skipped

ONE_A_DAY = "Another message went to the client that day."
QUIET = "Waits until the quiet hours are over."
NOT_YET = "Waits until the client's day begins."
TOO_LATE = "It was too late for that day."


def load(ids: Sequence[uuid.UUID], owner: str) -> list[Reminder]:
    """The rows that are still `owner`'s, in the order of `ids`, with `client` and `practice` as they are now.

    `has_locking_alert` and `day_is_taken` are annotated. Two queries.
    """
    alerts = SafetyAlert.objects.locking().filter(practice=OuterRef("practice"), client=OuterRef("client"))
    counted = Reminder.objects.filter(
        practice=OuterRef("practice"), client=OuterRef("client"), local_date=OuterRef("local_date"), counted=True
    ).exclude(pk=OuterRef("pk"))
    rows = (
        Reminder.objects.filter(pk__in=ids, claimed_by=owner, state=State.CLAIMED, handing_over_at=None)
        .select_related("client")
        .annotate(has_locking_alert=Exists(alerts), day_is_taken=Exists(counted))
    )
    found = {row.pk: row for row in rows}
    practices = logos.with_logo(Practice.objects.all()).in_bulk({row.practice_id for row in found.values()})
    for row in found.values():
        row.practice = row.client.practice = practices[row.practice_id]
    return [found[id_] for id_ in ids if id_ in found]


def verdict(row: Reminder, kind: ReminderKind, now: datetime.datetime) -> Settlement | None:
    """What becomes of a loaded row instead of being sent; None when nothing speaks against it."""
    late_or_held = _requested_too_late(row, now) if kind.requested else _held_back(row, kind, now)
    reason = holding.unreachable(row.client) or late_or_held
    if reason:
        return skipped(row, reason)
    if kind.requested:
        return None
    if (day := begin_of_day(row.local_date, row.client.zone)) > now:  # the client travelled westward since
        return postponed(row, day, NOT_YET)
    if until := _end_of_quiet(row, now):
        in_time = until.astimezone(row.client.zone).date() == row.local_date
        return postponed(row, until, QUIET) if in_time else skipped(row, TOO_LATE)
    return skipped(row, ONE_A_DAY) if kind.takes_the_day and row.day_is_taken else None  # type: ignore[attr-defined]


def _requested_too_late(row: Reminder, now: datetime.datetime) -> str:
    return "It was asked for too long ago." if now - row.due_at > conf.reminders().requested_useful_for else ""


def _held_back(row: Reminder, kind: ReminderKind, now: datetime.datetime) -> str:
    today = now.astimezone(row.client.zone).date()
    locked = kind.waits_for_answers and row.has_locking_alert  # type: ignore[attr-defined]
    held = holding.held_back(row.client, today, locked=locked)
    return held or (TOO_LATE if today > row.local_date else "")


def _end_of_quiet(row: Reminder, now: datetime.datetime) -> datetime.datetime | None:
    return end_of_quiet(now, row.client.zone, row.practice.quiet_from, row.practice.quiet_until)
