"""What a client said last time, said back to them in their language."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from intake.models import FormVersion
from intake.queries.document import Place, places
from intake.queries.marks import mark_words
from intake.screening import Field, Page, answer_to


@dataclass(frozen=True)
class Told:
    """A question and its answer."""

    question: str
    answer: str


@dataclass(frozen=True)
class Known:
    lines: list[Told]
    places: list[Place]


def known(page: Page, version: FormVersion, answers: Mapping[str, Any], language: str) -> Known:
    """`page` is in the language already; what was not answered is left out."""
    lines = [line for field in page.fields for line in lines_of(field, version, answers, language)]
    return Known(lines, [place for field in page.fields for place in places(field, answers)])


def lines_of(field: Field, version: FormVersion, answers: Mapping[str, Any], language: str) -> Iterator[Told]:
    if field.items:
        given = answers.get(field.block) or {}
        for item in field.items:
            if item in given:
                yield Told(version.wording(field.block, item, language)["question"], condition(given[item]))
    elif field.type != "pain_sites":
        said = answer_to(field, answers)
        if said not in (None, "", []):
            yield Told(field.label, said_to(field, said))


def condition(answer: Any) -> str:
    """One word, an object, or a list of objects."""
    if isinstance(answer, list):
        return "; ".join(condition(entry) for entry in answer)
    if not isinstance(answer, dict):
        return {"yes": _("Yes"), "no": _("No"), "unsure": _("Not sure")}.get(str(answer), str(answer))
    side = {"left": _("left"), "right": _("right"), "both": _("both sides")}.get(answer.get("side") or "", "")
    more = [side, day(answer["date"]) if answer.get("date") else ""]
    return ", ".join(part for part in (condition(answer.get("answer")), *more) if part)


def day(written: str) -> str:
    return formats.date_format(datetime.date.fromisoformat(written), "DATE_FORMAT")


def said_to(field: Field, said: Any) -> str:
    labels = {"yes": _("Yes"), "no": _("No")} if field.type == "yes_no" else {}
    labels |= {choice.value: choice.label for choice in field.choices}
    if field.type == "body_chart":
        return "; ".join(mark_words(mark) for mark in said)
    if field.type == "date":
        return day(said)
    if isinstance(said, list):
        return ", ".join(labels.get(str(word), str(word)) for word in said)
    number = isinstance(said, int | float)
    shown = formats.localize(said) if number else labels.get(str(said), str(said))
    return f"{shown} {field.unit}".strip()
