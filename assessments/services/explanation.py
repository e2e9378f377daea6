"""The reasoning behind an assessment that is on file, worked out again from what was kept with it. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from assessments import queries, rules
from assessments.models import Assessment
from assessments.queries.packs import pack_in, pack_of
from assessments.services.evaluation import facts_from


@dataclass(frozen=True)
class Explained:
    """`as_then`: it leads to the findings on file, by the very protocol that made them; else it is how today's protocol
    or records show it. `same_protocol`: by the one that made them. `facts_kept`: with what was known then."""

    reasoning: rules.Reasoning
    as_then: bool
    same_protocol: bool
    facts_kept: bool


def explain(assessment: Assessment) -> Explained:
    """From the stored readings and facts, and the earlier visits as they are on record today; the findings on file stay
    what they are."""
    readings = queries.readings_of(assessment)
    leg_length = queries.has_leg_length(readings)
    earlier = queries.earlier_visits(assessment.client, assessment.assessed_on) if leg_length else []
    then = pack_in(assessment)
    pack = then or pack_of(assessment.practice_id)
    reasoning = rules.reason(readings, facts_from(assessment.facts), pack=pack, earlier=earlier)
    same_protocol = then is not None
    as_then = same_protocol and is_on_file(assessment, reasoning)
    return Explained(reasoning, as_then, same_protocol, facts_kept=bool(assessment.facts))


def is_on_file(assessment: Assessment, reasoning: rules.Reasoning) -> bool:
    """Whether the reasoning finds what is on file. An earlier visit that was entered late, or marked as entered in
    error since, may change it."""
    on_file = {gist(row.as_rule()) for row in assessment.findings.all()}
    return on_file == {gist(finding) for finding in reasoning.findings}


def gist(finding: rules.Finding) -> tuple[str | None, ...]:
    return (finding.code, finding.side, finding.grade, finding.confidence, finding.text)
