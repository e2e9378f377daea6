"""Changing the definition of a form while it is built: each function takes a body and gives a new one.

A body is the JSON of a form, perhaps unfinished. Raises Refused, one clear line, where the change can't be.
"""

import copy
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from typing import Any

from .questionnaire import FIXED, SCALE

Body = dict[str, Any]
#: Fields that stay in every form, and why.
STAYS: Mapping[str, str] = {
    "yes_no_unsure": "Safety questions stay in every form: an answer that is missing would look like a no.",
    "consent": "The agreement stays: without it nobody’s answers may be kept.",
    "signature": "The signature stays: a form without it can’t be completed.",
}
LAST = ("consent", "signature")
NEW: Mapping[str, Mapping[str, Any]] = {
    "text": {"most": 200},
    "long_text": {"most": 2000},
    "number": {"minimum": 0, "maximum": 100},
    "choice": {"choices": []},
    "multi_choice": {"choices": []},
    "scale": {"minimum": SCALE[0], "maximum": SCALE[1]},
    "date": {},
    "yes_no": {},
    "body_chart": {"most": 40},
    "info": {},
}


class Refused(ValueError):
    """The change is not possible; the text says why."""


def new_key(start: str) -> str:
    """Never used before, also not by a question that was removed: old answers must not meet a new question."""
    return f"{start}_{secrets.token_hex(4)}"


# --- finding ----------------------------------------------------------------------------------------------------------


def page_at(body: Body, key: str) -> int:
    found = [number for number, page in enumerate(body["pages"]) if page["key"] == key]
    if not found:
        raise Refused("This page is not in the form any more.")
    return found[0]


def field_at(body: Body, key: str) -> tuple[int, int]:
    """Number of the page and of the field on it."""
    for number, page in enumerate(body["pages"]):
        for index, field in enumerate(page["fields"]):
            if field["key"] == key:
                return number, index
    raise Refused("This question is not in the form any more.")


def is_last(page: Mapping[str, Any]) -> bool:
    """Whether the agreement and the signature are on this page."""
    return any(field["type"] in LAST for field in page["fields"])


def staying(page: Mapping[str, Any]) -> str:
    """Why this page can't be removed; empty where it can."""
    return next((STAYS[field["type"]] for field in page["fields"] if field["type"] in STAYS), "")


def fingerprint(part: object) -> str:
    """Short and the same for the same content."""
    return hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:10]


def head_of(page: Mapping[str, Any]) -> dict[str, str]:
    return {"title": page.get("title", ""), "intro": page.get("intro", "")}


def parts(page: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody who opens this page sees: its head (under "") and each field."""
    return {"": head_of(page), **{field["key"]: field for field in page["fields"]}}


# --- fields -----------------------------------------------------------------------------------------------------------


def add_field(body: Body, page: str, kind: str, at: int | None = None) -> tuple[Body, str]:
    """A new question of a type, before place `at` or at the end; and its key."""
    if kind not in NEW:
        raise Refused(f"There is no question of type “{kind[:40]}”.")
    field = {"key": new_key("q"), "type": kind, "label": "", **copy.deepcopy(dict(NEW[kind]))}
    return put_field(body, page, field, at), field["key"]


def add_known(body: Body, page: str, known: Mapping[str, Any]) -> tuple[Body, str]:
    """A question of a shipped form that rules read; each stands once."""
    if any(field["key"] == known["key"] for each in body["pages"] for field in each["fields"]):
        raise Refused("This question is in the form already.")
    return put_field(body, page, dict(known), None), known["key"]


def put_field(body: Body, page: str, field: Mapping[str, Any], at: int | None) -> Body:
    changed = copy.deepcopy(body)
    fields = changed["pages"][page_at(changed, page)]["fields"]
    free = len(fields) if not is_last({"fields": fields}) else first_of_last(fields)
    fields.insert(free if at is None else max(0, min(at, free)), copy.deepcopy(dict(field)))
    return changed


def first_of_last(fields: list[dict[str, Any]]) -> int:
    """The agreement and the signature stand at the end of their page."""
    return next((index for index, field in enumerate(fields) if field["type"] in LAST), len(fields))


def copy_field(body: Body, key: str) -> tuple[Body, str]:
    number, index = field_at(body, key)
    field = body["pages"][number]["fields"][index]
    if field["type"] in STAYS or field["key"] in FIXED:
        raise Refused("This question can stand in a form only once.")
    twin = {**copy.deepcopy(field), "key": new_key("q")}
    changed = put_field(body, body["pages"][number]["key"], twin, index + 1)
    for told in changed.get("translations", {}).values():
        start, also = f"fields.{key}.", f"fields.{twin['key']}."
        told |= {also + path.removeprefix(start): text for path, text in told.items() if path.startswith(start)}
    return changed, twin["key"]


def remove_field(body: Body, key: str) -> tuple[Body, dict[str, Any]]:
    """Without the question; and it, with its page and place, to put it back."""
    number, index = field_at(body, key)
    page = body["pages"][number]
    if page["fields"][index]["type"] in STAYS:
        raise Refused(STAYS[page["fields"][index]["type"]])
    changed = copy.deepcopy(body)
    gone = changed["pages"][number]["fields"].pop(index)
    return changed, {"page": page["key"], "at": index, "field": gone}


def put_back(body: Body, what: Mapping[str, Any]) -> Body:
    """What `remove_field` or `remove_page` took out, at its place again."""
    at, page = int(what["at"]), what["page"]
    there = {field["key"] for each in body["pages"] for field in each["fields"]} | {
        each["key"] for each in body["pages"]
    }
    back = [what["field"]["key"]] if "field" in what else [page["key"], *(field["key"] for field in page["fields"])]
    if not there.isdisjoint(back):
        raise Refused("It is back already.")
    return put_field(body, page, what["field"], at) if "field" in what else put_page(body, page, at)


def move_field(body: Body, key: str, to: int) -> Body:
    """To place `to` (counted from 0, without itself) on its page."""
    number, index = field_at(body, key)
    changed = copy.deepcopy(body)
    field = changed["pages"][number]["fields"].pop(index)
    if field["type"] in LAST:
        raise Refused("The agreement and the signature stand at the end.")
    return put_field(changed, changed["pages"][number]["key"], field, to)


def move_to_page(body: Body, key: str, page: str) -> Body:
    number, index = field_at(body, key)
    page_at(body, page)
    changed = copy.deepcopy(body)
    field = changed["pages"][number]["fields"].pop(index)
    if field["type"] in LAST:
        raise Refused("The agreement and the signature stand at the end.")
    return put_field(changed, page, field, None)


# --- pages ------------------------------------------------------------------------------------------------------------


def add_page(body: Body) -> tuple[Body, str]:
    """An empty page before the agreement."""
    key = new_key("p")
    return put_page(body, {"key": key, "title": "", "fields": []}, None), key


def put_page(body: Body, page: Mapping[str, Any], at: int | None) -> Body:
    changed = copy.deepcopy(body)
    pages = changed["pages"]
    free = next((number for number, each in enumerate(pages) if is_last(each)), len(pages))
    pages.insert(free if at is None else max(0, min(at, free)), copy.deepcopy(dict(page)))
    return changed


def remove_page(body: Body, key: str) -> tuple[Body, dict[str, Any]]:
    number = page_at(body, key)
    if why := staying(body["pages"][number]):
        raise Refused(f"{why} Move what stays to another page first, or keep this one.")
    changed = copy.deepcopy(body)
    return changed, {"at": number, "page": changed["pages"].pop(number)}


def move_page(body: Body, key: str, to: int) -> Body:
    number = page_at(body, key)
    changed = copy.deepcopy(body)
    page = changed["pages"].pop(number)
    if is_last(page):
        raise Refused("The page with the agreement stays the last one.")
    return put_page(changed, page, to)


# --- choices ----------------------------------------------------------------------------------------------------------


def choices_from(lines: str, before: list[dict[str, str]]) -> tuple[list[dict[str, str]], dict[str, float]]:
    """One answer a line, `Every night = 3` with its points. An answer that stays keeps its word, so that conditions and
    earlier answers still find it: by its label, else by its place where as many lines stand there as before."""
    given = [split_points(line.strip()) for line in lines.splitlines() if line.strip()]
    by_label = {choice["label"]: choice["value"] for choice in before}
    taken = {by_label[label] for label, _ in given if label in by_label}
    found: list[dict[str, str]] = []
    score: dict[str, float] = {}
    for number, (label, points) in enumerate(given):
        value = by_label.get(label)
        if value is None and len(given) == len(before) and before[number]["value"] not in taken:
            value = before[number]["value"]
        if value is None or any(choice["value"] == value for choice in found):
            value = unused(label, {choice["value"] for choice in (*found, *before)})
        found.append({"value": value, "label": label})
        if points is not None:
            score[value] = points
    return found, score


def split_points(line: str) -> tuple[str, float | None]:
    match = re.fullmatch(r"(.*\S)\s*=\s*([+-]?\d{1,5}(?:[.,]\d{1,3})?)", line)
    if not match:
        return line, None
    points = float(match[2].replace(",", "."))
    return match[1], int(points) if points.is_integer() else points


def unused(label: str, taken: set[str]) -> str:
    """A word for a new answer, readable where its letters allow."""
    plain = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:40] or "answer"
    word, number = plain, 2
    while word in taken:
        word, number = f"{plain}_{number}", number + 1
    return word


def lines_of(choices: list[dict[str, str]], score: Mapping[str, float]) -> str:
    """As `choices_from` reads them."""
    points = {value: f" = {number:g}" for value, number in score.items()}
    return "\n".join(f"{choice['label']}{points.get(choice['value'], '')}" for choice in choices)
