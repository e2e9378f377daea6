"""One page of a form version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext

from clinic.problems import Problem
from intake.forms.parts import Part, part
from intake.models import FormVersion
from intake.screening import Field, Form, Page, is_shown


@dataclass(frozen=True)
class Block:
    """A question with those that open under it; or only words (`told`). `on` are attributes for `conditions.js`."""

    question: BoundField | None
    follow_up: list[BoundField] = field(default_factory=list)
    told: Field | None = None
    on: Mapping[str, str] = field(default_factory=dict)


class PageForm(forms.Form):
    """The inputs of `page`, filled from the draft. `document()` is what was understood, also of a form with errors.

    What an earlier page made needless is not there; what an answer of this page makes needless is there (a script hides
    it) and does not count.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        version: FormVersion,
        page: Page,
        answers: Mapping[str, Any],
        form: Form | None = None,
    ) -> None:
        self.asked, self.answers = form or version.form, answers
        self.parts = [part(each, version) for each in asked_here(page, self.asked, answers)]
        initial = {name: value for each in self.parts for name, value in each.initial(answers).items()}
        super().__init__(data, initial=initial)
        for each in self.parts:
            self.fields.update(each.inputs())

    def blocks(self) -> Iterator[Block]:
        for each in self.parts:
            on = attributes(each.field)
            if each.field.type == "info":
                yield Block(None, told=each.field, on=on)
            for name, more in each.rows():
                yield Block(self[name], [self[detail] for detail in more], on=on)

    def _clean_fields(self) -> None:
        """What stands under an answer that was not given, or was taken back, neither counts nor is checked."""
        super()._clean_fields()  # type: ignore[misc]
        for each in self.parts:
            for name, more in each.rows():
                if self.cleaned_data.get(name) not in (True, "yes"):
                    self._forget(more)
        for each in self.parts:
            if not self.counts(each):
                self._forget(tuple(each.inputs()))

    def counts(self, each: Part) -> bool:
        """Whether this is asked, with what was said on this page."""
        return each.field.show_if is None or is_shown(each.field, self.asked, over(self.answers, self.said()))

    def _forget(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.errors.pop(name, None)
            self.cleaned_data.pop(name, None)

    def document(self) -> dict[str, Any]:
        """Part of the intake document for `responses.save_page`; None where a question is not asked any more."""
        self.errors  # noqa: B018  cleans
        gone = [each.field for each in self.parts if not self.counts(each) and each.field.type != "info"]
        taken_back = {each.key: None for each in gone}
        own = {each.key: None for each in gone if each.own}
        fixed = {key: None for key in taken_back if key not in own}
        return over(self.said(), {**fixed, **({"own": own} if own else {})})

    def said(self) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for each in self.parts:
            told = over(told, each.document(self.cleaned_data))
        return told

    def refuse(self, problems: list[Problem]) -> None:
        """Show what a service refused."""
        for problem in problems:
            path = problem.path.removeprefix("own.").partition("[")[0]
            self.add_error(path if path in self.fields else None, in_words(problem))


def in_words(problem: Problem) -> str:
    """For the client, in the language of the page: what no question alone can see. All else its own input refuses."""
    if problem.message.startswith("sitting and standing together"):
        return gettext("Sitting and standing together make more than the 24 hours of a day. Change one of the two.")
    return problem.message.capitalize()


def over(saved: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` laid over `saved`; blocks and own answers key by key."""
    joined = {
        key: {**(saved.get(key) or {}), **value} if isinstance(value, dict) else value for key, value in given.items()
    }
    return {**saved, **joined}


def asked_here(page: Page, form: Form, answers: Mapping[str, Any]) -> list[Field]:
    """The fields of a page without those that an earlier page decided against."""
    asked: list[Field] = []
    for each in page.fields:
        source = each.show_if.field if each.show_if else ""
        decided_here = any(source == other.key for other in page.fields)
        if any(source == other.key for other in asked) if decided_here else is_shown(each, form, answers):
            asked.append(each)
    return asked


def attributes(each: Field) -> dict[str, str]:
    """What `conditions.js` goes by: the name of the deciding input, the words or the number that show this."""
    condition = each.show_if
    if condition is None:
        return {}
    if condition.at_least is not None:
        return {"data_show_if": condition.field, "data_show_at_least": f"{condition.at_least:g}"}
    wanted = condition.any_of or ((condition.equals,) if condition.equals else ())
    return {"data_show_if": condition.field, "data_show_is": " ".join(wanted)}
