"""What a picture is made of. Positions are in the picture's own units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

WIDTH, LEFT_EDGE, RIGHT_EDGE, LANE, TOP = 360.0, 34.0, 346.0, 34.0, 22.0
#: Height of the tick for a mean.
MEAN = 18.0


@dataclass(frozen=True)
class Lane:
    """One side; `None` for what isn't drawn. `within`: no change that counts, so drawn without the side's colour."""

    side: str
    letter: str
    y: float
    x: float
    label: str
    label_x: float
    anchor: str
    before: float | None
    whisker: tuple[float, float] | None
    within: bool

    @property
    def mean_top(self) -> float:
        return self.y - MEAN / 2

    @property
    def mean_foot(self) -> float:
        return self.y + MEAN / 2


#: About half the width of one letter of a label, and what is left free beside a line.
LETTER, GAP = 3.6, 4.0


def label_place(x: float, label: str, line: float | None) -> tuple[float, str]:
    """Where a value's label stands, and its anchor: over the value, or beside the line that would run through it."""
    half = LETTER * len(label) + GAP
    if line is None or abs(x - line) > half:
        return x, "middle"
    return (line + GAP, "start") if x >= line and line + 2 * half <= WIDTH else (line - GAP, "end")


@dataclass(frozen=True)
class Tick:
    x: float
    label: str = ""


@dataclass(frozen=True)
class Span:
    x: float
    end: float

    @property
    def width(self) -> float:
        return round(self.end - self.x, 1)


@dataclass(frozen=True)
class Row:
    """One side in words, for those who read numbers rather than places. `against`: where it lies against the norm."""

    side: str
    now: str
    before: str
    error: str
    judged: str
    against: str


@dataclass(frozen=True)
class Picture:
    """`band` and `mean`: of the norm, which `norm` tells in full or says why there's none. `doubtful`: unverified."""

    key: str
    title: str
    words: str
    caption: str
    norm: str
    height: float
    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    threshold: Tick | None
    band: Span | None
    mean: Tick | None
    doubtful: bool
    width: float = WIDTH
    start: float = LEFT_EDGE
    end: float = RIGHT_EDGE
    top: float = TOP

    @property
    def floor(self) -> float:
        return self.height - 16

    @property
    def foot(self) -> float:
        return self.height - 3

    @property
    def depth(self) -> float:
        """Of the band, from the top to the floor."""
        return self.floor - self.top


@dataclass(frozen=True)
class Scale:
    """From `low` to `high`, in the measure's unit; numbers stand only within `limits`, the measure's own."""

    low: float
    high: float
    limits: tuple[float, float]

    @property
    def starts_at_nothing(self) -> bool:
        return self.low <= 0 <= self.high

    def x(self, value: float) -> float:
        return round(LEFT_EDGE + (value - self.low) / (self.high - self.low) * (RIGHT_EDGE - LEFT_EDGE), 1)

    def ticks(self) -> Iterator[float]:
        step = next(step for step in (5, 10, 20, 50, 100, 200, 500, 1000) if (self.high - self.low) / step <= 6)
        value = -(-self.low // step) * step
        while value <= self.high:
            if self.limits[0] <= value <= self.limits[1]:
                yield value or 0.0  # never "-0"
            value += step
