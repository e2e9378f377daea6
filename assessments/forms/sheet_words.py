"""What the rules have against a reading, in the words of whoever stands at the sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from assessments.forms.layout import SYMBOLS
from assessments.rules import Measure
from assessments.rules.protocol import UNITS

Entry = Mapping[str, Any]
ROTATION = re.compile(r"internal plus external rotation of this hip is (\S+), outside the (\w+) limits (\S+) to (\S+)")
UNKNOWN_WORD = re.compile(r"'(?P<word>.*)' is unknown(, did you mean \w+\?)?; allowed: (?P<allowed>.*)")


def in_words(key: str, message: str, entry: Entry, measure: Measure) -> str:
    """`key` of the reading is what the message is about, empty for the reading as a whole."""
    unknown = UNKNOWN_WORD.fullmatch(message)
    if unknown:
        message = f"“{unknown['word']}” can't be chosen; choose {unknown['allowed'].replace('_', ' ')}"
    return sentence(SAID[key](message, entry, measure) if key in SAID else message)


def value_words(message: str, entry: Entry, measure: Measure) -> str:
    value, rotation = entry.get("value"), ROTATION.fullmatch(message)
    if rotation:
        total, strength, low, high = rotation.groups()
        allowed = "accepted" if strength == "hard" else "usual"
        return f"with internal rotation it makes {total}°; {low} to {high}° is {allowed}"
    if isinstance(value, str):
        return f"“{value}” is not a number"
    return limit_words(entry, measure) or message.removesuffix(f" for {measure.key}")


def limit_words(entry: Entry, measure: Measure) -> str:
    """Which limit the value passes; empty when it passes none."""
    value, unit = entry["value"], entry.get("unit", measure.unit)
    own = round(value * UNITS[measure.unit].get(unit, 1), 6)
    said = with_symbol(own, measure) if own == value else f"{value:g} {unit} ({with_symbol(own, measure)})"
    for low, high, most, least in (
        (measure.hard_min, measure.hard_max, "the most that is accepted", "the least that is accepted"),
        (measure.soft_min, measure.soft_max, "which is unusual", "which is unusual"),
    ):
        if high is not None and own > high:
            return f"{said} is above {with_symbol(high, measure)}, {most}"
        if low is not None and own < low:
            return f"{said} is below {with_symbol(low, measure)}, {least}"
    return ""


def with_symbol(value: float, measure: Measure) -> str:
    return f"{value:g}{SYMBOLS.get(measure.unit, f' {measure.unit}')}"


def side_words(message: str, entry: Entry, measure: Measure) -> str:
    if measure.sides != "shorter":
        return message
    return "a difference of 0 has no shorter leg" if entry.get("side") else "say which leg is shorter"


def pain_words(message: str, entry: Entry, measure: Measure) -> str:
    return "pain is a whole number from 0 to 10"


def reading_words(message: str, entry: Entry, measure: Measure) -> str:
    if message.startswith("repeats"):
        return "another line was taken in the same way; change the way of one, or leave it empty"
    return "give a number or an estimate, not both" if message.endswith("not both") else message


def sentence(message: str) -> str:
    return f"{message[0].upper()}{message[1:]}."


SAID: Mapping[str, Callable[[str, Entry, Measure], str]] = {
    "value": value_words,
    "side": side_words,
    "pain": pain_words,
    "": reading_words,
}
