"""A practice's own questions as inputs: texts, scales, dates, yes or no; and words that ask nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.forms.inputs import Amount, Choices, Day, OneOf, SomeOf
from intake.models import FormVersion
from intake.screening import Field, answer_to

YES_NO = (("yes", _("Yes")), ("no", _("No")))
Cleaned = Mapping[str, Any]


def choices_of(field: Field) -> Choices:
    return [(choice.value, choice.label) for choice in field.choices]


class Single:
    """One question with one input: a number, one choice or several."""

    def __init__(self, field: Field, version: FormVersion) -> None:
        self.field = field

    def inputs(self) -> dict[str, forms.Field]:
        return {self.field.key: self.input()}

    def input(self) -> forms.Field:
        field = self.field
        if field.type == "number":
            high = field.maximum if field.maximum is not None else 0
            return Amount(low=field.minimum or 0, high=high, unit=field.unit, **self.said())
        kind = SomeOf if field.type == "multi_choice" else OneOf
        return kind(choices=choices_of(field), **self.said())

    def said(self) -> dict[str, Any]:
        return {"label": self.field.label, "help_text": self.field.help, "required": self.field.required}

    def rows(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield self.field.key, ()

    def initial(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        return {self.field.key: answer_to(self.field, answers)}

    def document(self, cleaned: Cleaned) -> dict[str, Any]:
        return self.told(cleaned[self.field.key]) if self.field.key in cleaned else {}

    def told(self, value: Any) -> dict[str, Any]:
        """An answer at its place in the intake document; None takes it back."""
        return {"own": {self.field.key: value}} if self.field.own else {self.field.key: value}


class YesNo(Single):
    def input(self) -> forms.Field:
        return OneOf(choices=YES_NO, **self.said())


class Words(Single):
    """A short text or a long one."""

    def input(self) -> forms.Field:
        longest = self.field.longest
        widget = forms.Textarea(attrs={"rows": 4}) if self.field.type == "long_text" else forms.TextInput()
        line = _("At most {most} characters; these are more.").format(most=longest)
        return forms.CharField(max_length=longest, widget=widget, error_messages={"max_length": line}, **self.said())

    def document(self, cleaned: Cleaned) -> dict[str, Any]:
        return self.told(cleaned[self.field.key] or None) if self.field.key in cleaned else {}


class Scale(Single):
    """Every whole number is one tap; both ends are said in words."""

    def input(self) -> forms.Field:
        low, high = self.field.ends
        levels = [(str(level), str(level)) for level in range(low, high + 1)]
        widget = forms.RadioSelect(attrs={"data-scale": ""})
        said = self.said() | {"help_text": " ".join(word for word in (self.field.help, self.ends()) if word)}
        field = OneOf(choices=levels, widget=widget, **said)
        line = _("Choose a whole number from {low} to {high}.").format(low=low, high=high)
        field.error_messages |= {"required": line, "invalid_choice": line}
        return field

    def ends(self) -> str:
        low, high = self.field.ends
        if not (self.field.low and self.field.high):
            return ""
        told = {"low": low, "high": high, "lowest": self.field.low, "highest": self.field.high}
        return str(_("{low} is “{lowest}”, {high} is “{highest}”.").format(**told))

    def document(self, cleaned: Cleaned) -> dict[str, Any]:
        if self.field.key not in cleaned:
            return {}
        value = cleaned[self.field.key]
        return self.told(None if value is None else int(value))


class OneDay(Single):
    def input(self) -> forms.Field:
        return Day(**self.said())


class Info:
    """Words to read; nothing is asked."""

    def __init__(self, field: Field, version: FormVersion) -> None:
        self.field = field

    def inputs(self) -> dict[str, forms.Field]:
        return {}

    def rows(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield from ()

    def initial(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    def document(self, cleaned: Cleaned) -> dict[str, Any]:
        return {}

    def told(self, value: Any) -> dict[str, Any]:
        return {}
