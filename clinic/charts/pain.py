"""How much it hurt, day by day, from 0 to 10: a line through the numbers before, a diamond for each one after."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from clinic.charts.scale import Scale
from clinic.charts.sheet import Sheet

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FLOOR = 340.0, 168.0, 26.0, 332.0, 12.0, 138.0
WORST, DOT = 10, 4.5
GAP = datetime.timedelta(days=7)  # over a longer silence no line is drawn: nothing is known of it


@dataclass(frozen=True, slots=True)
class PainDay:
    day: datetime.date
    before: int | None
    after: int | None


def draw_pain(key: str, title: str, text: str, days: Sequence[PainDay], ends: tuple[str, str]) -> str:
    return lay_out_pain(days, ends).svg(key, title, text, "chart-pain")


def lay_out_pain(days: Sequence[PainDay], ends: tuple[str, str]) -> Sheet:
    """At least one day, oldest first. `ends`: the first and the last day in words."""
    sheet = Sheet(WIDTH, HEIGHT)
    x = Scale(days[0].day.toordinal(), days[-1].day.toordinal(), LEFT + 12, RIGHT - 12)
    y = Scale(0, WORST, FLOOR, TOP)
    for value in (0, 5, WORST):
        sheet.line("axis" if value == 0 else "tick", (LEFT, y.at(value)), (RIGHT, y.at(value)))
        sheet.words(LEFT - 6, y.at(value) + 4, f"{value}", anchor="end")
    for line in lines(days):
        sheet.path("pain-line", [(x.day(one.day), y.at(one.before or 0)) for one in line])
    for one in days:
        if one.after is not None:
            across, down = x.day(one.day), y.at(one.after)
            corners = [(across, down - DOT), (across + DOT, down), (across, down + DOT), (across - DOT, down)]
            sheet.path("pain-after", corners, closed=True)
        if one.before is not None:
            sheet.add("circle", "pain-before", cx=x.day(one.day), cy=y.at(one.before), r=DOT)
    sheet.words(LEFT, HEIGHT - 8, ends[0])
    if days[-1].day > days[0].day:
        sheet.words(RIGHT, HEIGHT - 8, ends[1], anchor="end")
    return sheet


def lines(days: Sequence[PainDay]) -> list[list[PainDay]]:
    """Runs of at least two numbers before that lie no further apart than `GAP`."""
    found: list[list[PainDay]] = []
    for one in (day for day in days if day.before is not None):
        if found and one.day - found[-1][-1].day <= GAP:
            found[-1].append(one)
        else:
            found.append([one])
    return [line for line in found if len(line) > 1]
