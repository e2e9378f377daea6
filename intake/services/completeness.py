"""What is still missing before an intake can be signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clinic.problems import Problem
from intake.models import FormVersion
from intake.queries.answers import consent_of
from intake.screening import Field

NOT_ANSWERED = "not answered yet"


def open_questions(version: FormVersion, answers: Mapping[str, Any]) -> Iterator[Problem]:
    """One problem per required question without an answer, in the order of the form; path as in the case document."""
    for field in version.form.fields:
        yield from unanswered(field, answers)


def unanswered(field: Field, answers: Mapping[str, Any]) -> Iterator[Problem]:
    if field.type == "pain_sites":
        yield from places_without_severity(field, answers)
    if not field.required or field.type in ("consent", "signature"):
        return
    if field.items:
        given = answers.get(field.block, {})
        yield from (
            Problem(f"{field.block}.{item}", f"{NOT_ANSWERED}; yes, no or not sure")
            for item in field.items
            if item not in given
        )
    elif answers.get(field.key) in (None, "", []):
        yield Problem(field.key, NOT_ANSWERED)


def places_without_severity(field: Field, answers: Mapping[str, Any]) -> Iterator[Problem]:
    """A place that hurts is only useful with how much."""
    for index, place in enumerate(answers.get(field.key) or []):
        if place.get("severity") is None:
            asked = f"from {field.minimum:g} to {field.maximum:g}"
            yield Problem(f"{field.key}[{index}].severity", f"{NOT_ANSWERED}; a whole number {asked}")


def signature_problems(version: FormVersion, signed_name: str, consent: bool) -> Iterator[Problem]:
    if consent_of(version).text and consent is not True:
        yield Problem("consent", "not agreed to; the form can't be sent without it")
    signature = next((field for field in version.form.fields if field.type == "signature"), None)
    longest = (signature and signature.most) or 160
    if not signed_name.strip():
        yield Problem("signature", f"missing; type your full name, at most {longest} characters")
    elif len(signed_name.strip()) > longest:
        yield Problem("signature", f"longer than {longest} characters")
