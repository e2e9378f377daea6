"""What is known of a client now: the latest intake, what clinicians answered, and what was said about safety since."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from clinic.models import Client, SafetyAlert
from intake.models import IntakeResponse, Rescreen
from intake.queries.answers import clinician_answers, latest_completed, parsed
from intake.screening import RED_FLAGS, Answers


def flags_of(client: Client, intake: IntakeResponse | None) -> dict[str, str]:
    """Red flag → newest answer, in the `intake` (the latest) or since, by key as today's protocol knows them.

    A yes or not sure that waits for a clinician stays until one has answered for it, whatever the client says later.
    """
    again = list(Rescreen.objects.filter(practice=client.practice_id, client=client).only("created_at", "answers"))
    said = [(row.created_at, row.pk, row.answers.get("red_flags", {})) for row in again]
    if intake and intake.completed_at:
        said.append((intake.completed_at, intake.pk, intake.answers.get("red_flags", {})))
    alerts = SafetyAlert.objects.filter(practice=client.practice_id, client=client).open()
    waiting = set(alerts.values_list("source_id", flat=True)) if again else set()
    flags: dict[str, str] = {}
    held: set[str] = set()
    for _at, pk, answers in sorted(said, key=lambda each: each[:2]):
        news = {key: answer for key, answer in answers.items() if key not in held or answer == "yes"}
        flags |= news
        held |= {key for key, answer in news.items() if pk in waiting and answer != "no"}
    return {key: answer for key, answer in flags.items() if key in RED_FLAGS}


def known_now(client: Client) -> Answers:
    """The latest intake with what clinicians answered and what the client said about safety since."""
    intake = latest_completed(client)
    return replace(parsed(intake, clinician_answers(client)), red_flags=flags_of(client, intake))


def facts_for_rules(client: Client) -> dict[str, Any]:
    """By the names of `assessments.rules.Facts`: words, numbers and plain dicts; what was not said is None or missing.

    pain: one dict for each place (site, side, severity 0-10, weeks, radiates_below_knee). conditions and red_flags:
    key -> yes, no or unsure. condition_sides: each condition answered yes -> left, right or both of them.
    """
    answers = known_now(client)
    return {
        "pain": tuple(place.as_dict() for place in answers.pain),
        "sitting_hours_per_day": answers.sitting_hours_per_day,
        "standing_hours_per_day": answers.standing_hours_per_day,
        "standing_surface": answers.standing_surface,
        "footwear": answers.footwear,
        "conditions": answers.condition_words,
        "condition_sides": answers.condition_sides,
        "red_flags": dict(answers.red_flags),
    }
