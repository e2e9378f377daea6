"""Headings, tables and numbers as the guide writes them."""

import re
from collections.abc import Iterable, Iterator, Sequence

from treatments.guide.phrases import TAGS

UNITS = {"deg": "°", "score": "", "0/1": "", "0-5": " of 5", "": ""}


def amount(value: float | None, unit: str = "") -> str:
    """A number with its unit, such as 10° or 8.15 mm; empty where there is none."""
    return "" if value is None else f"{value:g}{UNITS.get(unit, f' {unit}')}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table and the empty line after it."""
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    yield from (f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)
    yield ""


def link(text: str) -> str:
    """A link to the heading with this text, as Markdown viewers name their anchors."""
    return f"[{text}](#{anchor(text)})"


def anchor(text: str) -> str:
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def listed(words: Iterable[str], nothing: str = "none") -> str:
    return ", ".join(words) or nothing


def point(name: str, text: str) -> Iterator[str]:
    """A named point; nothing where there is no text."""
    if text:
        yield f"- **{name}:** {text}"


def cited(source: str, tag: str) -> str:
    """A source with how far it was checked."""
    return f"{source} ({TAGS[tag][0]})"


def years(low: int | None, high: int | None) -> str:
    """An age band in words; empty where age doesn't matter."""
    if low is not None and high is not None:
        return f"{low} to {high} years"
    if low is not None:
        return f"from {low} years"
    return f"up to {high} years" if high is not None else ""


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
