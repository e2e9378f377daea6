"""Visits one after the other: of a client, and of a therapist's calendar."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import Q, QuerySet, Value
from django.utils import timezone

from clinic.models import STANDING, Client, Membership, Visit, VisitState
from clinic.queries import once

BACK = datetime.timedelta(days=90)
AHEAD = datetime.timedelta(days=365)
MOST = 26  # of a client, read at once: a page of the history and one more
CANCELLED_FOR = datetime.timedelta(days=30)


def next_and_last(client: Client) -> tuple[Visit | None, Visit | None]:
    """The visit that is on or comes next, and the last one that the client came to. One query, with the newest of the
    history; one more where they came to none of those."""
    coming, begun = _around_now(client)
    came = next((visit for visit in begun if visit.state == VisitState.DONE), None)
    if came is None and len(begun) == MOST:
        came = _begun(client).filter(state=VisitState.DONE).first()
    return coming, came


def of_client(client: Client, before: datetime.datetime | None, limit: int) -> Sequence[Visit]:
    """Those that have begun, the newest first."""
    if before is None and limit <= MOST:
        return _around_now(client)[1][:limit]
    rows = _begun(client)
    return list((rows.filter(starts_at__lt=before) if before else rows)[:limit])


def _around_now(client: Client) -> tuple[Visit | None, Sequence[Visit]]:
    return once.of(client, "visits around now", lambda: _read_around_now(client))


def _read_around_now(client: Client) -> tuple[Visit | None, Sequence[Visit]]:
    """The visit that is on or comes next, and the newest of those that have begun."""
    booked = _of(client).filter(state=VisitState.BOOKED, ends_at__gt=timezone.now())
    coming = booked.order_by("starts_at", "id").annotate(part=Value(0))[:1]
    both = list(coming.union(_begun(client).annotate(part=Value(1))[:MOST], all=True))
    begun = sorted((row for row in both if row.part == 1), key=lambda row: (row.starts_at, row.pk), reverse=True)
    return next((row for row in both if row.part == 0), None), begun


def _begun(client: Client) -> QuerySet[Visit]:
    return _of(client).filter(starts_at__lte=timezone.now()).order_by("-starts_at", "-id")


def _of(client: Client) -> QuerySet[Visit]:
    return Visit.objects.filter(practice=client.practice_id, client=client).select_related("therapist", "room")


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
