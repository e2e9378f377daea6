"""What a judgement stands on, in words: a value with its unit, what it was held against, and how it was read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assessments.forms.layout import SYMBOLS, YES_NO
from assessments.rules import MEASURES, Because, Measure, Pack
from assessments.rules.leg_evidence import SINGLE

LENGTH = "leg_length_"
#: What a grade is a grade of. Of anything else the bare grade is said.
GRADED = {
    "hip motion": "restriction",
    "knee": "restriction",
    "ankle and foot": "restriction",
    "muscle length": "shortness",
    "strength and control": "weakness",
}
#: Numbers of a note that came without their unit: notes are kept as they were made.
BARE = re.compile(r"\d[\d.]*(?= less than the other side)|(?<=spread )\d[\d.]*")
FIELDS = Because.__dataclass_fields__
Reason = Because | Mapping[str, Any]


def symbol(unit: str) -> str:
    return SYMBOLS.get(unit, f" {unit}" if unit else "")


def number_words(value: float, unit: str) -> str:
    return f"{round(value, 1) + 0:g}{symbol(unit)}"  # the sum: never "-0"


def grade_words(measure: str, grade: str) -> str:
    """Mild weakness, no restriction; the bare grade where the measure says nothing of its own."""
    kind = GRADED.get(MEASURES[measure].group, "") if measure in MEASURES else ""
    return f"{'no' if grade == 'none' else grade} {kind}" if kind else grade


def as_because(reason: Reason) -> Because:
    """A reason on file has the contract's shape; what a later version may have added is left out."""
    if isinstance(reason, Because):
        return reason
    return Because(**{key: value for key, value in reason.items() if key in FIELDS})


def value_words(reason: Because) -> str:
    if reason.value is None:
        return grade_words(reason.measure, reason.grade) if reason.grade else (reason.observed or "").replace("_", " ")
    if reason.unit == YES_NO:
        return "positive" if reason.value else "negative"
    return number_words(reason.value, reason.unit)


def name_words(reason: Because) -> str:
    """The measure with its side; of a difference the side that is called shorter."""
    measure = MEASURES.get(reason.measure)
    label = measure.label if measure else reason.measure.replace("_", " ").capitalize()
    shorter = " shorter" if measure and measure.sides == "shorter" else ""
    return f"{label}, {reason.side}{shorter}" if reason.side else label


def reason_words(of: Reason) -> str:
    """Name, value and threshold; a difference that its error may have made says so."""
    reason = as_because(of)
    said = f"{name_words(reason)}: {value_words(reason)}"
    if reason.threshold is None or reason.unit == YES_NO:
        return said
    inside = ", inside its error" if is_inside(reason) else ""
    return f"{said}{inside}; threshold {reason.threshold:g}{symbol(reason.unit)}"


def is_inside(reason: Because) -> bool:
    measure = MEASURES.get(reason.measure)
    if measure is None or measure.sides != "shorter" or reason.value is None:
        return False
    return abs(reason.value) < (reason.threshold or 0)


def note_words(of: Reason) -> str:
    """The note, its numbers with their unit."""
    reason = as_because(of)
    return BARE.sub(lambda found: f"{found.group()}{symbol(reason.unit)}", reason.note)


def no_error_words(measure: Measure, pack: Pack) -> str:
    """Why there is no measurement error to show."""
    limit = SINGLE.get(measure.key)
    if limit:
        size = f"{pack.leg[limit]:g}{symbol(measure.unit)}"
        return f"No error of a single length is published; the difference has a working error of {size}."
    return "No measurement error is known."
