"""Form fields that say the place, the trouble and the allowed range in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: Value and label; a label may be a lazy translation.
Choices = Sequence[tuple[str, Any]]


def not_one_of(named: str) -> str:
    """A line for Django to fill in; what stands in `named` is no placeholder."""
    return str(_("“{value}” is not one of: {named}.").format(value="%(value)s", named=named.replace("%", "%%")))


class Amount(forms.FloatField):
    """A number from `low` to `high` as people write it: a decimal comma is fine. Whole numbers come out as int."""

    def __init__(self, *, low: float, high: float, unit: Any = "", **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "data-unit": unit}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)
        self.low, self.high, self.unit = low, high, unit

    def clean(self, value: Any) -> float | int | None:
        shown = str(value or "").strip()
        try:
            number = super().clean(shown.replace(",", "."))
        except ValidationError:
            raise self.refusal(shown) from None
        if number is not None and not self.low <= number <= self.high:
            raise self.refusal(shown)
        return int(number) if number is not None and number.is_integer() else number

    def refusal(self, shown: str) -> ValidationError:
        told = {"low": f"{self.low:g}", "high": f"{self.high:g}", "shown": shown[:20], "unit": self.unit}
        if not shown:
            line = (
                _("Enter a number from {low} to {high} ({unit}).")
                if self.unit
                else _("Enter a number from {low} to {high}.")
            )
        elif self.unit:
            line = _("“{shown}” is not a number from {low} to {high} ({unit}).")
        else:
            line = _("“{shown}” is not a number from {low} to {high}.")
        return ValidationError(line.format(**told))


class OneOf(forms.ChoiceField):
    """One tap target per answer. An empty answer comes out as None."""

    def __init__(self, *, choices: Choices, **kwargs: Any) -> None:
        super().__init__(choices=choices, widget=kwargs.pop("widget", forms.RadioSelect), **kwargs)
        named = ", ".join(str(label) for value, label in choices)
        self.error_messages["required"] = _("Choose one: {named}.").format(named=named)
        self.error_messages["invalid_choice"] = not_one_of(named)

    def clean(self, value: Any) -> str | None:
        return super().clean(value) or None


class SomeOf(forms.MultipleChoiceField):
    """Any number of tap targets."""

    def __init__(self, *, choices: Choices, **kwargs: Any) -> None:
        super().__init__(choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)
        named = ", ".join(str(label) for value, label in choices)
        self.error_messages["invalid_choice"] = not_one_of(named)


class Day(forms.DateField):
    """A date as the case document has it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)
        self.error_messages["invalid"] = _("This is not a date. Enter one such as 2019-03-01.")

    def clean(self, value: Any) -> str | None:
        day = super().clean(value)
        return day.isoformat() if day else None
