"""A practice's own pack as a file or a form gives it: read, held to everything, put into one shape."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from assessments.rules.case import GRADES
from assessments.rules.claims import claims_in
from assessments.rules.overrides import override
from assessments.rules.pack import Band, DetectableChange, Pack, RuleData
from assessments.rules.protocol import CLAIMS, PACK
from clinic import packs

SECTIONS = ("findings", "mdc", "leg_length")
#: No threshold, age or measurement error of any measure is larger, in whatever unit.
LARGEST = 1000
DEEPEST = 12
#: Half a character or none at all: no database keeps it.
NO_CHARACTER = re.compile("[\x00\ud800-\udfff]")
#: A measurement error that a practice says is smaller than this share of the published one: our own working value.
LEAST_SHARE = 0.5
#: Thresholds of one finding that have an order: the first is never above the second.
IN_ORDER = (
    ("below", "mild_below"), ("critical", "above"), ("from", "highly_from"), ("highly_to", "to"), ("from", "to"),
)  # fmt: skip


def parse(text: str, name: str = "pack") -> Any:
    """The document in a JSON text. Raises PackError with the line and column of what can't be read."""
    return packs.parse(text, name)


def normal(document: Mapping[str, Any]) -> dict[str, Any]:
    """The overrides alone, without remarks, reason and empty parts: what is kept as a version."""
    plain = packs.without_remarks(document)
    return {name: plain[name] for name in SECTIONS if plain.get(name)}


def check(document: Any, *, version: str, name: str = "pack") -> Pack:
    """The pack that a document makes of the shipped one. Raises PackError with everything wrong with it."""
    packs.require_none(f"{name}: {line}" for line in unkeepable(document))
    plain = packs.without_remarks(document)
    pack = override(plain, version=version, name=name)
    packs.require_none(f"{name}: {line}" for line in unsound(plain, pack))
    return pack


def unkeepable(value: Any, place: str = "", depth: int = 0) -> Iterator[str]:
    """Numbers and characters that JSON can spell and nothing can hold."""
    where = f"{place}: " if place else ""
    if depth > DEEPEST:
        yield f"{where}is nested too deeply"
    elif isinstance(value, dict):
        if any(NO_CHARACTER.search(key) for key in value):
            yield f"{where}has a key with a character that no text has"
            return
        for key, inner in value.items():
            yield from unkeepable(inner, f"{place}.{key}".lstrip("."), depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from unkeepable(inner, f"{place}[{index}]", depth + 1)
    elif isinstance(value, str) and NO_CHARACTER.search(value):
        yield f"{where}has a character that no text has"
    elif is_number(value) and not abs(value) <= LARGEST:  # neither is one that is no number
        yield f"{where}is no number between -{LARGEST} and {LARGEST}"


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def unsound(document: Mapping[str, Any], pack: Pack) -> Iterator[str]:
    """What fits the schema and makes no sense: limits in no order, beyond what can be measured, texts that can't be."""
    for key, entry in document.get("findings", {}).items():
        place, rule = f"findings.{key}", pack.rules[key]
        yield from (f"{place}.{line}" for line in claims_in(key, entry, CLAIMS))
        if "thresholds" in entry:
            yield from (f"{place}.thresholds.{line}" for line in unsound_thresholds(rule, pack))
        if "bands" in entry:
            yield from (f"{place}.bands{line}" for line in unsound_bands(rule, pack))
    for key, entry in document.get("mdc", {}).items():
        yield from (f"mdc.{key}.{line}" for line in too_small(entry, PACK.changes[key]))


def too_small(entry: Mapping[str, Any], shipped: DetectableChange) -> Iterator[str]:
    """Measurement errors that would call chance a change. Where none is shipped, any will do."""
    for name, value in entry.items():
        known = getattr(shipped, name)
        if name != "source" and known is not None and value < known * LEAST_SHARE:
            yield f"{name}: {value:g} is smaller than the published error allows: at least half of {known:g}"


def unsound_thresholds(rule: RuleData, pack: Pack) -> Iterator[str]:
    limits = rule.thresholds
    for low, high in IN_ORDER:
        if low in limits and high in limits and limits[low] > limits[high]:
            yield f"{low}: {limits[low]:g} is more than {high} ({limits[high]:g})"
    for name, value in limits.items():
        yield from (f"{name}: {line}" for line in immeasurable(value, name, pack))


def unsound_bands(rule: RuleData, pack: Pack) -> Iterator[str]:
    measure = rule.looks_at[0] if rule.looks_at else ""
    for index, band in enumerate(rule.bands):
        yield from (f"[{index}]: {line}" for line in unsound_band(band))
        for limit in band.limits:
            yield from (f"[{index}]: {line}" for line in immeasurable(limit.threshold, measure, pack))


def unsound_band(band: Band) -> Iterator[str]:
    if band.to_age is not None and band.to_age < band.from_age:
        yield f"ages {band.from_age} to {band.to_age} run backwards"
    for limit in band.limits:
        if limit.sure_below is not None and limit.sure_below > limit.threshold:
            yield f"sure_below {limit.sure_below:g} is more than the limit itself, {limit.threshold:g}"
    for milder, worse in pairwise(band.limits):
        if GRADES.index(milder.grade) >= GRADES.index(worse.grade):
            yield f"{milder.grade} stands before {worse.grade}: the mildest limit comes first"
        if milder.threshold <= worse.threshold:
            yield f"the limit for {worse.grade}, {worse.threshold:g}, must be less than {milder.threshold:g}"


def immeasurable(value: float, measure: str, pack: Pack) -> Iterator[str]:
    """A limit that no reading of the measure could ever be on the other side of."""
    known = pack.measures.get(measure)
    if known is None or known.hard_min is None or known.hard_max is None:
        return
    if not known.hard_min <= value <= known.hard_max:
        yield f"{value:g} is outside of what can be measured ({known.hard_min:g} to {known.hard_max:g} {known.unit})"
