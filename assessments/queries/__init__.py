"""Reads across assessments: what is decided, what is signed, what changed. Nothing here writes."""

from assessments.queries.assessments import (
    LEG_LENGTH,
    RE_ASSESS_AFTER,
    Judged,
    Way,
    accepted_findings,
    came_before,
    changes,
    changes_into,
    due_for_re_assessment,
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

__all__ = [
    "LEG_LENGTH", "RE_ASSESS_AFTER", "Judged", "Way", "accepted_findings", "came_before", "changes", "changes_into",
    "due_for_re_assessment", "earlier_visits", "find_partner", "findings_with_decisions", "has_leg_length", "judge",
    "latest_signed", "previous_readings", "readings_of", "signed_leg_lengths", "signed_of", "thing_of", "unsigned_in",
    "way_of", "with_parts",
]  # fmt: skip
