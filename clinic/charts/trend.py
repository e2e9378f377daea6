"""One measure over time: a lane for each side on one scale, with what would be error around the first value.

A line leads from one value to the next only where the two may be compared; elsewhere it breaks, with a number that the
page explains. What was done in between stands as marks below: a stroke for each session, a flag for a programme.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from clinic.charts.scale import Scale, of_days, reach
from clinic.charts.sheet import Sheet, width_of
from clinic.charts.sides import LETTERS

WIDTH, LEFT, RIGHT, TOP, LANE, GAP, FOOT = 360.0, 40.0, 286.0, 16.0, 86.0, 16.0, 36.0
SPARK_WIDTH, SPARK_HEIGHT, EDGE = 96.0, 34.0, 5.0
DOT = 4.5
#: The narrowest span of the axis of values, by unit; of others the last.
LEAST = {"deg": 30.0, "mm": 20.0, "cm": 6.0, "": 10.0}


@dataclass(frozen=True, slots=True)
class Point:
    """`within`: no change that counts against the first of its run."""

    day: datetime.date
    value: float
    said: str
    within: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Values that may be compared with each other, oldest first. `error` around the first of them, None where unknown.

    `broken`: the number of the reason why it doesn't go on from the one before; empty for the first.
    """

    points: tuple[Point, ...]
    error: float | None = None
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    side: str
    runs: tuple[Run, ...]

    @property
    def points(self) -> list[Point]:
        return [point for run in self.runs for point in run.points]


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was done on a day: `session`, or anything else as a flag with its letter."""

    day: datetime.date
    kind: str
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """`threshold`: of a rule. `first` and `last`: the days under the axis, in words."""

    unit: str
    lines: tuple[Line, ...]
    done: tuple[Done, ...] = ()
    threshold: float | None = None
    first: str = ""
    last: str = ""

    @property
    def days(self) -> list[datetime.date]:
        return sorted({point.day for line in self.lines for point in line.points})

    def scale(self, start: float, end: float, *, whole: bool = True) -> Scale:
        """Of the values; `whole` with the error round them and the threshold."""
        values = [point.value for line in self.lines for point in line.points]
        if whole:
            bases = [(run.points[0].value, run.error or 0) for line in self.lines for run in line.runs]
            values += [base + sign * error for base, error in bases for sign in (-1, 1)]
            values += [] if self.threshold is None else [self.threshold]
        return Scale(*reach(values, LEAST.get(self.unit, LEAST[""])), start, end)


def draw(key: str, title: str, text: str, trend: Trend) -> str:
    return lay_out(trend).svg(key, title, text, "chart-trend")


def lay_out(trend: Trend) -> Sheet:
    lanes = len(trend.lines)
    floor = TOP + lanes * LANE + (lanes - 1) * GAP
    sheet = Sheet(WIDTH, floor + FOOT)
    days = spread(trend.days)
    for place, line in enumerate(trend.lines):
        top = TOP + place * (LANE + GAP)
        draw_lane(sheet, trend, line, days, top)
    draw_done(sheet, trend, days, floor + 4)
    sheet.words(LEFT, floor + FOOT - 4, trend.first)
    if trend.last != trend.first:
        sheet.words(RIGHT, floor + FOOT - 4, trend.last, anchor="end")
    return sheet


def spread(days: Sequence[datetime.date]) -> Scale:
    """Days to scale. Of one day alone, in the middle."""
    return of_days(days[0], days[-1], LEFT + 10, RIGHT - 8)


def draw_lane(sheet: Sheet, trend: Trend, line: Line, days: Scale, top: float) -> None:
    scale, foot = trend.scale(top + LANE, top), top + LANE
    for value in scale.ticks(4):
        y = scale.at(value)
        sheet.line("plumb" if value == 0 else "tick", (LEFT, y), (RIGHT, y))
        sheet.words(LEFT - 5, y + 4, f"{value:g}", anchor="end")
    if line.side:
        sheet.words(3, top + 6, LETTERS[line.side], f"side-label {line.side}", size=13)
    for run in line.runs:
        draw_error(sheet, run, scale, days)
    if trend.threshold is not None:
        y = scale.at(trend.threshold)
        sheet.line("difference", (LEFT, y), (RIGHT, y))
    for before, after in pairwise(line.runs):
        x = (days.day(before.points[-1].day) + days.day(after.points[0].day)) / 2
        sheet.line("chart-break", (x, top), (x, foot))
        sheet.words_if_free(x, top - 4, after.broken, "chart-why")
    for run in line.runs:
        places = [(days.day(point.day), scale.at(point.value)) for point in run.points]
        if len(places) > 1:
            sheet.path(f"trend {line.side or 'plumb'}", places)
    draw_points(sheet, line, scale, days)
    last = line.points[-1]
    said = f"{LETTERS[line.side]} {last.said}" if line.side else last.said
    size = 12.0 if width_of(said, 12) <= WIDTH - RIGHT - 8 else 11.0
    sheet.words(RIGHT + 6, scale.at(last.value) + 4, said, "value-label" if size == 12 else "tick-label", size=size)


def draw_error(sheet: Sheet, run: Run, scale: Scale, days: Scale) -> None:
    """Around the first value, as far as it is compared: a single value has nothing to be compared with."""
    if run.error and len(run.points) > 1:
        base, ends = run.points[0].value, (run.points[0].day, run.points[-1].day)
        left, right = (days.day(day) for day in ends)
        sheet.box("error-band", left, scale.at(base + run.error), right, scale.at(base - run.error))
        for edge in (base + run.error, base - run.error):
            sheet.line("chart-edge", (left, scale.at(edge)), (right, scale.at(edge)))


def draw_points(sheet: Sheet, line: Line, scale: Scale, days: Scale) -> None:
    side = line.side or "plain"
    newest = line.points[-1]
    for point in line.points:
        x, y = days.day(point.day), scale.at(point.value)
        size = DOT + 1 if point is newest else DOT
        kind = f"chart-dot {side}{' within-error' if point.within else ''}"
        if point.within:
            sheet.box(kind, x - size + 0.5, y - size + 0.5, x + size - 0.5, y + size - 0.5)
        else:
            sheet.add("circle", kind, cx=x, cy=y, r=size)


def draw_done(sheet: Sheet, trend: Trend, days: Scale, top: float) -> None:
    """Only what was done while it was measured; what lies outside is in the words beside."""
    if not trend.days:
        return
    inside = [one for one in trend.done if trend.days[0] <= one.day <= trend.days[-1]]
    sheet.line("axis", (LEFT, top + 5), (RIGHT, top + 5))
    for one in inside:
        x = days.day(one.day)
        if one.kind == "session":
            sheet.line("chart-session", (x, top), (x, top + 10))
    for one in inside:
        x = days.day(one.day)
        if one.kind != "session":
            sheet.path("chart-flag", [(x, top + 10), (x, top - 3), (x + 8, top + 1), (x, top + 5)])


def spark(trend: Trend) -> str:
    """The same in the size of a word, without words: an ornament of the numbers beside it."""
    sheet = Sheet(SPARK_WIDTH, SPARK_HEIGHT)
    scale = trend.scale(SPARK_HEIGHT - EDGE, EDGE, whole=False)
    days = of_days(trend.days[0], trend.days[-1], EDGE, SPARK_WIDTH - EDGE)
    for line in trend.lines:
        for run in line.runs:
            if len(run.points) > 1:
                places = [(days.day(point.day), scale.at(point.value)) for point in run.points]
                sheet.path(f"trend {line.side or 'plumb'}", places)
    for line in trend.lines:
        newest = line.points[-1]
        state = f"{line.side or 'plain'}{' within-error' if newest.within else ''}"
        x, y = days.day(newest.day), scale.at(newest.value)
        if newest.within:
            sheet.box(f"chart-dot {state}", x - 3, y - 3, x + 3, y + 3)
        else:
            sheet.add("circle", f"chart-dot {state}", cx=x, cy=y, r=3.5)
    return sheet.svg("", "", "", "chart-spark")


def said(lines: Iterable[Line], dates: dict[datetime.date, str]) -> str:
    """All of it in words, for those who don't see it."""
    parts = []
    for line in lines:
        values = []
        for run in line.runs:
            values += [f"break {run.broken}"] if run.broken else []
            values += [f"{dates[one.day]} {one.said}{', within error' if one.within else ''}" for one in run.points]
        parts.append(f"{line.side.capitalize() or 'Values'}: {'; '.join(values)}")
    return ". ".join(parts)
