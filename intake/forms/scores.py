"""Scores of a form: what they are called, over which questions, and what so many points are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from intake.forms.inputs import SomeOf
from intake.screening import editing

SPARE, MOST = 1, 20
BAND = re.compile(r"([+-]?\d{1,6}(?:[.,]\d{1,3})?)\s*:?\s+(.+)")


class ScoresForm(forms.Form):
    """Rows of one score each, one of them empty; a row without a name is no score."""

    def __init__(self, body: Mapping[str, Any], data: Any = None) -> None:
        super().__init__(data)
        self.before = list(body.get("scores", []))
        self.countable = [
            (field["key"], field.get("label") or "(without words)")
            for page in body["pages"]
            for field in page["fields"]
            if field.get("score") or field["type"] in ("scale", "number")
        ]
        self.count = min(MOST, len(self.before) + SPARE)
        for number in range(self.count):
            self.fields.update(dict(self.row(number, self.before[number] if number < len(self.before) else {})))

    def row(self, number: int, score: Mapping[str, Any]) -> Iterator[tuple[str, forms.Field]]:
        bands = "\n".join(f"{band['at_least']:g}: {band['label']}" for band in score.get("bands", []))
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
    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        for number in range(self.count):
            yield number, [self[f"{number}-{name}"] for name in ("label", "fields", "bands")]

    def clean(self) -> dict[str, Any]:
        super().clean()
        for number in range(self.count):
            for line in (self.cleaned_data.get(f"{number}-bands") or "").splitlines():
                if line.strip() and not BAND.fullmatch(line.strip()):
                    shown = line.strip()[:40]
                    said = f"“{shown}” is not a number with its words, such as 8: much."
                    raise ValidationError({f"{number}-bands": said})
        return self.cleaned_data

    def document(self) -> list[dict[str, Any]]:
        return [score for number in range(self.count) if (score := self.score(number))]

    def score(self, number: int) -> dict[str, Any]:
        label = self.cleaned_data.get(f"{number}-label", "").strip()
        if not label:
            return {}
        key = self.before[number]["key"] if number < len(self.before) else editing.new_key("s")
        bands = list(bands_of(self.cleaned_data.get(f"{number}-bands", "")))
        score = {"key": key, "label": label, "fields": self.cleaned_data.get(f"{number}-fields", [])}
        return {**score, "bands": bands} if bands else score


def bands_of(lines: str) -> Iterator[dict[str, Any]]:
    for line in lines.splitlines():
        if match := BAND.fullmatch(line.strip()):
            points = float(match[1].replace(",", "."))
            yield {"at_least": int(points) if points.is_integer() else points, "label": match[2].strip()}
