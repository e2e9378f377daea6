"""What became of findings between a first and a last assessment, over the whole practice. Numbers, no names.

Judged by the same rules as one client's course: against the measurement error, and only what was measured the same way.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from assessments import rules
from assessments.models import Assessment
from assessments.queries.packs import pack_of
from assessments.rules.case import Mean
from assessments.rules.change import Pair, judge
from assessments.rules.protocol import MEASURES
from clinic.models import Practice
from clinic.report import Row

FEW = 10  # fewer clients say little; a working value of our own
WORDS = {"improved": "Better, beyond error", "within_error": "Within error", "worse": "Worse, beyond error"}
# Of every client the newest signed assessment of the time, and of each finding the first signed assessment before it
# that had it; then the means of what the finding rests on, both times, taken the same way. No part is joined with
# itself: nothing is known of how many rows it has, and a wrong guess would look at each row for every other one.
PAIRS = """
WITH last AS (
    SELECT DISTINCT ON (client_id) client_id, id, assessed_on
      FROM assessments_assessment
     WHERE practice_id = %(practice)s AND state = 'signed' AND assessed_on BETWEEN %(since)s AND %(until)s
     ORDER BY client_id, assessed_on DESC, created_at DESC, id DESC
), rejected AS MATERIALIZED (
    SELECT d.assessment_id, d.code, d.side
      FROM assessments_findingdecision d
     WHERE d.practice_id = %(practice)s AND d.decision = 'rejected'
       AND NOT EXISTS (
           SELECT FROM assessments_findingdecision n
            WHERE n.practice_id = d.practice_id AND n.assessment_id = d.assessment_id AND n.code = d.code
              AND n.side = d.side AND (n.created_at, n.id) > (d.created_at, d.id)
       )
), found AS (
    SELECT DISTINCT ON (a.client_id, f.code, f.side) a.client_id, f.code, a.id AS before, last.id AS after, f.because
      FROM last
      JOIN assessments_assessment a
        ON a.practice_id = %(practice)s AND a.client_id = last.client_id AND a.state = 'signed'
       AND a.assessed_on < last.assessed_on
      JOIN assessments_finding f ON f.assessment_id = a.id
      LEFT JOIN rejected d ON d.assessment_id = a.id AND d.code = f.code AND d.side = f.side
     WHERE d.assessment_id IS NULL
     ORDER BY a.client_id, f.code, f.side, a.assessed_on, a.created_at, a.id
), places AS (
    SELECT DISTINCT client_id, code, before, after, b->>'measure' AS measure, COALESCE(b->>'side', '') AS side
      FROM found CROSS JOIN LATERAL jsonb_array_elements(because) AS b
     WHERE b->>'measure' = ANY (%(measures)s)
)
SELECT p.client_id, p.code, p.measure, p.side, r.mode, r.position, r.instrument,
       (avg(r.value) FILTER (WHERE ends.earlier))::float, (avg(r.value) FILTER (WHERE NOT ends.earlier))::float,
       array_agg(DISTINCT r.examiner) FILTER (WHERE ends.earlier),
       array_agg(DISTINCT r.examiner) FILTER (WHERE NOT ends.earlier)
  FROM places p
 CROSS JOIN LATERAL (VALUES (p.before, true), (p.after, false)) AS ends (id, earlier)
  JOIN assessments_reading r
    ON r.assessment_id = ends.id AND r.measure = p.measure AND r.side = p.side AND r.value IS NOT NULL
 GROUP BY p.client_id, p.code, p.before, p.after, p.measure, p.side, r.mode, r.position, r.instrument
HAVING bool_or(ends.earlier) AND bool_or(NOT ends.earlier)
"""


@dataclass(frozen=True, slots=True)
class Both:
    """One measure of one finding of one client, both times."""

    client: Any
    code: str
    pair: Pair


def both_times(practice: Practice, since: datetime.date, until: datetime.date, pack: rules.Pack) -> Iterator[Both]:
    values: dict[str, Any] = {"practice": practice.pk, "since": since, "until": until, "measures": list(pack.changes)}
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, values)
        for client, code, measure, side, mode, position, instrument, was, now, by, later_by in cursor:
            way = (measure, side or None, mode or None, position or None, instrument or None, MEASURES[measure].unit)
            before, after = (
                Mean(*way, value=round(value, 6), examiners=frozenset(filter(None, names)))
                for value, names in ((was, by), (now, later_by))
            )
            yield Both(client, code, Pair(before, after))


def changes(practice: Practice, since: datetime.date, until: datetime.date) -> list[Row]:
    """Clients by finding: better or worse beyond the error, or within it. Who has both counts as worse."""
    pack = pack_of(practice.pk)
    verdicts: defaultdict[tuple[str, Any], set[str]] = defaultdict(set)
    known: dict[Pair, str] = {}  # the same two numbers come again and again
    for both in both_times(practice, since, until, pack):
        pair = both.pair
        if pair not in known:
            known[pair] = judge(pair, pack.changes[pair.after.measure]).verdict
        verdicts[both.code, both.client].add(known[pair])
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (code, _client), said in verdicts.items():
        counts[code][next((word for word in ("worse", "improved", "within_error") if word in said), "")] += 1
    in_order = sorted(counts, key=lambda code: (-counts[code].total(), code))
    names = {code: pack.rules[code].name if code in pack.rules else "" for code in in_order}
    return [_row(names[code] or code.replace("_", " ").capitalize(), counts[code]) for code in in_order]


def _row(name: str, counts: Counter[str]) -> Row:
    shown = {label: counts[verdict] for verdict, label in WORDS.items()}
    judged = sum(shown.values())
    notes = [f"Only {judged}: says little."] if 0 < judged < FEW else []
    notes += [f"{counts['']} more could not be compared."] if counts[""] else []
    return Row(name, shown, " ".join(notes))


def unsigned(practice: Practice, since: datetime.date, until: datetime.date) -> list[Row]:
    drafts = Assessment.objects.filter(practice=practice).unsigned().count()
    return [Row("Assessments not signed", {"Open": drafts})]
