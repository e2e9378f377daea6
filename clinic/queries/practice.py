"""What the pages about the practice itself read: who works there, its week, and what moves with its clocks."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from clinic.models import (
    Absence,
    Client,
    Hours,
    Location,
    Membership,
    Practice,
    Reminder,
    Room,
    State,
    Visit,
    VisitState,
)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Times = tuple[datetime.time, datetime.time]


def members(practice: Practice) -> QuerySet[Membership]:
    """Who works there, with `care` (clients in care) and `ahead` (visits to come); those who left come last."""
    clients = Client.objects.filter(therapist=OuterRef("pk"), archived_at=None)
    ahead = Visit.objects.filter(therapist=OuterRef("pk"), state=VisitState.BOOKED, starts_at__gt=timezone.now())
    rows = Membership.objects.filter(practice=practice).select_related("user", "supervisor")
    rows = rows.annotate(care=_count(clients, "therapist"), ahead=_count(ahead, "therapist"))
    return rows.order_by("-is_active", "display_name", "pk")


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def colleagues(practice: Practice) -> QuerySet[Membership]:
    return Membership.objects.filter(practice=practice, is_active=True).order_by("display_name", "pk")


def places(practice: Practice) -> list[dict[str, Any]]:
    """Each location in use with its rooms, and what is not used any more. Two queries."""
    ahead = Visit.objects.filter(room=OuterRef("pk"), state=VisitState.BOOKED, starts_at__gt=timezone.now())
    rooms = list(Room.objects.filter(practice=practice).annotate(ahead=_count(ahead, "room")))
    locations = Location.objects.filter(practice=practice).order_by("-is_active", "name", "pk")
    return [
        {
            "location": location,
            "rooms": [room for room in rooms if room.location_id == location.pk and room.is_active],
            "gone": [room for room in rooms if room.location_id == location.pk and not room.is_active],
        }
        for location in locations
    ]


def week_of(practice: Practice, member: Membership | None) -> dict[int, list[Times]]:
    """ISO weekday → from and to, in order; days without hours are left out."""
    week: dict[int, list[Times]] = {}
    for row in Hours.objects.filter(practice=practice, member=member).order_by("weekday", "opens"):
        week.setdefault(row.weekday, []).append((row.opens, row.closes))
    return week


def fingerprint(week: Mapping[int, Sequence[Times]]) -> str:
    """The same for the same week."""
    said = [f"{day} {opens:%H%M}-{closes:%H%M}" for day in sorted(week) for opens, closes in sorted(week[day])]
    return ",".join(said)


def weeks(practice: Practice) -> list[tuple[Membership | None, list[tuple[str, str]]]]:
    """The week of the practice, then of each who works there, in words. Two queries."""
    found: dict[Any, dict[int, list[Times]]] = {}
    for row in Hours.objects.filter(practice=practice).order_by("weekday", "opens"):
        found.setdefault(row.member_id, {}).setdefault(row.weekday, []).append((row.opens, row.closes))
    whose = [None, *colleagues(practice)]
    return [(member, said(found.get(member.pk if member else None, {}))) for member in whose]


def said(week: Mapping[int, Sequence[Times]]) -> list[tuple[str, str]]:
    """“Monday to Thursday”, “09:00 to 12:00, 13:00 to 18:00”: days in a row that are alike stand together."""
    lines: list[tuple[str, str, str]] = []
    for day in range(1, 8):
        times = ", ".join(f"{opens:%H:%M} to {closes:%H:%M}" for opens, closes in week.get(day, ()))
        if lines and lines[-1][2] == times:
            lines[-1] = (lines[-1][0], WEEKDAYS[day - 1], times)
        else:
            lines.append((WEEKDAYS[day - 1], WEEKDAYS[day - 1], times))
    return [(first if first == last else f"{first} to {last}", times) for first, last, times in lines if times]


def absences(practice: Practice, now: datetime.datetime, *, most: int = 100) -> list[tuple[Absence, int]]:
    """What is now or comes, with how many booked visits stand in that time. One query."""
    inside = Visit.objects.filter(
        practice=OuterRef("practice"), state=VisitState.BOOKED, starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"), starts_at__gt=now,
    )  # fmt: skip
    own = _count(inside.filter(therapist=OuterRef("member")), "therapist")
    counted = Case(When(member=None, then=_count(inside, "practice")), default=own)
    rows = Absence.objects.filter(practice=practice, ends_at__gt=now).select_related("member", "practice")
    return [(row, row.inside) for row in rows.annotate(inside=counted).order_by("starts_at", "pk")[:most]]


def visits_in(absence: Absence, now: datetime.datetime) -> QuerySet[Visit]:
    """The booked visits that stand in that time."""
    rows = Visit.objects.filter(practice=absence.practice_id, state=VisitState.BOOKED, starts_at__gt=now)
    rows = rows.between(absence.starts_at, absence.ends_at)
    if absence.member_id:
        rows = rows.filter(therapist=absence.member_id)
    return rows.select_related("client", "therapist").order_by("starts_at", "pk")


def ahead(member: Membership) -> QuerySet[Visit]:
    """The booked visits to come to one member."""
    rows = Visit.objects.filter(therapist=member, state=VisitState.BOOKED, starts_at__gt=timezone.now())
    return rows.select_related("client", "therapist").order_by("starts_at", "pk")


def clients_of(member: Membership) -> int:
    """How many clients in care they have."""
    return Client.objects.filter(therapist=member, archived_at=None).count()


def what_moves(practice: Practice, was: str, becomes: str) -> list[str]:
    """What another time zone does, in words, before anybody says yes. Three queries."""
    now = timezone.now()
    booked = Visit.objects.filter(practice=practice, state=VisitState.BOOKED, starts_at__gt=now)
    first, count = booked.order_by("starts_at").first(), booked.count()
    lines = [f"The clocks of the practice go from {was} to {becomes}."]
    if first:
        old, new = (first.starts_at.astimezone(zoneinfo.ZoneInfo(name)) for name in (was, becomes))
        each = "The visit ahead keeps its" if count == 1 else f"The {count} visits ahead keep their"
        lines.append(f"{each} moment, so the diary shows other times: {old:%H:%M} becomes {new:%H:%M}.")
    planned = Reminder.objects.filter(practice=practice, state=State.PLANNED, client__timezone="").count()
    lines.append(
        "Reminders to clients without a time zone of their own go by the new clocks"
        + (f"; {planned} planned already leave when they were to." if planned else ".")
    )
    lines.append("Opening and working hours are read on the new clocks.")
    return lines
