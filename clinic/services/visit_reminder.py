"""The mail before a visit. It follows the diary: what moves after its mail is said anew at once, and once more before a
day that is far; what is cancelled is not said at all.

Which time a mail is for stands in the `slot` of its row, with the revision of the visit that it was planned for: so a
mail for another time is known as such at the moment of sending, and a visit that moves there and back is said again
only where the client's last mail says something else.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence

from django.utils import timezone, translation
from django.utils.translation import gettext

from clinic.mail import letter
from clinic.models import Client, Practice, Reminder, Visit, VisitState
from clinic.models.reminder import State
from clinic.queries.visits.words import when
from clinic.reminders import Letter, ReminderKind
from clinic.services import clock
from clinic.services.reminders.plan import insert_occurrences

TIMES = 4093  # minutes, before a slot says the same again: a prime, so that no two usual times of a visit share one
REVISIONS = 8
AGAIN = 4  # added to the revision: the reminder of a time that was said long before
SETTLE = datetime.timedelta(minutes=10)  # a change that is undone at once is said to nobody
SHORT_NOTICE = datetime.timedelta(hours=2)  # whoever books later than that knows when
STILL_USEFUL = datetime.timedelta(hours=1)
FORGOTTEN = datetime.timedelta(days=1)  # whoever was told a new time longer before is reminded of it all the same
SLACK = datetime.timedelta(minutes=5)  # what was changed before the last planning, and committed after it

# Looked at: what comes due in the window, by practice and time; and what changed since, by its index. Quiet hours go
# past midnight, and a mail is for one day of the client's: one that would come due in the evening part of them leaves
# a little before they begin, hence what comes due until midnight is looked at too.
LOOKED_AT = """
WITH looked_at AS MATERIALIZED (
    SELECT v.id
      FROM clinic_practice p
      CROSS JOIN LATERAL (SELECT make_interval(hours => p.visit_reminder_hours::int) AS ahead OFFSET 0) w
      CROSS JOIN LATERAL (
          SELECT id FROM clinic_visit
           WHERE practice_id = p.id AND state = 'booked' AND starts_at >= %s::timestamptz + w.ahead
             AND starts_at < %s::timestamptz + w.ahead + CASE WHEN p.quiet_from > p.quiet_until
                 THEN interval '24:15' - p.quiet_from::interval ELSE interval '0' END
          OFFSET 0
      ) v
     WHERE p.visit_reminder_hours > 0
    UNION
    SELECT id FROM clinic_visit WHERE changed_at >= %s::timestamptz AND state = 'booked'
)
"""
OCCURRENCES = f"""
SELECT v.id AS subject, v.practice_id, v.client_id, due.slot, due.at AS due_at,
       (GREATEST(due.at, due.now) AT TIME ZONE due.zone)::date AS local_date
  FROM looked_at
  CROSS JOIN LATERAL (
      SELECT id, practice_id, client_id, starts_at, changed_at, revision FROM clinic_visit
       WHERE id = looked_at.id OFFSET 0
  ) v
  JOIN clinic_practice p ON p.id = v.practice_id AND p.visit_reminder_hours > 0
  CROSS JOIN LATERAL (SELECT timezone FROM clinic_client WHERE id = v.client_id OFFSET 0) c
  CROSS JOIN LATERAL (
      SELECT COALESCE(NULLIF(c.timezone, ''), p.timezone) AS zone, %s::timestamptz AS now,
             v.starts_at - make_interval(hours => p.visit_reminder_hours::int) AS wanted,
             p.quiet_from > p.quiet_until AS past_midnight,
             mod(floor(extract(epoch FROM v.starts_at) / 60)::bigint, {TIMES}) AS time
      OFFSET 0
  ) w
  CROSS JOIN LATERAL (
      SELECT array_agg(slot) AS slots,
             bool_or(state IN ('planned', 'claimed') AND slot / {REVISIONS} = w.time) AS is_planned,
             (array_agg(slot / {REVISIONS} ORDER BY id DESC) FILTER (WHERE state IN ('sent', 'uncertain')))[1] AS said,
             (array_agg(due_at ORDER BY id DESC) FILTER (WHERE state IN ('sent', 'uncertain')))[1] AS said_at
        FROM clinic_reminder r
       WHERE r.practice_id = v.practice_id AND r.client_id = v.client_id AND r.kind = %s AND r.subject = v.id
      OFFSET 0
  ) so_far
  CROSS JOIN LATERAL (
      SELECT GREATEST(
          v.changed_at + %s::interval,
          CASE WHEN so_far.said <> w.time THEN v.changed_at  -- what the client was told is wrong: at once
               WHEN w.past_midnight AND (w.wanted AT TIME ZONE w.zone)::time >= p.quiet_from
               THEN ((w.wanted AT TIME ZONE w.zone)::date + p.quiet_from - interval '15 minutes') AT TIME ZONE w.zone
               ELSE w.wanted END) AS at
      OFFSET 0
  ) early
  CROSS JOIN LATERAL (SELECT GREATEST(early.at, w.now) AT TIME ZONE w.zone AS leaves OFFSET 0) l
  CROSS JOIN LATERAL (
      SELECT w.zone, w.now,
             w.time * {REVISIONS}
                 + mod(v.revision + CASE WHEN so_far.said = w.time THEN {AGAIN} ELSE 0 END, {REVISIONS}) AS slot,
             CASE WHEN w.past_midnight AND l.leaves::time >= p.quiet_from
                  THEN (l.leaves::date + 1 + p.quiet_until) AT TIME ZONE w.zone ELSE early.at END AS at
      OFFSET 0
  ) due
 WHERE early.at < %s::timestamptz AND v.starts_at > w.now AND v.starts_at >= v.changed_at + %s::interval
   AND due.at <= v.starts_at - %s::interval
   AND so_far.is_planned IS NOT TRUE AND (due.slot = ANY (so_far.slots)) IS NOT TRUE
   AND (so_far.said IS DISTINCT FROM w.time OR so_far.said_at < w.wanted - %s::interval)
"""  # noqa: S608  (numbers of our own)


def time_of(visit: Visit) -> int:
    """What of a slot says for which time a mail is."""
    return int(visit.starts_at.timestamp() // 60) % TIMES


class VisitReminder(ReminderKind):
    """The subject of a row is the visit.

    It does not count as the client's one message of the day, and is not held back by one: whoever misses a visit loses
    more than a day of exercises, and the daily mail is expected at its own hour. Two mails on the day before a visit
    are the price. Nor does an open red flag hold it back: the mail says when and where, and a visit is where such a
    question is answered. An uncertain one may be sent again by a person: it keeps its Message-ID.
    """

    key = "visit"
    label = "Visit reminder"
    counts = False
    waits_for_answers = False
    resend_uncertain = True

    def plan(self, *, now: datetime.datetime, until: datetime.datetime) -> int:
        """What comes due, and what was booked or moved since it would have. One statement."""
        looked = [now, until, now - SLACK]
        values = [clock.now(), self.key, SETTLE, until + SETTLE, SHORT_NOTICE, STILL_USEFUL, FORGOTTEN]
        return insert_occurrences(self.key, OCCURRENCES, values, before=LOOKED_AT, before_params=looked)

    def unwanted(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, str]:
        """One query for a batch."""
        found = Visit.objects.in_bulk([row.subject for row in reminders])
        now = clock.now()
        reasons = {row.pk: reason(row, found.get(row.subject), now) for row in reminders}
        return {pk: text for pk, text in reasons.items() if text}

    def compose(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, Letter]:
        """Two queries for a batch."""
        rows = Visit.objects.select_related("therapist", "room__location")
        found = rows.in_bulk([row.subject for row in reminders])
        corrects = corrections(reminders)
        return {row.pk: compose(row, found[row.subject], changed=row.pk in corrects) for row in reminders}

    def why_not(self, client: Client, day: datetime.date) -> str:
        return why_not(client, day)


def reason(row: Reminder, visit: Visit | None, now: datetime.datetime) -> str:
    """Why this mail is not wanted any more, in plain words; empty when it is."""
    if visit is None:
        return "The visit is not in the diary any more."
    if visit.state == VisitState.CANCELLED:
        return "The visit was cancelled."
    if visit.state != VisitState.BOOKED or visit.starts_at <= now:
        return "The visit is over, or has begun."
    if row.slot // REVISIONS != time_of(visit):
        return "The visit was moved: this mail was for another time."
    return "" if row.practice.visit_reminder_hours else "The practice sends no visit reminders."


def corrections(reminders: Sequence[Reminder]) -> set[uuid.UUID]:
    """Which of these rows correct what the last mail about the visit said."""
    sent = Reminder.objects.filter(
        practice__in={row.practice_id for row in reminders}, client__in={row.client_id for row in reminders},
        kind=VisitReminder.key, subject__in=[row.subject for row in reminders],
        state__in=[State.SENT, State.UNCERTAIN],
    )  # fmt: skip
    last = {subject: slot // REVISIONS for subject, slot in sent.order_by("id").values_list("subject", "slot")}
    return {row.pk for row in reminders if last.get(row.subject, row.slot // REVISIONS) != row.slot // REVISIONS}


def compose(row: Reminder, visit: Visit, *, changed: bool) -> Letter:
    """When, with whom and where; not what for."""
    with translation.override(row.client.speaks):
        return _compose(row, visit, changed)


def _compose(row: Reminder, visit: Visit, changed: bool) -> Letter:
    practice, client = row.practice, row.client
    here, there = visit.starts_at.astimezone(practice.zone), visit.starts_at.astimezone(client.zone)
    your_time = ""
    if here.replace(tzinfo=None) != there.replace(tzinfo=None):
        your_time = f"{there:%H:%M}" if here.date() == there.date() else when(visit.starts_at, client.zone)
    place = ", ".join(filter(None, [visit.room.location.address or visit.room.location.name])) if visit.room else ""
    return letter(
        row,
        "clinic/mail/visit",
        subject=gettext("Your visit on {when}").format(when=when(visit.starts_at, practice.zone)),
        when=when(visit.starts_at, practice.zone),
        your_time=your_time,
        therapist=str(visit.therapist),
        place=place or practice.address,
        changed=changed,
    )


def why_not(client: Client, day: datetime.date) -> str:
    """Why that day of the client's has no row, from what is on file now. One query."""
    practice: Practice = client.practice
    if not practice.visit_reminder_hours:
        return "The practice sends no visit reminders."
    ahead = datetime.timedelta(hours=practice.visit_reminder_hours)
    rows = Visit.objects.filter(practice=practice, client=client, state=VisitState.BOOKED)
    noon = datetime.datetime.combine(day, datetime.time(12), client.zone) + ahead
    near = rows.filter(starts_at__range=(noon - datetime.timedelta(days=2), noon + datetime.timedelta(days=2)))
    due = {visit: visit.starts_at - ahead for visit in near}
    todays = [visit for visit, at in due.items() if at.astimezone(client.zone).date() == day]
    if not todays:
        return "No visit is booked whose reminder would leave on that day."
    visit = todays[0]
    if visit.starts_at < visit.changed_at + SHORT_NOTICE:
        return "The visit was booked or moved less than two hours before."
    at = f"{due[visit].astimezone(client.zone):%H:%M}"
    if due[visit] > timezone.now():
        return f"It is planned shortly before it is due, at {at}."
    return f"It was due at {at}: reminders did not run then, the visit was changed later, or quiet hours came first."
