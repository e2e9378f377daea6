"""What a protocol pack holds: measures, detectable changes, finding rules, limits of the leg-length table, norms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that can be measured. Limits are in `unit`; hard limits refuse, soft limits ask.

    kind: number|grade|observation|yes_no. sides: left_right (required), shorter (of a difference; none when 0), none.
    positions and instruments are the usual ones, offered first; only imaging refuses others. mdc: same examiner.
    trials: how many the protocol asks for; they are averaged.
    """

    key: str
    label: str
    group: str
    unit: str
    kind: str
    sides: str
    positions: tuple[str, ...]
    modes: tuple[str, ...]
    instruments: tuple[str, ...]
    how_to: str
    reliability: str
    source: str
    tag: str
    hard_min: float | None = None
    hard_max: float | None = None
    soft_min: float | None = None
    soft_max: float | None = None
    mdc: float | None = None
    grade: bool = False
    whole: bool = False
    imaging: bool = False
    observed: tuple[str, ...] = ()
    trials: int = 1

    @property
    def takes_grade(self) -> bool:
        return self.grade or self.kind == "grade"

    @property
    def takes_value(self) -> bool:
        return self.kind in {"number", "yes_no"}


@dataclass(frozen=True, slots=True)
class DetectableChange:
    """Minimal detectable change of one measure, in its unit, and which way is better."""

    same_examiner: float
    better: str
    source: str
    tag: str
    different_examiners: float | None = None
    passive: float | None = None
    never_between_examiners_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """A motion below `below`, or at most `at_most`, has this grade of restriction. Exactly one of the two is set.

    From `sure_below` on it is one step less sure: too many healthy people lie there (docs/healthy-people.md).
    """

    grade: str
    below: float | None = None
    at_most: float | None = None
    sure_below: float | None = None

    @property
    def threshold(self) -> float:
        return next(limit for limit in (self.below, self.at_most) if limit is not None)

    def is_doubtful(self, value: float) -> bool:
        return self.sure_below is not None and value >= self.sure_below

    def holds(self, value: float) -> bool:
        return value < self.below if self.below is not None else value <= self.threshold


@dataclass(frozen=True, slots=True)
class Band:
    """Limits for one age band, mildest first; both ages inclusive."""

    from_age: int
    limits: tuple[Limit, ...]
    to_age: int | None = None

    def covers(self, age: int) -> bool:
        return self.from_age <= age and (self.to_age is None or age <= self.to_age)


@dataclass(frozen=True, slots=True)
class RuleData:
    """What a clinician reviews about one finding: thresholds, source, tag, evidence level and the two texts.

    looks_at: the measures that can raise it; asks: the intake answer that can; compares_sides: it needs both sides.
    """

    key: str
    version: int
    confidence: str
    evidence: str
    tag: str
    source: str
    text: str
    client_text: str
    name: str = ""
    looks_at: tuple[str, ...] = ()
    asks: str = ""
    compares_sides: bool = False
    thresholds: Mapping[str, float] = field(default_factory=dict)
    bands: tuple[Band, ...] = ()
    positions: tuple[str, ...] = ()
    graded_by: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    patterns: Mapping[str, str] = field(default_factory=dict)

    def band(self, age: int) -> Band | None:
        return next((band for band in self.bands if band.covers(age)), None)


#: Of people spread evenly around a mean, 95 of 100 lie within so many standard deviations of it.
NINETY_FIVE = 1.96


@dataclass(frozen=True, slots=True)
class Norm:
    """What a study found in people of one kind, or (kind consensus) an agreed reference angle that nobody measured.

    sex, mode, position, instrument None: the study does not tell them apart, or does not say. Ages inclusive; n people.
    lowest and highest: the extremes that the study saw. caveat: what a reader must know. A confidence interval of the
    mean has no place here: it says nothing about one person.
    """

    measure: str
    mean: float
    source: str
    tag: str
    population: str
    kind: str = "study"
    sd: float | None = None
    lowest: float | None = None
    highest: float | None = None
    sex: str | None = None
    from_age: int | None = None
    to_age: int | None = None
    mode: str | None = None
    position: str | None = None
    instrument: str | None = None
    n: int | None = None
    caveat: str = ""

    @property
    def range(self) -> tuple[float, float] | None:
        """Mean ± 1.96 SD, our computation: 95 of 100 people of this study, if spread evenly around the mean.

        None where no SD is known or a caveat forbids it.
        """
        if self.sd is None or self.caveat:
            return None
        reach = NINETY_FIVE * self.sd
        return round(self.mean - reach, 1), round(self.mean + reach, 1)


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole protocol in one version. Never changed: another version is another pack."""

    key: str
    version: str
    measures: Mapping[str, Measure]
    changes: Mapping[str, DetectableChange]
    rules: Mapping[str, RuleData]
    leg: Mapping[str, Any]
    norms: tuple[Norm, ...] = ()
