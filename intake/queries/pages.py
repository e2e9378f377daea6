"""One page of a form beside the answers: what was said on it, what is known from last time, where to go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from intake.models import IntakeResponse
from intake.screening import RED_FLAGS, Field, Form, Page, answer_to, fitting, read_intake

SIGNED = ("consent", "signature")


def part_of(page: Page, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the intake document that `page` asks for."""
    found: dict[str, Any] = {}
    for field in page.fields:
        for block, key, value in said_in(field, answers):
            if block:
                found.setdefault(block, {})[key] = value
            else:
                found[key] = value
    return found


def said_in(field: Field, answers: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """(block or "", key, answer) of everything that was answered in `field`."""
    block = block_of(field)
    given = answers.get(block) or {} if block else answers
    yield from ((block, key, given[key]) for key in (field.items or (field.key,)) if given.get(key) is not None)


def block_of(field: Field) -> str:
    return field.block or ("own" if field.own else "")


def asks_afresh(page: Page) -> bool:
    """Red flags and the signature are never taken from last time."""
    return any(is_afresh(field) for field in page.fields)


def is_afresh(field: Field) -> bool:
    return field.block == "red_flags" or field.type in SIGNED


def known_for(page: Page, form: Form, draft: IntakeResponse | None) -> dict[str, Any]:
    """What the client said last time, as far as it still is an answer to the questions of `page`."""
    if draft is None or draft.filled_from is None:
        return {}
    earlier = fitting(form, draft.filled_from.answers)
    asked = [field for field in page.fields if not is_afresh(field) and still_fits(field, answer_to(field, earlier))]
    known = part_of(replace(page, fields=tuple(asked)), earlier)
    return {} if read_intake(known, form=form)[1] else known


def still_fits(field: Field, said: Any) -> bool:
    """Whether every choice that was made is still one."""
    values = {choice.value for choice in field.choices}
    given = said if isinstance(said, list) else [said]
    words = [entry.get("site") if isinstance(entry, dict) else entry for entry in given]
    return not values or said is None or all(word in values for word in words)


def is_answered(page: Page, answers: Mapping[str, Any]) -> bool:
    return bool(part_of(page, answers))


def resume_at(pages: Sequence[Page], answers: Mapping[str, Any], is_open: Sequence[bool]) -> int:
    """Number of the page to go on with: the last one with answers while it `is_open`, else the one after it."""
    seen = [number for number, page in enumerate(pages) if is_answered(page, answers)]
    if not seen:
        return 0
    return seen[-1] if is_open[seen[-1]] else min(seen[-1] + 1, len(pages) - 1)


def emergencies(answers: Mapping[str, Any]) -> list[str]:
    """Red flags answered yes that are an emergency by themselves."""
    said = answers.get("red_flags") or {}
    return sorted(key for key, item in RED_FLAGS.items() if item.level == "emergency" and said.get(key) == "yes")
