"""Where an instant stands on the page: rows of five minutes.

A day is measured as it passes, so that a night on which the clocks change has 23 or 25 hours. A week stands side by
side and goes by the clocks: there the skipped hour is an empty one.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clinic.queries.visits.opening import DAY, Span, day_span, local

STEP = 5  # minutes a row
HOUR = 60
USUAL = (8 * HOUR, 18 * HOUR)  # where nothing says when a day begins and ends


@dataclass(frozen=True)
class Mark:
    """The name of a line across the page."""

    row: int
    label: str


@dataclass(frozen=True)
class Ruler:
    """`first` and `last`: minutes after midnight that the page shows. `by_clock`: minutes on the clock, else passed."""

    zone: zoneinfo.ZoneInfo
    by_clock: bool
    first: int = 0
    last: int = 0

    def minute(self, at: datetime.datetime, day: datetime.date) -> int:
        if not self.by_clock:
            return int((at - day_span(day, self.zone).starts_at).total_seconds()) // 60
        there = at.astimezone(self.zone)
        return (there.date() - day).days * 24 * HOUR + there.hour * HOUR + there.minute

    def instant(self, minute: int, day: datetime.date) -> datetime.datetime:
        if not self.by_clock:
            return day_span(day, self.zone).starts_at + datetime.timedelta(minutes=minute)
        return local(day + DAY * (minute // (24 * HOUR)), datetime.time(minute // HOUR % 24, minute % HOUR), self.zone)

    def row(self, at: datetime.datetime, day: datetime.date) -> int:
        return 1 + (min(max(self.minute(at, day), self.first), self.last) - self.first) // STEP

    def place(self, span: Span, day: datetime.date) -> tuple[int, int]:
        """First row and how many; what is shorter than a quarter of an hour could not be read."""
        first, last = self.row(span.starts_at, day), self.row(span.ends_at, day)
        return first, max(last - first, 3)

    def shows(self, at: datetime.datetime, day: datetime.date) -> bool:
        return self.first <= self.minute(at, day) < self.last

    @property
    def rows(self) -> int:
        return (self.last - self.first) // STEP

    def marks(self, day: datetime.date) -> Iterator[Mark]:
        for minute in range(self.first, self.last, HOUR):
            at = self.instant(minute, day).astimezone(self.zone)
            label = f"{minute // HOUR:02d}:00" if self.by_clock else f"{at:%H:%M}"
            yield Mark(1 + (minute - self.first) // STEP, label)

    def around(self, days: Iterable[tuple[datetime.date, Iterable[Span]]], *, whole: bool) -> Ruler:
        """The same, showing the full hours that hold all of these; `whole` days where asked for."""
        days = list(days)
        ends = max(self.minute(day_span(day, self.zone).ends_at, day) for day, _ in days)
        if whole:
            return Ruler(self.zone, self.by_clock, 0, ends)
        begin = [self.minute(span.starts_at, day) for day, spans in days for span in spans]
        end = [self.minute(span.ends_at, day) for day, spans in days for span in spans]
        first, last = (min(begin), max(end)) if begin else USUAL
        first, last = max(first, 0) // HOUR * HOUR, -(-min(last, ends) // HOUR) * HOUR
        return Ruler(self.zone, self.by_clock, first, max(last, first + 4 * HOUR))
