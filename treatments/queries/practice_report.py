"""What was done at home, and which session notes are open, of the whole practice."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from clinic.models import Practice
from clinic.report import Row
from treatments.models import SessionNote
from treatments.queries.adherence import ENOUGH_PLANNED
from treatments.queries.counting import COUNTED

BANDS = ("Under a quarter", "A quarter to half", "Half to three quarters", "Three quarters and more")
# Days are the client's own, the first and the last included; today is not over.
SHARES = f"""
WITH asked AS (
    SELECT DISTINCT t.client_id, t.practice_id, zones.zone, 0 AS bucket, %(since)s::date AS first,
           LEAST(%(until)s::date, today.day - 1) AS through
      FROM treatments_programme t
      JOIN clinic_client c ON c.id = t.client_id
     CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(c.timezone, ''), %(zone)s) AS zone) zones
     CROSS JOIN LATERAL (SELECT (%(now)s::timestamptz AT TIME ZONE zones.zone)::date AS day) today
     WHERE t.practice_id = %(practice)s AND t.published_at IS NOT NULL
       AND t.starts_on <= %(until)s::date AND t.until >= %(since)s::date
), {COUNTED}
SELECT CASE WHEN planned < %(enough)s THEN -1 ELSE LEAST(floor(4.0 * done / planned)::int, 3) END AS band,
       count(*)::int, SUM(planned)::int, SUM(done)::int
  FROM counted WHERE planned > 0 GROUP BY band
"""  # noqa: S608 (our own text)


def adherence(practice: Practice, since: datetime.date, until: datetime.date) -> list[Row]:
    """How many clients did how much of what was planned. One statement."""
    values: dict[str, Any] = {
        "practice": practice.pk, "zone": practice.timezone, "now": timezone.now(), "since": since, "until": until,
        "enough": ENOUGH_PLANNED,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SHARES, values)
        found = {band: numbers for band, *numbers in cursor.fetchall()}
    rows = [Row(name, {"Clients": found.get(band, (0,))[0]}) for band, name in enumerate(BANDS)]
    rows.append(Row(f"Fewer than {ENOUGH_PLANNED} planned", {"Clients": found.get(-1, (0,))[0]}, "Says nothing yet."))
    planned, done = (sum(numbers[place] for numbers in found.values()) for place in (1, 2))
    return rows if not planned else [*rows, _whole(planned, done)]


def _whole(planned: int, done: int) -> Row:
    percent = round(100 * done / planned)
    return Row("All exercises together", {}, f"{done} of {planned} planned were done ({percent} %).")


def unsigned(practice: Practice, since: datetime.date, until: datetime.date) -> list[Row]:
    counted = SessionNote.objects.filter(practice=practice).open().order_by().values_list("state")
    counts = dict(counted.annotate(n=Count("pk")))
    words = {"draft": "Session notes not signed", "waiting": "Session notes that wait for co-signature"}
    return [Row(label, {"Open": counts.get(state, 0)}) for state, label in words.items()]
