"""What clients said, what clinicians added, and which intakes need somebody. Nothing here writes."""

from intake.queries.answers import (
    answers_of,
    clinician_answers,
    conditions_of,
    consent_of,
    facts_for_rules,
    latest_completed,
    latest_request,
    merged_conditions,
    parsed,
)

__all__ = [
    "answers_of", "clinician_answers", "conditions_of", "consent_of", "facts_for_rules", "latest_completed",
    "latest_request", "merged_conditions", "parsed",
]  # fmt: skip
