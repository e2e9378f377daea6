"""One column of the diary: visits beside each other where they overlap, what is closed, and where one can book."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from clinic.models import STANDING, Absence, Visit
from clinic.queries.visits.opening import Span, day_span, joined, without
from clinic.queries.visits.ruler import Ruler

SLOT = datetime.timedelta(minutes=30)
LEAST = datetime.timedelta(minutes=15)
MOST_LANES = 8


@dataclass
class Block:
    """A visit in its column; `lane` of `Column.lanes`. Times as the clocks of the practice show them."""

    visit: Visit
    row: int
    rows: int
    starts: datetime.datetime
    ends: datetime.datetime
    lane: int = 1
    wide: bool = True

    @property
    def short(self) -> bool:
        return self.rows <= 6


@dataclass(frozen=True)
class Slot:
    """Where one can book with one tap."""

    row: int
    rows: int
    at: datetime.datetime
    is_open: bool


@dataclass(frozen=True)
class Stretch:
    row: int
    rows: int
    label: str = ""


@dataclass
class Column:
    title: str
    day: datetime.date
    therapist: uuid.UUID | None
    room: uuid.UUID | None
    no_room: bool
    blocks: list[Block]
    slots: list[Slot]
    closed: list[Stretch]
    away: list[Stretch]
    lanes: int
    today: bool

    @property
    def first_free(self) -> Slot | None:
        return next((slot for slot in self.slots if slot.is_open), self.slots[0] if self.slots else None)


def column(
    title: str,
    day: datetime.date,
    ruler: Ruler,
    open_spans: Sequence[Span],
    visits: Sequence[Visit],
    *,
    therapist: uuid.UUID | None = None,
    room: uuid.UUID | None = None,
    no_room: bool = False,
    away: Sequence[Absence] = (),
) -> Column:
    shown = Span(ruler.instant(ruler.first, day), ruler.instant(ruler.last, day))
    blocks = [_block(visit, day, ruler) for visit in visits]
    lanes = beside_each_other(blocks)
    taken = [] if no_room else [Span(v.starts_at, v.ends_at) for v in visits if v.state in STANDING]
    closed = [Stretch(*ruler.place(span, day)) for span in without([shown], open_spans)]
    absent = [Stretch(*ruler.place(one, day), label) for one, label in _absences(away, shown)]
    today = day == timezone.now().astimezone(ruler.zone).date()
    slots = list(_slots(without([shown], taken), open_spans, day, ruler))
    return Column(title, day, therapist, room, no_room, blocks, slots, closed, absent, lanes, today)


def _block(visit: Visit, day: datetime.date, ruler: Ruler) -> Block:
    of_day = day_span(day, ruler.zone)
    within = Span(max(visit.starts_at, of_day.starts_at), min(visit.ends_at, of_day.ends_at))
    row, rows = ruler.place(within, day)
    return Block(visit, row, rows, visit.starts_at.astimezone(ruler.zone), visit.ends_at.astimezone(ruler.zone))


def _absences(away: Sequence[Absence], shown: Span) -> Iterator[tuple[Span, str]]:
    for row in away:
        begins, ends = max(row.starts_at, shown.starts_at), min(row.ends_at, shown.ends_at)
        if begins < ends:
            yield Span(begins, ends), row.reason or ("Away" if row.member_id else "Closed")


def beside_each_other(blocks: Sequence[Block]) -> int:
    """Gives each block the first lane that is free at its time; returns how many lanes that took."""
    free_from: list[int] = []
    for block in sorted(blocks, key=lambda one: (one.row, -one.rows)):
        lane = next((n for n, row in enumerate(free_from) if row <= block.row), len(free_from))
        lane = min(lane, MOST_LANES - 1)
        free_from[lane : lane + 1] = [block.row + block.rows]
        block.lane = lane + 1
    for block in blocks:
        block.wide = not any(
            other is not block and other.row < block.row + block.rows and block.row < other.row + other.rows
            for other in blocks
        )
    return max(len(free_from), 1)


def _slots(free: Sequence[Span], open_spans: Sequence[Span], day: datetime.date, ruler: Ruler) -> Iterator[Slot]:
    """Half an hour each, from the full and half hours; a shorter rest belongs to the one beside it."""
    for span in free:
        if span.ends_at - span.starts_at < LEAST:
            continue
        cuts = list(_cuts(span))
        for begins, ends in zip([span.starts_at, *cuts], [*cuts, span.ends_at], strict=True):
            row, rows = ruler.row(begins, day), ruler.row(ends, day) - ruler.row(begins, day)
            is_open = any(one.holds(Span(begins, min(ends, begins + LEAST))) for one in joined(open_spans))
            if rows > 0:
                yield Slot(row, rows, begins.astimezone(ruler.zone), is_open)


def _cuts(span: Span) -> Iterator[datetime.datetime]:
    after_hour = datetime.timedelta(minutes=span.starts_at.minute % 30)
    at = span.starts_at - after_hour + SLOT
    if at - span.starts_at < SLOT:
        at += SLOT
    while span.ends_at - at >= SLOT:
        yield at
        at += SLOT
