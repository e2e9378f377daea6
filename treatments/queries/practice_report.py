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

BANDS = ("Under a quarter", "A quarter to half", "Half to three quarters", "Three quarters and more")
# As for what needs somebody: planned days of one weekday are a subtraction of two week numbers, and planned and done
# are added up, not joined. Days are the client's own, the first and the last included; today is not over.
SHARES = """
WITH ran AS (
    SELECT t.id, t.client_id, z.zone, GREATEST(t.starts_on, %(since)s::date) AS first,
           LEAST(t.until, %(until)s::date, z.today - 1, (t.ended_at AT TIME ZONE z.zone)::date) AS through
      FROM treatments_programme t
      JOIN clinic_client c ON c.id = t.client_id
     CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(c.timezone, ''), %(zone)s) AS zone) zones
     CROSS JOIN LATERAL (
         SELECT zones.zone, (%(now)s::timestamptz AT TIME ZONE zones.zone)::date AS today
     ) z
     WHERE t.practice_id = %(practice)s AND t.published_at IS NOT NULL
       AND t.starts_on <= %(until)s::date AND t.until >= %(since)s::date
), counted AS (
    SELECT r.client_id, (i.through - DATE '2000-01-03' - (weekday - 1)) / 7
                        - (r.first - 1 - DATE '2000-01-03' - (weekday - 1)) / 7 AS planned, 0 AS done
      FROM ran r
      JOIN LATERAL (
          SELECT weekdays, LEAST(r.through, (stopped_at AT TIME ZONE r.zone)::date) AS through
            FROM treatments_programmeitem
           WHERE practice_id = %(practice)s AND programme_id = r.id
      ) i ON i.through >= r.first
     CROSS JOIN LATERAL unnest(i.weekdays) AS weekday
    UNION ALL
    SELECT r.client_id, 0, 1
      FROM ran r
      JOIN treatments_homelog l
        ON l.practice_id = %(practice)s AND l.client_id = r.client_id AND l.local_date BETWEEN r.first AND r.through
       AND l.outcome = 'done'
      JOIN treatments_programmeitem i ON i.id = l.item_id AND i.programme_id = r.id
), summed AS (
    SELECT client_id, SUM(planned) AS planned, LEAST(SUM(done), SUM(planned)) AS done FROM counted GROUP BY client_id
)
SELECT CASE WHEN planned < %(enough)s THEN -1 ELSE LEAST(floor(4 * done / planned)::int, 3) END AS band,
       count(*)::int, SUM(planned)::int, SUM(done)::int
  FROM summed WHERE planned > 0 GROUP BY band
"""


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
