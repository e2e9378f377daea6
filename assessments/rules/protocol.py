"""The protocol's data, loaded once and checked while loading: a broken file stops the start, not a visit."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
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
