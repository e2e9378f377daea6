"""Left and right of many measures in one chart: an axis for each, left above it and right below it.

Every axis of one unit has the same scale, so that a degree is as long in each row; each starts where its values are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clinic.charts.scale import Scale, reach
from clinic.charts.sheet import Sheet, fitted

WIDTH, START, END, SAID = 360.0, 12.0, 268.0, 290.0
ROW, HEAD, AXIS = 76.0, 13.0, 38.0
#: How far from the axis a side lies, and how large its mark is.
AWAY, DOT, EARLIER = 10.0, 7.5, 4.0
LETTERS = {"left": "L", "right": "R", "": "•"}
#: The narrowest span of an axis, by unit; of others the last.
LEAST = {"deg": 40.0, "mm": 30.0, "cm": 8.0, "": 20.0}


@dataclass(frozen=True, slots=True)
class Mark:
    """One side today. `error`: half the whisker. `within`: no change that counts, drawn without the side's colour."""

    side: str
    value: float
    said: str
    before: float | None = None
    error: float | None = None
    within: bool = False

    @property
    def ends(self) -> tuple[float, float]:
        return self.value - (self.error or 0), self.value + (self.error or 0)


@dataclass(frozen=True, slots=True)
class Row:
    """One measure in one way. `band` and `mean` are the norm's; `differs`: the sides differ beyond error, in words."""

    title: str
    unit: str
    marks: tuple[Mark, ...]
    band: tuple[float, float] | None = None
    mean: float | None = None
    doubtful: bool = False
    threshold: float | None = None
    differs: str = ""
    limits: tuple[float | None, float | None] = (None, None)

    @property
    def values(self) -> list[float]:
        """Everything that the axis must hold."""
        found = [value for mark in self.marks for value in (*mark.ends, mark.before)]
        return [value for value in (*found, *(self.band or ()), self.mean, self.threshold) if value is not None]


def draw(key: str, title: str, text: str, rows: Sequence[Row]) -> str:
    return lay_out(rows).svg(key, title, text, "chart-sides")


def lay_out(rows: Sequence[Row]) -> Sheet:
    sheet = Sheet(WIDTH, ROW * len(rows) + 4)
    spans = spans_of(rows)
    for place, row in enumerate(rows):
        draw_row(sheet, row, ROW * place, spans[row.unit])
    return sheet


def spans_of(rows: Iterable[Row]) -> dict[str, float]:
    """How wide every axis of a unit is: as wide as the row that needs most."""
    spans: dict[str, float] = {}
    for row in rows:
        low, high = reach(row.values, LEAST.get(row.unit, LEAST[""]))
        spans[row.unit] = max(spans.get(row.unit, 0), high - low)
    return spans


def scale_of(row: Row, span: float) -> Scale:
    """In the middle of its values; with 0 in it where that fits and the measure can't be less."""
    low, high = min(row.values), max(row.values)
    start = (low + high - span) / 2
    least = row.limits[0]
    if least is not None and start < least <= low:
        start = max(least - span * 0.04, high * 1.02 - span)
    return Scale(start, start + span, START, END)


def draw_row(sheet: Sheet, row: Row, top: float, span: float) -> None:
    scale, axis = scale_of(row, span), top + AXIS
    room = WIDTH - START - 4
    if row.differs:
        sheet.words(WIDTH - 4, top + HEAD, row.differs, "chart-differs", anchor="end", size=12)
        room = sheet.rooms[-1].left - START - 8
    sheet.words(START, top + HEAD, fitted(row.title, room, 12), "chart-title", size=12)
    if row.band:
        left, right = (scale.at(edge) for edge in row.band)
        sheet.box("norm-band", left, axis - 17, right, axis + 17)
        sheet.path("norm-edge", [(left, axis - 17), (left, axis + 17)])
        sheet.path("norm-edge", [(right, axis - 17), (right, axis + 17)])
    sheet.line("axis", (START, axis), (END, axis))
    draw_ticks(sheet, row, scale, axis)
    if row.mean is not None:
        kind = "norm-mean doubtful" if row.doubtful else "norm-mean"
        sheet.line(kind, (scale.at(row.mean), axis - 17), (scale.at(row.mean), axis + 17))
    if row.threshold is not None:
        sheet.line("difference", (scale.at(row.threshold), axis - 19), (scale.at(row.threshold), axis + 19))
    if row.differs and len(row.marks) == 2:
        draw_difference(sheet, row, scale, axis)
    for mark in row.marks:
        draw_mark(sheet, mark, scale, axis + away(mark, row))


def away(mark: Mark, row: Row) -> float:
    """Left above, right below; what stands alone on its axis, on it."""
    return 0.0 if not mark.side else -AWAY if mark.side == "left" else AWAY


def draw_ticks(sheet: Sheet, row: Row, scale: Scale, axis: float) -> None:
    least, most = row.limits
    for value in scale.ticks(4):
        if (least is None or value >= least) and (most is None or value <= most):
            x = scale.at(value)
            sheet.line("plumb" if value == 0 else "tick", (x, axis - 17), (x, axis + 17))
            sheet.words_if_free(x, axis + 27, f"{value:g}", "tick-label")


def draw_difference(sheet: Sheet, row: Row, scale: Scale, axis: float) -> None:
    """A bracket from one side to the other."""
    left, right = (scale.at(mark.value) for mark in row.marks)
    sheet.path("chart-bracket", [(left, axis - AWAY), (left, axis), (right, axis), (right, axis + AWAY)])


def draw_mark(sheet: Sheet, mark: Mark, scale: Scale, y: float) -> None:
    side, x = mark.side or "plain", scale.at(mark.value)
    state = f"{side} within-error" if mark.within else side
    if mark.before is not None:
        before = scale.at(mark.before)
        sheet.line(f"chart-moved {state}", (before, y), (x, y))
        sheet.add("circle", f"dot-previous {state}", cx=before, cy=y, r=EARLIER)
    if mark.error:
        low, high = (scale.at(value) for value in mark.ends)
        sheet.line("whisker", (low, y), (high, y))
        for end in (low, high):
            sheet.line("whisker", (end, y - 3), (end, y + 3))
    if mark.within:
        sheet.add("rect", f"dot-today {state}", x=x - DOT + 0.5, y=y - DOT + 0.5, width=2 * DOT - 1, height=2 * DOT - 1)
    else:
        sheet.add("circle", f"dot-today {state}", cx=x, cy=y, r=DOT)
    letter = LETTERS[mark.side]
    sheet.mark(x, y, letter, f"chart-letter {state}")
    sheet.words(SAID, y + 4.5, f"{letter} {mark.said}", "value-label", size=12)
