"""What was said about safety since the intake."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Sequence

from django.db.models import Q

from clinic.models import CLINICIANS, Client, Membership
from clinic.panels import Event, Line
from intake.models import Rescreen
from intake.screening import RED_FLAGS

DAY = "%-d %B"
GRAVE = ("urgent", "emergency")


def events(membership: Membership, client: Client, before: datetime.datetime | None, limit: int) -> list[Event]:
    """One line each; reception learns that it was answered, not what."""
    rows = Rescreen.objects.filter(Q(created_at__lt=before) if before else Q(), practice=client.practice_id)
    return [_event(row, membership) for row in rows.filter(client=client).order_by("-created_at")[:limit]]


def of_rescreens(membership: Membership, clients: Sequence[Client]) -> dict[uuid.UUID, list[Line]]:
    """What was new the last time, where anything was. One query for all of them."""
    rows = Rescreen.objects.filter(practice=membership.practice_id, client__in=clients)
    newest = rows.order_by("client_id", "-created_at").distinct("client_id").select_related("client__practice")
    return {row.client_id: [_line(row)] for row in newest if row.referral_because}


def _line(row: Rescreen) -> Line:
    grave = "needs" if row.referral_level in GRAVE else "waiting"
    day = row.created_at.astimezone(row.client.zone).date()
    return Line(f"New on {day:{DAY}}: {in_words(row)}", grave, "warning")


def _event(row: Rescreen, membership: Membership) -> Event:
    if membership.role not in CLINICIANS:
        return Event(row.created_at, "intake", "Answered the safety questions again", news=True)
    if not row.referral_because:
        return Event(row.created_at, "intake", f"Asked “anything new?”: {in_words(row)}", news=True)
    grave = "needs" if row.referral_level in GRAVE else ""
    because = "; ".join(row.referral_because)
    return Event(row.created_at, "intake", "Something new about safety", because, status=grave, news=True)


def in_words(row: Rescreen) -> str:
    told = list(_said(row))
    return "; ".join(told) if told else "nothing new."


def _said(row: Rescreen) -> Iterator[str]:
    for key, answer in row.answers["red_flags"].items():
        if answer != "no":
            name = RED_FLAGS[key].name if key in RED_FLAGS else key.replace("_", " ")
            yield f"{name}: {'not sure' if answer == 'unsure' else answer}"
