"""The mail that a visit does not take place: only to whom a mail about it was sent, who would come otherwise."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from clinic.mail import letter
from clinic.models import Reminder, Visit, VisitState
from clinic.queries.visits.words import when
from clinic.reminders import Letter, ReminderKind
from clinic.services import clock
from clinic.services.reminders.plan import insert_occurrences
from clinic.services.visit_reminder import SETTLE, SLACK, VisitReminder

REVISIONS = 32_000  # a visit that is cancelled, taken back and cancelled again is said again

# What changed lately is read by its index. In the evening's quiet hours it waits for the morning, and is of that day.
OCCURRENCES = f"""
SELECT v.id AS subject, v.practice_id, v.client_id, mod(v.revision, {REVISIONS}) AS slot, due.at AS due_at,
       (due.at AT TIME ZONE w.zone)::date AS local_date
  FROM clinic_visit v
  JOIN clinic_practice p ON p.id = v.practice_id
  CROSS JOIN LATERAL (SELECT timezone FROM clinic_client WHERE id = v.client_id OFFSET 0) c
  CROSS JOIN LATERAL (
      SELECT COALESCE(NULLIF(c.timezone, ''), p.timezone) AS zone, p.quiet_from > p.quiet_until AS past_midnight,
             GREATEST(v.changed_at + %s::interval, %s::timestamptz) AS now
      OFFSET 0
  ) w
  CROSS JOIN LATERAL (SELECT w.now AT TIME ZONE w.zone AS leaves OFFSET 0) l
  CROSS JOIN LATERAL (
      SELECT CASE WHEN w.past_midnight AND l.leaves::time >= p.quiet_from
                  THEN (l.leaves::date + 1 + p.quiet_until) AT TIME ZONE w.zone ELSE w.now END AS at
      OFFSET 0
  ) due
 WHERE v.changed_at >= %s::timestamptz AND v.state = 'cancelled' AND v.starts_at > due.at
   AND EXISTS (
       SELECT FROM clinic_reminder r
        WHERE r.practice_id = v.practice_id AND r.client_id = v.client_id AND r.kind = %s AND r.subject = v.id
          AND r.state IN ('sent', 'uncertain')
   )
   AND NOT EXISTS (
       SELECT FROM clinic_reminder r
        WHERE r.practice_id = v.practice_id AND r.client_id = v.client_id AND r.kind = %s AND r.subject = v.id
          AND r.slot = mod(v.revision, {REVISIONS})
   )
"""  # noqa: S608  (a number of our own)


class VisitCancelled(ReminderKind):
    """The subject of a row is the visit. Like the visit's own mail it is no message of the day, and no red flag holds
    it back."""

    key = "visit_cancelled"
    label = "Visit cancelled"
    counts = False
    waits_for_answers = False
    resend_uncertain = True

    def plan(self, *, now: datetime.datetime, until: datetime.datetime) -> int:
        """What was cancelled since the last planning. One statement."""
        values = [SETTLE, clock.now(), now - SLACK - SETTLE, VisitReminder.key, self.key]
        return insert_occurrences(self.key, OCCURRENCES, values)

    def unwanted(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, str]:
        """One query for a batch."""
        found = Visit.objects.in_bulk([row.subject for row in reminders])
        now = clock.now()
        reasons = {row.pk: reason(found.get(row.subject), now) for row in reminders}
        return {pk: text for pk, text in reasons.items() if text}

    def compose(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, Letter]:
        """One query for a batch."""
        found = Visit.objects.select_related("therapist").in_bulk([row.subject for row in reminders])
        return {row.pk: compose(row, found[row.subject]) for row in reminders}


def reason(visit: Visit | None, now: datetime.datetime) -> str:
    """Why this mail is not wanted any more, in plain words; empty when it is."""
    if visit is None:
        return "The visit is not in the diary any more."
    if visit.state != VisitState.CANCELLED:
        return "The visit takes place after all."
    return "The time of the visit is over." if visit.starts_at <= now else ""


def compose(row: Reminder, visit: Visit) -> Letter:
    """When it would have been, and with whom; not what for."""
    with translation.override(row.client.speaks):
        at = when(visit.starts_at, row.practice.zone)
        subject = _("Your visit on {when} is cancelled").format(when=at)
    return letter(row, "clinic/mail/visit_cancelled", subject=subject, when=at, therapist=str(visit.therapist))
