"""The measurement CSV of the contract as rows with their line numbers, or every problem in it."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from clinic.problems import InvalidInput, Problem

REQUIRED = ("client_ref", "date", "measure", "side", "value", "unit")
OPTIONAL = ("grade", "mode", "position", "instrument", "trial", "examiner", "observed", "pelvis_controlled", "pain")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
WHOLE = re.compile(r"[+-]?\d{1,9}", re.ASCII)
YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True)
class Row:
    """One line: whose, of which day, and the measurement in the contract's shape."""

    line: int
    ref: str
    date: datetime.date
    measurement: Mapping[str, Any] = field(default_factory=dict)


def read_rows(text: str) -> tuple[list[Row], list[Problem]]:
    """Rows in the order of the file. Raises InvalidInput when there is no table to read."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: list[Row] = []
    problems: list[Problem] = []
    if "\x00" in text:
        raise InvalidInput([Problem("line 1", "this is no text file")])
    try:
        check_header([name.strip() for name in reader.fieldnames or []])
        reader.fieldnames = [name.strip() for name in reader.fieldnames or []]
        for cells in reader:
            found = list(problems_of(cells, reader.line_num))
            problems += found
            if not found:
                rows.append(read_row(cells, reader.line_num))
    except csv.Error as error:
        raise InvalidInput([*problems, Problem(f"line {reader.line_num}", f"can't be read: {error}")]) from error
    return rows, problems


def check_header(names: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name not in (*REQUIRED, *OPTIONAL)]
    twice = sorted({name for name in names if names.count(name) > 1})
    said = [
        *([f"misses {', '.join(missing)}; columns are separated by commas"] if missing else []),
        *([f"has unknown columns {', '.join(map(repr, unknown))}; known: {known_columns()}"] if unknown else []),
        *([f"has {', '.join(twice)} twice"] if twice else []),
    ]
    if said:
        raise InvalidInput([Problem("line 1", f"the header {words}") for words in said])


def known_columns() -> str:
    return ", ".join((*REQUIRED, *OPTIONAL))


def problems_of(cells: Mapping[Any, Any], line: int) -> Iterator[Problem]:
    """What is wrong with a line before anybody asks what it measures."""
    if None in cells or None in cells.values():
        yield Problem(f"line {line}", "has another number of columns than the header")
        return
    ref = cells["client_ref"].strip()
    if not ref:
        yield Problem(f"line {line}, client_ref", "is missing")
    elif len(ref) > 40:
        yield Problem(f"line {line}, client_ref", "is longer than 40 characters")
    if read_date(cells["date"].strip()) is None:
        yield Problem(f"line {line}, date", f"{cells['date']!r} is no date; write it as 2026-03-01")


def read_date(text: str) -> datetime.date | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def read_row(cells: Mapping[str, str], line: int) -> Row:
    date = read_date(cells["date"].strip())
    assert date is not None, "problems_of was asked before"  # noqa: S101
    given = {name: text.strip() for name, text in cells.items() if text.strip()}
    measurement = {name: typed(name, text) for name, text in given.items() if name not in ("client_ref", "date")}
    return Row(line, given["client_ref"], date, measurement)


def typed(name: str, text: str) -> Any:
    """Text as the type that the contract's JSON has; text that is none stays, and the rules refuse it."""
    if name == "value" and NUMBER.fullmatch(text):
        return float(text)
    if name in ("trial", "pain") and WHOLE.fullmatch(text):
        return int(text)
    if name == "pelvis_controlled":
        return YES_NO.get(text.lower(), text)
    return text
