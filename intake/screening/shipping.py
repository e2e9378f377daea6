"""Forms that come along, and what a version of a form keeps so that answers are read with their questions for ever."""

import copy
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from .items import CONDITIONS, RED_FLAGS, TRANSLATIONS, Item, in_language
from .questionnaire import FIXED, FORMS, form_of, read_form, texts

Body = dict[str, Any]
#: By key. The default is sent where a practice has no default of its own.
SHIPPED: Mapping[str, Path] = {
    "first-visit": FORMS / "first_visit.json",
    "pt-first-visit": FORMS / "pt_first_visit.json",
}
DEFAULT = "first-visit"


@cache
def title_of(key: str) -> str:
    """Of a shipped form."""
    title: str = read_form(SHIPPED[key])["title"]
    return title


def fields_of(body: Body) -> list[dict[str, Any]]:
    return [field for page in body["pages"] for field in page["fields"]]


def known_fields() -> dict[str, dict[str, Any]]:
    """Questions whose answers rules read, as a shipped form asks them, in labels that stand alone."""
    return {field["key"]: field for field in fields_of(read_form(SHIPPED["pt-first-visit"])) if field["key"] in FIXED}


# --- versions ---------------------------------------------------------------------------------------------------------


def schema_of(form: Body) -> Body:
    """The form with the wording of the safety questions, in every language."""
    return {"form": form, **safety_words()}


def safety_words() -> Body:
    blocks = {"red_flags": RED_FLAGS, "conditions": CONDITIONS}
    questions = {block: {key: wording(item) for key, item in items.items()} for block, items in blocks.items()}
    told = {
        language: {
            block: {key: spoken(item, language) for key, item in items.items()} for block, items in blocks.items()
        }
        for language in TRANSLATIONS.words
    }
    return {"questions": questions, "translations": told}


def wording(item: Item) -> dict[str, Any]:
    return {"question": item.question, "help": item.help, "name": item.name, "details": list(item.details)}


def spoken(item: Item, language: str) -> dict[str, str]:
    told = in_language(item, language)
    return {"question": told.question, "help": told.help}


def finished(draft: Body, published: Body | None, number: int) -> Body:
    """The draft as version `number`: its agreement with the version of its text, its translations trimmed.

    `published`: the form of the version before.
    """
    body = copy.deepcopy(draft)
    body["version"] = str(number)
    agreed = next((field for field in fields_of(published or {"pages": []}) if field["type"] == "consent"), {})
    for field in fields_of(body):
        if field["type"] == "consent":
            field["version"] = agreed["version"] if agreed.get("text") == field.get("text", "") else str(number)
    known = texts(form_of(body))
    body["translations"] = {language: trimmed(language, known, told) for language, told in languages(body).items()}
    return body


def languages(body: Body) -> dict[str, Mapping[str, str]]:
    """What the practice translated; also of languages that only the product knows."""
    return {**{language: {} for language in TRANSLATIONS.words}, **body.get("translations", {})}


def trimmed(language: str, known: Mapping[str, str], told: Mapping[str, str]) -> dict[str, str]:
    """The practice's own words, else those of the product for one of its own sentences."""
    found = {path: told.get(path, "").strip() or in_language(text, language) for path, text in known.items()}
    return {path: text for path, text in found.items() if text != known[path]}


def same(published: Body, body: Body) -> bool:
    return {**published, "version": ""} == {**body, "version": ""}
