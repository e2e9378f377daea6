"""A week of hours as a grid: for each day some times from and to. Works by keyboard and touch, without a script."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clinic.queries.practice import WEEKDAYS, Times, fingerprint
from clinic.services.hours import MOST_A_DAY

USUAL = 2  # times that are shown at least: before and after the break


class WeekForm(forms.Form):
    """Fields `d<weekday>_<place>_from` and `…_to`. `seen`: the week that the editor saw."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, week: Mapping[int, list[Times]]) -> None:
        super().__init__(data)
        self.week_now = week
        self.initial["seen"] = fingerprint(week)
        most = max([USUAL, *(len(times) for times in week.values())])
        last = any(key.startswith("d") and f"_{MOST_A_DAY - 1}_" in key for key in data or ())
        self.places = range(MOST_A_DAY if last else min(most + (most >= USUAL and bool(week)), MOST_A_DAY))
        for day in range(1, 8):
            for place in self.places:
                times = week.get(day, [])
                for end, word in ((0, "from"), (1, "to")):
                    self.fields[name(day, place, word)] = forms.TimeField(
                        required=False,
                        label=f"{WEEKDAYS[day - 1]}, {'from' if end == 0 else 'to'} ({place + 1})",
                        initial=times[place][end] if place < len(times) else None,
                        widget=forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M"),
                    )

    def clean(self) -> dict[str, Any]:
        lines: list[str] = []
        self.week: dict[int, list[Times]] = {}
        for day in range(1, 8):
            for place in self.places:
                opens, closes = (self.cleaned_data.get(name(day, place, word)) for word in ("from", "to"))
                if opens and closes:
                    self.week.setdefault(day, []).append((opens, closes))
                elif (opens or closes) and not self._wrong(day, place):
                    lines.append(f"{WEEKDAYS[day - 1]}: say both from and to.")
        if lines:
            raise ValidationError(lines)
        return self.cleaned_data

    def _wrong(self, day: int, place: int) -> bool:
        return any(name(day, place, word) in self.errors for word in ("from", "to"))

    def days(self) -> list[dict[str, Any]]:
        return [
            {
                "number": day,
                "label": WEEKDAYS[day - 1],
                "times": [(self[name(day, place, "from")], self[name(day, place, "to")]) for place in self.places],
            }
            for day in range(1, 8)
        ]


def name(day: int, place: int, word: str) -> str:
    return f"d{day}_{place}_{word}"


def as_monday(data: Any, days: list[int]) -> Any:
    """What was typed, with Monday's times on these days too."""
    copied = data.copy()
    for key in list(data):
        if key.startswith("d1_"):
            for day in days:
                copied[f"d{day}{key[2:]}"] = data[key]
    return copied


def as_fields(week: Mapping[int, list[tuple[datetime.time, datetime.time]]]) -> dict[str, str]:
    """The fields that write this week, such as an undo posts them."""
    return {
        name(day, place, word): f"{at:%H:%M}"
        for day, times in week.items()
        for place, both in enumerate(times)
        for word, at in zip(("from", "to"), both, strict=True)
    }
