"""Scores of a form: what they are called, over which questions, and what so many points are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from intake.forms.inputs import SomeOf
from intake.screening import editing

MOST = 20
NAMES = ("key", "label", "fields", "bands")
MIXED_UP = "The scores arrived mixed up, so none of them is saved. Copy what you typed, then open this page again."
BAND = re.compile(r"([+-]?\d{1,6}(?:[.,]\d{1,3})?)\s*:?\s+(.+)")


class ScoresForm(forms.Form):
    """Rows of one score each, one of them empty; a row without a name is no score."""

    def __init__(self, body: Mapping[str, Any], data: Any = None) -> None:
        super().__init__(data)
        before = list(body.get("scores", []))
        self.countable = [
            (field["key"], field.get("label") or "(without words)")
            for page in body["pages"]
            for field in page["fields"]
            if field.get("score") or field["type"] in ("scale", "number")
        ]
        spare = [{"key": editing.new_key("s")}] if len(before) < MOST else []
        shown = [*before, *spare] if data is None else [{"key": key} for key in sent_keys(data)]
        self.keys = [score["key"] for score in shown]
        for number, score in enumerate(shown):
            self.fields.update(dict(self.row(number, score)))

    def row(self, number: int, score: Mapping[str, Any]) -> Iterator[tuple[str, forms.Field]]:
        """A row says whose it is: somebody else may have put one before it meanwhile, or taken one away."""
        bands = "\n".join(f"{band['at_least']:g}: {band['label']}" for band in score.get("bands", []))
        yield (
            f"{number}-key",
            forms.CharField(max_length=60, widget=forms.HiddenInput, required=False, initial=score["key"]),
        )
        yield (
            f"{number}-label",
            forms.CharField(label="Name of the score", max_length=200, required=False, initial=score.get("label", "")),
        )
        yield (
            f"{number}-fields",
            SomeOf(label="Sum of", choices=self.countable, required=False, initial=score.get("fields", [])),
        )
        yield f"{number}-bands", forms.CharField(
            label="What so many points mean", max_length=3000, required=False, initial=bands,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="One on each line, rising: 0: little, then 8: much. Leave it empty without a source.",
        )  # fmt: skip

    @property
    def rows(self) -> list[tuple[str, list[Any]]]:
        """The key and the fields of each row."""
        return [(key, [self[f"{number}-{name}"] for name in NAMES]) for number, key in enumerate(self.keys)]

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "" in self.keys or len(set(self.keys)) < len(self.keys):
            raise ValidationError(MIXED_UP)
        for number in range(len(self.keys)):
            for line in (self.cleaned_data.get(f"{number}-bands") or "").splitlines():
                if line.strip() and not BAND.fullmatch(line.strip()):
                    shown = line.strip()[:40]
                    said = f"“{shown}” is not a number with its words, such as 8: much."
                    raise ValidationError({f"{number}-bands": said})
        return self.cleaned_data

    def document(self) -> dict[str, dict[str, Any] | None]:
        """Key -> score; None for a row without a name."""
        return {key: self.score(number, key) for number, key in enumerate(self.keys)}

    def score(self, number: int, key: str) -> dict[str, Any] | None:
        label = self.cleaned_data.get(f"{number}-label", "").strip()
        if not label:
            return None
        bands = list(bands_of(self.cleaned_data.get(f"{number}-bands", "")))
        score = {"key": key, "label": label, "fields": self.cleaned_data.get(f"{number}-fields", [])}
        return {**score, "bands": bands} if bands else score


def sent_keys(data: Mapping[str, str]) -> list[str]:
    """Of the rows that were sent, as they stood on the page; "" for one that does not say whose it is."""
    sent = [number for number in range(MOST) if any(f"{number}-{name}" in data for name in NAMES)]
    return [data.get(f"{number}-key", "").strip()[:60] for number in range(max(sent, default=-1) + 1)]


def bands_of(lines: str) -> Iterator[dict[str, Any]]:
    for line in lines.splitlines():
        if match := BAND.fullmatch(line.strip()):
            points = float(match[1].replace(",", "."))
            yield {"at_least": int(points) if points.is_integer() else points, "label": match[2].strip()}
