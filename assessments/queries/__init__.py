"""Reads across assessments: what is decided, what is signed, what changed. Nothing here writes."""

from assessments.queries import packs
from assessments.queries.assessments import (
    LEG_LENGTH,
    Judged,
    Way,
    accepted_findings,
    came_before,
    changes,
    changes_into,
    earlier_visits,
    find_partner,
    findings_with_decisions,
    has_leg_length,
    judge,
    latest_signed,
    previous_readings,
    readings_of,
    signed_leg_lengths,
    signed_of,
    thing_of,
    unsigned_in,
    way_of,
    with_parts,
)
from assessments.queries.questionnaires import (
    SCORE_ONLY,
    Series,
    Step,
    answers_in_words,
    comparison_of,
    latest_answer,
    marked_in_error,
    name_of,
    score_in_words,
    series_of,
    series_with,
)

__all__ = [
    "LEG_LENGTH", "SCORE_ONLY", "Judged", "Series", "Step", "Way", "accepted_findings",
    "answers_in_words", "came_before", "changes", "changes_into", "comparison_of",
    "earlier_visits", "find_partner", "findings_with_decisions", "has_leg_length", "judge", "latest_answer",
    "latest_signed", "marked_in_error", "name_of", "packs", "previous_readings", "readings_of", "score_in_words",
    "series_of", "series_with", "signed_leg_lengths", "signed_of", "thing_of", "unsigned_in", "way_of", "with_parts",
]  # fmt: skip
