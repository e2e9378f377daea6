"""From the contract's JSON list of measurements to Readings, or to every problem in it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from reprlib import Repr
from typing import Any

from assessments.rules.cross_checks import check_rotation_totals, find_duplicates
from assessments.rules.pack import Measure
from assessments.rules.protocol import MEASURES, UNITS, VOCABULARY
from assessments.rules.records import Reading
from clinic.problems import Problem

KEYS = (
    *("measure", "side", "value", "grade", "observed", "unit", "mode", "position", "instrument"),
    *("trial", "examiner", "pelvis_controlled", "pain"),
)
# What was typed, shortened: a line stays a line.
shortener = Repr()
shortener.maxstring = 80
quote = shortener.repr


@dataclass(slots=True)
class Row:
    """One entry being read: what was typed, where it stands, and what is wrong with it so far."""

    raw: Mapping[str, Any]
    path: str
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def refuse(self, key: str, message: str) -> None:
        self.problems.append(Problem(f"{self.path}.{key}", message))

    def warn(self, key: str, message: str) -> None:
        self.warnings.append(Problem(f"{self.path}.{key}", message))


def read_measurements(raw: object, *, path: str = "measurements") -> tuple[list[Reading], list[Problem], list[Problem]]:
    """Readings, problems (refuse everything when there is one) and warnings (soft limits), each with its path."""
    if not isinstance(raw, list):
        return [], [Problem(path, "must be a list of readings")], []
    readings: dict[int, Reading] = {}
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for index, entry in enumerate(raw):
        reading, row = read_row(entry, f"{path}[{index}]")
        problems += row.problems
        warnings += row.warnings
        if reading:
            readings[index] = reading
    problems += find_duplicates(readings, path)
    refused, doubtful = check_rotation_totals(readings, path)
    return list(readings.values()), problems + refused, warnings + doubtful


def read_row(entry: object, path: str) -> tuple[Reading | None, Row]:
    """One reading, or None with the row's problems."""
    if not isinstance(entry, dict):
        return None, Row({}, path, [Problem(path, "must be an object with measure, side and value or grade")])
    row = Row(entry, path)
    check_keys(row)
    measure = find_measure(row)
    if measure is None:
        return None, row
    reading = build_reading(row, measure)
    return (None if row.problems else reading), row


def check_keys(row: Row) -> None:
    for key in row.raw:
        if key not in KEYS:
            row.problems.append(
                Problem(row.path, f"unknown key {quote(key)}{suggest(key, KEYS)}; known: {', '.join(KEYS)}")
            )


def suggest(word: object, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1) if isinstance(word, str) else []
    return f", did you mean {close[0]}?" if close else ""


def find_measure(row: Row) -> Measure | None:
    key = row.raw.get("measure")
    if isinstance(key, str) and key in MEASURES:
        return MEASURES[key]
    if key is None:
        row.refuse("measure", "is missing")
    else:
        row.refuse("measure", f"unknown measure {quote(key)}{suggest(key, MEASURES)}")
    return None


def build_reading(row: Row, measure: Measure) -> Reading:
    unit, factor = read_unit(row, measure)
    check_choice(row, measure)
    typed = read_value(row, measure)
    value = None if typed is None else round(typed * factor, 6)
    if value is not None and typed is not None:
        check_limits(row, measure, value, shown(typed, unit, value, measure))
    return Reading(
        measure=measure.key,
        side=read_side(row, measure, value),
        value=value,
        grade=read_word(row, "grade", VOCABULARY["grades"]) if measure.takes_grade else None,
        observed=read_word(row, "observed", measure.observed) if measure.observed else None,
        unit=measure.unit,
        mode=read_word(row, "mode", VOCABULARY["modes"]),
        position=read_word(row, "position", VOCABULARY["positions"]),
        instrument=read_instrument(row, measure),
        trial=read_whole(row, "trial", 1, None),
        examiner=read_examiner(row),
        pelvis_controlled=read_yes_no(row, "pelvis_controlled"),
        pain=read_whole(row, "pain", 0, 10),
        typed_value=typed,
        typed_unit="" if typed is None else unit,
    )


def read_unit(row: Row, measure: Measure) -> tuple[str, float]:
    """The unit as typed and the factor to the measure's own unit. No unit means the measure's own."""
    unit = row.raw.get("unit")
    if unit is None or unit == "":
        return measure.unit, 1.0
    accepted = UNITS[measure.unit]
    if isinstance(unit, str) and unit in accepted:
        return unit, accepted[unit]
    row.refuse("unit", f"{quote(unit)} doesn't fit {measure.key}; allowed: {', '.join(accepted)}")
    return measure.unit, 1.0


def check_choice(row: Row, measure: Measure) -> None:
    """Exactly one of value, grade, observed, and one that the measure knows."""
    allowed = [key for key, ok in choices(measure).items() if ok]
    given = [key for key in ("value", "grade", "observed") if row.raw.get(key) is not None]
    for key in given:
        if key not in allowed:
            row.refuse(key, f"{measure.key} takes {' or '.join(allowed)}, not {key}")
    if not given:
        row.problems.append(Problem(row.path, f"{measure.key} needs {' or '.join(allowed)}"))
    elif len(set(given) & set(allowed)) > 1:
        row.problems.append(Problem(row.path, f"give {' or '.join(allowed)}, not both"))


def choices(measure: Measure) -> dict[str, bool]:
    return {"value": measure.takes_value, "grade": measure.takes_grade, "observed": bool(measure.observed)}


def read_value(row: Row, measure: Measure) -> float | None:
    value = row.raw.get("value")
    if value is None or not measure.takes_value:
        return None
    number = finite(value)
    if number is None:
        row.refuse("value", f"{quote(value)} is not a finite number")
    elif (measure.whole or measure.kind == "yes_no") and number != int(number):
        row.refuse("value", f"{number:g} must be a whole number for {measure.key}")
    else:
        return number
    return None


def finite(value: object) -> float | None:
    """The number as a float; None for anything else, booleans, NaN, infinities and integers beyond a float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def shown(typed: float, unit: str, value: float, measure: Measure) -> str:
    return f"{typed:g}" if typed == value else f"{typed:g} {unit} ({value:g} {measure.unit})"


def check_limits(row: Row, measure: Measure, value: float, words: str) -> None:
    hard = beyond(value, measure.hard_min, measure.hard_max, "hard")
    soft = beyond(value, measure.soft_min, measure.soft_max, "soft")
    if hard:
        row.refuse("value", f"{words} is {hard} for {measure.key}")
    elif soft:
        row.warn("value", f"{words} is {soft} for {measure.key}")


def beyond(value: float, low: float | None, high: float | None, strength: str) -> str:
    """Which limit the value passes, in words; empty when it passes none. The limits themselves are allowed."""
    if high is not None and value > high:
        return f"above the {strength} limit {high:g}"
    if low is not None and value < low:
        return f"below the {strength} limit {low:g}"
    return ""


def read_side(row: Row, measure: Measure, value: float | None) -> str | None:
    side = row.raw.get("side") or None
    if side not in (None, "left", "right"):
        row.refuse("side", f"{quote(side)} is not a side; allowed: left, right")
        return None
    complaint = side_complaint(measure, side, value)
    if complaint:
        row.refuse("side", complaint)
    return side


def side_complaint(measure: Measure, side: str | None, value: float | None) -> str:
    if measure.sides == "none":
        return f"{measure.key} has no side; leave it empty" if side else ""
    if measure.sides == "shorter" and value == 0:
        return "a difference of 0 has no shorter side; leave it empty" if side else ""
    if side:
        return ""
    shorter = " (the shorter side)" if measure.sides == "shorter" else ""
    return f"is missing: {measure.key} needs left or right{shorter}"


def read_word(row: Row, key: str, allowed: tuple[str, ...] | list[str]) -> str | None:
    word = row.raw.get(key)
    if word is None or word == "":
        return None
    if isinstance(word, str) and word in allowed:
        return word
    row.refuse(key, f"{quote(word)} is unknown{suggest(word, allowed)}; allowed: {', '.join(allowed)}")
    return None


def read_instrument(row: Row, measure: Measure) -> str | None:
    """Any known instrument; an imaging measure takes imaging only, or a tape would confirm bones."""
    instrument = read_word(row, "instrument", VOCABULARY["instruments"])
    if measure.imaging and instrument and instrument not in measure.instruments:
        row.refuse("instrument", f"{instrument} is no imaging; allowed: {', '.join(measure.instruments)}")
    return instrument


def read_whole(row: Row, key: str, low: int, high: int | None) -> int | None:
    value = row.raw.get(key)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and low <= value and (high is None or value <= high):
        return value
    allowed = f"from {low} to {high}" if high is not None else f"from {low} up"
    row.refuse(key, f"{quote(value)} must be a whole number {allowed}")
    return None


def read_yes_no(row: Row, key: str) -> bool | None:
    value = row.raw.get(key)
    if value is None or isinstance(value, bool):
        return value
    row.refuse(key, f"{quote(value)} must be true, false or left out")
    return None


def read_examiner(row: Row) -> str:
    value = row.raw.get("examiner")
    if value is None or isinstance(value, str):
        return (value or "").strip()
    row.refuse("examiner", f"{quote(value)} must be a name")
    return ""
