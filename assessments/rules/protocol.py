"""The shipped protocol: assessments/protocol/*.json, held to its schemas and cross-checked once, while loading.

A broken file stops the start, not a visit, and says everything that is wrong with it in one line each (PackError).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from assessments.rules.claims import claims_in, exception_faults
from assessments.rules.needs import name_faults
from assessments.rules.pack import Band, DetectableChange, Limit, Measure, Norm, Pack, RuleData
from clinic import packs

FOLDER = Path(__file__).resolve().parent.parent / "protocol"
SCHEMAS = FOLDER / "schema"
MEASURE_FILES = ("hip_motion", "muscle_length", "ankle_and_foot", "leg_length", "strength_and_provocation")
FINDING_FILES = ("motion", "muscle_length", "strength_foot_and_exposure", "leg_length")
POSES_SCHEMA = Path(packs.__file__).resolve().parent / "figure" / "poses.schema.json"

#: What a measure needs, in its own entry or among the defaults of its file.
NEEDED = ("group", "unit", "kind", "sides", "positions", "modes", "instruments", "tag")


def read_files() -> dict[str, dict[str, Any]]:
    """Every document of the protocol by its name, such as `measures/hip_motion`."""
    kinds = {name: name for name in ("protocol", "units", "mdc", "leg_length", "norms", "claims")}
    kinds |= {f"measures/{name}": "measures" for name in MEASURE_FILES}
    kinds |= {f"findings/{name}": "findings" for name in FINDING_FILES}
    schemas = {name: SCHEMAS / f"{kind}.schema.json" for name, kind in kinds.items()} | {"poses": POSES_SCHEMA}
    paths = {name: FOLDER / f"{name}.json" for name in schemas}
    read = packs.read_all({paths[name]: schema for name, schema in schemas.items()})
    return {name: read[path] for name, path in paths.items()}


def measure_entries(documents: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each measure with the defaults of its file. Raises PackError naming what neither says."""
    parts = [documents[f"measures/{name}"] for name in MEASURE_FILES]
    entries = [{**part["defaults"], **entry} for part in parts for entry in part["measures"]]
    packs.require_none(
        f"measures: {entry['key']}: '{name}' is missing" for entry in entries for name in NEEDED if name not in entry
    )
    return entries


def build_measure(entry: Mapping[str, Any], mdc: float | None) -> Measure:
    lists = {name: tuple(value) for name, value in entry.items() if isinstance(value, list)}
    return Measure(**{**entry, **lists, "mdc": mdc})


def build_change(entry: Mapping[str, Any]) -> DetectableChange:
    return DetectableChange(
        **{**entry, "never_between_examiners_in": tuple(entry.get("never_between_examiners_in", ()))}
    )


def build_band(entry: Mapping[str, Any]) -> Band:
    return Band(entry["from_age"], tuple(Limit(**limit) for limit in entry["limits"]), entry.get("to_age"))


def build_rule(key: str, entry: Mapping[str, Any]) -> RuleData:
    lists = {name: tuple(entry.get(name, ())) for name in ("positions", "graded_by", "looks_at")}
    bands = tuple(build_band(band) for band in entry.get("bands", ()))
    return RuleData(**{**entry, **lists, "key": key, "bands": bands})


def measure_faults(measures: Iterable[Measure], changes: Iterable[str]) -> Iterator[str]:
    """What no schema can see in the measures: order of limits, doubled keys, changes for nothing."""
    times = Counter(measure.key for measure in measures)
    yield from (f"measures: {key}: listed {count} times" for key, count in times.items() if count > 1)
    yield from (f"mdc.json: {key}: no such measure" for key in changes if key not in times)
    for measure in measures:
        limits = [x for x in (measure.hard_min, measure.soft_min, measure.soft_max, measure.hard_max) if x is not None]
        if limits != sorted(limits):
            yield f"measures: {measure.key}: limits {', '.join(f'{x:g}' for x in limits)} are not in order"
        if measure.takes_value and (measure.hard_min is None or measure.hard_max is None):
            yield f"measures: {measure.key}: a number needs hard limits"
        if (measure.kind == "observation") != bool(measure.observed):
            yield f"measures: {measure.key}: observed words and kind {measure.kind} don't fit"


def rule_faults(rule: RuleData, measures: Mapping[str, Measure]) -> Iterator[str]:
    """What no schema can see in one finding: unknown measures, limits said twice, ages covered twice or never."""
    for name in (*rule.looks_at, *rule.graded_by):
        if name not in measures:
            yield f"findings: {rule.key}: looks at an unknown measure {name}"
    for name in rule.graded_by:
        if name not in rule.looks_at:
            yield f"findings: {rule.key}: is graded by {name} but doesn't look at it"
        elif name in measures and not measures[name].takes_grade:
            yield f"findings: {rule.key}: is graded by {name}, which takes no grade"
    for band in rule.bands:
        if any((limit.below is None) == (limit.at_most is None) for limit in band.limits):
            yield f"findings: {rule.key}: a limit is either below or at_most"
    for earlier, later in pairwise(rule.bands):
        if later.from_age - 1 != earlier.to_age:
            yield f"findings: {rule.key}: age bands {ages(earlier)} and {ages(later)} overlap or leave a gap"


def ages(band: Band | Norm) -> str:
    return f"{band.from_age}-{band.to_age or ''}"


def norm_faults(norms: Iterable[Norm], measures: Mapping[str, Measure]) -> Iterator[str]:
    """Norms of unknown measures, and ages that one study covers twice for the same kind of reading."""
    yield from (f"norms.json: {norm.measure}: no such measure" for norm in norms if norm.measure not in measures)
    kinds = groupby(sorted(norms, key=norm_kind), key=norm_kind)
    for kind, same in kinds:
        in_order = sorted(same, key=lambda norm: norm.from_age or 0)
        for earlier, later in pairwise(in_order):
            if (later.from_age or 0) <= (earlier.to_age or 999):
                yield f"norms.json: {kind[0]}: ages {ages(earlier)} and {ages(later)} overlap ({kind[-1]})"


def norm_kind(norm: Norm) -> tuple[str, ...]:
    return (norm.measure, norm.sex or "", norm.mode or "", norm.position or "", norm.source)


def faults_of(pack: Pack) -> list[str]:
    """Everything wrong with the findings, the leg-length table and the norms of a pack."""
    found = [fault for rule in pack.rules.values() for fault in rule_faults(rule, pack.measures)]
    return [*found, *name_faults(pack), *norm_faults(pack.norms, pack.measures)]


def shipped_faults(pack: Pack, documents: Mapping[str, Any]) -> Iterator[str]:
    """What only the shipped files can have wrong: findings told twice, claims in their texts, drawings of nothing."""
    keys = Counter(key for name in FINDING_FILES for key in documents[f"findings/{name}"])
    yield from (f"findings: {key}: stands in {times} files" for key, times in keys.items() if times > 1)
    claims = documents["claims"]["claims"]
    for rule in pack.rules.values():
        texts = {"text": rule.text, "client_text": rule.client_text}
        yield from (f"findings: {rule.key}: {line}" for line in claims_in(rule.key, texts, claims))
    yield from exception_faults(claims, pack.rules)
    yield from (
        f"poses.json: {key}: no such measure" for key in documents["poses"]["poses"] if key not in pack.measures
    )


def load_pack(documents: Mapping[str, Any]) -> Pack:
    """The shipped pack. Raises PackError with a line for everything that is wrong with it."""
    changes = {key: build_change(entry) for key, entry in documents["mdc"].items()}
    mdc = {key: change.same_examiner for key, change in changes.items()}
    measures = [build_measure(entry, mdc.get(entry["key"])) for entry in measure_entries(documents)]
    packs.require_none(measure_faults(measures, changes))
    found = [pair for name in FINDING_FILES for pair in documents[f"findings/{name}"].items()]
    pack = Pack(
        key=documents["protocol"]["key"],
        version=documents["protocol"]["version"],
        measures={measure.key: measure for measure in measures},
        changes=changes,
        rules=MappingProxyType({key: build_rule(key, entry) for key, entry in found}),
        leg=MappingProxyType(documents["leg_length"]),
        norms=tuple(Norm(**entry) for entry in documents["norms"]["norms"]),
    )
    packs.require_none([*faults_of(pack), *shipped_faults(pack, documents)])
    return pack


def register_measure(measure: Measure, change: DetectableChange | None = None) -> Measure:
    """Adds a host's own measure for the life of the process. A taken key raises ValueError, a fault PackError."""
    if measure.key in PACK.measures:
        raise ValueError(f"{measure.key} is a measure already")
    packs.require_none(measure_faults([measure], [measure.key] if change else []))
    cast("dict[str, Measure]", PACK.measures)[measure.key] = measure
    if change:
        cast("dict[str, DetectableChange]", PACK.changes)[measure.key] = change
    return measure


DOCUMENTS = read_files()
VOCABULARY = DOCUMENTS["protocol"]
CLAIMS: list[dict[str, Any]] = DOCUMENTS["claims"]["claims"]
UNITS: Mapping[str, Mapping[str, float]] = DOCUMENTS["units"]
PACK = load_pack(DOCUMENTS)
MEASURES = PACK.measures
