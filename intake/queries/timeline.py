"""What the record shows of intakes: asked, answered, read; and in the banner what must not be done."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from clinic.models import CLINICIANS, Client, Membership
from clinic.panels import Event
from intake.models import IntakeRequest, IntakeResponse
from intake.queries.answers import clinician_answers, merged_conditions, newest_requests
from intake.screening import CONDITIONS


def events(membership: Membership, client: Client, before: datetime.datetime | None, limit: int) -> list[Event]:
    """An invitation is told when it was sent, and again when it was answered and when it was read."""
    rows = newest_requests(client)[:limit] if before is None else _before(client, before)[:limit]
    told = [event for row in rows for event in _invitation(row, membership) if not before or event.at < before]
    return sorted(told, key=lambda event: event.at, reverse=True)[:limit]


def _before(client: Client, before: datetime.datetime) -> QuerySet[IntakeRequest]:
    rows = IntakeRequest.objects.filter(practice=client.practice_id, client=client, created_at__lt=before)
    return rows.select_related("requested_by", "response").defer("response__answers")


def _invitation(row: IntakeRequest, membership: Membership) -> Iterator[Event]:
    yield _asked(row)
    answer: IntakeResponse | None = getattr(row, "response", None)
    if answer and answer.completed_at:
        yield _answered(answer, membership)


def _asked(row: IntakeRequest) -> Event:
    by = str(row.requested_by) if row.requested_by else ""
    return Event(row.created_at, "mail", "Asked to fill in the intake", by=by)


def _answered(row: IntakeResponse, membership: Membership) -> Event:
    """Reception learns that it was answered, not what."""
    at = row.completed_at or row.saved_at
    if membership.role not in CLINICIANS:
        return Event(at, "intake", "Answered the intake", news=True)
    unread = row.read_at is None
    return Event(
        at,
        "intake",
        "Answered the intake",
        "; ".join(row.referral_because) or ("Not read yet." if unread else ""),
        reverse("intake:intake", args=[row.pk]),
        status="needs" if unread else "",
        news=True,
    )


def cautions(membership: Membership, client: Client) -> list[str]:
    """Conditions answered yes, with their side and what they forbid."""
    rows = IntakeResponse.objects.filter(practice=client.practice_id, client=client).completed()
    intake = rows.only("answers", "completed_at").order_by("-completed_at").first()
    known = merged_conditions(intake, clinician_answers(client))
    return [line for key, answer in known.items() for line in _lines(key, answer)]


def _lines(key: str, answer: object) -> Iterator[str]:
    """A condition of both sides is two objects in a list."""
    for each in answer if isinstance(answer, list) else [answer]:
        told: dict[str, Any] = each if isinstance(each, dict) else {"answer": each}
        if told.get("answer") == "yes":
            name = CONDITIONS[key].name if key in CONDITIONS else key.replace("_", " ")
            side = f", {told['side']}" if told.get("side") else ""
            limits = " and ".join(_limit(word) for word in told.get("restrictions") or ())
            yield f"{name}{side}{f': no {limits}' if limits else ''}"


def _limit(word: str) -> str:
    return {"hip_flexion_over_90": "hip flexion over 90°", "crosses_midline": "crossing the midline"}.get(
        word, word.replace("_", " ")
    )
