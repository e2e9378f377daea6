"""Small pictures of what was measured, drawn on the server: a lane for each side, in the measure's own unit.

Today's value is solid with its measurement error as a whisker, the earlier one hollow. There is no band of norms: no
cited norm is on file for these measures, and the caption says so. The dashed line is the working threshold of a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assessments import rules
from assessments.forms.layout import SYMBOLS
from assessments.models import Assessment
from assessments.queries import readings_of
from assessments.rules.case import Mean, average

WIDTH, LEFT_EDGE, RIGHT_EDGE, LANE, TOP = 360.0, 34.0, 346.0, 34.0, 22.0
LEAST_SPAN = 20.0
SIDES: dict[str | None, str] = {"left": "L", "right": "R", None: ""}


@dataclass(frozen=True)
class Lane:
    """One side; positions in the picture's own units, `None` for what isn't drawn."""

    side: str
    letter: str
    y: float
    x: float
    label: str
    before: float | None
    whisker: tuple[float, float] | None
    within: bool


@dataclass(frozen=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True)
class Picture:
    key: str
    title: str
    words: str
    caption: str
    height: float
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    threshold: Tick | None
    width: float = WIDTH
    start: float = LEFT_EDGE
    end: float = RIGHT_EDGE

    @property
    def floor(self) -> float:
        return self.height - 16

    @property
    def foot(self) -> float:
        return self.height - 3


@dataclass(frozen=True)
class Scale:
    low: float
    high: float

    def x(self, value: float) -> float:
        return round(LEFT_EDGE + (value - self.low) / (self.high - self.low) * (RIGHT_EDGE - LEFT_EDGE), 1)

    def ticks(self) -> Iterator[float]:
        step = next(step for step in (5, 10, 20, 50, 100, 200, 500, 1000) if (self.high - self.low) / step <= 6)
        value = -(-self.low // step) * step
        while value <= self.high:
            yield value or 0.0  # never "-0"
            value += step


def pictures_of(assessment: Assessment, changes: Sequence[rules.Change]) -> list[Picture]:
    """One for each measure with numbers and way of measuring."""
    age = assessment.client.age_on(assessment.assessed_on)
    return draw_all(average(readings_of(assessment)), changes, age)


def pictures_of_changes(changes: Sequence[rules.Change], age: int | None) -> list[Picture]:
    """The newest change of each measure and way."""
    newest = {(row.measure, row.side, row.mode, row.position, row.instrument): row for row in changes}
    return draw_all([mean_of(row) for row in newest.values() if row.after is not None], list(newest.values()), age)


def mean_of(change: rules.Change) -> Mean:
    unit = rules.MEASURES[change.measure].unit
    return Mean(change.measure, change.side, change.mode, change.position, change.instrument, unit, value=change.after)


def draw_all(means: Iterable[Mean], changes: Sequence[rules.Change], age: int | None) -> list[Picture]:
    groups: dict[tuple[str | None, ...], list[Mean]] = {}
    for mean in means:
        if mean.value is not None and rules.MEASURES[mean.measure].kind == "number":
            groups.setdefault((mean.measure, mean.mode, mean.position, mean.instrument), []).append(mean)
    return [draw(f"picture-{number}", group, changes, age) for number, group in enumerate(groups.values(), 1)]


def draw(key: str, means: Sequence[Mean], changes: Sequence[rules.Change], age: int | None) -> Picture:
    measure = rules.MEASURES[means[0].measure]
    left_first = sorted(means, key=lambda mean: mean.side or "")
    pairs = [(mean, change_of(mean, changes)) for mean in left_first]
    threshold = threshold_of(measure.key, age)
    scale = scale_for(measure, pairs, threshold)
    height = TOP + LANE * len(pairs) + 22
    return Picture(
        key=key,
        title=measure.label,
        words=". ".join(lane_words(mean, change) for mean, change in pairs),
        caption=caption(measure, means[0], threshold),
        height=height,
        lanes=tuple(lane_of(place, *pair, scale) for place, pair in enumerate(pairs)),
        ticks=tuple(Tick(scale.x(value), f"{value:g}") for value in scale.ticks()),
        threshold=Tick(scale.x(threshold), f"{threshold:g}{symbol(measure)}") if threshold is not None else None,
    )


def change_of(mean: Mean, changes: Iterable[rules.Change]) -> rules.Change | None:
    """The change into this mean, where the earlier value was taken in the same way."""
    way = (mean.measure, mean.mode, mean.position, mean.instrument)
    for change in changes:
        same = (change.measure, change.mode, change.position, change.instrument) == way
        if same and change.side == mean.side and change.difference is not None:
            return change
    return None


def scale_for(
    measure: rules.Measure, pairs: Sequence[tuple[Mean, rules.Change | None]], threshold: float | None
) -> Scale:
    """Wide enough for every value with its error and for the threshold, and never so narrow that noise looks big."""
    values = [mean.value or 0 for mean, _ in pairs] + [change.before or 0 for _, change in pairs if change]
    reach = [value + sign * (measure.mdc or 0) for value in values for sign in (-1, 1)]
    reach += [threshold] if threshold is not None else []
    reach += [0] if measure.unit == "deg" or measure.sides == "shorter" else []
    low, high = min(reach), max(reach)
    margin = max((LEAST_SPAN - (high - low)) / 2, (high - low) * 0.06)
    return Scale(low - margin, high + margin)


def lane_of(place: int, mean: Mean, change: rules.Change | None, scale: Scale) -> Lane:
    value, mdc = mean.value or 0, rules.MEASURES[mean.measure].mdc
    return Lane(
        side=mean.side or "",
        letter=SIDES[mean.side],
        y=TOP + LANE * place + LANE / 2,
        x=scale.x(value),
        label=f"{value:.1f}".removesuffix(".0") + symbol(rules.MEASURES[mean.measure]),
        before=scale.x(change.before) if change and change.before is not None else None,
        whisker=(scale.x(value - mdc), scale.x(value + mdc)) if mdc else None,
        within=bool(change and change.verdict == "within_error"),
    )


def lane_words(mean: Mean, change: rules.Change | None) -> str:
    """The picture for those who don't see it."""
    unit = symbol(rules.MEASURES[mean.measure])
    now = f"{(mean.side or 'value').capitalize()} {mean.value:g}{unit}"
    return f"{now}, before {change.before:g}{unit}: {change.verdict.replace('_', ' ')}" if change else now


def threshold_of(measure: str, age: int | None) -> float | None:
    """The first working threshold that a rule holds this measure against at this age; adults where it isn't known."""
    for rule in rules.PACK.rules.values():
        if measure not in rule.graded_by:
            continue
        for band in rule.bands:
            if band.from_age <= (40 if age is None else age) <= (band.to_age or 200):
                return band.limits[0].threshold
        limit = rule.thresholds.get(measure, rule.thresholds.get("above"))
        if limit is not None and (age is None or age >= 18):
            return limit
    return None


def caption(measure: rules.Measure, mean: Mean, threshold: float | None) -> str:
    way = " · ".join(word.replace("_", " ") for word in (mean.position, mean.mode, mean.instrument) if word)
    line = f"Dashed: working threshold {threshold:g}{symbol(measure)}, not a norm." if threshold is not None else ""
    error = f"Whisker: measurement error ±{measure.mdc:g}." if measure.mdc else "No measurement error is known."
    return " ".join(part for part in (f"{way}." if way else "", line, error, "No cited norm on file.") if part)


def symbol(measure: rules.Measure) -> str:
    return SYMBOLS.get(measure.unit, f" {measure.unit}")
