"""The measuring sheet as the page draws it: parts, rows, cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.forms import BoundField
from django.utils import timezone

from assessments import rules
from assessments.forms.fields import PELVIS, WAY
from assessments.forms.sheet import Line, Section
from assessments.forms.strip import Ground, Strip, ground_of, strip_of
from assessments.models import Reading
from assessments.rules import Measure
from assessments.rules.case import average

if TYPE_CHECKING:
    from assessments.forms.measuring import MeasuringForm

YES_NO = "0/1"
SYMBOLS = {"deg": "°", "score": "", YES_NO: "", "0-5": ""}


@dataclass(frozen=True)
class Chooser:
    """A few choices as buttons: the name of the group, its field, and each choice with whether it is chosen."""

    name: str
    field: BoundField
    choices: list[tuple[str, str, bool]]


def choices_of(field: BoundField) -> list[tuple[str, str, bool]]:
    """What can be chosen, and what was posted and can't be."""
    value = "" if field.value() is None else str(field.value())
    known = [(str(key), str(words)) for key, words in field.field.widget.choices]
    return [(key, words, key == value) for key, words in dict([*known, (value, dict(known).get(value, value))]).items()]


@dataclass(frozen=True)
class Cell:
    """One side of a row. `remark` is the soft limit that a value passes, `sure` what says to keep it; `before` the
    earlier reading in words, `mean` that of several trials."""

    side: str
    field: BoundField
    grade: BoundField | None
    pain: BoundField | None
    remark: str
    before: str
    before_value: str
    signed: bool
    mean: str
    typed: str
    strip: Strip | None
    sure: str
    looked_at: bool

    @property
    def number(self) -> bool:
        """Typed, not chosen."""
        return not hasattr(self.field.field.widget, "choices")

    @property
    def options(self) -> list[BoundField]:
        return [field for field in (self.grade, self.pain) if field]

    @property
    def choosers(self) -> list[Chooser]:
        """Grade and pain as buttons to tap."""
        names = ("Estimate instead of a number", "Pain at end range")
        fields = ((name, field) for name, field in zip(names, (self.grade, self.pain), strict=True) if field)
        return [Chooser(name, field, choices_of(field)) for name, field in fields]

    @property
    def told(self) -> str:
        """What was chosen there, in short."""
        grade, pain = (str(field.value() or "") if field else "" for field in (self.grade, self.pain))
        zero = self.pain is not None and str(self.pain.value()) == "0"
        return " · ".join(filter(None, (grade, f"pain {pain or 0}" if pain or zero else "")))

    @property
    def errors(self) -> list[str]:
        return [str(error) for field in (self.field, *self.options) for error in field.errors]


@dataclass(frozen=True)
class Row:
    """`first`: of its measure; what holds for all trials is said there."""

    part: str
    measure: Measure
    trial: int
    numbered: bool
    unit: str
    first: bool
    cells: tuple[Cell, ...]
    way: tuple[BoundField, ...]
    shorter: BoundField | None
    key: str
    ground: Ground | None

    @property
    def again(self) -> bool:
        """A further trial can be added here: of a number, after the last one."""
        return self.measure.kind == "number" and self.measure.sides == "left_right"

    @property
    def difference(self) -> str:
        """Right and left apart, in words; empty while one of them isn't measured."""
        values = [cell.strip.today for cell in self.cells if cell.strip]
        if len(values) != 2 or None in values:
            return ""
        right, left = (value or 0 for value in values)
        if right == left:
            return "equal"
        return f"{abs(right - left):g}{self.unit} less {'right' if right < left else 'left'}"

    @property
    def label(self) -> str:
        """Without what the title of the part says already."""
        label = self.measure.label.removeprefix(f"{self.part}: ")
        return label[0].upper() + label[1:]

    @property
    def summary(self) -> str:
        """How it is taken, in one line. The pelvis is named even where nobody recorded it: the test depends on it."""
        return " · ".join(filter(None, (way_words(field) for field in self.way)))

    @property
    def errors(self) -> list[str]:
        """Of what holds for both sides."""
        fields = (*self.way, *([self.shorter] if self.shorter else []))
        return [str(error) for field in fields for error in field.errors]

    @property
    def options(self) -> list[BoundField]:
        return list(self.way)

    @property
    def named_options(self) -> list[tuple[str, BoundField]]:
        """With the short name that stands beside each, where the line is named already."""
        return [(str(field.label).rsplit(": ", 1)[-1].capitalize(), field) for field in self.options]

    @property
    def opened(self) -> bool:
        """Something that is folded away needs to be seen."""
        return any(field.errors for field in self.options)


@dataclass(frozen=True)
class Part:
    title: str
    rows: tuple[Row, ...]
    folded: bool
    letter: str
    opened: bool

    @property
    def filled(self) -> int:
        """Cells in which something stands."""
        return sum(bool(cell.typed or cell.told) for row in self.rows for cell in row.cells)


def part_of(form: MeasuringForm, section: Section, lines: Sequence[Line]) -> Part:
    keys = [line.measure_key for line in lines]
    rows = tuple(row_of(form, section.title, line, numbered=keys.count(line.measure_key) > 1) for line in lines)
    used = any(cell.typed or cell.told or cell.errors for row in rows for cell in row.cells)
    return Part(section.title, rows, section.folded, section.letter, used)


def row_of(form: MeasuringForm, part: str, line: Line, *, numbered: bool) -> Row:
    unit = form.get(line.name("unit"))
    symbol = SYMBOLS.get(line.measure.unit, line.measure.unit)
    ground = ground_of(
        line.measure, age=form.age, sex=form.client.sex, way=lambda name: word_in(form, line, name), pack=form.pack
    )
    return Row(
        part,
        line.measure,
        line.trial,
        numbered,
        str(unit.value()) if unit else symbol,
        (line.trial, line.copy) == (1, 1),
        tuple(cell_of(form, line, side, ground) for side in line.columns),
        tuple(way_of(form, line)),
        form.get(line.name("shorter")),
        line.key,
        ground,
    )


def word_in(form: MeasuringForm, line: Line, name: str) -> str:
    field = form.get(line.name(name))
    return str(field.value() or "") if field else ""


def way_of(form: MeasuringForm, line: Line) -> Iterator[BoundField]:
    for name in (*WAY, "unit", "pelvis"):
        field = form.get(line.name(name))
        if field:
            yield field


def way_words(field: BoundField) -> str:
    """One choice in words; empty for what the line doesn't tell."""
    value = str(field.value() or "")
    if field.name.endswith("-pelvis"):
        return f"pelvis {dict(PELVIS).get(value, value)}"
    return "" if field.name.endswith("-unit") else value.replace("_", " ")


def cell_of(form: MeasuringForm, line: Line, side: str, ground: Ground | None) -> Cell:
    name = line.name(f"{side}-value")
    before = form.before(line, side)
    typed = str(form[name].value() or "")
    unit = SYMBOLS.get(line.measure.unit, f" {line.measure.unit}")
    last = float(before.value) if before and before.value is not None else None
    return Cell(
        side,
        form[name],
        form.get(line.name(f"{side}-grade")),
        form.get(line.name(f"{side}-pain")),
        form.warnings.get(name, ""),
        before_words(before) if before else "",
        before_typed(before, line) if before else "",
        line.measure.kind == "number" and (line.measure.hard_min or 0) < 0,
        mean_words(form.taken, line, side),
        typed,
        strip_of(ground, side, last, typed, unit) if ground and side != "one" else None,
        form.fingerprint(name),
        form.looked_at(name),
    )


def mean_words(readings: Sequence[rules.Reading], line: Line, side: str) -> str:
    """At the last trial of a side: the mean of all, and how far they lie apart. Empty while there is only one."""
    if line.trial != line.measure.trials or line.copy > 1:
        return ""
    same = [reading for reading in readings if (reading.measure, reading.side) == (line.measure_key, side)]
    means = [mean for mean in average(same) if mean.trials > 1 and mean.value is not None]
    unit = SYMBOLS.get(line.measure.unit, f" {line.measure.unit}")
    return "; ".join(f"mean {short(mean.value)}{unit}, spread {short(mean.spread)}{unit}" for mean in means)


def short(value: float | None) -> str:
    """To one decimal, without one that says nothing."""
    return f"{value or 0:.1f}".removesuffix(".0")


def before_words(reading: Reading) -> str:
    """Such as `12° on 3 Mar`, with the year where it isn't this one."""
    side = f", {reading.side} shorter" if reading.measure.startswith("leg_length_difference") and reading.side else ""
    unit = SYMBOLS.get(reading.unit, f" {reading.unit}")
    said = reading.observed.replace("_", " ") or reading.grade or f"{float(reading.value or 0):g}{unit}{side}"
    if reading.unit == YES_NO:
        said = reading.grade or ("positive" if reading.value else "negative")
    day = reading.assessment.assessed_on
    year = "" if day.year == timezone.localdate().year else f" {day.year}"
    return f"{said} on {day.day} {day:%b}{year}"


def before_typed(reading: Reading, line: Line) -> str:
    """What to type to say the same again, in the measure's own unit."""
    if line.measure.kind == "grade":
        return reading.grade
    return reading.observed or ("" if reading.value is None else f"{float(reading.value):g}")
