"""Visits one after the other: of a client, and of a therapist's calendar."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from clinic.models import STANDING, Client, Membership, Visit, VisitState

BACK = datetime.timedelta(days=90)
AHEAD = datetime.timedelta(days=365)
CANCELLED_FOR = datetime.timedelta(days=30)


def next_and_last(client: Client) -> tuple[Visit | None, Visit | None]:
    """The visit that is on or comes next, and the last one that the client came to. One query."""
    rows = Visit.objects.filter(practice=client.practice_id, client=client).select_related("therapist", "room")
    now = timezone.now()
    coming = rows.filter(state=VisitState.BOOKED, ends_at__gt=now).order_by("starts_at", "id")[:1]
    came = rows.filter(state=VisitState.DONE, starts_at__lte=now).order_by("-starts_at", "-id")[:1]
    found = {VisitState(visit.state): visit for visit in coming.union(came, all=True)}
    return found.get(VisitState.BOOKED), found.get(VisitState.DONE)


def of_client(client: Client, before: datetime.datetime | None, limit: int) -> Sequence[Visit]:
    """Those that have begun, the newest first."""
    rows = Visit.objects.filter(practice=client.practice_id, client=client, starts_at__lte=timezone.now())
    if before:
        rows = rows.filter(starts_at__lt=before)
    return list(rows.select_related("therapist").order_by("-starts_at", "-id")[:limit])


def changed_since(client: Client, since: datetime.datetime) -> Sequence[Visit]:
    """What was missed or cancelled since then, the newest first; at most three."""
    gone = (VisitState.NO_SHOW, VisitState.CANCELLED)
    rows = Visit.objects.filter(practice=client.practice_id, client=client, state__in=gone, changed_at__gt=since)
    return list(rows.select_related("therapist").order_by("-changed_at", "-id")[:3])


def feed_of(member: Membership) -> Sequence[Visit]:
    """What stands in somebody's own calendar; what was given up stays a while, or programs would keep it for ever."""
    now = timezone.now()
    lately = Q(state__in=STANDING) | Q(changed_at__gt=now - CANCELLED_FOR)
    rows = Visit.objects.filter(lately, therapist=member, practice=member.practice_id)
    rows = rows.between(now - BACK, now + AHEAD).select_related("client", "room__location")
    return list(rows.order_by("starts_at", "id"))


def came_before(client: Client) -> bool:
    """Or is expected: whoever is booked for a first visit has the next one as a follow-up."""
    return Visit.objects.filter(client=client).standing().exists()
