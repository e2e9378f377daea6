"""One page of a form version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from clinic.problems import Problem
from intake.forms.parts import part
from intake.models import FormVersion
from intake.screening import Page


@dataclass(frozen=True)
class Block:
    """A question with those that open under it."""

    question: BoundField
    follow_up: list[BoundField]


class PageForm(forms.Form):
    """The inputs of `page`, filled from the draft. `document()` is what was understood, also of a form with errors."""

    def __init__(self, data: Any = None, *, version: FormVersion, page: Page, answers: Mapping[str, Any]) -> None:
        self.parts = [part(field, version) for field in page.fields]
        initial = {name: value for each in self.parts for name, value in each.initial(answers).items()}
        super().__init__(data, initial=initial)
        for each in self.parts:
            self.fields.update(each.inputs())

    def blocks(self) -> Iterator[Block]:
        for each in self.parts:
            for name, more in each.rows():
                yield Block(self[name], [self[detail] for detail in more])

    def _clean_fields(self) -> None:
        """What stands under an answer that was not given, or was taken back, neither counts nor is checked."""
        super()._clean_fields()  # type: ignore[misc]
        for each in self.parts:
            for name, more in each.rows():
                if self.cleaned_data.get(name) not in (True, "yes"):
                    self._forget(more)

    def _forget(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.errors.pop(name, None)
            self.cleaned_data.pop(name, None)

    def document(self) -> dict[str, Any]:
        """Part of the intake document for `responses.save_page`."""
        self.errors  # noqa: B018  cleans
        said: dict[str, Any] = {}
        for each in self.parts:
            for key, value in each.document(self.cleaned_data).items():
                merged = {**said.get(key, {}), **value} if isinstance(value, dict) else value
                said[key] = merged
        return said

    def refuse(self, problems: list[Problem]) -> None:
        """Show what a service refused."""
        for problem in problems:
            where = problem.path if problem.path in self.fields else None
            self.add_error(where, problem.message.capitalize())
