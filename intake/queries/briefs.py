"""What to know of clients before a visit, from what they and clinicians answered."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse

from clinic.models import Client, Membership
from clinic.panels import Line
from intake.models import ConditionAnswer, IntakeResponse
from intake.queries.answers import merged_conditions
from intake.queries.document import in_words
from intake.screening import CONDITIONS

MOST_TOLD = 4


def of_intakes(membership: Membership, clients: Sequence[Client]) -> dict[uuid.UUID, list[Line]]:
    """Conditions answered yes, and an intake that nobody read. Two queries for all of them."""
    here = {"practice": membership.practice_id, "client__in": clients}
    newest = (
        IntakeResponse.objects.filter(**here).completed().order_by("client_id", "-completed_at").distinct("client_id")
    )
    intakes = {row.client_id: row for row in newest.defer("consent_text")}
    said: dict[uuid.UUID, list[ConditionAnswer]] = {}
    for row in ConditionAnswer.objects.filter(**here).order_by("created_at", "id"):
        said.setdefault(row.client_id, []).append(row)
    return {
        client.pk: list(_lines(intakes.get(client.pk), said.get(client.pk, [])))
        for client in clients
    }  # fmt: skip


def _lines(intake: IntakeResponse | None, rows: list[ConditionAnswer]) -> Iterator[Line]:
    if intake is None:
        yield Line("No intake answered yet.", "", "intake")
    elif intake.read_at is None:
        yield Line("The intake is not read yet.", "needs", "intake", reverse("intake:intake", args=[intake.pk]))
    known = merged_conditions(intake, rows)
    told = [_condition(key, known[key]) for key in CONDITIONS if _is_yes(known.get(key))]
    if told:
        more = f" and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
        text = f"{'; '.join(told[:MOST_TOLD])}{more}"
        yield Line(text[:1].upper() + text[1:], "waiting", "warning")


def _is_yes(answer: Any) -> bool:
    entries = answer if isinstance(answer, list) else [answer]
    return any((entry.get("answer") if isinstance(entry, dict) else entry) == "yes" for entry in entries)


def _condition(key: str, answer: Any) -> str:
    """Its name, and the details behind the yes."""
    details = in_words(answer).partition(", ")[2]
    return f"{CONDITIONS[key].name} ({details})" if details else CONDITIONS[key].name
