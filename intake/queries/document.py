"""A signed intake as people read it: the questions of its own version, the answers in words."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dateformat import format as date_format

from intake.models import FormVersion, IntakeResponse
from intake.queries.marks import mark_words
from intake.screening import CONDITIONS, RED_FLAGS, Field, answer_to, is_shown
from intake.screening.questionnaire import FIXED

DETAILS = {"side": "{}", "approach": "{} approach", "date": "{}"}
HABITS = tuple(key for key in FIXED if key != "pain")
WORDS = {"yes": "Yes", "no": "No", "unsure": "Not sure"}


@dataclass(frozen=True)
class Place:
    """One painful place in words; what was not said is empty or None."""

    site: str
    side: str
    severity: int | None
    weeks: float | None
    below_knee: bool | None


@dataclass(frozen=True)
class Line:
    """A question and its answer. `level` (ask, urgent, emergency) only for a red flag that was not answered no."""

    question: str
    answer: str
    level: str = ""
    name: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    lines: list[Line]
    places: list[Place]


def sections(response: IntakeResponse) -> list[Section]:
    """Page by page, as it was asked."""
    version = response.form_version
    return [
        Section(
            page.title,
            [line for field in page.fields for line in lines(field, version, response.answers)],
            [place for field in page.fields for place in places(field, response.answers)],
        )
        for page in version.form.pages
        if not any(field.type == "consent" for field in page.fields)
    ]


def lines(field: Field, version: FormVersion, answers: Mapping[str, Any]) -> Iterator[Line]:
    if field.items:
        yield from (asked(field.block, item, version, answers) for item in field.items)
    elif field.type not in ("pain_sites", "info") and is_shown(field, version.form, answers):
        yield Line(field.label, said(field, answer_to(field, answers)))


def asked(block: str, item: str, version: FormVersion, answers: Mapping[str, Any]) -> Line:
    answer = answers.get(block, {}).get(item)
    words = version.wording(block, item)
    level = level_of(item, answer) if block == "red_flags" else ""
    return Line(words["question"], in_words(answer), level, words["name"])


def level_of(flag: str, answer: object) -> str:
    """What one answer asks for by itself: unsure always asks."""
    if answer == "yes":
        return (RED_FLAGS[flag].level if flag in RED_FLAGS else None) or "ask"
    return "ask" if answer == "unsure" else ""


def in_words(answer: object) -> str:
    """A condition or a flag: one word, one object, a list of objects, or nothing."""
    if isinstance(answer, list):
        return "; ".join(in_words(entry) for entry in answer)
    if not isinstance(answer, dict):
        return WORDS.get(str(answer), "Not answered")
    more = [told.format(answer[key]) for key, told in DETAILS.items() if answer.get(key)]
    return ", ".join([in_words(answer.get("answer")), *more, *restrictions(answer.get("restrictions"))])


def restrictions(known: list[str] | None) -> Iterator[str]:
    """Nothing while they were not entered."""
    if known is not None:
        yield "restricted: " + " and ".join(word.replace("_", " ") for word in known) if known else "no restrictions"


def said(field: Field, value: Any) -> str:
    """In the words of the form; what was not asked or not answered is said, too."""
    if field.type == "body_chart":
        return "; ".join(mark_words(mark) for mark in value or []) or "Nothing marked"
    if field.type == "yes_no":
        return WORDS.get(str(value), "Not answered")
    labels = {choice.value: choice.label for choice in field.choices}
    if isinstance(value, list):
        return ", ".join(labels.get(str(word), str(word)) for word in value) or "Nothing"
    if value in (None, ""):
        return "Not answered"
    if field.type == "date":
        return date_format(datetime.date.fromisoformat(str(value)), "SHORT_DATE_FORMAT")
    if field.type == "scale":
        return f"{value} of {field.ends[1]}"
    shown = labels.get(str(value), str(value))
    return f"{shown} {field.unit}".strip()


def places(field: Field, answers: Mapping[str, Any]) -> Iterator[Place]:
    if field.type != "pain_sites":
        return
    labels = {choice.value: choice.label for choice in field.choices}
    for entry in answers.get(field.key) or []:
        yield Place(
            labels.get(entry["site"], entry["site"]),
            entry.get("side") or "",
            entry.get("severity"),
            entry.get("weeks"),
            entry.get("radiates_below_knee"),
        )


@dataclass(frozen=True)
class Points:
    """One score: `points` None while a question that was asked is open (`open` names them)."""

    label: str
    points: float | None
    lowest: float
    highest: float
    band: str
    open: list[str]


def scores(response: IntakeResponse) -> list[Points]:
    """As they were counted when the client signed."""
    return [Points(**score) for score in response.scores.values()]


def flags(response: IntakeResponse) -> list[Line]:
    """Red flags that were not answered no, in the order of the form."""
    return [line for section in sections(response) for line in section.lines if line.level]


def habits(response: IntakeResponse) -> list[Line]:
    """Everything of the day: hours, surface, shoes, what was tried."""
    asked = [(page, field) for page in response.form_version.form.pages for field in page.fields]
    return [
        Line(field.label if len(page.fields) > 1 else page.title, said(field, response.answers.get(field.key)))
        for page, field in asked
        if field.key in HABITS
    ]


def all_places(response: IntakeResponse) -> list[Place]:
    return [place for field in response.form_version.form.fields for place in places(field, response.answers)]


@dataclass(frozen=True)
class Condition:
    """`answer` in words; `open` when a clinician still has to answer."""

    key: str
    name: str
    question: str
    answer: str
    open: bool


def conditions(known: Mapping[str, Any]) -> list[Condition]:
    """Every condition of the protocol with what is known of it."""
    return [
        Condition(key, item.name, item.question, in_words(known.get(key)), is_open(known.get(key)))
        for key, item in CONDITIONS.items()
    ]


def is_open(answer: object) -> bool:
    """Not answered, or the client was not sure."""
    entries = answer if isinstance(answer, list) else [answer]
    words = {entry.get("answer") if isinstance(entry, dict) else entry for entry in entries}
    return not words or None in words or "unsure" in words
