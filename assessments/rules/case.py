"""The readings of one visit, averaged over their trials, with the facts about the person."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assessments.rules.pack import Pack, RuleData
from assessments.rules.protocol import PACK, VOCABULARY
from assessments.rules.records import Because, Earlier, Facts, Reading

ADULT = 18
GRADES: tuple[str, ...] = tuple(VOCABULARY["grades"])


@dataclass(frozen=True, slots=True)
class Mean:
    """Readings that differ only in their trial: mean and spread of numbers, or the worst grade, or what was seen."""

    measure: str
    side: str | None
    mode: str | None
    position: str | None
    instrument: str | None
    unit: str
    value: float | None = None
    grade: str | None = None
    observed: str | None = None
    trials: int = 1
    spread: float = 0
    pelvis_controlled: bool | None = None
    examiners: frozenset[str] = frozenset()

    def because(self, threshold: float | None = None, source: str = "", note: str = "") -> Because:
        trials = (
            f"mean of {self.trials} trials, spread {self.spread:g}"
            if self.trials > 1 and self.value is not None
            else ""
        )
        words = "; ".join(word for word in (self.mode or "", trials, note) if word)
        return Because(
            self.measure, self.side, self.value, self.grade, self.observed, self.unit, threshold, source, words
        )


def average(readings: Iterable[Reading]) -> list[Mean]:
    """One Mean for each measure, side, mode, position, instrument and kind of entry, in order of appearance."""
    groups: dict[tuple[str | None, ...], list[Reading]] = {}
    for reading in readings:
        kind = "value" if reading.value is not None else reading.observed or "grade"
        same = (reading.measure, reading.side, reading.mode, reading.position, reading.instrument, kind)
        groups.setdefault(same, []).append(reading)
    return [average_group(group) for group in groups.values()]


def average_group(group: Sequence[Reading]) -> Mean:
    first = group[0]
    values = [reading.value for reading in group if reading.value is not None]
    grades = [reading.grade for reading in group if reading.grade]
    return Mean(
        measure=first.measure,
        side=first.side,
        mode=first.mode,
        position=first.position,
        instrument=first.instrument,
        unit=first.unit,
        value=round(sum(values) / len(values), 6) if values else None,
        grade=max(grades, key=GRADES.index) if grades else None,
        observed=first.observed,
        trials=len(group),
        spread=round(max(values) - min(values), 6) if values else 0,
        pelvis_controlled=all_or_any([reading.pelvis_controlled for reading in group]),
        examiners=frozenset(reading.examiner for reading in group if reading.examiner),
    )


def all_or_any(answers: Sequence[bool | None]) -> bool | None:
    """True when every trial says so, False when one denies it, None when it isn't known."""
    if False in answers:
        return False
    return None if None in answers else True


@dataclass(frozen=True)
class Case:
    """What one rule sees."""

    readings: tuple[Reading, ...]
    facts: Facts
    pack: Pack = PACK
    earlier: tuple[Earlier, ...] = ()

    @cached_property
    def means(self) -> tuple[Mean, ...]:
        return tuple(average(self.readings))

    def rule(self, code: str) -> RuleData:
        return self.pack.rules[code]

    @property
    def adult(self) -> bool:
        """Adult thresholds apply: age 18 or more, or not known."""
        return self.facts.age is None or self.facts.age >= ADULT

    @cached_property
    def by_measure(self) -> dict[str, list[Mean]]:
        found: dict[str, list[Mean]] = {}
        for mean in self.means:
            found.setdefault(mean.measure, []).append(mean)
        return found

    def of(self, measure: str, side: str | None = None) -> Iterator[Mean]:
        return (mean for mean in self.by_measure.get(measure, ()) if side in (None, mean.side))

    def numbers(self, measure: str, side: str | None = None) -> Iterator[tuple[Mean, float]]:
        return ((mean, mean.value) for mean in self.of(measure, side) if mean.value is not None)

    def positive(self, measure: str, side: str | None = None) -> Iterator[Mean]:
        return (mean for mean, value in self.numbers(measure, side) if value > 0)


@dataclass(frozen=True, slots=True)
class SideDifference:
    """Left and right of one motion measured the same way on the same day; `size` is never negative."""

    less: Mean
    more: Mean
    size: float


def side_differences(case: Case, measure: str) -> Iterator[SideDifference]:
    for left, low in case.numbers(measure, "left"):
        for right, high in case.numbers(measure, "right"):
            if (left.mode, left.position, left.instrument) == (right.mode, right.position, right.instrument):
                less, more = (left, right) if low < high else (right, left)
                yield SideDifference(less, more, round(abs(low - high), 6))
