"""Changing the protocol of a practice: one finding, a whole pack file, or back to the shipped one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from assessments.forms.protocol_problems import problems_of
from assessments.forms.protocol_words import (
    age_words,
    band_numbers,
    limit_words,
    sure_words,
    threshold_label,
    threshold_unit,
    unit_words,
    with_unit,
)
from assessments.rules import MEASURES, RuleData, pack_files
from assessments.rules.claims import TEXTS
from assessments.rules.needs import placeholders
from assessments.rules.pack import Band, Limit
from clinic.packs import PackError

MOST_BYTES = 500_000
CONFIDENCE = (("low", "Low"), ("moderate", "Moderate"), ("high", "High"))
FINDINGS_FILES = {
    "motion": "Motion",
    "muscle_length": "Muscle length",
    "strength_foot_and_exposure": "Strength, foot and the day",
    "leg_length": "Leg length",
}


class LookupForm(forms.Form):
    """What of the protocol is shown. Anything unreadable shows all of it."""

    q = forms.CharField(label="Find", required=False, widget=forms.SearchInput)
    group = forms.ChoiceField(label="Part", required=False, choices=[("", "All parts"), *FINDINGS_FILES.items()])
    changed = forms.BooleanField(label="Only what the practice changed", required=False)


class ReasonedForm(forms.Form):
    """What every change has: a reason, and a mark of what its maker has seen of the consequences."""

    why = forms.CharField(
        label="Why",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Stays beside the version, for whoever asks later.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def document(self) -> Any:
        """The overrides that would be in force: after validation."""
        return {}

    def show(self, name: str, value: str) -> None:
        """What stands in a field when the page comes back."""
        typed: Any = self.data
        self.data = typed.copy()
        self.data[name] = value  # type: ignore[index]

    def refuse(self, lines: Iterable[str]) -> None:
        """What a pack has against the document, each line where it belongs."""
        for line in lines:
            self.add_error(None, line.removeprefix("pack: "))


class ShippedForm(ReasonedForm):
    """Back to the shipped protocol: nothing but a reason."""


class SourceArea(forms.Textarea):
    def use_required_attribute(self, initial: Any) -> bool:
        return False


class SourceField(forms.CharField):
    """Neither required nor optional: the rules ask for it where a number changes."""

    widget = SourceArea

    def validate(self, value: Any) -> None:
        """Nothing to say here."""


class FindingForm(ReasonedForm):
    """The numbers and texts of one finding. Only what differs from the shipped ones is kept."""

    def __init__(
        self, *args: Any, shipped: RuleData, current: RuleData, overrides: Mapping[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.shipped, self.current, self.overrides = shipped, current, overrides
        for index, band in enumerate(current.bands):
            self.add_band(f"band-{index}", band)
        for name in shipped.thresholds:
            value = current.thresholds[name]
            label, unit = threshold_label(shipped, name), threshold_unit(shipped, name)
            self.fields[f"threshold-{name}"] = number(label, unit, value, shipped.thresholds[name])
        self.add_words()

    def add_band(self, place: str, band: Band) -> None:
        unit = unit_words(MEASURES[self.shipped.looks_at[0]].unit) if self.shipped.looks_at else ""
        self.fields[f"{place}-from"] = age(f"{age_words(band)}: from age", band.from_age)
        self.fields[f"{place}-to"] = age(f"{age_words(band)}: to age", band.to_age, required=False)
        shipped = dict(band_numbers(self.shipped))
        for index, limit in enumerate(band.limits):
            label = limit_words(band, limit)
            self.fields[f"{place}-{index}"] = number(label, unit, limit.threshold, shipped.get(label))
            if limit.sure_below is not None:
                label = sure_words(band, limit)
                surer = number(label, unit, limit.sure_below, shipped.get(label), required=False)
                self.fields[f"{place}-{index}-sure"] = surer

    def add_words(self) -> None:
        own = self.current.source != self.shipped.source
        if self.numbers:
            self.fields["source"] = SourceField(
                label="Where the numbers come from",
                initial=self.current.source if own else "",
                max_length=1000,
                help_text=f"Needed when a number changes. Shipped: {self.shipped.source}",
                widget=SourceArea(attrs={"rows": 2}),
            )
        self.fields["confidence"] = forms.ChoiceField(
            label="Confidence", choices=CONFIDENCE, initial=self.current.confidence, widget=forms.RadioSelect
        )
        for name, label in zip(TEXTS, ("For the therapist", "For the client"), strict=True):
            self.fields[name] = text(label, getattr(self.current, name), help_text=self.filled_in(name))

    def filled_in(self, name: str) -> str:
        known = sorted(placeholders(getattr(self.shipped, name)))
        words = ", ".join(f"{{{word}}}" for word in known)
        return f"{words} is filled in from the readings." if known else ""

    @property
    def numbers(self) -> list[list[forms.BoundField]]:
        """The fields of its thresholds: a row for each age band, then one for the others."""
        rows = [*(f"band-{index}-" for index, _ in enumerate(self.current.bands)), "threshold-"]
        found = [[self[name] for name in self.fields if name.startswith(row)] for row in rows]
        return [row for row in found if row]

    @property
    def words(self) -> list[forms.BoundField]:
        return [self[name] for name in ("source", "confidence", *TEXTS) if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """Everything that is wrong is said at once: what can't be read counts as it stood before."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for field, words in list(problems_of(self.shipped, self.entry())):
            if field not in self.errors:
                self.add_error(field if field in self.fields else None, words)
        return given

    def typed(self, name: str) -> Any:
        return self.cleaned_data[name] if name in self.cleaned_data else self.fields[name].initial

    def number(self, name: str) -> float | None:
        given = self.typed(name) if name in self.fields else None
        return None if given in (None, "") else whole(float(given))

    def document(self) -> dict[str, Any]:
        """The practice's overrides with this finding as it was typed; the other findings stay."""
        findings = {key: entry for key, entry in self.overrides.get("findings", {}).items() if key != self.shipped.key}
        entry = self.entry()
        return {**self.overrides, "findings": {**findings, **({self.shipped.key: entry} if entry else {})}}

    def entry(self) -> dict[str, Any]:
        """What is said otherwise than shipped; empty when nothing is."""
        said = {name: self.typed(name) for name in ("confidence", *TEXTS)}
        entry = {name: value for name, value in said.items() if value != getattr(self.shipped, name)}
        entry |= self.changed_numbers()
        source = self.cleaned_data.get("source", "")
        return entry | ({"source": source} if source not in ("", self.shipped.source) else {})

    def changed_numbers(self) -> dict[str, Any]:
        typed = {name: self.number(f"threshold-{name}") for name in self.shipped.thresholds}
        changed = {name: value for name, value in typed.items() if value != self.shipped.thresholds[name]}
        bands = [self.band(f"band-{index}", band) for index, band in enumerate(self.current.bands)]
        found: dict[str, Any] = {"thresholds": changed} if changed else {}
        return found | ({"bands": bands} if bands != [as_entry(band) for band in self.shipped.bands] else {})

    def band(self, place: str, band: Band) -> dict[str, Any]:
        limits = [
            limit_entry(limit, self.number(f"{place}-{index}") or 0, self.number(f"{place}-{index}-sure"))
            for index, limit in enumerate(band.limits)
        ]
        return entry_of(self.typed(f"{place}-from"), self.typed(f"{place}-to"), limits)


class PackForm(ReasonedForm):
    """A pack file, or its text. What a file says is put into the text, so that it can be mended there."""

    file = forms.FileField(label="Pack file", required=False, widget=forms.FileInput(attrs={"accept": ".json"}))
    text = forms.CharField(
        label="Or its text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "protocol-code"}),
        help_text="JSON. What it doesn't name stays as shipped. A file takes the place of the text.",
    )
    field_order = ("file", "text", "why", "seen")

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 500 kB; a pack is a few pages at most.")
        try:
            content = str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError("The file is not UTF-8 text.") from error
        self.show("text", content)
        return content

    def clean(self) -> dict[str, Any]:
        """`pack`: the parsed document. A reason that the file brings along counts where none was typed."""
        given: dict[str, Any] = super().clean() or {}
        content = given.get("file") or given.get("text", "")
        if self.errors:
            return given
        if not content.strip():
            raise forms.ValidationError("Choose a file, or paste the text of one.")
        try:
            given["pack"] = pack_files.parse(content)
        except PackError as broken:
            raise forms.ValidationError([line.removeprefix("pack: ") for line in broken.lines]) from broken
        self.take_reason(given)
        return given

    def take_reason(self, given: dict[str, Any]) -> None:
        pack = given["pack"]
        told = pack.get("why") if isinstance(pack, dict) else None
        if isinstance(told, str) and not given.get("why") and not pack_files.NO_CHARACTER.search(told):
            given["why"] = told[:300]
            self.show("why", given["why"])

    def document(self) -> Any:
        return self.cleaned_data["pack"]


def number(label: str, unit: str, value: float, shipped: float | None, *, required: bool = True) -> forms.FloatField:
    affix = {"data-unit": with_unit(unit).strip()} if unit else {}
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal", **affix})
    said = "" if shipped is None else f"Shipped: {whole(shipped)}{with_unit(unit)}"
    wrong = {"required": "Say a number.", "invalid": "This is no number."}
    return forms.FloatField(
        label=label, required=required, initial=f"{whole(value)}", help_text=said, widget=widget, error_messages=wrong
    )


def age(label: str, value: int | None, *, required: bool = True) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "data-unit": "years"})
    return forms.IntegerField(label=label, initial=value, min_value=0, max_value=120, required=required, widget=widget)


def text(label: str, value: str, *, help_text: str, required: bool = True, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        initial=value,
        max_length=1000,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": "Say it in words; it can't be empty."},
    )


def limit_entry(limit: Limit, value: float, sure_below: float | None) -> dict[str, Any]:
    """A limit of the same grade and kind with these numbers."""
    kind = "below" if limit.below is not None else "at_most"
    surer = {} if sure_below is None else {"sure_below": whole(sure_below)}
    return {"grade": limit.grade, kind: whole(value)} | surer


def as_entry(band: Band) -> dict[str, Any]:
    """A band as a pack file has it."""
    limits = [limit_entry(limit, limit.threshold, limit.sure_below) for limit in band.limits]
    return entry_of(band.from_age, band.to_age, limits)


def entry_of(from_age: int, to_age: int | None, limits: list[dict[str, Any]]) -> dict[str, Any]:
    return {"from_age": from_age, "limits": limits} | ({} if to_age is None else {"to_age": to_age})


def whole(value: float) -> float:
    """15 rather than 15.0, as a person would write it, and never rounded: what comes back as shown changes nothing."""
    return int(value) if float(value).is_integer() else value


def pretty(document: Mapping[str, Any]) -> str:
    """A document as a person reads and edits it."""
    return json.dumps(document, indent=2, ensure_ascii=False)
