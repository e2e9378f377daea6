"""Recording what a client answered, and taking back what was entered by mistake."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments.models import QuestionnaireResponse
from assessments.queries import SCORE_ONLY
from assessments.rules.questionnaires import QUESTIONNAIRES, Score, score
from assessments.rules.questionnaires.scoring import NOT_TEXT
from assessments.services.assessments import date_problem
from clinic.models import CLINICIANS, Client, Membership
from clinic.problems import InvalidInput, Problem
from clinic.services import audit

LONGEST_NAME = 120


@transaction.atomic
def record(
    *,
    client: Client,
    questionnaire: str,
    answered_on: datetime.date,
    answers: Mapping[str, Any],
    by: audit.Actor,
    name: str = "",
    licence_held: bool | None = None,
) -> QuestionnaireResponse:
    """One answered questionnaire with its score. Raises InvalidInput with every problem and writes nothing then.

    `name` and `licence_held` belong to `score_only` and to nothing else: which form it was, and whether the practice
    may use it.
    """
    require_clinician(client, by)
    scored = read(questionnaire, answers)
    problems = [] if isinstance(scored, Score) else scored
    problems = [*problems, *form_problems(questionnaire, name, licence_held)]
    day = date_problem(client, answered_on)
    problems += [Problem("answered_on", day)] if day else []
    if problems or not isinstance(scored, Score):
        raise InvalidInput(problems)
    response = QuestionnaireResponse(
        practice_id=client.practice_id,
        client=client,
        questionnaire=scored.questionnaire,
        version=scored.version,
        answered_on=answered_on,
        answers=dict(scored.answers),
        score=Decimal(str(scored.value)),
        name=" ".join(name.split()),
        licence_held=licence_held,
        entered_by=by if isinstance(by, Membership) else None,
    )
    response.full_clean(exclude=["answers", "entered_by"])
    response.save()
    audit.record("questionnaire.recorded", on=response, by=by, client=client)
    return response


@transaction.atomic
def mark_entered_in_error(*, response: QuestionnaireResponse, by: Membership) -> QuestionnaireResponse:
    """It stays visible and counts for nothing. Raises ValidationError when it is marked already."""
    rows = QuestionnaireResponse.objects.select_for_update(of=("self",)).select_related("client__practice")
    current = rows.get(pk=response.pk)
    require_clinician(current.client, by)
    if current.entered_in_error:
        raise ValidationError("This questionnaire is marked as entered in error already.")
    current.entered_in_error = True
    current.save(update_fields=["entered_in_error"])
    audit.record("questionnaire.entered_in_error", on=current, by=by, client=current.client)
    return current


def read(questionnaire: str, answers: Mapping[str, Any]) -> Score | list[Problem]:
    known = QUESTIONNAIRES.get(questionnaire)
    if known is None:
        return [Problem("questionnaire", f"{questionnaire!r} is unknown; known: {', '.join(QUESTIONNAIRES)}")]
    return score(known, answers)


def form_problems(questionnaire: str, name: str, licence_held: bool | None) -> list[Problem]:
    """What is wrong with the name of the form and the word on its licence."""
    if questionnaire != SCORE_ONLY:
        given = {"name": bool(name), "licence_held": licence_held is not None}
        return [Problem(path, f"belongs to {SCORE_ONLY} only") for path, there in given.items() if there]
    problems = [] if name.strip() else [Problem("name", "is missing; say which questionnaire it is")]
    if len(name) > LONGEST_NAME or NOT_TEXT.search(name):
        problems.append(Problem("name", f"has at most {LONGEST_NAME} characters, and only such as names have"))
    if licence_held is None:
        problems.append(Problem("licence_held", "is missing; say yes or no"))
    return problems


def require_clinician(client: Client, by: audit.Actor) -> None:
    if isinstance(by, Membership) and (by.role not in CLINICIANS or by.practice_id != client.practice_id):
        raise ValidationError("Only a clinician of the practice can do this.")
