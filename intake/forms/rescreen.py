"""The safety questions once more: nothing is filled in, and nothing has to be answered that is as it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clinic.problems import Problem
from intake.forms.inputs import OneOf
from intake.screening import in_language
from intake.screening.again import asked_again

ANSWERS = (("yes", _("Yes")), ("no", _("No")), ("unsure", _("Not sure")))


class WhereNew(OneOf):
    """May be left open, without a word about that beside each of thirty questions."""

    def clean(self, value: Any) -> str | None:
        return super().clean(value) if value else None


class RescreenForm(forms.Form):
    """One field for each red flag, the most pressing first."""

    use_required_attribute = False

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="ask_%s")
        for item in asked_again():
            told = in_language(item, get_language() or "en")
            self.fields[item.key] = WhereNew(choices=ANSWERS, label=told.question, help_text=told.help)

    @property
    def answers(self) -> dict[str, str]:
        return {key: answer for key, answer in self.cleaned_data.items() if answer}

    def refuse(self, problems: list[Problem]) -> None:
        for problem in problems:
            key = problem.path.rpartition(".")[2]
            self.add_error(key if key in self.fields else None, problem.message)

    def questions(self) -> Iterator[forms.BoundField]:
        yield from self
