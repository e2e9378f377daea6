"""Intake forms: ordered pages of fields, read from `intake/protocol/forms/*.json` and checked on loading.

A form says how to ask. What an answer means is the screen's work, so a form holds no level and no rule.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clinic import packs

from .items import CONDITIONS, PROTOCOL_FOLDER, RED_FLAGS, SCHEMAS, doubled

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
    """The form of a file. Raises PackError with a line for everything that is wrong with it."""
    raw = packs.read(path, SCHEMAS / "form.schema.json")
    form = Form(raw["key"], raw["version"], raw["title"], tuple(_page(page) for page in raw["pages"]))
    packs.require_none(f"{path.name}: {line}" for line in _problems(form))
    return form


def _page(raw: Mapping[str, Any]) -> Page:
    return Page(raw["key"], raw["title"], raw.get("intro", ""), tuple(_field(field) for field in raw["fields"]))


def _field(raw: Mapping[str, Any]) -> Field:
    lists = {name: tuple(Choice(**choice) for choice in raw.get(name, ())) for name in ("choices", "sides")}
    return Field(**{**raw, **lists, "items": tuple(raw.get("items", ()))})


def _problems(form: Form) -> Iterator[str]:
    """What no schema can see: doubled keys, flags forgotten or unknown, limits the wrong way round."""
    yield from doubled([*(page.key for page in form.pages), *(field.key for field in form.fields)])
    yield from _unasked(form)
    for field in form.fields:
        yield from _field_problems(field)


def _unasked(form: Form) -> Iterator[str]:
    """A flag that a form forgets would stay unknown for ever, one asked twice could contradict itself."""
    asked = Counter((field.block, item) for field in form.fields for item in field.items)
    for block, known in BLOCKS.items():
        yield from (
            f"{block}.{key}: asked {asked[block, key]} times, not once" for key in known if asked[block, key] != 1
        )


def _field_problems(field: Field) -> Iterator[str]:
    known = BLOCKS.get(field.block, {})
    yield from (
        f"{field.key}: {item} is not in {field.block or 'any block'}" for item in field.items if item not in known
    )
    if field.minimum is not None and field.maximum is not None and field.minimum >= field.maximum:
        yield f"{field.key}: minimum {field.minimum:g} is not below maximum {field.maximum:g}"


FIRST_VISIT = load_form(PROTOCOL_FOLDER / "forms" / "first_visit.json")
