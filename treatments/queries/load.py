"""How much a programme asks for: minutes of a day and of a week, and the weekly stretching of each muscle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from treatments.models import ProgrammeItem
from treatments.planning import MOST_ITEMS, Dose
from treatments.planning.dose import DOSES, weekly_seconds
from treatments.planning.history import sides_of


@dataclass(frozen=True)
class Muscle:
    """Stretched for `minutes` a week, above the `ceiling` that the library names with its `source`."""

    name: str
    side: str
    minutes: int
    ceiling: int
    source: str


@dataclass(frozen=True)
class Load:
    """`minutes`: of exercises on the longest day; `active`: of activities on theirs; `weekly`: of all, in a week."""

    count: int
    minutes: int
    active: int
    weekly: int
    above: tuple[Muscle, ...]
    most: int = MOST_ITEMS
    a_day: int = DOSES.day.minutes
    a_day_source: str = DOSES.day.source


def load_of(items: Iterable[ProgrammeItem]) -> Load:
    """Of the exercises that are not stopped."""
    rows = [item for item in items if item.stopped_at is None]
    days: Counter[int] = Counter()
    active: Counter[int] = Counter()
    for item in rows:
        (active if item.minutes else days).update(dict.fromkeys(item.weekdays, seconds_of(item)))
    weekly = sum(days.values()) + sum(active.values())
    return Load(
        len(rows), minutes(max(days.values(), default=0)), minutes(max(active.values(), default=0)), minutes(weekly),
        tuple(above_the_ceiling(rows)),
    )  # fmt: skip


def seconds_of(item: ProgrammeItem) -> int:
    """About how long an exercise takes on one of its days."""
    times = item.repetitions or 1
    if item.minutes:
        return item.minutes * 60 * times
    one = item.hold_seconds + DOSES.day.between if item.hold_seconds else DOSES.day.repetition
    return one * times * item.sets * (2 if item.both_sides else 1)


def above_the_ceiling(items: Iterable[ProgrammeItem]) -> Iterable[Muscle]:
    spent: Counter[tuple[str, str]] = Counter()
    for item in items:
        if DOSES.ceiling.counts(item.about):
            dose = Dose(item.hold_seconds, item.repetitions, item.sets, item.days_per_week)
            for leg in sides_of(item.about, item.side or None) - {None} or {"left", "right"}:
                spent[item.target, str(leg)] += weekly_seconds(dose)
    for (target, side), seconds in spent.items():
        if seconds > DOSES.ceiling.seconds:
            name = target.replace("_", " ").capitalize()
            yield Muscle(name, side, minutes(seconds), DOSES.ceiling.seconds // 60, DOSES.ceiling.source)


def minutes(seconds: int) -> int:
    return ceil(seconds / 60)
