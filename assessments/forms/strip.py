"""The small picture beside a field: the norm as a band, the earlier value hollow, today's solid with its error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assessments import rules
from assessments.rules.norms import NoNorm, describe, norm_for, range_of

WIDTH, MARGIN = 120.0, 5.0
#: Beyond what is usual, as a share of it, so that a dot at the edge still has a place.
ROOM = 0.15


@dataclass(frozen=True)
class Ground:
    """What one line of the sheet is held against. `error` and all edges in the measure's own unit."""

    low: float
    high: float
    band: tuple[float, float] | None
    mean: float | None
    error: float | None
    norm: str

    def x(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(MARGIN + min(max(share, 0), 1) * (WIDTH - 2 * MARGIN), 1)


@dataclass(frozen=True)
class Strip:
    """One side's picture, in its own units; `words` say the same."""

    ground: Ground
    side: str
    before: float | None
    today: float | None
    words: str
    width: float = WIDTH

    @property
    def band_x(self) -> float:
        return self.ground.x(self.ground.band[0]) if self.ground.band else 0

    @property
    def band_width(self) -> float:
        return round(self.ground.x(self.ground.band[1]) - self.band_x, 1) if self.ground.band else 0

    @property
    def mean_x(self) -> float | None:
        return None if self.ground.mean is None else self.ground.x(self.ground.mean)

    @property
    def before_x(self) -> float | None:
        return None if self.before is None else self.ground.x(self.before)

    @property
    def x(self) -> float:
        return self.ground.x(self.ground.low if self.today is None else self.today)

    @property
    def whisker(self) -> tuple[float, float] | None:
        if self.ground.error is None:
            return None
        middle = self.ground.low if self.today is None else self.today
        return self.ground.x(middle - self.ground.error), self.ground.x(middle + self.ground.error)

    @property
    def within(self) -> bool:
        """No change that counts, however pretty the number."""
        known = None not in (self.before, self.today, self.ground.error)
        return known and abs((self.today or 0) - (self.before or 0)) < (self.ground.error or 0)


def ground_of(
    measure: rules.Measure, *, age: int | None, sex: str, way: Callable[[str], str], pack: rules.Pack
) -> Ground | None:
    """None for what is no number on a known scale. `way`: how the line is taken, by name."""
    if measure.kind != "number" or measure.soft_min is None or measure.soft_max is None:
        return None
    room = (measure.soft_max - measure.soft_min) * ROOM
    taken = {name: way(name) or None for name in ("mode", "position", "instrument")}
    norm = norm_for(measure.key, age=age, sex=sex, **taken, pack=pack)
    fitting = None if isinstance(norm, NoNorm) else norm
    known = pack.changes.get(measure.key)
    error = None
    if known:
        error = known.passive if taken["mode"] == "passive" and known.passive is not None else known.same_examiner
    unit = "°" if measure.unit == "deg" else f" {measure.unit}"
    return Ground(
        low=measure.soft_min - room,
        high=measure.soft_max + room,
        band=range_of(fitting, measure) if fitting else None,
        mean=fitting.mean if fitting else None,
        error=error,
        norm=describe(fitting, measure, unit)
        if fitting
        else f"No norm: {norm.reason}."
        if isinstance(norm, NoNorm)
        else "",
    )


def strip_of(ground: Ground, side: str, before: float | None, typed: str, unit: str) -> Strip:
    """`typed`: what stands in the field; what is no number is not drawn."""
    try:
        today = float(typed.replace(",", ".").replace("−", "-")) if typed else None
    except ValueError:
        today = None
    said = [f"{side}: {'not measured today' if today is None else f'{today:g}{unit}'}"]
    said += [f"last time {before:g}{unit}"] if before is not None else []
    said += [f"the study’s range is {ground.band[0]:g} to {ground.band[1]:g}{unit}"] if ground.band else []
    said += [f"the study’s mean is {ground.mean:g}{unit}"] if ground.mean is not None else []
    said += [f"measurement error ±{ground.error:g}{unit}"] if ground.error is not None else []
    return Strip(ground, side, before, today, ", ".join(said))
