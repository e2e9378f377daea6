"""What is still missing before an intake can be signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clinic.problems import Problem
from intake.queries.answers import consent_of
from intake.screening import Field, Form, Page, is_answered, is_shown

NOT_ANSWERED = "not answered yet"
MOST_NAME = 160


def open_questions(form: Form, answers: Mapping[str, Any]) -> Iterator[Problem]:
    """One problem per required question without an answer, in the order of the form; path as in the case document."""
    for page in form.pages:
        yield from open_on(page, form, answers)


def open_on(page: Page, form: Form, answers: Mapping[str, Any]) -> Iterator[Problem]:
    """The same of one page. What is not asked because of an earlier answer is never open."""
    for field in page.fields:
        if is_shown(field, form, answers):
            yield from unanswered(field, answers)


def unanswered(field: Field, answers: Mapping[str, Any]) -> Iterator[Problem]:
    if field.type == "pain_sites":
        yield from places_without_severity(field, answers)
    if not field.required or field.type in ("consent", "signature", "info"):
        return
    if field.items:
        given = answers.get(field.block, {})
        yield from (
            Problem(f"{field.block}.{item}", f"{NOT_ANSWERED}; yes, no or not sure")
            for item in field.items
            if item not in given
        )
    elif not is_answered(field, answers):
        yield Problem(f"own.{field.key}" if field.own else field.key, NOT_ANSWERED)


def places_without_severity(field: Field, answers: Mapping[str, Any]) -> Iterator[Problem]:
    """A place that hurts is only useful with how much."""
    for index, place in enumerate(answers.get(field.key) or []):
        if place.get("severity") is None:
            asked = f"from {field.minimum:g} to {field.maximum:g}"
            yield Problem(f"{field.key}[{index}].severity", f"{NOT_ANSWERED}; a whole number {asked}")


def place_of(problem: Problem) -> str:
    """The id of the question on its page."""
    return f"id_{problem.path.removeprefix('own.').partition('[')[0].replace('.', '-')}"


def signature_problems(form: Form, signed_name: str, consent: bool, drawn: object) -> Iterator[Problem]:
    """Typed or drawn; `drawn` are strokes, None where nothing was drawn."""
    if consent_of(form).text and consent is not True:
        yield Problem("consent", "not agreed to; the form can't be sent without it")
    signature = next((field for field in form.fields if field.type == "signature"), None)
    longest = (signature and signature.most) or MOST_NAME
    if not signed_name.strip() and not drawn:
        yield Problem("signature", f"missing; type your full name, at most {longest} characters, or draw it")
    elif len(signed_name.strip()) > longest:
        yield Problem("signature", f"longer than {longest} characters")
    yield from (Problem("signature", line) for line in strokes_faults(drawn))


MOST_STROKES, MOST_POINTS, LEAST_POINTS = 100, 400, 8


def strokes_faults(drawn: object) -> Iterator[str]:
    """Strokes are lists of points, whole numbers from 0 to 1000 each way; a dot is no signature."""
    if drawn is None:
        return
    if not isinstance(drawn, list) or not 0 < len(drawn) <= MOST_STROKES or not all(map(is_stroke, drawn)):
        yield f"drawn with 1 to {MOST_STROKES} strokes of at most {MOST_POINTS} points, numbers from 0 to 1000"
    elif sum(map(len, drawn)) < LEAST_POINTS:
        yield "too short to be read; draw your whole name, or type it"


def is_stroke(stroke: object) -> bool:
    return isinstance(stroke, list) and 0 < len(stroke) <= MOST_POINTS and all(map(is_point, stroke))


def is_point(point: object) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(type(number) is int and 0 <= number <= 1000 for number in point)
    )
