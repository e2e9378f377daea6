"""What is wrong with the definition of a form, each line with its place: `pages[1].fields[2].choices: is empty`.

A draft may be unfinished, but its parts have to be where they belong (`shape_problems`); what is published is complete
(`problems`).
"""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from clinic import packs
from clinic.problems import Problem

from . import vocabulary as words
from .conditional import condition_problems, values_of
from .questionnaire import BLOCKS, FIXED, FORM_SCHEMA, FORMS, Field, Form, form_of, read_form

#: Addresses of the client's pages that no page of a form may take.
RESERVED = frozenset({"sent", "stop", "start", "birth", "ask", "open", "sign", "done"})
#: The words that reading takes for a part of the intake document.
VOCABULARY: Mapping[str, tuple[str, ...]] = {
    "pain": words.SITES,
    "standing_surface": words.SURFACES,
    "footwear": words.FOOTWEAR,
    "tried": words.TRIED,
}
LIMITS: Mapping[str, float] = {
    "pain": words.SEVERITY_MAX,
    "sitting_hours_per_day": words.HOURS_A_DAY,
    "standing_hours_per_day": words.HOURS_A_DAY,
}
NAMES = {
    "object": "an object", "array": "a list", "string": "a text", "number": "a number", "integer": "a whole number",
    "boolean": "true or false",
}  # fmt: skip
KEY_RULE = "small letters, digits, - and _"
LONGEST_LINE = 300
SCORED = frozenset({"choice", "multi_choice", "yes_no"})
KEPT_WHEN_LOOSE = ("key", "type", "pages", "fields", "field")


def load_form(path: Path) -> Form:
    """A shipped form. Raises PackError with a line for everything that is wrong with it."""
    raw = read_form(path)
    packs.require_none(f"{path.name}: {problem}" for problem in meaning(form_of(raw)))
    return form_of(raw)


def problems(raw: object) -> list[Problem]:
    """Everything that keeps a form from being published, in the order of the form."""
    unfinished = [*endless(raw), *faults(raw, packs.validator(FORM_SCHEMA))]
    if unfinished and (wrong := shape_problems(raw)):
        return wrong
    return [*unfinished, *meaning(form_of(raw))] if isinstance(raw, dict) else unfinished


def shape_problems(raw: object) -> list[Problem]:
    """What keeps even a draft from being kept: parts that are no parts, keys that nobody knows, numbers without end."""
    return [*endless(raw), *faults(raw, loose_validator())]


@cache
def loose_validator() -> Draft202012Validator:
    return Draft202012Validator(loosened(json.loads(FORM_SCHEMA.read_text(encoding="utf-8"))))


def loosened(schema: Any) -> Any:
    """The schema of a form without what only a finished one needs."""
    if isinstance(schema, list):
        return [loosened(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    loose = {name: loosened(value) for name, value in schema.items() if name not in ("minLength", "minItems", "allOf")}
    if isinstance(schema.get("required"), list):
        loose["required"] = [key for key in schema["required"] if key in KEPT_WHEN_LOOSE]
    loose.pop("minProperties", None)
    return loose


def faults(raw: Any, validator: Draft202012Validator) -> list[Problem]:
    found = sorted(validator.iter_errors(raw), key=lambda error: packs.order(raw, error))
    return [Problem(at(error), said) for error in found for said in said_of(error)]


def said_of(error: ValidationError) -> Iterator[str]:
    """One line without the thing itself, which may be long."""
    match error.validator:
        case "type":
            yield f"has to be {NAMES.get(str(error.validator_value), error.validator_value)}"
        case "pattern":
            printable = "\\u0000" in str(error.validator_value)
            yield "has a character that can't be kept" if printable else f"is no key: {KEY_RULE}"
        case "maxItems" | "maxProperties":
            yield f"has {len(error.instance)} entries; at most {error.validator_value}"
        case "uniqueItems":
            yield "has an entry twice"
        case _:
            yield from (line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…" for line in packs.words(error))


def at(error: ValidationError) -> str:
    place = packs.place(error).removesuffix(": ") or "form"
    return " ".join(place.split())  # a key may have line breaks in it


def endless(raw: object, path: str = "") -> Iterator[Problem]:
    """Numbers that are none: JSON has no NaN and no infinity."""
    if isinstance(raw, float) and not math.isfinite(raw):
        yield Problem(path or "form", "is no number")
    elif isinstance(raw, dict):
        for key, value in raw.items():
            yield from endless(value, f"{path}.{key}".lstrip("."))
    elif isinstance(raw, list):
        for index, value in enumerate(raw):
            yield from endless(value, f"{path}[{index}]")


# --- what no schema can see -------------------------------------------------------------------------------------------


def meaning(form: Form) -> Iterator[Problem]:
    """Doubled keys, flags forgotten or unknown, conditions on nothing, limits the wrong way round."""
    yield from doubled(form)
    yield from unasked(form)
    places = {each.key: place for place, each in placed(form)}
    for place, each in placed(form):
        yield from field_problems(each, place)
        yield from condition_problems(each, place, form, places)
    yield from score_problems(form)
    yield from ending(form)


def placed(form: Form) -> Iterator[tuple[str, Field]]:
    """Every field with where it stands."""
    for number, page in enumerate(form.pages):
        yield from ((f"pages[{number}].fields[{index}]", each) for index, each in enumerate(page.fields))


def doubled(form: Form) -> Iterator[Problem]:
    keys = [(f"pages[{number}].key", page.key) for number, page in enumerate(form.pages)]
    keys += [(f"{place}.key", each.key) for place, each in placed(form)]
    times = Counter(key for _, key in keys)
    last = {key: place for place, key in keys}
    yield from (Problem(last[key], f"{key} stands {count} times") for key, count in times.items() if count > 1)
    for number, page in enumerate(form.pages):
        if page.key in RESERVED:
            yield Problem(f"pages[{number}].key", f"{page.key} is a word of the product; choose another")


def unasked(form: Form) -> Iterator[Problem]:
    """A flag that a form forgets would stay unknown for ever, one asked twice could contradict itself."""
    asked = Counter((each.block, item) for each in form.fields for item in each.items)
    for block, known in BLOCKS.items():
        yield from (
            Problem(f"{block}.{key}", f"asked {asked[block, key]} times, not once")
            for key in known
            if asked[block, key] != 1
        )


def field_problems(each: Field, place: str) -> Iterator[Problem]:
    known = BLOCKS.get(each.block, {})
    for index, item in enumerate(each.items):
        if item not in known:
            yield Problem(f"{place}.items[{index}]", f"{item} is not in {each.block or 'any block'}")
    if each.minimum is not None and each.maximum is not None and each.minimum >= each.maximum:
        yield Problem(f"{place}.minimum", f"{each.minimum:g} is not below the maximum {each.maximum:g}")
    if each.type == "scale" and not scale_is_right(each):
        yield Problem(f"{place}.minimum", "a scale goes by whole numbers, within 0 to 10")
    yield from choice_problems(each, place)
    yield from fixed_problems(each, place)


def scale_is_right(each: Field) -> bool:
    given = [end for end in (each.minimum, each.maximum) if end is not None]
    return all(float(end).is_integer() and 0 <= end <= 10 for end in given) and each.ends[0] < each.ends[1]


def choice_problems(each: Field, place: str) -> Iterator[Problem]:
    for name, chosen in (("choices", each.choices), ("sides", each.sides)):
        times = Counter(choice.value for choice in chosen)
        yield from (Problem(f"{place}.{name}", f"{value} stands {n} times") for value, n in times.items() if n > 1)
        labels = Counter(choice.label.strip().casefold() for choice in chosen)
        yield from (Problem(f"{place}.{name}", f"“{label}” stands {n} times") for label, n in labels.items() if n > 1)
    if not each.score:
        return
    allowed = values_of(each) if each.type in SCORED else ()
    if each.type not in SCORED:
        yield Problem(
            f"{place}.score", f"a field of type {each.type} has no points; one of {', '.join(sorted(SCORED))}"
        )
    else:
        yield from (
            Problem(f"{place}.score", f"{value} is not one of {', '.join(allowed)}")
            for value in each.score
            if value not in allowed
        )


def fixed_problems(each: Field, place: str) -> Iterator[Problem]:
    """Rules read these answers, so their words and limits are those of the intake document."""
    wanted = FIXED.get(each.key)
    if wanted and each.type != wanted:
        yield Problem(f"{place}.type", f"{each.key} is asked as {wanted}, not as {each.type}")
        return
    if each.type == "pain_sites" and each.key != "pain":
        yield Problem(f"{place}.key", f"painful places have the key pain, not {each.key}")
        return
    known = VOCABULARY.get(each.key)
    for index, choice in enumerate(each.choices if known else ()):
        if known and choice.value not in known:
            yield Problem(f"{place}.choices[{index}].value", f"{choice.value} is not one of {', '.join(known)}")
    for index, side in enumerate(each.sides):
        if side.value not in words.PAIN_SIDES:
            yield Problem(f"{place}.sides[{index}].value", f"{side.value} is not one of {', '.join(words.PAIN_SIDES)}")
    highest = LIMITS.get(each.key)
    if highest is not None and not 0 <= (each.minimum or 0) < (each.maximum or highest) <= highest:
        yield Problem(f"{place}.maximum", f"{each.key} goes from 0 to {highest:g}")


def score_problems(form: Form) -> Iterator[Problem]:
    times = Counter(score.key for score in form.scores)
    for number, score in enumerate(form.scores):
        path = f"scores[{number}]"
        if times[score.key] > 1:
            yield Problem(f"{path}.key", f"{score.key} stands {times[score.key]} times")
        for index, key in enumerate(score.fields):
            each = form.field(key)
            if each is None or not (each.score or each.type in ("scale", "number")):
                yield Problem(f"{path}.fields[{index}]", f"{key} is no question with points, no scale and no number")
        steps = [band.at_least for band in score.bands]
        if any(before >= after for before, after in pairwise(steps)):
            yield Problem(f"{path}.bands", "each band begins above the one before")


def ending(form: Form) -> Iterator[Problem]:
    """The last page has the agreement and the signature, once each: a form without them can't be completed."""
    last = len(form.pages) - 1
    for kind in ("consent", "signature"):
        found = [(place, each) for place, each in placed(form) if each.type == kind]
        if len(found) != 1:
            yield Problem(f"pages[{last}].fields", f"has {len(found)} fields of type {kind}; a form has exactly one")
            continue
        place, each = found[0]
        if not place.startswith(f"pages[{last}]."):
            yield Problem(place, f"{kind} belongs on the last page")
        if each.key != kind:
            yield Problem(f"{place}.key", f"a {kind} has the key {kind}, not {each.key}")


FIRST_VISIT = load_form(FORMS / "first_visit.json")
PT_FIRST_VISIT = load_form(FORMS / "pt_first_visit.json")
