"""Visits on the frames of the client record and of today: panel, timeline, actions."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from clinic.models import Client, Membership, Visit, VisitState
from clinic.panels import Event
from clinic.queries.visits.lists import changed_since, next_and_last, of_client
from clinic.queries.visits.words import when

ICONS = {VisitState.DONE: "check", VisitState.NO_SHOW: "close", VisitState.CANCELLED: "close"}


def panel(membership: Membership, client: Client) -> dict[str, Any]:
    """One query."""
    coming, came = next_and_last(client)
    here = reverse("clinic:client", args=[client.pk])
    return {"coming": coming, "came": came, "zone": membership.practice.zone, "here": here}


def events(membership: Membership, client: Client, before: datetime.datetime | None, limit: int) -> Sequence[Event]:
    """What has begun, the newest first. One query."""
    return [_event(visit, visit.starts_at) for visit in of_client(client, before, limit)]


def news(membership: Membership, client: Client, since: datetime.datetime) -> Sequence[Event]:
    """Visits that were missed or cancelled since then. One query."""
    zone = membership.practice.zone
    gone = changed_since(client, since)
    return [_event(visit, visit.changed_at, f"on {when(visit.starts_at, zone)}") for visit in gone]


def _event(visit: Visit, at: datetime.datetime, text: str = "") -> Event:
    words = "Came to a visit" if visit.state == VisitState.DONE else f"Visit: {visit.get_state_display().lower()}"
    return Event(
        at=at,
        icon=ICONS.get(VisitState(visit.state), "calendar"),
        title=words,
        text=text or f"{visit.get_purpose_display()}, {visit.minutes} minutes",
        url=reverse("clinic:visit", args=[visit.pk]),
        by=str(visit.therapist),
        met=visit.ends_at if visit.state == VisitState.DONE else None,
    )


def last_met(client: Client, before: datetime.datetime) -> datetime.datetime | None:
    """When somebody last saw the client, as the diary has it."""
    rows = Visit.objects.filter(practice=client.practice_id, client=client, state=VisitState.DONE, starts_at__lt=before)
    return rows.order_by("-starts_at").values_list("ends_at", flat=True).first()


def came_url(visit: Visit) -> str:
    return _today_only("clinic:visit_came", visit)


def no_show_url(visit: Visit) -> str:
    return _today_only("clinic:visit_no_show", visit)


def _today_only(view: str, visit: Visit) -> str:
    """ "" where it can't be said (yet). The revision goes along, so that a second editor is told."""
    zone = visit.practice.zone
    over = visit.state != VisitState.BOOKED
    if over or visit.starts_at.astimezone(zone).date() > timezone.now().astimezone(zone).date():
        return ""
    return f"{reverse(view, args=[visit.pk])}?revision={visit.revision}&next={reverse('clinic:dashboard')}"
