"""One questionnaire on screen. What the answers mean and what is wrong with them is said by the rules, not here."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.forms import BoundField

from assessments.rules.questionnaires import Questionnaire, Score, score
from clinic.problems import Problem

WHOLE = re.compile(r"[+-]?\d{1,6}")
DECIMAL = re.compile(r"[+-]?\d{1,9}([.,]\d{1,9})?")
#: What was typed, as the rules say it back.
QUOTED = re.compile(r"^'(.*)' ")
#: Names offered while typing; any other can be typed.
OFTEN_USED = ("ODI", "LEFS", "HOOS-12", "PROMIS Physical Function", "PROMIS Pain Interference", "STarT Back")


class QuestionnaireForm(forms.Form):
    """Any posted word is kept and left to the rules to refuse, so that nothing typed is lost."""

    answered_on = forms.DateField(
        label="Answered on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Is missing.", "invalid": "Is not a date."},
    )

    def __init__(
        self, questionnaire: Questionnaire, *args: Any, today: datetime.date, named: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        """`named`: the activities of last time, to be asked again."""
        super().__init__(*args, **kwargs)
        self.questionnaire = questionnaire
        self.named = named
        self.fields["answered_on"].initial = today
        self.fields["answered_on"].widget.attrs["max"] = today.isoformat()
        BUILDERS[questionnaire.scoring](self)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["answers"] = READERS[self.questionnaire.scoring](self)
        scored = score(self.questionnaire, cleaned["answers"])
        for problem in [] if isinstance(scored, Score) else scored:
            self.add_problem(problem)
        return cleaned

    def add_problem(self, problem: Problem) -> None:
        """At the field where it can be mended, else above the form."""
        name = self.place(problem.path)
        self.add_error(name if name in self.fields else None, self.said(problem))

    def said(self, problem: Problem) -> str:
        """In words of the page: what was asked instead of its key, and no range where there is none."""
        if problem.path == "answers.activities":
            filled = len(self.filled_rows())
            return (
                f"Name at least {self.least} activities; {filled or 'none'} {'is' if filled < 2 else 'are'} filled in."
            )
        message = QUOTED.sub(r"“\1” ", problem.message)
        if self.questionnaire.scoring == "typed":
            message = message.partition("; allowed: ")[0]
        for item in self.questionnaire.items:
            message = message.replace(f"“{item.key}”", f"“{item.text}”")
        return f"{message[:1].upper()}{message[1:]}."

    def place(self, path: str) -> str:
        if path == "answers.activities":
            return f"activity_{next(row for row in self.rows() if row not in self.filled_rows())}"
        row = re.fullmatch(r"answers\.activities\[(\d+)\]\.(\w+)", path)
        if row:
            return f"{row[2]}_{self.filled_rows()[int(row[1])]}"
        return path.removeprefix("answers.")

    def text_of(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "").strip()

    @property
    def scales(self) -> list[BoundField]:
        """The rows of numbers."""
        return [self[item.key] for item in self.questionnaire.items if item.key in self.fields]

    @property
    def worded(self) -> bool:
        """Every number has its words: they stand in a list, not in a row."""
        return len(self.questionnaire.labels) == len(self.questionnaire.numbers)

    @property
    def ends(self) -> list[tuple[int, str]]:
        """The words at the two ends of a row of numbers."""
        return [] if self.worded else sorted(self.questionnaire.labels.items())

    @property
    def needed_rows(self) -> list[tuple[BoundField, BoundField]]:
        return [self.row(number) for number in self.rows() if number <= self.least]

    @property
    def further_rows(self) -> list[tuple[BoundField, BoundField]]:
        return [self.row(number) for number in self.rows() if number > self.least]

    @property
    def further_in_use(self) -> bool:
        return any(field.value() for row in self.further_rows for field in row)

    @property
    def least(self) -> int:
        return self.questionnaire.own_items.least if self.questionnaire.own_items else 0

    def row(self, number: int) -> tuple[BoundField, BoundField]:
        return self[f"activity_{number}"], self[f"score_{number}"]

    def rows(self) -> range:
        return range(1, self.questionnaire.own_items.most + 1) if self.questionnaire.own_items else range(0)

    def filled_rows(self) -> list[int]:
        return [row for row in self.rows() if self.text_of(f"activity_{row}") or self.text_of(f"score_{row}")]


class AskedField(forms.CharField):
    """A field that a person sees as required or not; what is missing is said by the rules."""

    def validate(self, value: Any) -> None:
        """Nothing to say here."""


def numbers_field(questionnaire: Questionnaire, label: str, required: bool) -> AskedField:
    choices = [(str(number), questionnaire.labels.get(number, "")) for number in questionnaire.numbers]
    if len(questionnaire.labels) == len(choices):
        choices.reverse()  # words in a list: the best on top
    return AskedField(label=label, required=required, widget=forms.RadioSelect(choices=choices))


def build_scales(form: QuestionnaireForm) -> None:
    for item in form.questionnaire.items:
        form.fields[item.key] = numbers_field(form.questionnaire, item.text, not item.optional)


def build_ticks(form: QuestionnaireForm) -> None:
    choices = [(item.key, item.text) for item in form.questionnaire.items]
    form.fields["ticked"] = forms.MultipleChoiceField(
        label="Today", required=False, choices=choices, widget=forms.CheckboxSelectMultiple
    )
    form.fields["none_of_them"] = forms.BooleanField(label="None of these describes me today", required=False)


def build_activities(form: QuestionnaireForm) -> None:
    for row in form.rows():
        needed = row <= form.least
        form.fields[f"activity_{row}"] = AskedField(
            label=f"Activity {row}",
            required=needed,
            initial=form.named[row - 1] if row <= len(form.named) else "",
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        form.fields[f"score_{row}"] = numbers_field(form.questionnaire, f"How well today: activity {row}", needed)


def build_total(form: QuestionnaireForm) -> None:
    form.fields["name"] = forms.CharField(
        label="Which questionnaire",
        max_length=120,
        help_text="With its version, the same words every time: scores of the same name stand together.",
        widget=forms.TextInput(attrs={"list": "often-used", "autocomplete": "off"}),
        error_messages={"required": "Is missing."},
    )
    form.fields["total"] = AskedField(
        label="Total",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    form.fields["licence_held"] = forms.ChoiceField(
        label="May your practice use it? Does it hold a licence, where one is needed?",
        choices=[("yes", "Yes"), ("no", "No, or not known")],
        widget=forms.RadioSelect,
        error_messages={"required": "Is missing; say yes or no."},
    )


def read_scales(form: QuestionnaireForm) -> dict[str, Any]:
    return {item.key: number(form.text_of(item.key)) for item in form.questionnaire.items}


def read_ticks(form: QuestionnaireForm) -> dict[str, Any]:
    """Nothing ticked is a score of 0, which is easily sent by mistake: it is said."""
    ticked, none = form.cleaned_data.get("ticked", []), form.cleaned_data.get("none_of_them")
    if not ticked and not none and "ticked" not in form.errors:
        form.add_error("none_of_them", "Nothing is ticked. If that is so, tick this.")
    if ticked and none:
        form.add_error("none_of_them", f"{len(ticked)} above {'is' if len(ticked) == 1 else 'are'} ticked.")
    return dict.fromkeys(ticked, True)


def read_activities(form: QuestionnaireForm) -> dict[str, Any]:
    rows = [
        {"activity": form.text_of(f"activity_{row}"), "score": number(form.text_of(f"score_{row}"))}
        for row in form.filled_rows()
    ]
    return {"activities": rows}


def read_total(form: QuestionnaireForm) -> dict[str, Any]:
    form.cleaned_data["licence_held"] = {"yes": True, "no": False}.get(form.text_of("licence_held"))
    text = form.text_of("total")
    return {"total": float(text.replace(",", ".")) if DECIMAL.fullmatch(text) else text}


def number(text: str) -> int | str:
    """What isn't a whole number stays as it was typed."""
    return int(text) if WHOLE.fullmatch(text) else text


BUILDERS: Mapping[str, Callable[[QuestionnaireForm], None]] = {
    "one_item": build_scales,
    "ticks": build_ticks,
    "own_items": build_activities,
    "typed": build_total,
}
READERS: Mapping[str, Callable[[QuestionnaireForm], dict[str, Any]]] = {
    "one_item": read_scales,
    "ticks": read_ticks,
    "own_items": read_activities,
    "typed": read_total,
}
