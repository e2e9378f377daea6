"""The invitation to a re-assessment: once, when it is due and nothing is booked.

What is due is found by the attention kind `reassessment_due`, for everybody at once: after so many days (the practice
says how many, at first six weeks) or so many sessions. A row of it that is new becomes one mail, for the next day on
which the client wants mail. So planning reads only what has just become due, by the key of those rows, however many
clients there are; every hour it reads who was not invited after all. What was due before this kind was there is said
to nobody all at once.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from clinic import links
from clinic.mail import letter, portal_token
from clinic.models import Attention, Reminder, Visit, VisitState
from clinic.models.practice import zones_of_the_database
from clinic.queries.holding import unwished_by
from clinic.reminders import Letter, ReminderKind
from clinic.services import clock
from clinic.services.reminders.archive import oldest_id
from clinic.services.reminders.plan import insert_occurrences
from treatments.models import Programme, State
from treatments.queries.attention import ReassessmentDue
from treatments.queries.why_not import HELD

SUBJECT = _("The next step at your practice")
SLACK = datetime.timedelta(hours=1)  # what was found before the last planning, and committed after it

# A little before the daily mail: it takes the one message of that day, and has a link to the exercises, too. The next
# nine days hold one of any weekday. Whoever was invited since they were last measured is not invited again; whose
# invitation did not leave is, once nothing of what is known ahead stands in the way. These are looked for every hour:
# they are the few who are still due, found by the key of what needs somebody, practice by practice. A zone that the
# database does not know would stop the statement, and everybody's invitation with it: it is no zone, and has no day.
OCCURRENCES = """
SELECT t.id AS subject, a.practice_id, a.client_id, 0 AS slot, next.local_date, next.due_at
  FROM (
      SELECT id FROM clinic_attention WHERE id >= %s::uuid AND created_at >= %s::timestamptz AND kind = %s
      UNION
      SELECT d.id
        FROM clinic_practice o
        JOIN clinic_attention d ON d.practice_id = o.id AND d.kind = %s
       WHERE %s::boolean
         AND EXISTS (
             SELECT FROM clinic_reminder r
              WHERE r.practice_id = d.practice_id AND r.client_id = d.client_id AND r.kind = %s
                AND r.state = 'skipped' AND r.local_date > (d.facts->>'measured')::date)
         AND NOT EXISTS (
             SELECT FROM clinic_visit v
              WHERE v.client_id = d.client_id AND v.state = 'booked' AND v.starts_at > %s::timestamptz)
         AND NOT EXISTS (
             SELECT FROM clinic_safetyalert s
              WHERE s.practice_id = d.practice_id AND s.client_id = d.client_id AND s.cleared_at IS NULL
                AND s.level IN ('urgent', 'emergency'))
         AND EXISTS (
             SELECT FROM treatments_programme h
              WHERE h.client_id = d.client_id AND h.state = 'published' AND h.held_at IS NULL)
         AND EXISTS (
             SELECT FROM clinic_client n
              WHERE n.id = d.client_id AND n.reminders_stopped_at IS NULL AND n.email_refused_at IS NULL
                AND n.email_bounced_at IS NULL AND n.email <> ''
                AND (n.reminders_paused_until IS NULL
                     OR n.reminders_paused_until <= (%s::timestamptz AT TIME ZONE 'UTC')::date))
  ) due
  JOIN clinic_attention a ON a.id = due.id
  JOIN treatments_programme t ON t.client_id = a.client_id AND t.state = 'published'
  JOIN clinic_client c ON c.id = a.client_id
  JOIN clinic_practice p ON p.id = a.practice_id
 CROSS JOIN LATERAL (
     SELECT CASE WHEN z.name = ANY (%s::text[]) THEN z.name END AS zone, %s::timestamptz AS now,
            COALESCE(c.reminder_time, p.reminder_time) - interval '5 minutes' AS at
       FROM (SELECT COALESCE(NULLIF(c.timezone, ''), p.timezone) AS name) z
 ) w
 CROSS JOIN LATERAL (
     SELECT day AS local_date, (day + w.at) AT TIME ZONE w.zone AS due_at
       FROM generate_series(0, 8) AS step
      CROSS JOIN LATERAL (SELECT (w.now AT TIME ZONE w.zone)::date + step AS day) days
      WHERE (day + w.at) AT TIME ZONE w.zone > w.now
        AND (c.reminder_days IS NULL OR date_part('isodow', day)::int = ANY (c.reminder_days))
      ORDER BY step LIMIT 1
 ) next
 WHERE c.archived_at IS NULL
   AND NOT EXISTS (
       SELECT FROM clinic_reminder r
        WHERE r.practice_id = a.practice_id AND r.client_id = a.client_id AND r.kind = %s
          AND r.state <> 'skipped' AND r.local_date > (a.facts->>'measured')::date)
"""


class SixWeeks(ReminderKind):
    """The subject of a row is the programme that runs. It counts as the client's one message of the day, and an open
    red flag holds it back: then somebody speaks with the client anyway."""

    key = "reassessment"
    label = "Invitation to a re-assessment"

    def plan(self, *, now: datetime.datetime, until: datetime.datetime) -> int:
        since = now - SLACK
        at, due = clock.now(), ReassessmentDue.key
        hour_is_new = at.replace(minute=0, second=0, microsecond=0) > now
        zones = sorted(zones_of_the_database())
        values = [oldest_id(since), since, due, due, hour_is_new, self.key, at, at, zones, at, self.key]
        return insert_occurrences(self.key, OCCURRENCES, values)

    def unwanted(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, str]:
        """Three queries for a batch."""
        programmes = Programme.objects.only("state", "held_at").in_bulk([row.subject for row in reminders])
        clients = {row.client_id for row in reminders}
        ahead = Visit.objects.filter(client__in=clients, state=VisitState.BOOKED, starts_at__gt=clock.now())
        booked = set(ahead.values_list("client_id", flat=True))
        due = set(
            Attention.objects.filter(kind=ReassessmentDue.key, client__in=clients).values_list("client", flat=True)
        )
        reasons = {row.pk: reason(row, programmes.get(row.subject), booked, due) for row in reminders}
        return {pk: text for pk, text in reasons.items() if text}

    def compose(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, Letter]:
        return {row.pk: compose(row) for row in reminders}


def reason(row: Reminder, programme: Programme | None, booked: set[uuid.UUID], due: set[uuid.UUID]) -> str:
    """Why this mail is not wanted any more, in plain words; empty when it is."""
    if row.client_id in booked:
        return "A visit is booked."
    if row.client_id not in due:
        return "It is not due any more: an assessment was signed since."
    if programme is None or programme.state != State.PUBLISHED:
        return "The programme has ended."
    return HELD if programme.held_at else unwished_by(row.client, row.local_date)


def compose(row: Reminder) -> Letter:
    """No finding, no exercise, no body part."""
    url = links.absolute("treatments:portal", portal_token(row))
    return letter(row, "treatments/mail/six_weeks", subject=SUBJECT, url=url)
