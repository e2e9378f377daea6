"""What is wrong with the typed numbers and texts of one finding: every problem at once, each at its field.

The rules judge a pack in steps, so each part of a finding is held to them by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from assessments.forms.protocol_words import threshold_label, unit_words, with_unit
from assessments.rules import MEASURES, RuleData, pack_files
from assessments.rules.claims import TEXTS
from clinic.packs import PackError

Entry = Mapping[str, Any]
#: Field and what is wrong with it.
Wrong = tuple[str, str]
#: Stands for a source while the numbers are judged.
SOURCE = {"source": "said below"}
MISSING = "Is missing: say where the new numbers come from."
OVERLAP = re.compile(r"findings: \w+: age bands (\d+)-(\d*) and (\d+)-\d* overlap or leave a gap")
BACKWARDS = re.compile(r"ages \S+ to \S+ run backwards")
SURER = re.compile(r"sure_below (\S+) is more than the limit itself, (\S+)")
ORDER = re.compile(r"the limit for (\w+), \S+, must be less than (\S+)")
BEYOND = re.compile(r"(\S+) is outside of what can be measured \(.*\)")
TOO_LARGE = re.compile(r"limits\[(\d+)\]\.(\w+): (.*)")


def problems_of(rule: RuleData, entry: Entry) -> Iterator[Wrong]:
    """`rule` as it is shipped, `entry` as a pack has it."""
    for name in TEXTS:
        if name in entry:
            yield from ((name, sentence(said)) for said in complaints(rule, {name: entry[name]}, f"{name}: "))
    if "thresholds" in entry:
        yield from threshold_problems(rule, entry["thresholds"])
    bands = entry.get("bands", [])
    for index, band in enumerate(bands):
        yield from band_problems(rule, index, band)
    if len(bands) > 1:
        yield from age_problems(rule, bands)
    if ("bands" in entry or "thresholds" in entry) and "source" not in entry:
        yield "source", MISSING


def complaints(rule: RuleData, part: Entry, place: str) -> list[str]:
    """The lines of the rules against a part of the finding, without what they all begin with."""
    try:
        pack_files.check({"findings": {rule.key: part}}, version="tried")
    except PackError as broken:
        lines = (line.removeprefix("pack: ") for line in broken.lines)
        return [line.removeprefix(f"findings.{rule.key}.{place}") for line in lines]
    return []


def threshold_problems(rule: RuleData, thresholds: Entry) -> Iterator[Wrong]:
    for said in complaints(rule, {"thresholds": thresholds, **SOURCE}, "thresholds."):
        name, _, problem = said.partition(": ")
        known = "|".join(rule.thresholds)
        problem = re.sub(rf"\b({known})\b", lambda found: f"“{threshold_label(rule, found[1])}”", problem)
        yield f"threshold-{name}", sentence(in_units(problem))


def band_problems(rule: RuleData, index: int, band: Entry) -> Iterator[Wrong]:
    """Of the limits in one age band; what can't be placed stands at the first age."""
    unit = with_unit(unit_words(MEASURES[rule.looks_at[0]].unit)) if rule.looks_at else ""
    for line in complaints(rule, {"bands": [band], **SOURCE}, "bands[0]"):
        field, words = placed(line.lstrip(":. "), band["limits"], unit)
        yield f"band-{index}-{field}", sentence(in_units(words))


def placed(said: str, limits: list[Entry], unit: str) -> Wrong:
    """The field within its band, and the words."""
    if BACKWARDS.fullmatch(said):
        return "to", said
    if surer := SURER.fullmatch(said):
        place = place_of(limits, surer[2], sure_below=surer[1])
        return f"{place}-sure", f"{surer[1]}{unit} is more than the limit itself, {surer[2]}{unit}"
    if order := ORDER.fullmatch(said):
        grades = [limit["grade"] for limit in limits]
        return f"{grades.index(order[1])}", f"must be less than {order[2]}{unit}, the limit before it"
    if beyond := BEYOND.fullmatch(said):
        return f"{place_of(limits, beyond[1])}", said
    if large := TOO_LARGE.fullmatch(said):
        return f"{large[1]}-sure" if large[2] == "sure_below" else large[1], large[3]
    return "from", said


def place_of(limits: list[Entry], threshold: str, **also: str) -> int:
    """Of the limit with these numbers, as the rules wrote them; the first where none is."""
    for place, limit in enumerate(limits):
        value = limit.get("below", limit.get("at_most"))
        if f"{value:g}" == threshold and all(f"{limit.get(name, 0):g}" == number for name, number in also.items()):
            return place
    return 0


def age_problems(rule: RuleData, bands: list[Entry]) -> Iterator[Wrong]:
    """At the band that doesn't follow on the one before it."""
    ages = [(str(band["from_age"]), str(band.get("to_age") or "")) for band in bands]
    for line in complaints(rule, {"bands": bands, **SOURCE}, ""):
        if overlap := OVERLAP.fullmatch(line):
            end = overlap[2]
            told = f"{overlap[3]} doesn’t follow on the ages before, which end at {end}"
            before = ages.index((overlap[1], end))
            yield f"band-{before + 1}-from", sentence(told if end else "the ages before have no end")


def in_units(words: str) -> str:
    return words.replace(" deg)", "°)")


def sentence(problem: str) -> str:
    return problem[:1].upper() + problem[1:] + ("" if problem.endswith(".") else ".")
