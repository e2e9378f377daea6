"""Done of planned, in the client's own calendar days.

A planned occurrence is one exercise on one of its weekdays, from the first day of the programme until it ended, the
exercise was stopped, or yesterday; of today only what is answered counts, because the day is not over.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q

from clinic.models import Client, Practice
from treatments.models import HomeLog, Outcome, Programme, ProgrammeItem
from treatments.planning.weekdays import planned_days

SLIPPING_DAYS = 14
SLIPPING_BELOW = 0.5
ENOUGH_PLANNED = 4  # fewer occurrences say nothing about a habit; a working value of our own


@dataclass(frozen=True)
class Adherence:
    planned: int
    done: int
    skipped: int = 0
    too_painful: int = 0

    @property
    def share(self) -> float | None:
        """0…1; None while nothing was planned yet."""
        return self.done / self.planned if self.planned else None

    @property
    def percent(self) -> int | None:
        return None if self.share is None else round(100 * self.share)


@dataclass(frozen=True)
class Day:
    """One square of the weeks picture. `state`: done, part, missed, painful, free, coming."""

    date: datetime.date
    planned: int
    done: int
    state: str


def adherence(programme: Programme, on: datetime.date) -> Adherence:
    """Up to `on`, a day in the client's calendar."""
    items, logs = list(programme.items.all()), logs_of(programme)
    counted = [log for log in logs if log.local_date <= on]
    answered = {(log.item_id, log.local_date) for log in counted}
    planned = sum(
        day < on or (item.pk, day) in answered for item in items for day in occurrences(programme, item, until=on)
    )
    outcomes = Counter(log.outcome for log in counted)
    return Adherence(planned, outcomes[Outcome.DONE], outcomes[Outcome.SKIPPED], outcomes[Outcome.TOO_PAINFUL])


def logs_of(programme: Programme) -> list[HomeLog]:
    return list(HomeLog.objects.filter(item__programme=programme))


def occurrences(programme: Programme, item: ProgrammeItem, *, until: datetime.date) -> list[datetime.date]:
    """The days on which this exercise was to be done, `until` included."""
    zone = programme.client.zone
    ends = [end.astimezone(zone).date() for end in (programme.ended_at, item.stopped_at) if end]
    return planned_days(item.weekdays, programme.starts_on, min([programme.until, until, *ends]))


def weeks(programme: Programme, on: datetime.date, *, most: int = 12) -> list[list[Day]]:
    """Rows of seven days, Monday first, from the week it started to its last; the latest `most` weeks around `on`."""
    items, logs = list(programme.items.all()), logs_of(programme)
    planned = Counter(day for item in items for day in occurrences(programme, item, until=programme.until))
    outcomes: dict[datetime.date, Counter[str]] = {}
    for log in logs:
        outcomes.setdefault(log.local_date, Counter())[log.outcome] += 1
    days = [day_of(day, planned[day], outcomes.get(day, Counter()), on) for day in whole_weeks(programme)]
    rows = [days[start : start + 7] for start in range(0, len(days), 7)]
    shown = [row for row in rows if row[0].date <= on] or rows[:1]
    return (shown[-most:] + rows[len(shown) :])[:most]


def whole_weeks(programme: Programme) -> list[datetime.date]:
    first = programme.starts_on - datetime.timedelta(days=programme.starts_on.isoweekday() - 1)
    last = programme.until + datetime.timedelta(days=7 - programme.until.isoweekday())
    return planned_days(range(1, 8), first, last)


def day_of(day: datetime.date, planned: int, outcomes: Counter[str], on: datetime.date) -> Day:
    done = outcomes[Outcome.DONE]
    return Day(day, planned, done, state_of(planned, done, bool(outcomes[Outcome.TOO_PAINFUL]), day, on))


def state_of(planned: int, done: int, painful: bool, day: datetime.date, on: datetime.date) -> str:
    if painful:
        return "painful"
    if not planned:
        return "free"
    if done >= planned:
        return "done"
    if done:
        return "part"
    return "coming" if day >= on else "missed"


@dataclass(frozen=True)
class Slipping:
    client_id: Any
    programme_id: Any
    name: str
    planned: int
    done: int

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.planned)


# How many days of one weekday lie in a span is a subtraction of two week numbers, so no day is ever generated.
# 3 January 2000 is a Monday. `through` is yesterday: today is not over.
SLIPPING = """
WITH running AS (
    SELECT p.id, p.client_id, c.given_name || ' ' || c.family_name AS name, z.zone,
           GREATEST(p.starts_on, z.today - %(days)s) AS first, LEAST(p.until, z.today - 1) AS through
      FROM treatments_programme p
      JOIN clinic_client c ON c.id = p.client_id
      JOIN clinic_practice pr ON pr.id = p.practice_id
      CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(c.timezone, ''), pr.timezone) AS zone) zones
      CROSS JOIN LATERAL (
          SELECT zones.zone, (%(now)s::timestamptz AT TIME ZONE zones.zone)::date AS today
      ) z
     WHERE p.practice_id = %(practice)s AND p.state = 'published' AND c.archived_at IS NULL
), counted AS (
    SELECT r.id, (i.through - DATE '2000-01-03' - (weekday - 1)) / 7
                 - (r.first - 1 - DATE '2000-01-03' - (weekday - 1)) / 7 AS planned, 0 AS done
      FROM running r
      JOIN LATERAL (
          SELECT weekdays, LEAST(r.through, (stopped_at AT TIME ZONE r.zone)::date) AS through
            FROM treatments_programmeitem
           WHERE practice_id = %(practice)s AND programme_id = r.id
      ) i ON i.through >= r.first
      CROSS JOIN LATERAL unnest(i.weekdays) AS weekday
    UNION ALL
    SELECT r.id, 0, 1
      FROM running r
      JOIN treatments_homelog l
        ON l.practice_id = %(practice)s AND l.client_id = r.client_id AND l.local_date BETWEEN r.first AND r.through
       AND l.outcome = 'done'
      JOIN treatments_programmeitem i ON i.id = l.item_id AND i.programme_id = r.id
), summed AS (
    -- Added up, not joined: the planner can't guess the size of either side and would compare each with each.
    SELECT id, SUM(planned) AS planned, SUM(done) AS done FROM counted GROUP BY id
)
SELECT r.client_id, r.id, r.name, summed.planned::int, summed.done::int
  FROM summed JOIN running r USING (id)
 WHERE summed.planned >= %(enough)s AND summed.done < %(below)s * summed.planned
 ORDER BY summed.done::float / summed.planned, r.name
 LIMIT %(limit)s
"""


def slipping(practice: Practice, now: datetime.datetime, *, limit: int = 8) -> list[Slipping]:
    """Clients who did under half of what was planned in the last two weeks, the least first. One statement."""
    values: dict[str, Any] = {
        "practice": practice.pk, "now": now, "days": SLIPPING_DAYS, "enough": ENOUGH_PLANNED, "below": SLIPPING_BELOW,
        "limit": limit,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SLIPPING, values)
        return [Slipping(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Recent:
    client: Client
    done: int
    skipped: int
    last: datetime.date


def recent_answers(rows: Any, since: datetime.date, *, limit: int = 8) -> list[Recent]:
    """Who did what since that day, from some home logs; the latest first. Two statements."""
    counts: Sequence[dict[str, Any]] = list(
        rows.filter(local_date__gte=since)
        .values("client_id")
        .annotate(
            last=Max("local_date"),
            done=Count("id", filter=Q(outcome=Outcome.DONE)),
            skipped=Count("id", filter=Q(outcome=Outcome.SKIPPED)),
        )
        .order_by("-last", "-done", "client_id")[:limit]
    )
    clients = Client.objects.in_bulk([row["client_id"] for row in counts])
    return [Recent(clients[row["client_id"]], row["done"], row["skipped"], row["last"]) for row in counts]
