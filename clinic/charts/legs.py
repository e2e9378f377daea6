"""Pelvis and legs seen from the front, the difference magnified, and beside them what each method says.

The client's right is on the viewer's left. A leg is drawn as short bone only where imaging said so or bone is
suspected; where muscle or joint is, the legs are equal and the pelvis stands askew. Methods are never averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from clinic.charts.scale import Scale
from clinic.charts.sheet import Sheet, fitted

WIDTH, MIDDLE, FLOOR, HIP, TOP = 360.0, 64.0, 246.0, 27.0, 76.0
#: A leg of `LEG` mm is as high as the floor lies below the hips.
LEG = 900.0
UNIT = (FLOOR - TOP) / LEG
FACTORS, MOST = (20, 10, 5, 2, 1), 16.0
ROWS, ROW, ROWS_LEFT = 18.0, 50.0, 146.0
BAR_LEFT, BAR_RIGHT = 150.0, 352.0


class Cause(StrEnum):
    """What may be drawn."""

    BONE = "bone"
    PELVIS = "pelvis"
    OPEN = "open"
    LEVEL = "level"
    CONFLICT = "conflict"
    UNSETTLED = "unsettled"


#: What isn't settled is drawn dashed.
DASHED = frozenset({Cause.OPEN, Cause.CONFLICT, Cause.UNSETTLED})


@dataclass(frozen=True, slots=True)
class Method:
    """One method. `side` the shorter one, also inside the error; None where only one leg was measured, or none is."""

    label: str
    said: str
    side: str | None
    size: float | None
    error: float
    beyond: bool


@dataclass(frozen=True, slots=True)
class Legs:
    """`size` in mm and `side` are those of the one method that is drawn, named in `word`; both None: drawn level."""

    cause: Cause
    word: str
    side: str | None = None
    size: float | None = None
    methods: tuple[Method, ...] = ()

    @property
    def factor(self) -> int:
        """How much larger than the legs the difference is drawn; 1 where there's none."""
        if not self.shown:
            return 1
        return next((one for one in FACTORS if self.shown * UNIT * one <= MOST), 1)

    @property
    def shown(self) -> float:
        return self.size if self.size and self.side and self.cause not in (Cause.CONFLICT, Cause.UNSETTLED) else 0.0

    @property
    def gap(self) -> float:
        """Of the drawing; a difference that no leg can have fills the room there is."""
        return min(self.shown * UNIT * self.factor, 2 * MOST)


def draw(key: str, title: str, text: str, legs: Legs) -> str:
    return lay_out(legs).svg(key, title, text, "chart-legs")


def lay_out(legs: Legs) -> Sheet:
    sheet = Sheet(WIDTH, max(FLOOR + 50, ROWS + ROW * len(legs.methods) + 4))
    draw_body(sheet, legs)
    draw_methods(sheet, legs.methods)
    return sheet


def across(side: str, by: float) -> float:
    """The client's right is on the viewer's left."""
    return MIDDLE - by if side == "right" else MIDDLE + by


def draw_body(sheet: Sheet, legs: Legs) -> None:
    state = "chart-unsure" if legs.cause in DASHED else "chart-sure"
    hips, feet = places(legs)
    sheet.line("axis", (8, FLOOR), (2 * MIDDLE - 8, FLOOR))
    sheet.line("plumb", (MIDDLE, 14), (MIDDLE, FLOOR))
    draw_pelvis(sheet, hips, state)
    for side in ("right", "left"):
        short = legs.shown > 0 and side == legs.side
        draw_leg(sheet, side, hips[side], feet[side], f"{state} {side}{' chart-short' if short else ''}")
        sheet.words(across(side, 52), FLOOR + 4, side[0].upper(), f"side-label {side}", anchor="middle", size=13)
    if legs.shown and legs.side:
        draw_gap(sheet, legs, hips, feet)
    for place, line in enumerate(two_lines(legs.word, 2 * MIDDLE - 4)):
        sheet.words(MIDDLE, FLOOR + 32 + 13 * place, line, "chart-word", anchor="middle", size=11)


def two_lines(words: str, room: float) -> list[str]:
    """Broken at a word; the second line ends where the room does."""
    first = ""
    rest = words.split()
    while rest and fitted(f"{first} {rest[0]}".strip(), room, 11)[-1:] != "…":
        first = f"{first} {rest.pop(0)}".strip()
    return [line for line in (first, fitted(" ".join(rest), room, 11) if rest else "") if line]


def places(legs: Legs) -> tuple[dict[str, float], dict[str, float]]:
    """How high hips and feet stand, by side."""
    hips, feet = dict.fromkeys(("left", "right"), TOP), dict.fromkeys(("left", "right"), FLOOR)
    if not legs.shown or legs.side is None:
        return hips, feet
    other = "left" if legs.side == "right" else "right"
    if legs.cause == Cause.BONE:  # both feet on the floor: the pelvis sinks to the short side
        hips[legs.side] += legs.gap
    elif legs.cause == Cause.PELVIS:  # equal legs: the pelvis is drawn up and takes one foot with it
        hips[legs.side] -= legs.gap / 2
        hips[other] += legs.gap / 2
        feet[legs.side] = FLOOR - legs.gap
    else:  # measured, and nobody knows where it comes from
        feet[legs.side] -= legs.gap
    return hips, feet


def draw_pelvis(sheet: Sheet, hips: dict[str, float], state: str) -> None:
    """Two wings and what holds them, through both hips."""
    right, left = (across("right", HIP), hips["right"]), (across("left", HIP), hips["left"])
    tilt = (left[1] - right[1]) / (left[0] - right[0])

    def at(x: float, y: float) -> tuple[float, float]:
        return MIDDLE + x, (left[1] + right[1]) / 2 + x * tilt + y

    wing = [
        (9, -30),
        (17, -39),
        (30, -42),
        (41, -36),
        (45, -25),
        (40, -13),
        (36, -1),
        (31, 9),
        (22, 17),
        (14, 14),
        (6, 7),
    ]
    outline = [at(-x, y) for x, y in reversed(wing)] + [at(0, -27)] + [at(x, y) for x, y in wing] + [at(0, 8)]
    sheet.path(f"leg {state}", outline, closed=True)
    inlet = [at(x, y) for x, y in ((-13, -14), (0, -20), (13, -14), (15, -6), (8, 0), (-8, 0), (-15, -6))]
    sheet.path("chart-inlet", inlet, closed=True)
    sheet.line("chart-crest", at(-48, -25), at(48, -25))


def draw_leg(sheet: Sheet, side: str, hip: float, foot: float, state: str) -> None:
    """Thigh, shank and foot between hip and floor."""
    long = foot - hip
    knee = hip + long * 0.5
    outer = [(12, hip - 3), (13, hip + long * 0.14), (10, hip + long * 0.34), (6.5, knee), (8.5, hip + long * 0.64)]
    outer += [(4.5, hip + long * 0.88), (5, foot - 7), (14, foot - 2), (14, foot)]
    inner = [(-5, foot), (-4.5, foot - 8), (-3.5, hip + long * 0.88), (-5, hip + long * 0.64), (-6, knee)]
    inner += [(-8, hip + long * 0.3), (-9, hip + 18)]
    sheet.path(f"leg {state}", [(across(side, HIP + by), y) for by, y in outer + inner], closed=True)
    sheet.line("leg-knee", (across(side, HIP - 6), knee), (across(side, HIP + 6.5), knee))


def draw_gap(sheet: Sheet, legs: Legs, hips: dict[str, float], feet: dict[str, float]) -> None:
    """What the difference is drawn as, at the feet or at the hips, and how much it is magnified."""
    side = legs.side or "left"
    other = "left" if side == "right" else "right"
    low, high = (hips[side], hips[other]) if legs.cause == Cause.BONE else (FLOOR, feet[side])
    x = across(side, 46)
    inward = across(side, HIP)
    sheet.line("difference", (inward, low), (x, low))
    sheet.line("difference", (inward, high), (x, high))
    sheet.path("chart-bracket", [(x, low), (x, high)])
    magnified = f"{round(legs.shown, 1):g} mm" + (f", drawn ×{legs.factor}" if legs.factor > 1 else "")
    sheet.words(MIDDLE, FLOOR + 18, magnified, "value-label", anchor="middle", size=12)


def draw_methods(sheet: Sheet, methods: Sequence[Method]) -> None:
    """A bar for each, to the side that it calls shorter, with its error round level."""
    if not methods:
        return
    largest = max([one.size or 0 for one in methods] + [one.error for one in methods]) * 1.15
    scale = Scale(-largest, largest, BAR_LEFT, BAR_RIGHT)
    sheet.words(BAR_LEFT, 11, "R shorter", "side-label right", size=13)
    sheet.words(BAR_RIGHT, 11, "L shorter", "side-label left", anchor="end", size=13)
    for place, one in enumerate(methods):
        draw_method(sheet, one, scale, ROWS + ROW * place)


def draw_method(sheet: Sheet, one: Method, scale: Scale, top: float) -> None:
    axis = top + 24
    sheet.words(BAR_LEFT, top + 12, fitted(one.label, BAR_RIGHT - BAR_LEFT, 11), "chart-title", size=11)
    sheet.box("error-band", scale.at(-one.error), axis - 5, scale.at(one.error), axis + 5)
    sheet.line("axis", (BAR_LEFT, axis), (BAR_RIGHT, axis))
    sheet.line("plumb", (scale.at(0), axis - 7), (scale.at(0), axis + 7))
    if one.size is not None and one.side:
        end = scale.at(-one.size if one.side == "right" else one.size)
        side = one.side if one.beyond else "within-error"
        sheet.box(f"chart-bar {side}", min(scale.at(0), end), axis - 3, max(scale.at(0), end), axis + 3)
    elif one.size is not None:
        sheet.box("chart-bar within-error", scale.at(0) - 1.5, axis - 3, scale.at(0) + 1.5, axis + 3)
    else:
        sheet.box("chart-missing", scale.at(0) - 20, axis - 3, scale.at(0) + 20, axis + 3)
    sheet.words(BAR_LEFT, top + 40, fitted(one.said, BAR_RIGHT - BAR_LEFT, 11), "tick-label")
