"""Protocol packs: JSON files that a clinician reviews, each held to a JSON Schema. Pure: every floor may use it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

#: Remarks for the reader; they may stand in any object and are not data.
REMARK = "_"


class PackError(ValueError):
    """A pack that can't be used. `lines`: everything that is wrong with it, one clear line each."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


def read(path: Path, schema: Path) -> dict[str, Any]:
    """The document of a file without its remarks. Raises PackError with a line for each fault."""
    document = without_remarks(parse(text_of(path), path.name))
    require_none(faults(document, schema, path.name))
    checked: dict[str, Any] = document
    return checked


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as broken:
        raise PackError([f"{path.name}: can't be read: {broken.strerror}"]) from broken
    except UnicodeDecodeError as broken:
        raise PackError([f"{path.name}: byte {broken.start} is no UTF-8"]) from broken


def parse(text: str, name: str) -> Any:
    """The document in a JSON text. Raises PackError with what can't be read, stands there twice, or is NaN."""
    wrong: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        wrong.extend(f"{name}: {key!r} stands there twice" for key in set(keys) if keys.count(key) > 1)
        return dict(pairs)

    def no_number(word: str) -> None:
        wrong.append(f"{name}: {word} is no number")

    try:
        document = json.loads(text, object_pairs_hook=once, parse_constant=no_number)
    except json.JSONDecodeError as broken:
        raise PackError([f"{name}: line {broken.lineno}, column {broken.colno}: {broken.msg}"]) from broken
    except RecursionError as broken:
        raise PackError([f"{name}: is nested too deeply"]) from broken
    except ValueError as broken:  # a whole number of thousands of digits
        raise PackError([f"{name}: has a number that is too long"]) from broken
    require_none(sorted(wrong))
    return document


def read_all(files: Mapping[Path, Path]) -> dict[Path, dict[str, Any]]:
    """The documents of several files, each with its schema. Raises one PackError with the faults of all of them."""
    documents: dict[Path, dict[str, Any]] = {}
    lines: list[str] = []
    for path, schema in files.items():
        try:
            documents[path] = read(path, schema)
        except PackError as broken:
            lines += broken.lines
    require_none(lines)
    return documents


def require_none(lines: Iterable[str]) -> None:
    """Raises PackError when there is a line."""
    found = list(lines)
    if found:
        raise PackError(found)


def faults(document: object, schema: Path, name: str) -> list[str]:
    """What the schema has against a document, as `file: place: problem`, in the order of the document."""
    found = sorted(validator(schema).iter_errors(document), key=lambda error: order(document, error))
    return [f"{name}: {place(error)}{said}" for error in found for said in words(error)]


def order(document: Any, error: ValidationError) -> list[int]:
    """Where in the document a fault is: at each step the position of the entry it goes into."""
    found = []
    for step in error.absolute_path:
        found.append(step if isinstance(step, int) else list(document).index(step))
        document = document[step]
    return found


@cache
def validator(schema: Path) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))


def without_remarks(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_remarks(inner) for key, inner in value.items() if key != REMARK}
    return [without_remarks(inner) for inner in value] if isinstance(value, list) else value


def place(error: ValidationError) -> str:
    """`items[3].source: `, with the entry's own key where it has one; empty for the document as a whole."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path]
    where = "".join(steps).lstrip(".")
    key = error.instance.get("key") if isinstance(error.instance, dict) else None
    named = f"({key})" if isinstance(key, str) else ""
    return f"{where} {named}".strip() + ": " if where or named else ""


def words(error: ValidationError) -> Iterator[str]:
    """The validator's message in plain words; one line for each unknown or missing key."""
    match error.validator:
        case "additionalProperties":
            known = error.schema.get("properties", {})
            unknown = [key for key in error.instance if key not in known]
            yield from (f"unknown key {key!r}; known: {', '.join(known)}" for key in unknown)
        case "required":
            yield f"{error.message.split(' is a required')[0]} is missing"
        case "enum":
            yield f"{error.instance!r} is not one of {', '.join(map(str, error.validator_value))}"
        case "minProperties" if error.validator_value > 1:
            if all(key in error.instance for key in error.schema.get("required", ())):  # else that is said already
                yield f"says too little: at least {error.validator_value} of {', '.join(error.schema['properties'])}"
        case "minLength" | "minItems" | "minProperties":
            yield "is empty"
        case "maxLength":
            yield f"is longer than {error.validator_value} characters"
        case _:
            yield error.message
