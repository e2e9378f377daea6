"""What stands against a visit, in words for the staff of its practice."""

from __future__ import annotations

import datetime
import zoneinfo

from django.utils.formats import date_format
from django.utils.translation import gettext

from clinic.models import Membership, Practice, Visit
from clinic.queries.visits.opening import Span, opening_for


def hours_of(visit: Visit, zone: zoneinfo.ZoneInfo) -> str:
    """“10:00 to 11:00”."""
    return f"{visit.starts_at.astimezone(zone):%H:%M} to {visit.ends_at.astimezone(zone):%H:%M}"


def when(at: datetime.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """“Tuesday 14 May, 10:00”, in the language of the page or mail."""
    return date_format(at.astimezone(zone), gettext("l j F, H:i"))


def taken_by(visit: Visit) -> dict[str, list[str]]:
    """Which standing visits have the therapist or the room at that time: field → lines. One query."""
    zone = visit.practice.zone
    rows = Visit.objects.filter(practice=visit.practice_id).standing().between(visit.starts_at, visit.ends_at)
    found: dict[str, list[str]] = {}
    for row in rows.exclude(pk=visit.pk).select_related("client", "therapist", "room"):
        if row.therapist_id == visit.therapist_id:
            line = f"{row.therapist} is with {row.client} from {hours_of(row, zone)}. Choose another time."
            found.setdefault("therapist", []).append(line)
        elif row.room_id and row.room_id == visit.room_id:
            line = f"{row.room} is taken from {hours_of(row, zone)} ({row.therapist} with {row.client})."
            found.setdefault("room", []).append(line)
    return found


def against(visit: Visit, now: datetime.datetime) -> list[str]:
    """What only asks: the past, closed hours, an absence, another visit of the client. Three queries."""
    practice, member = visit.practice, visit.therapist
    span = Span(visit.starts_at, visit.ends_at)
    lines = ["This time is in the past."] if visit.starts_at < now else []
    lines += _outside(practice, member, span)
    others = Visit.objects.filter(client=visit.client_id).standing().between(span.starts_at, span.ends_at)
    for row in others.exclude(pk=visit.pk).select_related("therapist"):
        hours = hours_of(row, practice.zone)
        lines.append(f"{visit.client} has another visit then, with {row.therapist} from {hours}.")
    return lines


def _outside(practice: Practice, member: Membership, span: Span) -> list[str]:
    known = opening_for(practice, member, span)
    lines = []
    for row in known.absences:
        who = f"{member} is away" if row.member_id else f"{practice.name} is closed"
        until = row.ends_at.astimezone(practice.zone)
        lines.append(f"{who} until {until:%A %-d %B, %H:%M}{f': {row.reason}' if row.reason else ''}.")
    day = span.starts_at.astimezone(practice.zone).date()
    for whose, name in ((None, practice.name), (member.pk, str(member))):
        hours = known.hours_of(day, whose)
        if hours is not None and not any(one.holds(span) for one in hours):
            lines.append(_closed(name, day, hours, practice.zone))
            break
    return lines


def _closed(name: str, day: datetime.date, hours: list[Span], zone: zoneinfo.ZoneInfo) -> str:
    if not hours:
        return f"{name} has no hours on {day:%A}s."
    said = [f"{one.starts_at.astimezone(zone):%H:%M} to {one.ends_at.astimezone(zone):%H:%M}" for one in hours]
    return f"{name} has other hours on {day:%A}s: {' and '.join(said)}."
