"""The daily mail of a home programme: when it is due, and what speaks against it. What it says is in `home_mail`.

`Programme.remind_at` is when this programme is next due, as far as known. Planning reads only those that come due in
its window, by an index and a portion at a time, and moves them on; whatever changes the client's days or clock sets it
back to now.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DataError, connection, transaction

from clinic.models import Client, Reminder
from clinic.queries.holding import unwished_by
from clinic.reminders import Letter, ReminderKind
from clinic.services.reminders.plan import Planned, insert_occurrences
from clinic.services.reminders.sql import execute
from treatments.models import HomeLog, Programme, ProgrammeItem, State
from treatments.queries import latest_shared
from treatments.queries.why_not import HELD, why_not
from treatments.services import home_mail

logger = logging.getLogger(__name__)

# One statement looks at so many programmes: it takes less than a second, and holds them no longer. Where all are looked
# at anew, each portion passes by those already moved on, so that many small ones would take longer.
PORTION = 10_000

# A portion is large enough that PostgreSQL would compile its statements each time, which takes longer than they do. And
# where it knows a table as empty, it reads all of it for each programme until it looks again, a minute later.
BY_INDEX_AS_THEY_ARE = "SELECT set_config('jit', 'off', true), set_config('enable_seqscan', 'off', true)"

# Locked before their clients' clocks are read: whoever changes a clock meanwhile waits, and then sets `remind_at` anew.
# What somebody else holds is left for the next time.
DUE = """
SELECT id::text FROM treatments_programme
 WHERE state = 'published' AND remind_at < %s
 ORDER BY remind_at LIMIT %s
   FOR NO KEY UPDATE SKIP LOCKED
"""
# Ordered, or else PostgreSQL may read the whole table to find one.
LEFT = "SELECT id FROM treatments_programme WHERE state = 'published' AND remind_at < %s ORDER BY remind_at LIMIT 1"

# A programme that is looked at again, because its client's clock changed, may have a row that goes by the old one.
# Where the new one shows that time later, the row is planned anew; one whose time has passed stays: sent, or too late.
# Hardly any of them has a row: that is asked first, by its key, and the clocks only for those.
TAKE_BACK = """
DELETE FROM clinic_reminder WHERE id = ANY (ARRAY(
    SELECT was.id
      FROM (
          SELECT r.*, p.client_id, p.practice_id, p.remind_at
            FROM treatments_programme p
            CROSS JOIN LATERAL (
                SELECT id, local_date, due_at, state, attempts FROM clinic_reminder
                 WHERE practice_id = p.practice_id AND client_id = p.client_id AND kind = %s AND subject = p.id
                OFFSET 0
            ) r
           WHERE p.id = ANY (%s::uuid[]) AND r.state = 'planned' AND r.attempts = 0 AND r.due_at >= p.remind_at
          OFFSET 0
      ) was
      CROSS JOIN LATERAL (SELECT timezone, reminder_time FROM clinic_client WHERE id = was.client_id OFFSET 0) c
      CROSS JOIN LATERAL (SELECT timezone, reminder_time FROM clinic_practice WHERE id = was.practice_id OFFSET 0) pr
      CROSS JOIN LATERAL (
          SELECT (was.local_date + COALESCE(c.reminder_time, pr.reminder_time))
                 AT TIME ZONE COALESCE(NULLIF(c.timezone, ''), pr.timezone) AS due_at
      ) now
     WHERE now.due_at > was.remind_at AND now.due_at <> was.due_at))
   AND state = 'planned'
"""

# One row a programme: what falls due before `until`, and the first after it, to which the programme is moved on.
#
# A day that the clocks of a zone never showed (Samoa, 30 December 2011) has no occurrence: hence the comparison with
# the date that the instant falls on. Nine days ahead (or after the start, where that is later) hold the next occurrence
# of any weekday, and one such hole.
#
# Each `OFFSET 0` makes PostgreSQL look up by index, programme by programme, whatever its statistics say: else it reads
# a million clients for two hundred that are due; or makes it work out once what is compared several times. `moved_on`
# names the ids again for the same reason: else it may read all programmes.
COMING = """
WITH coming AS MATERIALIZED (
    SELECT p.id AS subject, p.practice_id, p.client_id, found.*
      FROM treatments_programme p
      CROSS JOIN LATERAL (
          SELECT timezone, reminder_time, reminder_days FROM clinic_client WHERE id = p.client_id OFFSET 0
      ) c
      CROSS JOIN LATERAL (SELECT timezone, reminder_time FROM clinic_practice WHERE id = p.practice_id OFFSET 0) pr
      CROSS JOIN LATERAL (
          SELECT array_agg(weekday) AS weekdays
            FROM treatments_programmeitem i, unnest(i.weekdays) AS weekday
           WHERE i.practice_id = p.practice_id AND i.programme_id = p.id AND i.stopped_at IS NULL
             AND (c.reminder_days IS NULL OR weekday = ANY (c.reminder_days))
          OFFSET 0
      ) items
      CROSS JOIN LATERAL (
          SELECT COALESCE(NULLIF(c.timezone, ''), pr.timezone) AS zone,
                 COALESCE(c.reminder_time, pr.reminder_time) AS at,
                 GREATEST(p.remind_at, %s::timestamptz) AS since, %s::timestamptz AS until
          OFFSET 0
      ) w
      CROSS JOIN LATERAL (
          SELECT GREATEST(p.starts_on, (w.since AT TIME ZONE w.zone)::date) AS first,
                 LEAST(p.until, GREATEST(p.starts_on, (w.until AT TIME ZONE w.zone)::date) + 9) AS last
          OFFSET 0
      ) span
      CROSS JOIN LATERAL (
          SELECT array_agg(local_date) FILTER (WHERE due_at < w.until) AS days,
                 array_agg(due_at) FILTER (WHERE due_at < w.until) AS instants,
                 MIN(due_at) FILTER (WHERE due_at >= w.until) AS next
            FROM (
                SELECT local_date, (local_date + w.at) AT TIME ZONE w.zone AS due_at
                  FROM generate_series(0, span.last - span.first) AS step
                  CROSS JOIN LATERAL (SELECT span.first + step AS local_date) d
                 WHERE date_part('isodow', local_date)::int = ANY (items.weekdays)
                OFFSET 0
            ) t
           WHERE due_at >= w.since AND (due_at AT TIME ZONE w.zone)::date = local_date
      ) found
     WHERE p.id = ANY (%s::uuid[])
), moved_on AS (
    UPDATE treatments_programme p SET remind_at = coming.next
      FROM coming WHERE p.id = coming.subject AND p.id = ANY (%s::uuid[])
)
"""
OCCURRENCES = """
SELECT subject, practice_id, client_id, due.local_date, 0 AS slot, due.due_at
  FROM coming, unnest(days, instants) AS due(local_date, due_at)
"""
# Asks for no client's clock, which may be what the database does not understand. A zone that changes sets it back.
SET_ASIDE = "UPDATE treatments_programme SET remind_at = %s WHERE id = %s"
ASIDE_FOR = datetime.timedelta(days=1)


class HomeStretch(ReminderKind):
    """One a client and day: the subject of a row is the programme."""

    key = "home_stretch"
    label = "Home programme"
    resend_uncertain = False  # tomorrow's comes anyway

    def plan(self, *, now: datetime.datetime, until: datetime.datetime) -> Planned:
        due = _values(DUE, [until, PORTION])
        planned = self._plan_these(due, now, until) if due else 0
        left = len(due) == PORTION or bool(_values(LEFT, [until]))
        return Planned(planned, left=left, again=left and bool(due))

    def _plan_these(self, due: list[str], now: datetime.datetime, until: datetime.datetime) -> int:
        """What the database cannot work out, such as a zone that it does not know, is halved down to the programme
        that it is: that one is set aside, or it would come first for ever, and nobody's mail would be planned."""
        these = f"{{{','.join(due)}}}"  # one text: a list would be written out one by one, three times
        try:
            with transaction.atomic():
                execute(BY_INDEX_AS_THEY_ARE, [])
                execute(TAKE_BACK, [self.key, these])
                values = [now, until, these, these]
                return insert_occurrences(self.key, OCCURRENCES, before=COMING, before_params=values)
        except DataError:
            if len(due) == 1:
                _set_aside(due[0], until + ASIDE_FOR)
                return 0
        half = len(due) // 2
        return self._plan_these(due[:half], now, until) + self._plan_these(due[half:], now, until)

    def unwanted(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, str]:
        """Three queries for a batch, however long."""
        known = Programme.objects.only("state", "starts_on", "until", "held_at")
        programmes = known.in_bulk([reminder.subject for reminder in reminders])
        items = items_of(reminders)
        answered = answered_on(reminders)
        reasons = {
            row.pk: reason(row, programmes.get(row.subject), items, answered) or self.unwished(row) for row in reminders
        }
        return {pk: text for pk, text in reasons.items() if text}

    def unwished(self, row: Reminder) -> str:
        """What the client chose against it, in plain words."""
        return unwished_by(row.client, row.local_date)

    def compose(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, Letter]:
        return home_mail.compose(reminders)

    def sample(self, client: Client, detail: str) -> Letter | None:
        shared = latest_shared(client)
        return home_mail.sample(shared, self.key, detail=detail) if shared else None

    def why_not(self, client: Client, day: datetime.date) -> str:
        return why_not(client, day)


def _set_aside(programme: str, until: datetime.datetime) -> None:
    execute(SET_ASIDE, [until, programme])
    logger.error(
        "Programme %s cannot be planned, and is tried again in a day: does the database know its time zone?", programme
    )


def _values(statement: str, values: Sequence[Any]) -> list[Any]:
    """The first column of what `statement` finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [value for (value,) in cursor.fetchall()]


Items = dict[uuid.UUID, list[ProgrammeItem]]
Answered = set[tuple[uuid.UUID, datetime.date]]


def items_of(reminders: Sequence[Reminder]) -> Items:
    """The exercises of each programme, stopped ones too."""
    found: Items = {}
    rows = ProgrammeItem.objects.filter(programme__in={reminder.subject for reminder in reminders})
    for item in rows.only("programme", "weekdays", "stopped_at"):
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
    if programme.held_at:
        return HELD
    todays = [item for item in items.get(programme.pk, []) if day.isoweekday() in item.weekdays]
    left = [item for item in todays if item.stopped_at is None]
    if not todays:
        return "Nothing is to be done on that day."
    if not left:
        return "Everything of that day is stopped."
    return "" if any((item.pk, day) not in answered for item in left) else "Everything of that day is answered already."
