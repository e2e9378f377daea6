"""Intake forms: ordered pages of fields, read from `intake/protocol/forms/*.json` and checked on loading.

A form says how to ask. What an answer means is the screen's work, so a form holds no level and no rule.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .items import CONDITIONS, PROTOCOL_FOLDER, RED_FLAGS

FIELD_TYPES = (
    "number",
    "choice",
    "multi_choice",
    "yes_no",
    "yes_no_unsure",
    "pain_sites",
    "text",
    "consent",
    "signature",
)
BLOCKS: Mapping[str, Mapping[str, object]] = {"red_flags": RED_FLAGS, "conditions": CONDITIONS}


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question, or a block of yes/no/unsure questions.

    `minimum`, `maximum`, `unit` belong to numbers (for `pain_sites` they limit the severity); `choices` to choices and
    pain sites; `items` are keys of `block` (red_flags or conditions) to ask; `text` and `version` belong to a consent;
    `most` is the largest number of entries (pain sites) or characters (text).
    """

    key: str
    type: str
    label: str
    help: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    sides: tuple[Choice, ...] = ()
    most: int | None = None
    block: str = ""
    items: tuple[str, ...] = ()
    text: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One topic on one screen."""

    key: str
    title: str
    intro: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    key: str
    version: str
    title: str
    pages: tuple[Page, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for page in self.pages for field in page.fields)


def load_form(path: Path) -> Form:
    """The form of a file. Raises ValueError naming everything that is wrong with it."""
    return read_form(json.loads(path.read_text(encoding="utf-8")))


def read_form(raw: Mapping[str, Any]) -> Form:
    """A form from parsed JSON. Raises ValueError, one line per problem."""
    form = Form(raw["key"], raw["version"], raw["title"], tuple(_page(page) for page in raw["pages"]))
    problems = [
        *_repeated_keys(form),
        *_unasked(form),
        *(line for field in form.fields for line in _field_problems(field)),
    ]
    if problems:
        raise ValueError("\n".join(problems))
    return form


def _page(raw: Mapping[str, Any]) -> Page:
    return Page(raw["key"], raw["title"], raw.get("intro", ""), tuple(_field(field) for field in raw["fields"]))


def _field(raw: Mapping[str, Any]) -> Field:
    lists = {name: tuple(Choice(**choice) for choice in raw.get(name, ())) for name in ("choices", "sides")}
    return Field(**{**raw, **lists, "items": tuple(raw.get("items", ()))})


def _repeated_keys(form: Form) -> Iterator[str]:
    counted = Counter([*(page.key for page in form.pages), *(field.key for field in form.fields)])
    yield from (f"{key}: the key stands {times} times" for key, times in counted.items() if times > 1)


def _unasked(form: Form) -> Iterator[str]:
    """A flag that a form forgets would stay unknown for ever, one asked twice could contradict itself."""
    asked = Counter((field.block, item) for field in form.fields for item in field.items)
    for block, known in BLOCKS.items():
        yield from (
            f"{block}.{key}: asked {asked[block, key]} times, not once" for key in known if asked[block, key] != 1
        )


def _field_problems(field: Field) -> Iterator[str]:
    if field.type not in FIELD_TYPES:
        yield f"{field.key}: unknown field type {field.type}"
    if field.type in ("number", "pain_sites") and (field.minimum is None or field.maximum is None):
        yield f"{field.key}: a {field.type} field needs minimum and maximum"
    if field.type in ("choice", "multi_choice", "pain_sites") and not field.choices:
        yield f"{field.key}: a {field.type} field needs choices"
    if field.type == "consent" and not (field.text and field.version):
        yield f"{field.key}: a consent needs its text and version"
    if field.type == "yes_no_unsure" and not field.items:
        yield f"{field.key}: a yes_no_unsure field needs items"
    yield from (
        f"{field.key}: {item} is not in {field.block}"
        for item in field.items
        if item not in BLOCKS.get(field.block, {})
    )


FIRST_VISIT = load_form(PROTOCOL_FOLDER / "forms" / "first_visit.json")
