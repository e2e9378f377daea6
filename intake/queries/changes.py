"""What is different from the answers that a form began with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from intake.models import IntakeResponse
from intake.queries.document import Place, lines, places
from intake.screening import Form, fitting


@dataclass(frozen=True)
class Change:
    """`was` and `now` in words; of a painful place the question is its site."""

    question: str
    was: str
    now: str


def since_last_time(response: IntakeResponse) -> list[Change]:
    """By the questions of the newer form; empty where there was no earlier one, or nothing changed."""
    if response.filled_from is None:
        return []
    form = response.form_version.form
    before, after = fitting(form, response.filled_from.answers), response.answers
    return [*of_lines(form, response, before, after), *of_places(form, before, after)]


def of_lines(
    form: Form, response: IntakeResponse, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    version = response.form_version
    for field in form.fields:
        if field.type in ("consent", "signature", "info"):
            continue
        for was, now in zip(lines(field, version, before), lines(field, version, after), strict=True):
            if was.answer != now.answer:
                yield Change(now.question, was.answer, now.answer)


def of_places(form: Form, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for field in form.fields:
        earlier = {place.site: place for place in places(field, before)}
        today = {place.site: place for place in places(field, after)}
        for site in {**earlier, **today}:
            was, now = earlier.get(site), today.get(site)
            if was != now:
                yield Change(site, in_words(was), in_words(now))


def in_words(place: Place | None) -> str:
    if place is None:
        return "no pain"
    weeks = "" if place.weeks is None else f"for {place.weeks:g} week{'' if place.weeks == 1 else 's'}"
    severity = "" if place.severity is None else f"{place.severity}/10"
    knee = "below the knee" if place.below_knee else ""
    return ", ".join(part for part in (place.side, severity, weeks, knee) if part) or "pain"
