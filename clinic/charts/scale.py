"""From values and days to places."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

STEPS = (0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10000)


@dataclass(frozen=True, slots=True)
class Scale:
    """`low` stands at `start` and `high` at `end`, which may be less: upward on a sheet is less."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def day(self, day: datetime.date) -> float:
        return self.at(day.toordinal())

    def ticks(self, most: int = 5) -> Iterator[float]:
        """Round values from low to high, at most so many and one more."""
        step = next((step for step in STEPS if (self.high - self.low) / step <= most), STEPS[-1])
        value = -(-self.low // step) * step
        while value <= self.high + 1e-9:
            yield value or 0.0  # never "-0"
            value += step


def reach(values: Iterable[float], least: float) -> tuple[float, float]:
    """Around all of them with a little air, and never so narrow that noise looks large."""
    known = list(values)
    low, high = min(known), max(known)
    margin = max((least - (high - low)) / 2, (high - low) * 0.06)
    return low - margin, high + margin


def of_days(first: datetime.date, last: datetime.date, start: float, end: float) -> Scale:
    return Scale(first.toordinal(), last.toordinal(), start, end)
