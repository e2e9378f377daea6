"""The answers to a practice's own questions: `{field key: value}`, under `own` in the intake document.

text, long_text: a string. number: a number. choice: the word of a choice; multi_choice: a list of them. yes_no: `yes`
or `no`. scale: a whole number. date: `2026-03-01`. body_chart: a list of marks, each `{"view": "front", "kind": "ache",
"severity": 4, "points": [[x, y], …]}`, points in thousandths of the drawing's width and height from its upper left,
severity 0-10 or missing. Rules read none of it.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from clinic.problems import Problem

from . import vocabulary as words
from .conditional import values_of
from .questionnaire import Field, Form

KEY = re.compile(r"[a-z][a-z0-9_-]{0,59}")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
MOST_ANSWERS, MOST_TEXT, MOST_LIST = 400, 5000, 120
#: Lines below a field that was refused: where within the answer, and what is wrong.
Refusals = Iterator[tuple[str, str]]


def read_own(raw: object, path: str, form: Form | None = None) -> tuple[dict[str, Any], list[Problem]]:
    """What of `raw` can be kept, and every problem. With `form` each answer is held to its question."""
    if raw is None:
        return {}, []
    if not isinstance(raw, dict):
        return {}, [Problem(path, f"{shown(raw)} is not an object")]
    if len(raw) > MOST_ANSWERS:
        return {}, [Problem(path, f"has {len(raw)} answers; at most {MOST_ANSWERS}")]
    read, problems = {}, []
    for key, value in raw.items():
        named = key if isinstance(key, str) and KEY.fullmatch(key) else shown(key)
        found = [Problem(f"{path}.{named}{at}", line) for at, line in refusals(key, value, form)]
        problems += found
        if not found and value is not None:
            read[key] = value
    return read, problems


def refusals(key: object, value: object, form: Form | None) -> Refusals:
    if not isinstance(key, str) or not KEY.fullmatch(key):
        yield "", "is no key of a question: small letters, digits, - and _, at most 60"
        return
    if value is None:
        return
    if form is None:
        yield from storable(value)
        return
    field = form.field(key)
    if field is None or not field.own:
        yield "", "this form does not ask it under own"
        return
    yield from CHECKS[field.type](field, value)


def storable(value: object) -> Refusals:
    """Without its form an answer only has to be of a kind that answers have."""
    if isinstance(value, str):
        yield from text_of(value, MOST_TEXT)
    elif isinstance(value, list):
        if len(value) > MOST_LIST:
            yield "", f"has {len(value)} entries; at most {MOST_LIST}"
        for index, entry in enumerate(value[:MOST_LIST]):
            where = f"[{index}]"
            found = mark(entry) if isinstance(entry, dict) else word(entry)
            yield from ((f"{where}{at}", line) for at, line in found)
    elif not is_number(value):
        yield "", f"{shown(value)} is not a text, a number or a list"


def is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) if isinstance(value, float) else abs(value) < 10**12


def text_of(value: object, most: int) -> Refusals:
    if not isinstance(value, str):
        yield "", f"{shown(value)} is not a text"
    elif UNSTORABLE.search(value):
        yield "", "has a character that can't be kept"
    elif len(value) > most:
        yield "", f"has {len(value)} characters; at most {most}"


def word(value: object) -> Refusals:
    yield from text_of(value, 200)


def text(field: Field, value: object) -> Refusals:
    yield from text_of(value, field.longest)


def number(field: Field, value: object) -> Refusals:
    low, high = field.minimum, field.maximum
    unit = f" ({field.unit})" if field.unit else ""
    within = is_number(value) and (low or 0) <= value <= (high if high is not None else value)  # type: ignore[operator]
    if not within:
        yield "", f"{shown(value)} is not a number from {low or 0:g} to {high or 0:g}{unit}"


def scale(field: Field, value: object) -> Refusals:
    low, high = field.ends
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        yield "", f"{shown(value)} is not a whole number from {low} to {high}"


def choice(field: Field, value: object) -> Refusals:
    allowed = values_of(field)
    if not isinstance(value, str) or value not in allowed:
        yield "", f"{shown(value)} is not one of {', '.join(allowed)}"


def multi_choice(field: Field, value: object) -> Refusals:
    if not isinstance(value, list):
        yield "", f"{shown(value)} is not a list"
        return
    if len(value) > len(field.choices):
        yield "", f"has {len(value)} entries; at most {len(field.choices)}"
        return
    for index, entry in enumerate(value):
        yield from ((f"[{index}]", line) for _, line in choice(field, entry))


def day(field: Field, value: object) -> Refusals:
    try:
        given = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        given = None
    if given is None or not 1900 <= given.year <= 2100:
        yield "", f"{shown(value)} is not a date like 2026-03-01, from 1900 to 2100"


def body_chart(field: Field, value: object) -> Refusals:
    most = field.most or words.MARKS_MAX
    if not isinstance(value, list):
        yield "", f"{shown(value)} is not a list of marks"
    elif len(value) > most:
        yield "", f"has {len(value)} marks; at most {most}"
    else:
        for index, entry in enumerate(value):
            yield from ((f"[{index}]{at}", line) for at, line in mark(entry))


def mark(entry: object) -> Refusals:
    """One place on the body chart."""
    if not isinstance(entry, dict):
        yield "", f"{shown(entry)} is not a mark"
        return
    for key in entry:
        if key not in ("view", "kind", "severity", "points"):
            yield "", f"{shown(key)} is not one of view, kind, severity, points"
    for key, allowed in (("view", words.VIEWS), ("kind", words.PAIN_KINDS)):
        if not isinstance(entry.get(key), str) or entry[key] not in allowed:
            yield f".{key}", f"{shown(entry.get(key))} is not one of {', '.join(allowed)}"
    severity = entry.get("severity")
    if severity is not None and (isinstance(severity, bool) or severity not in range(words.SEVERITY_MAX + 1)):
        yield ".severity", f"{shown(severity)} is not a whole number from 0 to {words.SEVERITY_MAX}"
    points = entry.get("points")
    if not isinstance(points, list) or not 1 <= len(points) <= words.POINTS_MAX or not all(map(is_point, points)):
        yield ".points", f"has to be 1 to {words.POINTS_MAX} pairs of whole numbers from 0 to 1000"


def is_point(point: object) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(isinstance(part, int) and not isinstance(part, bool) and 0 <= part <= 1000 for part in point)
    )


def shown(value: object) -> str:
    """A value as a person wrote it, cut short: an error line must stay one line."""
    text = repr(value)[:60] if isinstance(value, str | list | dict) else str(value)[:60]
    return text if len(text) <= 40 else f"{text[:37]}..."


CHECKS: Mapping[str, Callable[[Field, object], Refusals]] = {
    "text": text,
    "long_text": text,
    "number": number,
    "scale": scale,
    "choice": choice,
    "yes_no": choice,
    "multi_choice": multi_choice,
    "date": day,
    "body_chart": body_chart,
}
