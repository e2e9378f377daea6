"""Done of planned by weeks, of several clients at once: one statement for a page of them.

A week is seven days that end yesterday in the client's own calendar, because today is not over.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from clinic.models import Client

WEEKS = 8

# How many days of one weekday lie in a span is a subtraction of two week numbers (3 January 2000 is a Monday).
BY_WEEK = """
WITH known AS (
    SELECT c.id, c.practice_id, z.zone, (%(now)s::timestamptz AT TIME ZONE z.zone)::date AS today
      FROM clinic_client c JOIN clinic_practice p ON p.id = c.practice_id
     CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(c.timezone, ''), p.timezone) AS zone) z
     WHERE c.id = ANY(%(clients)s)
), span AS (
    SELECT k.id AS client_id, k.practice_id, t.id AS programme_id, k.zone, k.today, w.week,
           GREATEST(t.starts_on, k.today - 7 * (w.week + 1)) AS first,
           LEAST(t.until, (t.ended_at AT TIME ZONE k.zone)::date - 1, k.today - 7 * w.week - 1) AS last
      FROM known k
      JOIN treatments_programme t ON t.client_id = k.id AND t.state <> 'draft'
     CROSS JOIN generate_series(0, %(weeks)s - 1) AS w(week)
     WHERE t.until >= k.today - 7 * %(weeks)s
), counted AS (
    SELECT s.client_id, s.week,
           (i.last - DATE '2000-01-03' - (weekday - 1)) / 7
           - (s.first - 1 - DATE '2000-01-03' - (weekday - 1)) / 7 AS planned, 0 AS done
      FROM span s
      JOIN LATERAL (
          SELECT weekdays, LEAST(s.last, (stopped_at AT TIME ZONE s.zone)::date) AS last
            FROM treatments_programmeitem WHERE practice_id = s.practice_id AND programme_id = s.programme_id
      ) i ON i.last >= s.first
     CROSS JOIN LATERAL unnest(i.weekdays) AS weekday
    UNION ALL
    SELECT k.id, (k.today - 1 - l.local_date) / 7, 0, 1
      FROM known k
      JOIN treatments_homelog l
        ON l.practice_id = k.practice_id AND l.client_id = k.id AND l.outcome = 'done'
       AND l.local_date BETWEEN k.today - 7 * %(weeks)s AND k.today - 1
)
SELECT client_id, week, SUM(planned)::int, SUM(done)::int FROM counted GROUP BY client_id, week
"""


@dataclass(frozen=True)
class Week:
    """`done` may be more than `planned` where a day was answered after its programme ended."""

    planned: int
    done: int

    @property
    def share(self) -> float | None:
        """0…1; None where nothing was planned."""
        return min(self.done / self.planned, 1.0) if self.planned else None


def by_week(clients: Sequence[Client], now: datetime.datetime, *, weeks: int = WEEKS) -> dict[uuid.UUID, list[Week]]:
    """Client id → so many weeks, oldest first; clients without a programme in that time are missing."""
    if not clients:
        return {}
    values: dict[str, Any] = {"now": now, "clients": [client.pk for client in clients], "weeks": weeks}
    found: dict[uuid.UUID, list[Week]] = {}
    with connection.cursor() as cursor:
        cursor.execute(BY_WEEK, values)
        for client_id, week, planned, done in cursor.fetchall():
            rows = found.setdefault(client_id, [Week(0, 0) for _ in range(weeks)])
            rows[weeks - 1 - week] = Week(planned, done)
    return found
