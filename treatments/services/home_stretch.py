"""The daily mail of a home programme: it says that something is waiting, never what.

`Programme.remind_at` is when this programme is next due, as far as known. Planning reads only those that come due in
its window, by an index, and moves them on; whatever changes the client's days or clock sets it back to now.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence

from django.db import connection

from clinic import links
from clinic.mail import letter
from clinic.models import Client, Reminder
from clinic.reminders import Letter, ReminderKind
from clinic.services.reminders import insert_occurrences
from treatments.models import HomeLog, Programme, ProgrammeItem, State
from treatments.queries.why_not import why_not

SUBJECT = "A few minutes for today"

# A day that the clocks of a zone never showed (Samoa, 30 December 2011) has no occurrence: hence the comparison with
# the date that the instant falls on. Nine days ahead hold the next occurrence of any weekday, and one such hole.
OCCURRENCES = """
SELECT p.id AS subject, p.practice_id, p.client_id, d.local_date, 0 AS slot, t.due_at
  FROM treatments_programme p
  JOIN clinic_client c ON c.id = p.client_id
  JOIN clinic_practice pr ON pr.id = p.practice_id
  CROSS JOIN LATERAL (
      SELECT COALESCE(NULLIF(c.timezone, ''), pr.timezone) AS zone, COALESCE(c.reminder_time, pr.reminder_time) AS at,
             GREATEST(p.remind_at, %s::timestamptz) AS since, %s::timestamptz AS until
  ) w
  CROSS JOIN LATERAL (
      SELECT GREATEST(p.starts_on, (w.since AT TIME ZONE w.zone)::date) AS first,
             LEAST(p.until, (w.until AT TIME ZONE w.zone)::date + 9) AS last
  ) span
  CROSS JOIN LATERAL (
      SELECT span.first + step AS local_date FROM generate_series(0, span.last - span.first) AS step
  ) d
  CROSS JOIN LATERAL (SELECT (d.local_date + w.at) AT TIME ZONE w.zone AS due_at) t
 WHERE p.state = 'published' AND p.remind_at < w.until
   AND t.due_at >= w.since AND (t.due_at AT TIME ZONE w.zone)::date = d.local_date
   AND EXISTS (
       SELECT 1 FROM treatments_programmeitem i
        WHERE i.practice_id = p.practice_id AND i.programme_id = p.id AND i.stopped_at IS NULL
          AND EXTRACT(isodow FROM d.local_date)::int = ANY (i.weekdays)
   )
"""
DUE = f"SELECT * FROM ({OCCURRENCES}) AS coming WHERE due_at < %s"  # noqa: S608  (our own text only)
MOVE_ON = f"""
WITH next AS (SELECT subject, MIN(due_at) AS due_at FROM ({OCCURRENCES}) AS coming WHERE due_at >= %s GROUP BY subject)
UPDATE treatments_programme p SET remind_at = next.due_at
  FROM treatments_programme looked_at LEFT JOIN next ON next.subject = looked_at.id
 WHERE p.id = looked_at.id AND looked_at.state = 'published' AND looked_at.remind_at < %s
"""  # noqa: S608


class HomeStretch(ReminderKind):
    """One a client and day: the subject of a row is the programme."""

    key = "home_stretch"
    label = "Home programme"
    resend_uncertain = False  # tomorrow's comes anyway

    def plan(self, *, now: datetime.datetime, until: datetime.datetime) -> int:
        planned = insert_occurrences(self.key, DUE, [now, until, until])
        with connection.cursor() as cursor:
            cursor.execute(MOVE_ON, [now, until, until, until])
        return planned

    def unwanted(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, str]:
        """Three queries for a batch, however long."""
        programmes = Programme.objects.in_bulk([reminder.subject for reminder in reminders])
        items = items_of(reminders)
        answered = answered_on(reminders)
        reasons = {row.pk: reason(row, programmes.get(row.subject), items, answered) for row in reminders}
        return {pk: text for pk, text in reasons.items() if text}

    def compose(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, Letter]:
        return {reminder.pk: compose(reminder) for reminder in reminders}

    def why_not(self, client: Client, day: datetime.date) -> str:
        return why_not(client, day)


Items = dict[uuid.UUID, list[ProgrammeItem]]
Answered = set[tuple[uuid.UUID, datetime.date]]


def items_of(reminders: Sequence[Reminder]) -> Items:
    """The exercises of each programme, stopped ones too."""
    found: Items = {}
    for item in ProgrammeItem.objects.filter(programme__in={reminder.subject for reminder in reminders}):
        found.setdefault(item.programme_id, []).append(item)
    return found


def answered_on(reminders: Sequence[Reminder]) -> Answered:
    days = {reminder.local_date for reminder in reminders}
    subjects = {reminder.subject for reminder in reminders}
    logs = HomeLog.objects.filter(item__programme__in=subjects, local_date__in=days)
    return set(logs.values_list("item_id", "local_date"))


def reason(reminder: Reminder, programme: Programme | None, items: Items, answered: Answered) -> str:
    """Why this mail is not wanted any more, in plain words; empty when it is."""
    day = reminder.local_date
    if programme is None or programme.state != State.PUBLISHED:
        return "The programme has ended."
    if not programme.starts_on <= day <= programme.until:
        return "The programme does not run on that day."
    todays = [item for item in items.get(programme.pk, []) if day.isoweekday() in item.weekdays]
    left = [item for item in todays if item.stopped_at is None]
    if not todays:
        return "Nothing is to be done on that day."
    if not left:
        return "Everything of that day is stopped."
    return "" if any((item.pk, day) not in answered for item in left) else "Everything of that day is answered already."


def compose(reminder: Reminder) -> Letter:
    """No diagnosis, no body part, no exercise: what to do stands behind the link."""
    url = links.absolute("treatments:portal", links.sign("portal", reminder.client_id))
    return letter(reminder, "treatments/mail/home_stretch", subject=SUBJECT, url=url)
