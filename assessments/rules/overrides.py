"""A practice's own thresholds and texts over a pack. The result is another pack, in another version."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from assessments.rules.claims import TEXTS
from assessments.rules.needs import placeholders, unfilled
from assessments.rules.pack import DetectableChange, Pack, RuleData
from assessments.rules.protocol import PACK, SCHEMAS, build_band, faults_of
from clinic import packs

SCHEMA = SCHEMAS / "practice_pack.schema.json"
#: A number that a practice changed is its own working value, whatever the shipped one was.
OWN = "D"


def override(document: object, *, version: str, pack: Pack = PACK, name: str = "pack") -> Pack:
    """`pack` with what the document says otherwise, as `version`. Raises PackError with everything wrong with it.

    `document` is a parsed pack file, see practice_pack.schema.json. Imaging stays the only way to anything confirmed:
    neither the limit for imaging nor the table's rows can be changed.
    """
    checked = packs.without_remarks(document)
    packs.require_none(packs.faults(checked, SCHEMA, name))
    packs.require_none(f"{name}: {line}" for line in unknown(checked, pack))
    other = replace(
        pack,
        version=version,
        rules=MappingProxyType({**pack.rules, **dict(own_rules(checked, pack))}),
        changes=MappingProxyType({**pack.changes, **dict(own_changes(checked, pack))}),
        leg=MappingProxyType({**pack.leg, **checked.get("leg_length", {})}),
    )
    packs.require_none(f"{name}: {line}" for line in faults_of(other))
    return other


def unknown(document: Mapping[str, Any], pack: Pack) -> Iterator[str]:
    """What the schema can't see: names that the pack doesn't have, words that a text can't fill, a missing source."""
    for key, entry in document.get("findings", {}).items():
        if key not in pack.rules:
            yield f"findings.{key}: no such finding"
        else:
            yield from faults_of_rule(key, entry, pack.rules[key])
    for key in document.get("mdc", {}):
        if key not in pack.changes:
            yield f"mdc.{key}: this measure has no minimal detectable change to replace"


def faults_of_rule(key: str, entry: Mapping[str, Any], shipped: RuleData) -> Iterator[str]:
    for name in entry.get("thresholds", {}):
        if name not in shipped.thresholds:
            known = ", ".join(shipped.thresholds) or "none"
            yield f"findings.{key}.thresholds.{name}: no such threshold; known: {known}"
    if "bands" in entry and not shipped.bands:
        yield f"findings.{key}.bands: this finding has no limits by age"
    if ("bands" in entry or "thresholds" in entry) and "source" not in entry:
        yield f"findings.{key}.source: is missing: say where the new numbers come from"
    for name in TEXTS:
        known_words = placeholders(getattr(shipped, name))
        yield from unfilled(f"findings.{key}.{name}", entry.get(name, ""), known_words)


def own_rules(document: Mapping[str, Any], pack: Pack) -> Iterator[tuple[str, RuleData]]:
    for key, entry in document.get("findings", {}).items():
        shipped = pack.rules[key]
        numbers = "bands" in entry or "thresholds" in entry
        changed: dict[str, Any] = {**entry, "tag": OWN if numbers else shipped.tag}
        changed["thresholds"] = {**shipped.thresholds, **entry.get("thresholds", {})}
        changed["bands"] = tuple(build_band(band) for band in entry["bands"]) if "bands" in entry else shipped.bands
        yield key, replace(shipped, **changed)


def own_changes(document: Mapping[str, Any], pack: Pack) -> Iterator[tuple[str, DetectableChange]]:
    for key, entry in document.get("mdc", {}).items():
        yield key, replace(pack.changes[key], **entry, tag=OWN)
