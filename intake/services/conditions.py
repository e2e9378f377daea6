"""A clinician answers a condition that the client left open, or knows better."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from clinic import facts
from clinic.models import CLINICIANS, Client, Membership
from clinic.problems import InvalidInput, Problem
from clinic.services import audit
from intake.models import ConditionAnswer
from intake.screening import CONDITIONS, read_intake, unknown


@transaction.atomic
def answer_many(*, client: Client, answers: Mapping[str, object], by: Membership) -> None:
    """Several at once, all or none; raises as `answer` does."""
    for condition, said in answers.items():
        answer(client=client, condition=condition, answer=said, by=by)


@transaction.atomic
def answer(*, client: Client, condition: str, answer: object, by: Membership) -> ConditionAnswer:
    """`answer` is yes, no, unsure, an object or a list of objects as in the case document. Nothing is overwritten.

    Raises InvalidInput with every problem, ValidationError for somebody who is no clinician of the practice.
    """
    if by.role not in CLINICIANS or by.practice_id != client.practice_id:
        raise ValidationError("Only a clinician of the practice can answer this.")
    if condition not in CONDITIONS:
        raise InvalidInput([Problem(f"conditions.{condition}", unknown(condition, CONDITIONS, "condition"))])
    if answer is None:
        raise InvalidInput([Problem(f"conditions.{condition}", "missing; one of yes, no, unsure")])
    _, problems = read_intake({"conditions": {condition: answer}}, path="")
    if problems:
        raise InvalidInput([Problem(problem.path.lstrip("."), problem.message) for problem in problems])
    row = ConditionAnswer.objects.create(
        practice_id=client.practice_id, client=client, condition=condition, answer=answer, answered_by=by
    )
    audit.record("condition.answered", on=row, by=by, client=client)
    facts.changed(client, by=by)
    return row
