"""One measure over the signed visits of a client: what is drawn as its course, and the same as a table.

Whether two values may be compared, and what is inside the error, is said by `rules.compare` alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.dateformat import format as date_in_words
from django.utils.safestring import SafeString, mark_safe

from assessments import queries, rules
from assessments.models import Assessment
from assessments.rules.case import average
from assessments.rules.change import is_difference
from assessments.views.evidence import no_error_words, number_words
from assessments.views.pictures.made import Person, threshold_of
from clinic.charts import trend
from clinic.marks import Mark

DAY = "j M Y"
SIDES = ("left", "right", None)
Way = tuple[str | None, ...]


@dataclass(frozen=True)
class Visit:
    """What one visit read of one measure, in the way of one track."""

    day: datetime.date
    readings: tuple[rules.Reading, ...]

    def of(self, side: str | None) -> tuple[rules.Reading, ...]:
        """Of a difference everything: its side is its result."""
        return tuple(one for one in self.readings if is_difference(one.measure) or one.side == side)


@dataclass(frozen=True)
class Row:
    """One value of the table: against the first of its run, or why nothing leads to it."""

    day: datetime.date
    side: str
    said: str
    judged: str


@dataclass(frozen=True)
class Newest:
    """One side as the list shows it: from the first value that may be compared to the newest."""

    side: str
    before: str
    after: str
    change: rules.Change | None


@dataclass(frozen=True)
class Track:
    """One measure: in all the ways it was taken one after the other, or in one of several that were taken side by side.

    `why`: the numbered reasons for breaks. `done`: what was done between the first visit and the last.
    """

    key: str
    measure: rules.Measure
    way: str
    drawn: trend.Trend
    newest: tuple[Newest, ...]
    table: tuple[Row, ...]
    why: tuple[str, ...]
    done: tuple[Mark, ...]
    caption: str

    @property
    def words(self) -> str:
        return trend.said(self.drawn.lines, {day: date_in_words(day, DAY) for day in self.drawn.days})

    @property
    def svg(self) -> SafeString:
        return mark_safe(trend.draw(self.key, f"{self.measure.label} over time", self.words, self.drawn))  # noqa: S308

    @property
    def spark(self) -> SafeString:
        return mark_safe(trend.spark(self.drawn))  # noqa: S308 - escaped by the sheet

    @property
    def last_on(self) -> datetime.date:
        return self.drawn.days[-1]


def tracks_of(
    visits: Sequence[Assessment], person: Person, pack: rules.Pack, marks: Sequence[Mark] = ()
) -> list[Track]:
    """A track for each measure with numbers, in the order of the protocol. `visits` are signed, oldest first."""
    taken: dict[str, list[Visit]] = {}
    for visit in visits:
        found: dict[str, list[rules.Reading]] = {}
        for reading in queries.readings_of(visit):
            if reading.value is not None and reading.measure in pack.measures:
                found.setdefault(reading.measure, []).append(reading)
        for measure, readings in found.items():
            taken.setdefault(measure, []).append(Visit(visit.assessed_on, tuple(readings)))
    numbers = [key for key, measure in pack.measures.items() if measure.kind == "number" and key in taken]
    parts = [(key, part) for key in numbers for part in side_by_side(taken[key])]
    return [
        Builder(pack.measures[key], part, person, pack).track(f"course-{n}", marks)
        for n, (key, part) in enumerate(parts)
    ]


def side_by_side(visits: Sequence[Visit]) -> Iterator[list[Visit]]:
    """As one where no visit took it in two ways; else each way for itself."""
    if all(len({way_of(one) for one in visit.readings}) == 1 for visit in visits):
        yield list(visits)
        return
    for way in dict.fromkeys(way_of(one) for visit in visits for one in visit.readings):
        own = [(visit.day, tuple(one for one in visit.readings if way_of(one) == way)) for visit in visits]
        yield [Visit(day, readings) for day, readings in own if readings]


def way_of(reading: rules.Reading) -> Way:
    return (reading.position, reading.mode, reading.instrument)


@dataclass(frozen=True)
class Compared:
    """One value: its point, what it is against the first of its run, and why the run begins with it."""

    point: trend.Point
    change: rules.Change | None
    broken: str


@dataclass
class Builder:
    measure: rules.Measure
    visits: Sequence[Visit]
    person: Person
    pack: rules.Pack

    def track(self, key: str, marks: Sequence[Mark]) -> Track:
        sides = (None,) if is_difference(self.measure.key) else SIDES
        compared = {side: list(self.side(side)) for side in sides}
        why = list(dict.fromkeys(one.broken for row in compared.values() for one in row if one.broken))
        days = [visit.day for visit in self.visits]
        done = tuple(mark for mark in marks if days[0] <= mark.day <= days[-1])
        lines = tuple(trend.Line(side or "", tuple(runs(row, why))) for side, row in compared.items() if row)
        limit = threshold_of(average(self.visits[-1].readings)[0], self.person.age, self.person.sex, self.pack)
        return Track(
            key=key,
            measure=self.measure,
            way=" · ".join(word.replace("_", " ") for word in way_of(self.visits[-1].readings[0]) if word),
            drawn=trend.Trend(
                unit=self.measure.unit,
                lines=lines,
                done=tuple(trend.Done(mark.day, mark.kind) for mark in done),
                threshold=limit,
                first=date_in_words(days[0], DAY),
                last=date_in_words(days[-1], DAY),
            ),
            newest=tuple(newest(side or "", row) for side, row in compared.items() if row),
            table=tuple(table(compared)),
            why=tuple(f"{place}: {reason}" for place, reason in enumerate(why, 1)),
            done=done,
            caption=self.caption(lines, limit),
        )

    def side(self, side: str | None) -> Iterator[Compared]:
        """Each value against the first of its run. A run ends where the next can't be compared with it."""
        base: Visit | None = None
        last: Visit | None = None
        for visit in self.visits:
            if not visit.of(side):
                continue
            change, broken = None, ""
            if base is not None and last is not None:
                change = self.change(base, visit, side)
                broken = self.obstacle(change, side) or self.obstacle(self.change(last, visit, side), side)
            if base is None or broken:
                base, change = visit, None
            last = visit
            yield Compared(self.point(visit, side, change), change, broken)

    def change(self, before: Visit, after: Visit, side: str | None) -> rules.Change | None:
        dates = {"before_date": before.day, "after_date": after.day}
        return next(iter(rules.compare(before.of(side), after.of(side), **dates, pack=self.pack)), None)

    def obstacle(self, change: rules.Change | None, side: str | None) -> str:
        """Why no line may lead there. A measure without a known error can still be drawn; it is not judged."""
        if change is None:
            return "measured in another way"
        unknown = change.difference is not None and self.measure.key not in self.pack.changes
        return "" if change.verdict != "not_comparable" or unknown else change.note

    def point(self, visit: Visit, side: str | None, change: rules.Change | None) -> trend.Point:
        mean = average(visit.of(side))[0]
        value = mean.value or 0
        said = self.number(value)
        if is_difference(self.measure.key) and mean.side:
            said = f"{said} {mean.side[0].upper()}"
        unjudged = change is not None and change.verdict in ("within_error", "not_comparable")
        return trend.Point(visit.day, value, said, unjudged)

    def caption(self, lines: Iterable[trend.Line], limit: float | None) -> str:
        dashed = "" if limit is None else f" Dashed: working threshold {self.number(limit)}, not a norm."
        return f"{self.error_words(lines)}{dashed}"

    def number(self, value: float) -> str:
        return number_words(value, self.measure.unit)

    def error_words(self, lines: Iterable[trend.Line]) -> str:
        errors = sorted({run.error for line in lines for run in line.runs if run.error})
        if errors:
            sizes = " or ".join(f"±{self.number(error)}" for error in errors)
            return f"Band: measurement error {sizes} around the first value; inside it nothing has changed that counts."
        if self.measure.key in self.pack.changes:
            return "Nothing to compare yet."
        return f"{no_error_words(self.measure, self.pack)} No value is called a change."


def runs(row: Sequence[Compared], why: Sequence[str]) -> Iterator[trend.Run]:
    """Cut where a value says that nothing leads to it."""
    begins = [place for place, one in enumerate(row) if place == 0 or one.broken]
    for begin, end in zip(begins, [*begins[1:], len(row)], strict=True):
        part = row[begin:end]
        errors = [one.change.mdc for one in part if one.change and one.change.mdc is not None]
        number = str(why.index(part[0].broken) + 1) if part[0].broken else ""
        yield trend.Run(tuple(one.point for one in part), max(errors, default=None), number)


def newest(side: str, row: Sequence[Compared]) -> Newest:
    last = row[-1]
    if last.change is None:
        return Newest(side, "", last.point.said, None)
    first = next(one for one in row if one.point.day == last.change.before_date)
    return Newest(side, first.point.said, last.point.said, last.change)


def table(compared: dict[str | None, list[Compared]]) -> Iterator[Row]:
    """Newest first."""
    rows = [(one, side or "") for side, row in compared.items() for one in row]
    for one, side in sorted(rows, key=lambda pair: (pair[0].point.day, pair[1] == "left"), reverse=True):
        yield Row(one.point.day, side, one.point.said, judged(one))


def judged(one: Compared) -> str:
    if one.change is None:
        return f"not compared with what came before: {one.broken}" if one.broken else "the first"
    since = f"since {date_in_words(one.change.before_date, DAY)}"  # type: ignore[arg-type]
    verdict = one.change.verdict.replace("_", " ")
    return f"{verdict} {since}" if one.change.verdict != "not_comparable" else f"not judged: {one.change.note}"
