"""What was measured last and what it changed, and pain over time, of several clients at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import F, Prefetch, Window
from django.db.models.functions import RowNumber

from assessments import rules
from assessments.models import Assessment, QuestionnaireResponse, Reading
from assessments.queries.assessments import judge
from assessments.queries.packs import pack_of
from assessments.queries.questionnaires import Step
from assessments.queries.questionnaires import judge as judge_answers
from clinic.models import Client

#: So many of a client's assessments are looked at: a change is told against the one before, not against years ago.
LATELY = 3


@dataclass(frozen=True)
class Measured:
    """`latest`: the last signed assessment; None before the first. `changes` into it. `pain`: the last NPRS."""

    latest: Assessment | None = None
    changes: Sequence[rules.Change] = field(default_factory=tuple)
    pain: Step | None = None
    pain_before: QuestionnaireResponse | None = None


def measured(practice_id: uuid.UUID, clients: Sequence[Client]) -> dict[uuid.UUID, Measured]:
    """Four queries, however many clients."""
    history, answers, pack = _assessments(practice_id, clients), _pain(practice_id, clients), pack_of(practice_id)
    found = {}
    for client in clients:
        rows, told = history.get(client.pk, []), answers.get(client.pk, [])
        changes = judge(rows[:-1], rows[-1], pack) if len(rows) > 1 else []
        before = told[-2] if len(told) > 1 else None
        pain = Step(told[-1], judge_answers(before, told[-1])) if told else None
        found[client.pk] = Measured(rows[-1] if rows else None, changes, pain, before)
    return found


def _assessments(practice_id: uuid.UUID, clients: Sequence[Client]) -> dict[uuid.UUID, list[Assessment]]:
    """Of each client the latest few, oldest first."""
    place = Window(RowNumber(), partition_by=F("client"), order_by=[F("assessed_on").desc(), F("created_at").desc()])
    rows = Assessment.objects.filter(practice_id=practice_id, client__in=clients).signed().annotate(place=place)
    few = rows.filter(place__lte=LATELY).defer("facts", "typed", "note").order_by("assessed_on", "signed_at", "id")
    found: dict[uuid.UUID, list[Assessment]] = {}
    for row in few.prefetch_related(Prefetch("readings", Reading.objects.order_by("id"))):
        found.setdefault(row.client_id, []).append(row)
    return found


def _pain(practice_id: uuid.UUID, clients: Sequence[Client]) -> dict[uuid.UUID, list[QuestionnaireResponse]]:
    place = Window(RowNumber(), partition_by=F("client"), order_by=[F("answered_on").desc(), F("created_at").desc()])
    rows = QuestionnaireResponse.objects.filter(practice_id=practice_id, client__in=clients, questionnaire="nprs")
    found: dict[uuid.UUID, list[QuestionnaireResponse]] = {}
    for row in rows.counting().annotate(place=place).filter(place__lte=2).order_by("answered_on", "created_at"):
        found.setdefault(row.client_id, []).append(row)
    return found
