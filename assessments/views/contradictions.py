"""Contradictions as the pages say them: with both sides, what they were held against, and who answered them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assessments.rules import MEASURES, Because, Contradiction, Reading
from assessments.views.evidence import LENGTH, name_words, number_words, symbol, value_words
from clinic.models import SafetyAlert

#: What a reading was held against; the difference of two legs against the error of its method.
HELD = {
    "hip_internal_rotation": "below {}",
    "hip_extension": "at or below {}",
    "knee_extension": "at or below {}",
    "thomas_hip_angle": "{} or more",
}
ERROR, OPINION, LARGE = "error {}", "an opinion from {}", "large_difference"
PLACES = ("urgent", "ask", "answered")


@dataclass(frozen=True)
class Objection:
    """A contradiction with its readings in words. `level`: ask or urgent.

    `stands`: "unsaved" while it is only on the screen, "open" on the client's record, "answered" there by a clinician,
    "apart" where the record doesn't have it. `alert`: the question on the record.
    """

    level: str
    sentence: str
    readings: tuple[str, ...]
    stands: str = "unsaved"
    alert: SafetyAlert | None = None

    @property
    def banner(self) -> str:
        """Where the page says it; what was answered is said quietly."""
        return "answered" if self.stands == "answered" else self.level


def contradictions_shown(
    found: Iterable[Contradiction],
    readings: Sequence[Reading] = (),
    *,
    saved: bool = False,
    alert: SafetyAlert | None = None,
) -> list[Objection]:
    """The urgent ones first, what was answered last. `readings`: those it was found in, for the other side."""
    shown = [
        Objection(one.level, one.sentence, tuple(lines(one, readings)), stands(one.sentence, saved, alert), alert)
        for one in found
    ]
    return sorted(shown, key=lambda one: PLACES.index(one.banner))


def stands(sentence: str, saved: bool, alert: SafetyAlert | None) -> str:
    if not saved:
        return "unsaved"
    if alert is None or sentence not in alert.because:
        return "apart"
    return "answered" if alert.cleared_at else "open"


def lines(found: Contradiction, readings: Sequence[Reading]) -> Iterator[str]:
    """One for each measure and side."""
    reasons = sorted(dict.fromkeys(found.because), key=place_of)  # stable: as they were found within a place
    for _, group in groupby(reasons, place_of):
        yield line(found.key, list(group), readings)


def place_of(reason: Because) -> tuple[str, str]:
    return (reason.measure, reason.side or "")


def line(key: str, reasons: Sequence[Because], readings: Sequence[Reading]) -> str:
    first = reasons[0]
    other = list(longer(reasons, readings)) if is_length(first) else []
    against = held_against(key, first)
    if not other:
        values = dict.fromkeys(with_note(reason, readings) for reason in reasons)
        return f"{name_words(first)}: {' and '.join(values)}{against}"
    short = list(dict.fromkeys(reason.value or 0 for reason in reasons))
    sides = f"{other_side(first)} {numbers(other)}, {first.side} {numbers(short)}"
    return f"{MEASURES[first.measure].label}: {sides}: {difference(reasons, other)}{against}"


def is_length(reason: Because) -> bool:
    """The length of one leg, which says little without the other."""
    return reason.measure.startswith(LENGTH) and MEASURES[reason.measure].sides == "left_right"


def other_side(reason: Because) -> str:
    return "left" if reason.side == "right" else "right"


def longer(reasons: Sequence[Because], readings: Sequence[Reading]) -> Iterator[float]:
    """Lengths of the other leg that pass what was held against one of these."""
    first = reasons[0]
    least = min(reason.value or 0 for reason in reasons) + (first.threshold or 0)
    seen = set()
    for reading in readings:
        if (reading.measure, reading.side) != (first.measure, other_side(first)) or reading.value in seen:
            continue
        if reading.value is not None and reading.value >= least:
            seen.add(reading.value)
            yield reading.value


def numbers(values: Iterable[float]) -> str:
    return " and ".join(f"{value:g}" for value in values)


def difference(reasons: Sequence[Because], other: Sequence[float]) -> str:
    """The smallest and the largest pair of trials that counts."""
    sizes = [
        value - reason.value
        for value in other
        for reason in reasons
        if reason.value is not None and value - reason.value >= (reason.threshold or 0)
    ]
    unit = reasons[0].unit
    return " to ".join(dict.fromkeys(number_words(size, unit) for size in (min(sizes), max(sizes))))


def held_against(key: str, reason: Because) -> str:
    if reason.threshold is None or reason.value is None:
        return ""
    leg = reason.measure.startswith(LENGTH)
    words = OPINION if leg and key == LARGE else HELD.get(reason.measure, ERROR)
    return f"; {words.format(f'{reason.threshold:g}{symbol(reason.unit)}')}"


def with_note(reason: Because, readings: Sequence[Reading]) -> str:
    """The value with its note, and how much it hurt where that is what was looked at."""
    said = f"{value_words(reason)}, {reason.note}" if reason.note else value_words(reason)
    pain = None if reason.threshold is not None else pain_of(reason, readings)
    return said if pain is None else f"{said}, pain {pain} of 10"


def pain_of(reason: Because, readings: Sequence[Reading]) -> int | None:
    what = (reason.measure, reason.side, reason.value, reason.grade)
    pains = [row.pain for row in readings if (row.measure, row.side, row.value, row.grade) == what]
    return max((pain for pain in pains if pain is not None), default=None)
