"""What a person does about a failed or uncertain mail: send it again, or note that they have seen it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from clinic.models import Reminder, State
from clinic.queries.sentences import may_be_sent_again, needs_a_person
from clinic.reminders import kinds
from clinic.services import attention, audit, clock

KIND = "mail_uncertain"


@transaction.atomic
def resend(*, reminder: Reminder, by: audit.Actor) -> Reminder:
    """The same row, and so the same Message-ID, is planned for now. Everything is checked again before it leaves.

    Raises ValidationError where a second copy would do harm or come too late.
    """
    row = _locked(reminder)
    if not may_be_sent_again(row):
        raise ValidationError("This mail cannot be sent again.")
    row.state, row.reason, row.attempts, row.not_before = State.PLANNED, "", 0, clock.now()
    if kinds[row.kind].requested:
        row.due_at = row.not_before  # somebody asks for it anew: its age counts from now
    row.claimed_at = row.handing_over_at = row.settled_at = None
    row.claimed_by = ""
    row.save()
    attention.look_at(row.client, KIND)
    audit.record("reminder.resent", on=row, by=by, client=row.client, kind=row.kind)
    return row


@transaction.atomic
def mark_seen(*, reminder: Reminder, by: audit.Actor) -> Reminder:
    """Somebody knows of it; it leaves the list of what needs a person. Raises ValidationError for any other row."""
    row = _locked(reminder)
    if not needs_a_person(row):
        raise ValidationError("Nobody needs to look at this mail any more.")
    row.seen_at = clock.now()
    row.save(update_fields=["seen_at"])
    attention.look_at(row.client, KIND)
    audit.record("reminder.seen", on=row, by=by, client=row.client, kind=row.kind)
    return row


@transaction.atomic
def mark_unseen(*, reminders: QuerySet[Reminder], by: audit.Actor) -> int:
    """Takes `mark_seen` back: they need a person again. Returns how many."""
    failed = reminders.filter(state__in=[State.FAILED, State.UNCERTAIN]).exclude(seen_at=None)
    rows = failed.select_for_update(of=("self",)).select_related("client").order_by("pk")
    for row in rows:
        row.seen_at = None
        row.save(update_fields=["seen_at"])
        audit.record("reminder.unseen", on=row, by=by, client=row.client, kind=row.kind)
    for practice in {row.practice_id for row in rows}:
        attention.look_through(practice, KIND)
    return len(rows)


@transaction.atomic
def mark_all_seen(*, reminders: QuerySet[Reminder], by: audit.Actor) -> int:
    """As `mark_seen`, for those that still need a person. Returns how many."""
    rows = reminders.needing_a_person().select_for_update(of=("self",)).select_related("client").order_by("pk")  # type: ignore[attr-defined]
    for row in rows:
        row.seen_at = clock.now()
        row.save(update_fields=["seen_at"])
        audit.record("reminder.seen", on=row, by=by, client=row.client, kind=row.kind)
    for practice in {row.practice_id for row in rows}:
        attention.look_through(practice, KIND)
    return len(rows)


def _locked(reminder: Reminder) -> Reminder:
    rows = Reminder.objects.select_for_update(of=("self",)).select_related("client__practice", "practice")
    row: Reminder = rows.get(pk=reminder.pk)
    return row
