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
from treatments.queries.counting import COUNTED

WEEKS = 8

BY_WEEK = f"""
WITH asked AS (
    SELECT c.id AS client_id, c.practice_id, zones.zone, week AS bucket,
           today.day - 7 * (week + 1) AS first, today.day - 7 * week - 1 AS through
      FROM clinic_client c JOIN clinic_practice p ON p.id = c.practice_id
     CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(c.timezone, ''), p.timezone) AS zone) zones
     CROSS JOIN LATERAL (SELECT (%(now)s::timestamptz AT TIME ZONE zones.zone)::date AS day) today
     CROSS JOIN generate_series(0, %(weeks)s - 1) AS week
     WHERE c.id = ANY (%(clients)s)
), {COUNTED}
SELECT client_id, bucket, planned, done FROM counted
"""  # noqa: S608 (our own text)


@dataclass(frozen=True)
class Week:
    """`done` is never more than `planned`."""

    planned: int
    done: int

    @property
    def share(self) -> float | None:
        """0…1; None where nothing was planned."""
        return self.done / self.planned if self.planned else None


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
