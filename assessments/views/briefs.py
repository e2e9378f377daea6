"""What was measured, in a line or two, before a visit. Nothing inside the measurement error is called a change."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence

from django.urls import reverse

from assessments.models import Assessment, QuestionnaireResponse
from assessments.queries import Step
from assessments.queries.briefs import Measured, measured
from assessments.rules import MEASURES, Change
from assessments.views.evidence import number_words
from clinic.models import Client, Membership
from clinic.panels import Line

MOST_TOLD = 2
DAY = "%-d %B %Y"
WORDS = {"improved": "better", "worse": "worse"}
SAID = {"improved": "better", "worse": "worse", "within_error": "no change that counts"}
STATUS = {"improved": "fine", "worse": "waiting"}


def of_measuring(membership: Membership, clients: Sequence[Client]) -> dict[uuid.UUID, list[Line]]:
    found = measured(membership.practice_id, clients)
    return {client.pk: list(_lines(found[client.pk])) for client in clients}


def _lines(found: Measured) -> Iterator[Line]:
    if found.latest:
        url = reverse("assessments:assessment", args=[found.latest.pk])
        counting = [change for change in found.changes if change.verdict in WORDS]
        told = sorted(counting, key=lambda change: change.verdict, reverse=True)  # worse before improved
        yield from (Line(_change(change), STATUS[change.verdict], "measure", url) for change in told[:MOST_TOLD])
        if not told:
            yield Line(_unchanged(found.latest, found.changes), "", "measure", url)
    if found.pain:
        yield _pain(found.pain, found.pain_before)


def _change(change: Change) -> str:
    """With its numbers, and the error that it is beyond."""
    known = MEASURES.get(change.measure)
    name, unit = (known.label, known.unit) if known else (change.measure, "")
    side = f", {change.side}" if change.side else ""
    numbers = " → ".join(number_words(value, unit) for value in (change.before, change.after) if value is not None)
    error = f" (measurement error {number_words(change.mdc, unit)})" if change.mdc is not None else ""
    return f"{name}{side}: {numbers}, {WORDS[change.verdict]}{error}."


def _unchanged(latest: Assessment, changes: Sequence[Change]) -> str:
    day = f"{latest.assessed_on:{DAY}}"
    if any(change.verdict == "within_error" for change in changes):
        return f"Measured on {day}: no change beyond the measurement error."
    return f"Measured on {day}; nothing to compare it with yet."


def _pain(step: Step, before: QuestionnaireResponse | None) -> Line:
    now, comparison = step.response, step.comparison
    score = f"{now.score.normalize():f}"
    if before is None or comparison is None:
        return Line(f"Pain {score} of 10 on {now.answered_on:{DAY}}.", "", "pain")
    said = SAID.get(comparison.verdict, "")
    text = f"Pain {before.score.normalize():f} → {score} of 10 since {before.answered_on:{DAY}}"
    return Line(f"{text}: {said}." if said else f"{text}.", STATUS.get(comparison.verdict, ""), "pain")
