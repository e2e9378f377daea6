"""The forms of a practice, to choose from and to look at. Nothing here writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import Count, Max

from clinic.models import Practice
from clinic.problems import Problem
from intake.models import FormVersion, IntakeResponse, PracticeForm
from intake.screening import Field, Form
from intake.screening.definition import problems
from intake.screening.items import in_language
from intake.screening.kinds import kind_label
from intake.screening.questionnaire import form_of, read_form, texts
from intake.screening.shipping import DEFAULT, SHIPPED, finished, schema_of, title_of

YES_NO = {"yes": "Yes", "no": "No"}
WHERE = re.compile(r"pages\[(\d+)\](?:\.fields\[(\d+)\])?")


@dataclass(frozen=True)
class Row:
    """One form of the list. `form` None: it comes along; `number` of the newest version, None before any."""

    key: str
    title: str
    form: PracticeForm | None
    is_default: bool
    number: int | None
    answers: int

    @property
    def value(self) -> str:
        """How a choice of forms names it."""
        return str(self.form.pk) if self.form else self.key


def rows(practice: Practice) -> list[Row]:
    """Own forms by title, then those that come along. Three queries, however many there are."""
    own = list(PracticeForm.objects.filter(practice=practice).select_related("changed_by"))
    numbers = dict(FormVersion.objects.filter(practice=practice).values_list("key").annotate(Max("number")))
    counted = IntakeResponse.objects.filter(practice=practice).completed().values_list("form_version__key")
    answers = dict(counted.annotate(Count("pk")))
    listed = [
        Row(row.key, row.title, row, row.is_default, numbers.get(row.key), answers.get(row.key, 0)) for row in own
    ]
    default = not any(form.is_default for form in own)
    return [*listed, *(shipped(key, default and key == DEFAULT, numbers, answers) for key in SHIPPED)]


def shipped(key: str, is_default: bool, numbers: Mapping[str, int], answers: Mapping[str, int]) -> Row:
    return Row(key, title_of(key), None, is_default, numbers.get(key), answers.get(key, 0))


def to_choose(practice: Practice) -> list[Row]:
    """What can be sent, the default first."""
    found = [row for row in rows(practice) if row.form is None or (row.number and not row.form.retired_at)]
    return sorted(found, key=lambda row: not row.is_default)


@dataclass(frozen=True)
class Fault:
    """A problem of a definition with where to mend it: page and field by key, empty where there is no such place."""

    path: str
    message: str
    place: str
    page: str = ""
    field: str = ""


def faults(form: PracticeForm) -> list[Fault]:
    """What keeps the draft from being published."""
    body = finished(form.body, None, 1)
    return [placed(problem, body) for problem in problems(body)]


def placed(problem: Problem, body: Mapping[str, Any]) -> Fault:
    match = WHERE.match(problem.path)
    if not match:
        return Fault(problem.path, problem.message, "The form")
    page = body["pages"][int(match[1])]
    said = f"Page {int(match[1]) + 1}, {page.get('title') or 'without a title'}"
    if match[2] is None:
        return Fault(problem.path, problem.message, said, page["key"])
    field = page["fields"][int(match[2])]
    said = f"{said}: question {int(match[2]) + 1}, {field.get('label') or 'without words'}"
    return Fault(problem.path, problem.message, said, page["key"], field["key"])


@dataclass(frozen=True)
class Told:
    """One text and its translation: the practice's own, or `known`, which the product has for one of its sentences."""

    path: str
    source: str
    own: str
    known: str


def translation(form: PracticeForm, language: str) -> list[Told]:
    told = form.body.get("translations", {}).get(language, {})
    return list(_told(texts(form_of(form.body)), told, language))


def _told(found: Mapping[str, str], told: Mapping[str, str], language: str) -> Iterator[Told]:
    for path, source in found.items():
        known = in_language(source, language)
        yield Told(path, source, told.get(path, ""), known if known != source else "")


def other_languages() -> list[tuple[str, str]]:
    """Code and name of every language but the first, in which forms are written."""
    return [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def versions(form: PracticeForm) -> list[tuple[FormVersion, int]]:
    """Newest first, each with how many answered it."""
    found = FormVersion.objects.filter(practice=form.practice_id, key=form.key).order_by("-number")
    counted = IntakeResponse.objects.filter(practice=form.practice_id, form_version__key=form.key).completed()
    answers = dict(counted.values_list("form_version").annotate(Count("pk")))
    return [(version, answers.get(version.pk, 0)) for version in found]


def as_version(form: PracticeForm) -> FormVersion:
    """The draft as if it were published; never saved."""
    body = finished(form.body, None, 1)
    return FormVersion(practice=form.practice, key=form.key, number=0, title=form.title, schema=schema_of(body))


def as_shipped(practice: Practice, key: str) -> FormVersion:
    """A form that comes along, as its version would be; never saved."""
    return FormVersion(
        practice=practice, key=key, number=0, title=title_of(key), schema=schema_of(read_form(SHIPPED[key]))
    )


def translated(form: PracticeForm, language: str) -> tuple[int, int]:
    """How many of how many texts are there in `language`."""
    told = translation(form, language)
    return sum(bool(each.own or each.known) for each in told), len(told)


def changes(form: PracticeForm, newest: FormVersion) -> list[str]:
    """What the draft has that the newest version has not, and the other way round."""
    before, now = form_of(newest.schema["form"]), form_of(form.body)
    old, new = {field.key: field for field in before.fields}, {field.key: field for field in now.fields}
    lines = [f"New: {field.label or 'a question without words'}" for key, field in new.items() if key not in old]
    lines += [f"Gone: {field.label}" for key, field in old.items() if key not in new]
    lines += [
        f"Changed: {field.label}"
        for key, field in new.items()
        if key in old and replace(old[key], version="") != replace(field, version="")
    ]
    if [page.key for page in before.pages] != [page.key for page in now.pages]:
        lines.append("Other pages, or another order of pages")
    elif [field.key for field in before.fields if field.key in new] != [key for key in new if key in old]:
        lines.append("Another order of questions")
    return lines


@dataclass(frozen=True)
class Asked:
    """A question of a version, to read: its answers, and when it is asked."""

    field: Field
    kind: str
    answers: list[str]
    only: str


def read(field: Field, version: FormVersion) -> Asked:
    """In the words of its own version."""
    if field.items:
        answers = [version.wording(field.block, item)["question"] for item in field.items]
    else:
        answers = [choice.label for choice in field.choices]
    return Asked(field, kind_label(field.type), answers, only(field, version.form))


def only(field: Field, form: Form) -> str:
    """When it is asked, in words; empty for always."""
    condition = field.show_if
    source = form.field(condition.field) if condition else None
    if condition is None or source is None:
        return ""
    if condition.at_least is not None:
        return f"Only from {condition.at_least:g} at “{source.label}”"
    words = {**{choice.value: choice.label for choice in source.choices}, **YES_NO}
    wanted = condition.any_of or ((condition.equals,) if condition.equals else ())
    return f"Only after “{', '.join(words.get(word, word) for word in wanted)}” at “{source.label}”"
