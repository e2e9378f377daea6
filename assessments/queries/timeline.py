"""What the record shows of assessments and questionnaires, newest first."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from assessments.models import Assessment, QuestionnaireRequest, QuestionnaireResponse, State
from assessments.queries.questionnaires import name_of, score_in_words
from assessments.rules.questionnaires import QUESTIONNAIRES
from clinic.models import Client, Membership
from clinic.panels import Event
from clinic.queries import days
from clinic.queries.timeline import newest

TITLES = {
    State.DRAFT: "Assessment, not signed yet",
    State.SIGNED: "Assessment",
    State.ENTERED_IN_ERROR: "Assessment, entered in error",
}


def _of(client: Client) -> dict[str, Any]:
    return {"practice": client.practice_id, "client": client}


def _until(field: str, client: Client, before: datetime.datetime | None) -> Q:
    """Days that began before that instant."""
    return Q(**{f"{field}__lte": days.last_begun(before, client.practice.zone)}) if before else Q()


def assessments(membership: Membership, client: Client, before: datetime.datetime | None, limit: int) -> list[Event]:
    rows = Assessment.objects.filter(_until("assessed_on", client, before), **_of(client)).defer("facts", "typed")
    counted = rows.select_related("examiner").annotate(found=Count("findings"))
    return [_assessment(row, client) for row in counted[:limit]]


def _assessment(row: Any, client: Client) -> Event:
    found = f"{row.found} finding{'' if row.found == 1 else 's'}" if row.found else "No findings"
    return Event(
        days.midnight(row.assessed_on, client.practice.zone),
        "measure",
        TITLES[State(row.state)],
        "" if row.state == State.ENTERED_IN_ERROR else found,
        reverse("assessments:assessment", args=[row.pk]),
        by=str(row.examiner or ""),
        status="waiting" if row.is_draft else "",
        span=days.in_words(row.assessed_on),
        met=_measured(row, client) if row.state == State.SIGNED else None,
    )


def last_assessed(client: Client, before: datetime.datetime) -> datetime.datetime | None:
    """When the hands last measured."""
    through = days.last_begun(before, client.practice.zone)
    rows = Assessment.objects.filter(**_of(client), state=State.SIGNED, assessed_on__lte=through)
    row = rows.only("assessed_on", "signed_at", "practice").first()
    return _measured(row, client) if row else None


def _measured(row: Assessment, client: Client) -> datetime.datetime | None:
    """No later than the day that it says."""
    return days.within(row.assessed_on, row.signed_at, client.practice.zone) if row.signed_at else None


def questionnaires(membership: Membership, client: Client, before: datetime.datetime | None, limit: int) -> list[Event]:
    """Answered, by the client or on paper; and asked for in the portal."""
    rows = QuestionnaireResponse.objects.filter(_until("answered_on", client, before), **_of(client)).counting()
    answered = [_answered(row, client) for row in rows.select_related("entered_by", "request")[:limit]]
    return newest([*answered, *_asked(client, before, limit)], limit)


def _asked(client: Client, before: datetime.datetime | None, limit: int) -> Iterator[Event]:
    when = Q(created_at__lt=before) if before else Q()
    rows = QuestionnaireRequest.objects.filter(when, **_of(client)).select_related("requested_by")
    for row in rows.order_by("-created_at")[:limit]:
        name = QUESTIONNAIRES[row.questionnaire].name if row.questionnaire in QUESTIONNAIRES else row.questionnaire
        state = "answered" if row.response_id else "withdrawn" if row.withdrawn_at else ""
        text = f"On their page from {days.in_words(row.due_on)} on{state and ', ' + state}"
        status = "" if state else "waiting"
        yield Event(row.created_at, "edit", f"Asked for: {name}", text, by=str(row.requested_by or ""), status=status)


def _answered(row: QuestionnaireResponse, client: Client) -> Event:
    return Event(
        days.midnight(row.answered_on, client.practice.zone),
        "edit",
        f"{name_of(row)}: {score_in_words(row)}",
        url=reverse("assessments:questionnaire", args=[row.pk]),
        by=str(row.entered_by or (client if hasattr(row, "request") else "")),
        span=days.in_words(row.answered_on),
        news=True,
        known=row.created_at,
    )
