"""The form fields of one line of the measuring sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from assessments.forms.sheet import Line
from assessments.rules import Measure, Reading
from assessments.rules.protocol import VOCABULARY

GRADES = [("", "–"), *((grade, grade) for grade in VOCABULARY["grades"])]
PAINS = [("", "–"), *((str(number), str(number)) for number in range(11))]
SHORTER = [("", "no difference"), ("left", "left shorter"), ("right", "right shorter")]
PELVIS = [("", "not recorded"), ("yes", "held"), ("no", "free")]
WAY = {"position": "positions", "mode": "modes", "instrument": "instruments"}
LIMITS = ("hard_min", "hard_max", "soft_min", "soft_max")
PREFERRED = {"mode": "passive"}
NO_WAYS: Mapping[str, str] = {}
NO_YES = [("", "–"), ("0", "negative"), ("1", "positive")]


def line_fields(
    line: Line, model: Reading | None, own: Reading | None, ways: Mapping[str, str] = NO_WAYS
) -> dict[str, forms.Field]:
    """How a line is taken: as the reading `model` was, else as the practice did last time (`ways`), else in the usual
    way. What was found comes from `own` only."""
    fields = {
        line.name(name): way_field(line, name, model, ways.get(name, ""))
        for name in WAY
        if choices_of(line.measure, name, model)
    }
    if len(line.units) > 1:
        unit = model.typed_unit if model and model.typed_unit in line.units else line.measure.unit
        fields[line.name("unit")] = select(line, "unit", [(unit, unit) for unit in line.units], unit)
    if line.measure.sides == "shorter":
        side = own.side if own else ""
        fields[line.name("shorter")] = select(line, "shorter leg", SHORTER, side or "")
    if line.pelvis or (own and own.pelvis_controlled is not None):
        known = {True: "yes", False: "no", None: ""}[own.pelvis_controlled if own else None]
        fields[line.name("pelvis")] = select(line, "pelvis", PELVIS, known)
    return fields


def way_field(line: Line, name: str, model: Reading | None, practice: str = "") -> forms.Field:
    words = choices_of(line.measure, name, model)
    usual = practice if practice in words else PREFERRED.get(name, words[0])
    chosen = (getattr(model, name) or "") if model else usual if usual in words else words[0]
    return select(line, name, [*((word, word.replace("_", " ")) for word in words), ("", "not recorded")], chosen)


def choices_of(measure: Measure, name: str, model: Reading | None) -> list[str]:
    """The usual ones, and the one that was used."""
    usual = list(getattr(measure, WAY[name]))
    used = getattr(model, name) if model else None
    return [*usual, used] if used and used not in usual else usual


def select(line: Line, what: str, choices: list[tuple[str, str]], initial: str) -> forms.Field:
    """Any posted word is kept and left to the rules to refuse, so that nothing typed is lost."""
    return forms.CharField(
        label=f"{label_of(line)}: {what}",
        required=False,
        initial=initial,
        widget=forms.Select(choices=choices, attrs={"autocomplete": "off"}),
    )


def cell_fields(line: Line, side: str, reading: Reading | None) -> dict[str, forms.Field]:
    """What is typed for one side: a number or what was seen, or a grade, and pain at end range."""
    whose = "" if side == "one" else f", {side}"
    label = f"{label_of(line)}{whose}"
    fields = {line.name(f"{side}-value"): value_field(line, side, label, reading)}
    if line.measure.takes_grade and line.measure.kind != "grade":
        grade = (reading.grade if reading else None) or ""
        fields[line.name(f"{side}-grade")] = select(line, f"estimated{whose}", GRADES, grade)
    if line.measure.modes:
        fields[line.name(f"{side}-pain")] = forms.CharField(
            label=f"{label_of(line)}: pain at end range{whose}",
            required=False,
            max_length=4,
            initial="" if reading is None or reading.pain is None else reading.pain,
            widget=forms.Select(choices=PAINS, attrs={"autocomplete": "off"}),
        )
    return fields


def value_field(line: Line, side: str, label: str, reading: Reading | None) -> forms.Field:
    measure = line.measure
    note = {"aria-describedby": f"note-{line.name(f'{side}-value')}", "data-column": side, "autocomplete": "off"}
    choices = value_choices(measure)
    if choices:
        widget: forms.Widget = forms.Select(choices=choices, attrs=note)
    else:
        limits = {
            f"data-{name.replace('_', '-')}": f"{value:g}"
            for name in LIMITS
            if (value := getattr(measure, name)) is not None
        }
        widget = forms.TextInput(attrs={**note, **limits, "inputmode": "decimal", "enterkeyhint": "next"})
    initial = typed(measure, reading) if reading else ""
    return forms.CharField(label=label, required=False, max_length=40, initial=initial, widget=widget)


def value_choices(measure: Measure) -> list[tuple[str, str]]:
    """What a measure that is no number can be; empty for a number, which is typed."""
    if measure.observed:
        return [("", "–"), *((word, word.replace("_", " ")) for word in measure.observed)]
    return {"grade": GRADES, "yes_no": NO_YES}.get(measure.kind, [])


def typed(measure: Measure, reading: Reading) -> str:
    """What a reading was typed or chosen as."""
    if measure.kind == "grade":
        return reading.grade or ""
    return reading.observed or ("" if reading.typed_value is None else f"{reading.typed_value:g}")


def label_of(line: Line) -> str:
    numbered = line.trial > 1 or line.measure.trials > 1
    return f"{line.measure.label}, trial {line.trial}" if numbered else line.measure.label


def way_choices(data: Mapping[str, Any], line: Line) -> dict[str, Any]:
    """How the line was taken, in the contract's shape."""
    way: dict[str, Any] = {name: data.get(line.name(name)) or None for name in WAY}
    pelvis = data.get(line.name("pelvis"))
    return {**way, "pelvis_controlled": {"yes": True, "no": False}.get(pelvis or "")}
