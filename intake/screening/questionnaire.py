"""Intake forms: ordered pages of fields, shipped in `intake/protocol/forms/*.json` or built by a practice.

A form says how to ask. What an answer means is the screen's work, so a form holds no level and no rule. What is wrong
with one says `definition.problems`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from clinic import packs

from .items import CONDITIONS, PROTOCOL_FOLDER, RED_FLAGS, SCHEMAS, TRANSLATIONS

BLOCKS: Mapping[str, Mapping[str, object]] = {"red_flags": RED_FLAGS, "conditions": CONDITIONS}
FORM_SCHEMA = SCHEMAS / "form.schema.json"
FORMS = PROTOCOL_FOLDER / "forms"
#: Parts of the intake document that rules read, and the type of field that asks for each.
FIXED: Mapping[str, str] = {
    "pain": "pain_sites",
    "sitting_hours_per_day": "number",
    "standing_hours_per_day": "number",
    "standing_surface": "choice",
    "footwear": "choice",
    "tried": "multi_choice",
}
#: Types whose answers a practice may ask for itself; they lie in the intake document under `own`.
ASKED = frozenset(
    {"text", "long_text", "number", "choice", "multi_choice", "scale", "date", "yes_no", "body_chart"}
)  # fmt: skip
#: What is said where a scale or a text does not say it: lowest and highest of a scale, characters of a text.
SCALE = (0, 10)
MOST_CHARACTERS: Mapping[str, int] = {"text": 200, "long_text": 4000}


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ShowIf:
    """Asked only where the answer to an earlier `field` is `equals`, or one of `any_of`, or a number of `at_least`."""

    field: str
    equals: str | None = None
    any_of: tuple[str, ...] = ()
    at_least: float | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One question, or a block of yes/no/unsure questions.

    `minimum`, `maximum`, `unit` belong to numbers (for `pain_sites` they limit the severity, for a scale they are its
    ends, said in words by `low` and `high`); `choices` to choices and pain sites; `items` are keys of `block`
    (red_flags or conditions) to ask; `text` and `version` belong to a consent, `text` also to an info; `most` is the
    largest number of entries (pain sites, marks on a body chart) or characters (texts). `score`: choice -> points.
    """

    key: str
    type: str
    label: str
    help: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    low: str = ""
    high: str = ""
    choices: tuple[Choice, ...] = ()
    sides: tuple[Choice, ...] = ()
    most: int | None = None
    block: str = ""
    items: tuple[str, ...] = ()
    text: str = ""
    version: str = ""
    show_if: ShowIf | None = None
    score: Mapping[str, float] = field(default_factory=dict)

    @property
    def own(self) -> bool:
        """The practice's own question: its answer lies under `own` and no rule reads it."""
        return self.type in ASKED and self.key not in FIXED

    @property
    def ends(self) -> tuple[int, int]:
        """Lowest and highest whole number of a scale."""
        low = SCALE[0] if self.minimum is None else int(self.minimum)
        return low, SCALE[1] if self.maximum is None else int(self.maximum)

    @property
    def longest(self) -> int:
        """Most characters of a text."""
        return self.most or MOST_CHARACTERS.get(self.type, 200)


@dataclass(frozen=True, slots=True)
class Page:
    """One topic on one screen."""

    key: str
    title: str
    intro: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """What points from `at_least` up to the next band are called."""

    at_least: float
    label: str


@dataclass(frozen=True, slots=True)
class Score:
    """A sum over fields, for the practice only."""

    key: str
    label: str
    fields: tuple[str, ...]
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    key: str
    version: str
    title: str
    pages: tuple[Page, ...]
    scores: tuple[Score, ...] = ()
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for page in self.pages for field in page.fields)

    def field(self, key: str) -> Field | None:
        return next((field for field in self.fields if field.key == key), None)

    def page(self, key: str) -> Page | None:
        return next((page for page in self.pages if page.key == key), None)

    def in_language(self, language: str) -> "Form":
        """The form in `language` as far as it is translated, else in its own words. `es-mx` falls back to `es`."""
        told = self.translations.get(language) or self.translations.get(language.partition("-")[0]) or {}
        return translated(self, {path: text for path, text in told.items() if text.strip()}) if told else self


# --- reading ----------------------------------------------------------------------------------------------------------


def form_of(raw: Mapping[str, Any]) -> Form:
    """A form from its JSON, also one that is not finished: what is missing is empty."""
    return Form(
        raw["key"],
        raw.get("version", ""),
        raw.get("title", ""),
        tuple(page_of(page) for page in raw["pages"]),
        tuple(score_of(score) for score in raw.get("scores", ())),
        raw.get("translations", {}),
    )


def page_of(raw: Mapping[str, Any]) -> Page:
    fields = tuple(field_of(field) for field in raw["fields"])
    return Page(raw["key"], raw.get("title", ""), raw.get("intro", ""), fields)


def field_of(raw: Mapping[str, Any]) -> Field:
    lists = {
        name: tuple(Choice(each.get("value", ""), each.get("label", "")) for each in raw.get(name, ()))
        for name in ("choices", "sides")
    }
    given = {"label": "", **raw, **lists, "items": tuple(raw.get("items", ()))}
    if "show_if" in raw:
        given["show_if"] = show_if_of(raw["show_if"])
    return Field(**given)


def show_if_of(raw: Mapping[str, Any]) -> ShowIf:
    return ShowIf(raw.get("field", ""), raw.get("is"), tuple(raw.get("any_of", ())), raw.get("at_least"))


def score_of(raw: Mapping[str, Any]) -> Score:
    bands = tuple(Band(each.get("at_least", 0), each.get("label", "")) for each in raw.get("bands", ()))
    return Score(raw["key"], raw.get("label", ""), tuple(raw.get("fields", ())), bands)


def read_form(path: Path) -> dict[str, Any]:
    """The JSON of a shipped form, with its texts in every language that has them."""
    raw = packs.read(path, FORM_SCHEMA)
    found = texts(form_of(raw))
    told = {
        language: {path: words[text] for path, text in found.items() if text in words}
        for language, words in TRANSLATIONS.words.items()
    }
    return {**raw, "translations": told}


# --- words ------------------------------------------------------------------------------------------------------------


def texts(form: Form) -> dict[str, str]:
    """Every text that a client reads, by its path, in the order of the form. Paths go by key: a move changes none.

    `title`, `pages.<key>.title`, `pages.<key>.intro`, `fields.<key>.label` (help, text, unit, low, high),
    `fields.<key>.choices.<value>`, `fields.<key>.sides.<value>`. The safety questions have their own words.
    """
    found = {"title": form.title}
    for page in form.pages:
        found |= {f"pages.{page.key}.title": page.title, f"pages.{page.key}.intro": page.intro}
        for each in page.fields:
            found |= field_texts(each)
    return {path: text for path, text in found.items() if text}


def field_texts(each: Field) -> dict[str, str]:
    start = f"fields.{each.key}"
    words = {f"{start}.{name}": getattr(each, name) for name in ("label", "help", "text", "unit", "low", "high")}
    lists = {"choices": each.choices, "sides": each.sides}
    chosen = {f"{start}.{name}.{one.value}": one.label for name, several in lists.items() for one in several}
    return {**words, **chosen}


def translated(form: Form, told: Mapping[str, str]) -> Form:
    """The form with the texts that `told` has by their path."""
    pages = tuple(
        replace(
            page,
            title=told.get(f"pages.{page.key}.title", page.title),
            intro=told.get(f"pages.{page.key}.intro", page.intro),
            fields=tuple(translated_field(each, told) for each in page.fields),
        )
        for page in form.pages
    )
    return replace(form, title=told.get("title", form.title), pages=pages)


def translated_field(each: Field, told: Mapping[str, str]) -> Field:
    start = f"fields.{each.key}"

    def said(name: str) -> str:
        return told.get(f"{start}.{name}", getattr(each, name))

    def labels(name: str) -> tuple[Choice, ...]:
        return tuple(
            Choice(one.value, told.get(f"{start}.{name}.{one.value}", one.label)) for one in getattr(each, name)
        )

    return replace(
        each,
        label=said("label"),
        help=said("help"),
        text=said("text"),
        unit=said("unit"),
        low=said("low"),
        high=said("high"),
        choices=labels("choices"),
        sides=labels("sides"),
    )
