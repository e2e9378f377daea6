"""The protocol's data, loaded once and checked while loading: a broken file stops the start, not a visit."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType
from typing import Any

TAGS = frozenset("VCUD")
KINDS = frozenset({"number", "grade", "observation", "yes_no"})
SIDES = frozenset({"left_right", "shorter", "none"})
DIRECTIONS = frozenset({"higher", "lower"})
MEASURE_FILES = ("hip_motion", "muscle_length", "ankle_and_foot", "leg_length", "strength_and_provocation")


@dataclass(frozen=True, slots=True)
class Protocol:
    """Which rule pack was used."""

    key: str
    version: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that can be measured. Limits are in `unit`; hard limits refuse, soft limits ask.

    kind: number|grade|observation|yes_no. sides: left_right (required), shorter (of a difference; none when 0), none.
    positions and instruments are the usual ones, offered first; only imaging refuses others. mdc: same examiner.
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


def load(name: str) -> dict[str, Any]:
    """One JSON file of assessments/protocol/ as a dictionary, without its remark."""
    text = files("assessments.protocol").joinpath(f"{name}.json").read_text(encoding="utf-8")
    return {key: value for key, value in json.loads(text).items() if key != "_"}


def require(condition: bool, message: str) -> None:
    """Data faults are faults of this package, so they raise."""
    if not condition:
        raise ValueError(f"assessments/protocol: {message}")


def build_measure(entry: Mapping[str, Any], mdc: float | None) -> Measure:
    """A Measure from its merged entry; unknown keys, kinds, sides, tags and crossed limits raise ValueError."""
    key = entry.get("key", "a measure without key")
    unknown = entry.keys() - {item.name for item in fields(Measure)}
    require(not unknown, f"{key}: unknown {sorted(unknown)}")
    lists = {name: tuple(value) for name, value in entry.items() if isinstance(value, list)}
    measure = Measure(**{**entry, **lists, "mdc": mdc})
    require(measure.kind in KINDS, f"{key}: kind {measure.kind}")
    require(measure.sides in SIDES, f"{key}: sides {measure.sides}")
    require(measure.tag in TAGS, f"{key}: tag {measure.tag}")
    require(not measure.takes_value or measure.hard_min is not None, f"{key}: a number needs hard limits")
    limits = [x for x in (measure.hard_min, measure.soft_min, measure.soft_max, measure.hard_max) if x is not None]
    require(limits == sorted(limits), f"{key}: limits {limits} are not in order")
    require((measure.kind == "observation") == bool(measure.observed), f"{key}: observed words and kind don't fit")
    return measure


def build_change(key: str, entry: Mapping[str, Any]) -> DetectableChange:
    change = DetectableChange(
        **{**entry, "never_between_examiners_in": tuple(entry.get("never_between_examiners_in", ()))}
    )
    require(change.same_examiner > 0, f"{key}: a minimal detectable change is positive")
    require(change.better in DIRECTIONS, f"{key}: better is {change.better}")
    require(change.tag in TAGS, f"{key}: tag {change.tag}")
    return change


def measure_entries() -> Iterator[dict[str, Any]]:
    for name in MEASURE_FILES:
        document = load(f"measures/{name}")
        for entry in document["measures"]:
            yield {**document["defaults"], **entry}


def index_measures(entries: Iterator[dict[str, Any]], changes: Mapping[str, DetectableChange]) -> dict[str, Measure]:
    """Measures by key; a key that stands twice, or a change for a measure that isn't there, raises ValueError."""
    measures: dict[str, Measure] = {}
    for entry in entries:
        change = changes.get(entry["key"])
        measure = build_measure(entry, change.same_examiner if change else None)
        require(measure.key not in measures, f"{measure.key}: listed twice")
        measures[measure.key] = measure
    require(changes.keys() <= measures.keys(), f"mdc.json: unknown {sorted(changes.keys() - measures.keys())}")
    return measures


VOCABULARY = load("protocol")
PROTOCOL = Protocol(VOCABULARY["key"], VOCABULARY["version"])
UNITS: Mapping[str, Mapping[str, float]] = load("units")
CHANGES: Mapping[str, DetectableChange] = {key: build_change(key, entry) for key, entry in load("mdc").items()}
MEASURES: Mapping[str, Measure] = MappingProxyType(index_measures(measure_entries(), CHANGES))


@dataclass(frozen=True, slots=True)
class Limit:
    """A motion below `below`, or at most `at_most`, has this grade of restriction. Exactly one of the two is set."""

    grade: str
    below: float | None = None
    at_most: float | None = None

    @property
    def threshold(self) -> float:
        return next(limit for limit in (self.below, self.at_most) if limit is not None)

    def holds(self, value: float) -> bool:
        return value < self.below if self.below is not None else value <= self.threshold


@dataclass(frozen=True, slots=True)
class Band:
    """Limits for one age band, mildest first; both ages inclusive."""

    from_age: int
    limits: tuple[Limit, ...]
    to_age: int | None = None


@dataclass(frozen=True, slots=True)
class RuleData:
    """What a clinician reviews about one finding: thresholds, source, tag, evidence level and the two texts."""

    key: str
    version: int
    confidence: str
    evidence: str
    tag: str
    source: str
    text: str
    client_text: str
    thresholds: Mapping[str, float]
    bands: tuple[Band, ...] = ()
    positions: tuple[str, ...] = ()
    graded_by: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    patterns: Mapping[str, str] = field(default_factory=dict)


EVIDENCE = frozenset({"supported", "partly", "weak", "traditional", "contradicted"})
CONFIDENCE = ("low", "moderate", "high")
FINDING_FILES = ("motion", "muscle_length", "strength_foot_and_exposure", "leg_length")


def build_band(entry: Mapping[str, Any]) -> Band:
    limits = tuple(Limit(**limit) for limit in entry["limits"])
    for limit in limits:
        require((limit.below is None) != (limit.at_most is None), f"{entry}: a limit is either below or at_most")
    return Band(entry["from_age"], limits, entry.get("to_age"))


def build_rule(key: str, entry: Mapping[str, Any]) -> RuleData:
    """One rule; an unknown tag, evidence level, confidence or measure, or ages without one band raise ValueError."""
    rule = RuleData(
        **{
            **entry,
            "key": key,
            "thresholds": entry.get("thresholds", {}),
            "bands": tuple(build_band(band) for band in entry.get("bands", ())),
            "positions": tuple(entry.get("positions", ())),
            "graded_by": tuple(entry.get("graded_by", ())),
        }
    )
    require(rule.tag in TAGS, f"{key}: tag {rule.tag}")
    require(rule.evidence in EVIDENCE, f"{key}: evidence {rule.evidence}")
    require(rule.confidence in CONFIDENCE, f"{key}: confidence {rule.confidence}")
    require(set(rule.graded_by) <= MEASURES.keys(), f"{key}: graded by an unknown measure")
    follow = all(later.from_age - 1 == earlier.to_age for earlier, later in pairwise(rule.bands))
    require(follow, f"{key}: age bands overlap or leave a gap")
    return rule


def load_rules() -> dict[str, RuleData]:
    return {key: build_rule(key, entry) for name in FINDING_FILES for key, entry in load(f"findings/{name}").items()}


RULE_DATA: Mapping[str, RuleData] = MappingProxyType(load_rules())
LEG: Mapping[str, Any] = MappingProxyType(load("leg_length"))
