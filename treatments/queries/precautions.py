"""What is known about a client, as the rules of planning want it."""

from __future__ import annotations

from typing import Any

from clinic.models import Client
from intake.queries import clinician_answers, known_now, latest_completed, parsed
from intake.screening import Answers
from treatments.models import Programme
from treatments.planning import LIBRARY, Clearance, clear
from treatments.planning.dose import dose_of
from treatments.planning.weekdays import weekdays


def answers_of(client: Client) -> Answers:
    """What is known now; everything is unanswered before the first intake."""
    return known_now(client)


def clearance_of(programme: Programme) -> Clearance:
    """The precautions for this client, with what was found at the programme's assessment."""
    found = programme.assessment.findings.values_list("code", "side") if programme.assessment else []
    known = parsed(latest_completed(programme.client), clinician_answers(programme.client))
    return clear(known.conditions, [(code, side or None) for code, side in found])


def starting_dose(programme: Programme, exercise: str) -> dict[str, Any]:
    """Fields of an item: the usual dose of the exercise at the client's age."""
    dose = dose_of(LIBRARY[exercise], programme.client.age_on(programme.starts_on))
    return {
        "hold_seconds": dose.hold_seconds,
        "repetitions": dose.repetitions,
        "sets": dose.sets or 1,
        "minutes": dose.minutes,
        "weekdays": list(weekdays(dose.days_per_week or 7)),
    }
