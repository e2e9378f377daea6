"""When the practice is open and who is away. Times are typed on the clocks of the practice, and are instants from here.

Where nobody wrote down any hours, nothing is closed: `None` says so, an empty list says "not at all on that day".
"""

from __future__ import annotations

import datetime
import uuid
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from clinic.models import Absence, Hours, Membership, Practice

DAY = datetime.timedelta(days=1)
EVERYBODY = None  # the member of hours and absences of the practice itself


@dataclass(frozen=True, order=True)
class Span:
    """From an instant to a later one, in UTC."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime

    def holds(self, other: Span) -> bool:
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at

    def meets(self, other: Span) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def local(day: datetime.date, at: datetime.time, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """The instant at which the clocks show that; what they skip moves forward, of what comes twice it is the first."""
    return datetime.datetime.combine(day, at, zone).astimezone(datetime.UTC)


def day_span(day: datetime.date, zone: zoneinfo.ZoneInfo) -> Span:
    """A calendar day: 23, 24 or 25 hours."""
    return Span(local(day, datetime.time(0), zone), local(day + DAY, datetime.time(0), zone))


@dataclass(frozen=True)
class Opening:
    """The hours and absences of some days, read once."""

    zone: zoneinfo.ZoneInfo
    hours: Sequence[Hours]
    absences: Sequence[Absence]

    def hours_of(self, day: datetime.date, member: uuid.UUID | None = EVERYBODY) -> list[Span] | None:
        """The written hours of the practice, or of one member; None where none are written for any day."""
        rows = [row for row in self.hours if row.member_id == member]
        todays = [row for row in rows if row.weekday == day.isoweekday()]
        spans = (Span(local(day, row.opens, self.zone), local(day, row.closes, self.zone)) for row in todays)
        return joined(spans) if rows else None

    def open_for(self, day: datetime.date, member: uuid.UUID | None = EVERYBODY) -> list[Span]:
        """When somebody can be booked: their hours within those of the practice, without absences."""
        whole = [day_span(day, self.zone)]
        of_practice, own = self.hours_of(day), self.hours_of(day, member) if member else None
        spans = overlaps(whole if of_practice is None else of_practice, whole if own is None else own)
        return without(spans, [Span(row.starts_at, row.ends_at) for row in self.away(member)])

    def away(self, member: uuid.UUID | None = EVERYBODY) -> list[Absence]:
        """What keeps them away: their own absences, and those of the whole practice."""
        return [row for row in self.absences if row.member_id in (EVERYBODY, member)]


def opening(practice: Practice, first: datetime.date, last: datetime.date) -> Opening:
    """Everybody's hours and absences from `first` to `last`. Two queries."""
    zone = practice.zone
    start, end = day_span(first, zone).starts_at, day_span(last, zone).ends_at
    absences = Absence.objects.filter(practice=practice, ends_at__gt=start, starts_at__lt=end)
    return Opening(zone, list(Hours.objects.filter(practice=practice)), list(absences))


def opening_for(practice: Practice, member: Membership, span: Span) -> Opening:
    """The same for one member and one visit."""
    whose = Q(member=None) | Q(member=member)
    absences = Absence.objects.filter(whose, practice=practice, ends_at__gt=span.starts_at, starts_at__lt=span.ends_at)
    return Opening(practice.zone, list(Hours.objects.filter(whose, practice=practice)), list(absences))


def open_hours(practice: Practice, day: datetime.date, member: Membership | None = None) -> list[Span]:
    """When the practice, or somebody of it, can be booked on that day; the whole day where no hours are written."""
    return opening(practice, day, day).open_for(day, member.pk if member else EVERYBODY)


def joined(spans: Iterable[Span]) -> list[Span]:
    """In order, with what touches made one."""
    found: list[Span] = []
    for span in sorted(spans):
        if span.ends_at <= span.starts_at:
            continue
        if found and span.starts_at <= found[-1].ends_at:
            found[-1] = Span(found[-1].starts_at, max(found[-1].ends_at, span.ends_at))
        else:
            found.append(span)
    return found


def overlaps(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    both = (Span(max(a.starts_at, b.starts_at), min(a.ends_at, b.ends_at)) for a in some for b in others if a.meets(b))
    return joined(both)


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """What is left of `spans`."""
    left = list(spans)
    for hole in taken:
        left = [piece for span in left for piece in _cut(span, hole)]
    return left


def _cut(span: Span, hole: Span) -> list[Span]:
    if not span.meets(hole):
        return [span]
    return joined([Span(span.starts_at, hole.starts_at), Span(hole.ends_at, span.ends_at)])
