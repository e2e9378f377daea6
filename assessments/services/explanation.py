"""The reasoning behind an assessment that is on file, worked out again from what was kept with it. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from assessments import queries, rules
from assessments.models import Assessment
from assessments.queries.packs import pack_in, pack_of
from assessments.services.evaluation import facts_from


@dataclass(frozen=True)
class Explained:
    """`as_then`: by the very protocol that judged it, else by today's. `facts_kept`: with what was known then."""

    reasoning: rules.Reasoning
    as_then: bool
    facts_kept: bool


def explain(assessment: Assessment) -> Explained:
    """From the stored readings and facts; the findings on file stay what they are."""
    readings = queries.readings_of(assessment)
    known = facts_from(assessment.facts)
    leg_length = queries.has_leg_length(readings)
    earlier = queries.earlier_visits(assessment.client, assessment.assessed_on) if leg_length else []
    then = pack_in(assessment)
    pack = then or pack_of(assessment.practice_id)
    return Explained(
        rules.reason(readings, known, pack=pack, earlier=earlier), then is not None, bool(assessment.facts)
    )
