"""What was done beside what changed: a dot for each interval, and for one measure both on one axis of time.

Nothing here says that one made the other.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from clinic.charts.scale import Scale, of_days, reach
from clinic.charts.sheet import Sheet
from clinic.charts.sides import LETTERS

WIDTH, LEFT, RIGHT, TOP, FLOOR, HEIGHT = 360.0, 42.0, 348.0, 24.0, 196.0, 234.0
BARS_TOP, BARS_FLOOR, LINE_TOP, LINE_FLOOR, STRIP = 20.0, 64.0, 92.0, 160.0, 184.0
LEAST, DOT = 30.0, 7.0
WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Gain:
    """One interval: `share` 0…1 of what was planned, `gained` in the measure's unit with better as more."""

    side: str
    share: float
    gained: float
    within: bool
    said: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    first: datetime.date
    planned: int
    done: int


@dataclass(frozen=True, slots=True)
class Value:
    day: datetime.date
    side: str
    value: float
    said: str


def draw_gains(key: str, title: str, text: str, gains: Sequence[Gain], error: float, unit: str) -> str:
    return lay_out_gains(gains, error, unit).svg(key, title, text, "chart-gains")


def lay_out_gains(gains: Sequence[Gain], error: float, unit: str) -> Sheet:
    """`error`: the largest among them, so that no dot outside the band is one that error could have made."""
    sheet = Sheet(WIDTH, HEIGHT)
    ends = reach([*(one.gained for one in gains), error, -error], LEAST)
    x, y = Scale(0, 1, LEFT + 12, RIGHT - 12), Scale(*ends, FLOOR, TOP)
    sheet.words(4, 12, f"Change, {unit} (up is better)")
    for value in y.ticks(5):
        sheet.line("plumb" if value == 0 else "tick", (LEFT, y.at(value)), (RIGHT, y.at(value)))
        sheet.words(LEFT - 5, y.at(value) + 4, f"{value:+g}" if value else "0", anchor="end")
    sheet.box("error-band", LEFT, y.at(error), RIGHT, y.at(-error))
    for edge in (error, -error):
        sheet.line("chart-edge", (LEFT, y.at(edge)), (RIGHT, y.at(edge)))
    for share in (0, 0.5, 1):
        sheet.words(x.at(share), FLOOR + 14, f"{share:.0%}", anchor="middle")
    sheet.words(RIGHT, FLOOR + 32, "Done of what was planned", anchor="end")
    for one in gains:
        draw_gain(sheet, one, x.at(min(max(one.share, 0), 1)), y.at(one.gained))
    return sheet


def draw_gain(sheet: Sheet, one: Gain, x: float, y: float) -> None:
    state = f"{one.side or 'plain'}{' within-error' if one.within else ''}"
    if one.within:
        sheet.box(f"dot-today {state}", x - DOT + 0.5, y - DOT + 0.5, x + DOT - 0.5, y + DOT - 0.5)
    else:
        sheet.add("circle", f"dot-today {state}", cx=x, cy=y, r=DOT)
    sheet.mark(x, y, LETTERS[one.side], f"chart-letter {state}")


def draw_strip(
    key: str, title: str, text: str, weeks: Sequence[Week], values: Sequence[Value], ends: tuple[str, str]
) -> str:
    return lay_out_strip(weeks, values, ends).svg(key, title, text, "chart-strip")


def lay_out_strip(weeks: Sequence[Week], values: Sequence[Value], ends: tuple[str, str]) -> Sheet:
    """Bars above, the measure below, on the same days. `ends`: the first and last day in words."""
    sheet = Sheet(WIDTH, STRIP)
    known = [*(one.day for one in values), *(day for week in weeks for day in (week.first, week.first + WEEK))]
    days = of_days(min(known), max(known), LEFT + 8, RIGHT - 62)
    sheet.words(4, 11, "Done of planned, by week")
    sheet.words(LEFT - 5, BARS_TOP + 8, "100%", anchor="end", size=11)
    sheet.line("tick", (LEFT, BARS_TOP), (RIGHT - 54, BARS_TOP))
    sheet.line("axis", (LEFT, BARS_FLOOR), (RIGHT - 54, BARS_FLOOR))
    share = Scale(0, 1, BARS_FLOOR, BARS_TOP)
    for week in weeks:
        left, right = days.day(week.first) + 0.5, days.day(week.first + WEEK) - 0.5
        if week.planned:
            sheet.box("chart-planned", left, BARS_TOP, right, BARS_FLOOR)
            sheet.box("chart-done", left, share.at(min(week.done / week.planned, 1)), right, BARS_FLOOR)
    draw_values(sheet, values, days)
    sheet.words(LEFT, STRIP - 4, ends[0])
    if ends[1] != ends[0]:
        sheet.words(RIGHT - 54, STRIP - 4, ends[1], anchor="end")
    return sheet


def draw_values(sheet: Sheet, values: Sequence[Value], days: Scale) -> None:
    scale = Scale(*reach([one.value for one in values], LEAST), LINE_FLOOR, LINE_TOP)
    for value in scale.ticks(3):
        sheet.line("plumb" if value == 0 else "tick", (LEFT, scale.at(value)), (RIGHT - 54, scale.at(value)))
        sheet.words(LEFT - 5, scale.at(value) + 4, f"{value:g}", anchor="end")
    lasts = []
    for side in ("left", "right", ""):
        own = [one for one in values if one.side == side]
        if own:
            places = [(days.day(one.day), scale.at(one.value)) for one in own]
            if len(places) > 1:
                sheet.path(f"trend {side or 'plumb'}", places)
            for x, y in places:
                sheet.add("circle", f"chart-dot {side or 'plain'}", cx=x, cy=y, r=4.5)
            lasts.append((scale.at(own[-1].value) + 4, f"{LETTERS[side]} {own[-1].said}"))
    for y, said in apart(lasts, 14):
        sheet.words(RIGHT - 50, y, said, "value-label", size=12)


def apart(labels: Sequence[tuple[float, str]], least: float) -> list[tuple[float, str]]:
    """Moved so far that none stands on another, the higher one first."""
    placed: list[tuple[float, str]] = []
    for y, said in sorted(labels):
        placed.append((max(y, placed[-1][0] + least) if placed else y, said))
    return placed
