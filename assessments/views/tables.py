"""Readings as a table: a row for each measure and way of measuring, a column for each side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessments.forms.layout import YES_NO
from assessments.models import Assessment, Reading
from assessments.rules import MEASURES, Measure
from assessments.views.evidence import grade_words, symbol


@dataclass(frozen=True)
class Side:
    """What was read on one side: the mean or the word, and the trials it stands on."""

    said: str
    trials: str = ""


@dataclass(frozen=True)
class Row:
    measure: Measure
    way: str
    left: Side | None
    right: Side | None
    both: Side | None  # a reading without sides, or a difference with the shorter one


def readings_table(assessment: Assessment) -> list[Row]:
    groups: dict[tuple[str, ...], list[Reading]] = {}
    for reading in assessment.readings.all():
        groups.setdefault((reading.measure, way_words(reading)), []).append(reading)
    return [row_of(group) for group in groups.values()]


def row_of(group: Sequence[Reading]) -> Row:
    first = group[0]
    measure = MEASURES[first.measure]
    if measure.sides == "left_right":
        left, right = (side_of([row for row in group if row.side == side]) for side in ("left", "right"))
        return Row(measure, way_words(first), left, right, None)
    return Row(measure, way_words(first), None, None, side_of(group))


def way_words(reading: Reading) -> str:
    pelvis = {True: "pelvis controlled", False: "pelvis not controlled", None: ""}[reading.pelvis_controlled]
    words = (reading.position, reading.mode, reading.instrument, pelvis)
    return " · ".join(word.replace("_", " ") for word in words if word)


def side_of(group: Sequence[Reading]) -> Side | None:
    if not group:
        return None
    values = [float(row.value) for row in group if row.value is not None]
    if not values:
        return Side(", ".join(map(seen_words, group)) + pain_words(group))
    if group[0].unit == YES_NO:
        return Side(", ".join("positive" if value else "negative" for value in values))
    shorter = f", {group[0].side} shorter" if MEASURES[group[0].measure].sides == "shorter" and group[0].side else ""
    mean = f"{sum(values) / len(values):.1f}".removesuffix(".0")
    said = f"{mean}{symbol(group[0].unit)}{shorter}{pain_words(group)}"
    return Side(said, trials_words(group, values))


def seen_words(reading: Reading) -> str:
    return reading.observed.replace("_", " ") or grade_words(reading.measure, reading.grade)


def trials_words(group: Sequence[Reading], values: Sequence[float]) -> str:
    """The trials and their spread, and what was typed where that was another unit."""
    typed = [f"{float(row.typed_value):g} {row.typed_unit}" for row in group if row.typed_value is not None]
    if len(values) > 1:
        trials = ", ".join(f"{value:g}" for value in values)
        words = f"trials {trials}; spread {max(values) - min(values):g}{symbol(group[0].unit)}"
    else:
        words = ""
    other = group[0].typed_unit not in ("", group[0].unit, "°")
    return "; ".join(part for part in (words, f"typed {', '.join(typed)}" if other else "") if part)


def pain_words(group: Iterable[Reading]) -> str:
    pains = [row.pain for row in group if row.pain is not None]
    return f", pain {max(pains)} of 10" if pains else ""
