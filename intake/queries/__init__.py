"""What clients said, what clinicians added, and which intakes need somebody. Nothing here writes."""

from intake.queries.answers import (
    clinician_answers,
    conditions_of,
    consent_of,
    latest_completed,
    latest_request,
    merged_conditions,
    parsed,
)
from intake.queries.known import facts_for_rules, known_now

__all__ = [
    "clinician_answers", "conditions_of", "consent_of", "facts_for_rules", "known_now",
    "latest_completed", "latest_request", "merged_conditions", "parsed",
]  # fmt: skip
