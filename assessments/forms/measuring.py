"""The measuring screen as a form: a field for each cell, judged by the rules, with every problem at its cell."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone

from assessments import rules
from assessments.forms.fields import cell_fields, line_fields, way_choices
from assessments.forms.layout import Part, part_of
from assessments.forms.sheet import Line, Section, arrange, sections
from assessments.forms.sheet_words import in_words, sentence
from assessments.models import Reading
from assessments.services.assessments import date_problem
from clinic.models import Client
from clinic.problems import Problem

NUMBER = re.compile(r"[+\-−]?(\d+([.,]\d*)?|[.,]\d+)", re.ASCII)
LINE_KEY = re.compile(r"([a-z_]+)-(\d{1,2})(?:-(\d{1,2}))?", re.ASCII)
PATH = re.compile(r"measurements\[(\d+)\](?:\.(\w+))?", re.ASCII)
MOST_EXTRA_LINES = 60
#: Characters of one field that are kept while typing.
LONGEST = 10_000
#: From this age on the soft limits of a leg's length hold.
ADULT = 18
#: Of the page and not of the sheet: never taken from what was typed on another page.
OWN = frozenset({"revision", "lines", "unusual"})
LENGTHS = ("leg_length_true", "leg_length_apparent", "leg_length_imaging")


class MeasuringForm(forms.Form):
    """Bound: `measurements` is the contract's list, `readings` what the rules accept, `warnings` soft limits by field.

    `readings` given at the start are those of the assessment being edited, `previous` the latest earlier ones, `typed`
    what stood on its sheet and isn't saved, `ways` how the practice took each measure last time.
    """

    assessed_on = forms.DateField(
        label="Date",
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off", "form": "sheet"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    lines = forms.CharField(required=False, widget=forms.HiddenInput)
    unusual = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        client: Client,
        examiner: str,
        readings: Sequence[rules.Reading] = (),
        previous: Sequence[Reading] = (),
        initial: Mapping[str, Any] | None = None,
        typed: Mapping[str, str] | None = None,
        ways: Mapping[str, Mapping[str, str]] | None = None,
        pack: rules.Pack = rules.PACK,
    ) -> None:
        super().__init__(
            data, initial={"assessed_on": timezone.localdate(timezone=client.zone), **(initial or {})}, auto_id="%s"
        )
        self.client, self.examiner, self.ways, self.pack = client, examiner, ways or {}, pack
        self.earlier = tuple(readings)
        self.previous = {(row.measure, row.side, row.trial): row for row in previous}
        placed, extra = arrange(readings)
        typed = {} if self.is_bound or typed is None else typed
        self.extra = lines_of(self.data.get("lines", "")) if self.is_bound else extra
        self.extra = list(dict.fromkeys([*self.extra, *lines_of(typed.get("lines", ""))]))
        self.initial["lines"] = " ".join(line.key for line in self.extra)
        for line in self.all_lines():
            self.add_line(line, placed.get(line, []))
        self.initial.update({name: text for name, text in typed.items() if name in self.fields and name not in OWN})
        self.measurements: list[dict[str, Any]] = []
        self.places: list[tuple[Line, str]] = []
        self.readings: list[rules.Reading] = []
        self.warnings: dict[str, str] = {}

    def layout(self) -> list[Part]:
        """What the page draws."""
        parts = []
        rest = list(self.extra)
        for section in sections():
            more = [line for line in rest if line.measure_key in section.measures and line.copy == 1]
            rest = [line for line in rest if line not in more]
            lines = sorted([*section.lines(), *more], key=lambda line: section.measures.index(line.measure_key))
            parts.append(part_of(self, section, lines))
        return [*parts, *([part_of(self, Section("Also recorded", (), folded=False), rest)] if rest else [])]

    @cached_property
    def age(self) -> int | None:
        """In years, on the day of the assessment."""
        return self.client.age_on(self.day)

    @property
    def taken(self) -> Sequence[rules.Reading]:
        """What stands on the sheet: the accepted readings of one that was sent, else the saved ones."""
        return self.readings if self.is_bound else self.earlier

    def all_lines(self) -> Iterator[Line]:
        for section in sections():
            yield from section.lines()
        yield from self.extra

    def add_line(self, line: Line, readings: Iterable[rules.Reading]) -> None:
        there = list(readings)
        previous = next((self.before(line, side) for side in line.sides if self.before(line, side)), None)
        own = next((row for row in there if row.value is not None), there[0] if there else None)
        self.fields.update(
            line_fields(
                line, own or (previous.as_rule() if previous else None), own, self.ways.get(line.measure_key, {})
            )
        )
        for side in line.sides:
            found = next((row for row in there if side in ("one", row.side)), None)
            self.fields.update(cell_fields(line, side, found))

    def before(self, line: Line, side: str) -> Reading | None:
        """The earlier reading to show beside a cell."""
        sides = ("", "left", "right") if side == "one" else (side,)
        return next((row for key in sides if (row := self.previous.get((line.measure_key, key, line.trial)))), None)

    @property
    def as_typed(self) -> dict[str, str]:
        """Every field as it was sent, right or wrong; but for a character that PostgreSQL can't keep."""
        sent = {name: str(self.data.get(name, ""))[:LONGEST] for name in self.fields if name not in OWN}
        kept = {name: text.replace("\x00", "") for name, text in sent.items()}
        return kept | {"lines": " ".join(line.key for line in self.extra)}

    @property
    def day(self) -> datetime.date:
        """Today where the date that was sent is none, or can't be."""
        try:
            day = datetime.date.fromisoformat(str(self["assessed_on"].value()))
        except ValueError:
            return self.client.today
        return self.client.today if date_problem(self.client, day) else day

    def clean_assessed_on(self) -> Any:
        day = self.cleaned_data["assessed_on"]
        complaint = date_problem(self.client, day)
        if complaint:
            raise forms.ValidationError(f"{complaint[0].upper()}{complaint[1:]}.")
        return day

    def clean(self) -> dict[str, Any]:
        for line in self.all_lines():
            for side in line.sides:
                entry = self.entry(line, side)
                if entry:
                    self.measurements.append(entry)
                    self.places.append((line, side))
        self.readings, problems, warnings = rules.read_measurements(self.measurements)
        for problem in problems:
            self.add_error(self.field_of(problem.path), self.said(problem))
        self.warnings = {
            self.field_of(warning.path) or "": self.said(warning) for warning in warnings if self.concerns(warning)
        }
        return self.cleaned_data

    def said(self, problem: Problem) -> str:
        """In the words of the sheet."""
        place, key = place_of(problem.path)
        if place is None:
            return sentence(problem.message)
        return in_words(key, problem.message, self.measurements[place], self.places[place][0].measure)

    def concerns(self, warning: Problem) -> bool:
        """What is usual for the length of a leg is known of adults only."""
        place, _ = place_of(warning.path)
        measure = self.places[place or 0][0].measure
        age = self.client.age_on(self.cleaned_data.get("assessed_on") or self.client.today)
        return not (measure.key in LENGTHS and age is not None and age < ADULT)

    def entry(self, line: Line, side: str) -> dict[str, Any] | None:
        """What stands in a cell in the contract's shape; None for an empty one."""
        told = {what: self.cleaned_data.get(line.name(f"{side}-{what}")) or "" for what in ("value", "grade", "pain")}
        if not (told["value"] or told["grade"]):
            return None
        way = way_choices(self.cleaned_data, line)
        entry: dict[str, Any] = {"measure": line.measure_key, "trial": line.trial, **way}
        entry["side"] = self.side_of(line, side)
        if line.measure.observed:
            entry["observed"] = told["value"]
        elif line.measure.kind == "grade":
            entry["grade"] = told["value"]
        elif told["value"]:
            unit = self.cleaned_data.get(line.name("unit")) or line.measure.unit
            entry |= {"value": number(told["value"]), "unit": unit}
        if told["grade"]:
            entry["grade"] = told["grade"]
        if entry.get("grade"):
            entry["instrument"] = "visual"  # nothing was read off an instrument
        if told["pain"] != "":
            entry["pain"] = number(told["pain"], whole=True)
        entry["examiner"] = self.examiner_of(entry)
        return {key: value for key, value in entry.items() if value not in (None, "")}

    def side_of(self, line: Line, side: str) -> str | None:
        return (self.cleaned_data.get(line.name("shorter")) or None) if side == "one" else side

    def examiner_of(self, entry: Mapping[str, Any]) -> str:
        """Whoever took the reading keeps it; what is new or changed is by the person at the screen."""
        names = ("measure", "trial", "value", "grade", "observed")
        for reading in self.earlier:
            typed = {"value": reading.typed_value, "trial": reading.trial or 1}
            same = all(typed.get(name, getattr(reading, name)) == entry.get(name) for name in names)
            if same and entry["side"] in (None, reading.side):
                return reading.examiner
        return self.examiner

    def field_of(self, path: str) -> str | None:
        """`measurements[3].value` is the cell of the fourth reading; what concerns its way is the line's field."""
        place, key = place_of(path)
        if place is None:
            return None
        line, side = self.places[place]
        key = key or "value"
        names = (line.name("shorter" if key == "side" else key), line.name(f"{side}-{key}"))
        return next((name for name in names if name in self.fields), line.name(f"{side}-value"))

    @property
    def unconfirmed(self) -> dict[str, str]:
        """Soft limits that nobody has looked at yet; what was saved before was looked at then."""
        return {name: words for name, words in self.warnings.items() if not self.looked_at(name)}

    def looked_at(self, name: str) -> bool:
        return self.fingerprint(name) in self.seen or self.data.get(name) == self.fields[name].initial

    @cached_property
    def seen(self) -> set[str]:
        """Values that somebody said to keep, in the question at the cell or at the top of the page."""
        ticked = self.data.getlist("sure") if hasattr(self.data, "getlist") else []
        return {*ticked, *(self.data.get("unusual") or "").split()}

    @property
    def named(self) -> list[tuple[BoundField, str]]:
        """The same with the cell that each is about."""
        return [(self[name], words) for name, words in self.unconfirmed.items()]

    def fingerprint(self, name: str) -> str:
        """A value that was looked at counts only as long as it stays the same."""
        return f"{name}={self.data.get(name, '')}".replace(" ", "")

    @property
    def fingerprints(self) -> str:
        return " ".join(self.fingerprint(name) for name in self.warnings)

    def get(self, name: str) -> forms.BoundField | None:
        return self[name] if name in self.fields else None


def place_of(path: str) -> tuple[int | None, str]:
    """`measurements[3].value` is about the value of the fourth reading; None for what is about none of them."""
    found = PATH.fullmatch(path)
    return (int(found[1]), found[2] or "") if found else (None, "")


def lines_of(text: str) -> list[Line]:
    """The extra lines a page was drawn with; what is no measure is left out."""
    known = {line.key for section in sections() for line in section.lines()}
    found = [match for word in text.split()[:MOST_EXTRA_LINES] if (match := LINE_KEY.fullmatch(word))]
    lines = [Line(match[1], int(match[2]), int(match[3] or 1), True) for match in found if match[1] in rules.MEASURES]
    return [line for line in dict.fromkeys(lines) if line.key not in known]


def number(text: str, *, whole: bool = False) -> float | int | str:
    """The number that was typed, with a decimal comma or a typographic minus; other text stays, to be refused."""
    text = text.strip()
    if not NUMBER.fullmatch(text):
        return text
    value = float(text.replace(",", ".").replace("−", "-"))
    return int(value) if whole and value == int(value) else value
