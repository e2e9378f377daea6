"""What a client said, and what a clinician added. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from clinic.models import Client
from clinic.queries import once
from intake.models import ConditionAnswer, IntakeRequest, IntakeResponse
from intake.screening import CONDITIONS, Answers, Field, Form, read_intake

MOST = 26


def latest_completed(client: Client) -> IntakeResponse | None:
    """The newest signed intake."""
    rows = IntakeResponse.objects.filter(practice=client.practice_id, client=client).completed()
    return rows.select_related("form_version", "read_by").order_by("-completed_at").first()


def latest_request(client: Client) -> IntakeRequest | None:
    """The newest invitation, whatever became of it."""
    return next(iter(newest_requests(client)), None)


def newest_requests(client: Client) -> Sequence[IntakeRequest]:
    """Newest first, without what was answered; a page of the history and one more. Read once a page."""
    rows = IntakeRequest.objects.filter(practice=client.practice_id, client=client)
    rows = rows.select_related("client", "requested_by", "response").defer("response__answers")
    return once.of(client, "intake requests", lambda: list(rows.order_by("-created_at")[:MOST]))


def conditions_of(client: Client) -> dict[str, Any]:
    """Condition → newest answer, by the client or a clinician, as in the case document. Missing = unanswered."""
    return merged_conditions(latest_completed(client), clinician_answers(client))


def clinician_answers(client: Client) -> list[ConditionAnswer]:
    """Oldest first."""
    rows = ConditionAnswer.objects.filter(practice=client.practice_id, client=client)
    return list(rows.order_by("created_at", "id"))


def merged_conditions(intake: IntakeResponse | None, rows: list[ConditionAnswer]) -> dict[str, Any]:
    """Of the latest intake and what clinicians answered (oldest first) the newest answer to each condition."""
    said = intake.answers.get("conditions", {}) if intake else {}
    signed_at = intake.completed_at if intake else None
    before = {row.condition: row.answer for row in rows if signed_at and row.created_at <= signed_at}
    after = {row.condition: row.answer for row in rows if not signed_at or row.created_at > signed_at}
    return {**before, **said, **after}


def parsed(intake: IntakeResponse | None, rows: list[ConditionAnswer]) -> Answers:
    """A key that today's protocol no longer knows is left aside; it was valid when it was signed."""
    said = intake.answers if intake else {}
    known = {key: value for key, value in merged_conditions(intake, rows).items() if key in CONDITIONS}
    answers, _ = read_intake({**said, "conditions": None})
    conditions, _ = read_intake({"conditions": known})
    return replace(answers, conditions=conditions.conditions)


def consent_of(form: Form) -> Field:
    """The consent that a form asks for; an empty one where it asks for none."""
    empty = Field(key="consent", type="consent", label="")
    return next((field for field in form.fields if field.type == "consent"), empty)
