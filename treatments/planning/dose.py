"""How long, how often, how many: `treatments/library/doses.json`, with the source of each number."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from clinic.packs import require_none
from treatments.planning.library import LIBRARY, document
from treatments.planning.records import Dose, Exercise


@dataclass(frozen=True, slots=True)
class Usual:
    """The dose of an exercise that has none of its own."""

    dose: Dose
    source: str
    tag: str


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Seconds a week for one muscle above which more of these `kinds` brought nothing. `exempt`: target → why."""

    seconds: int
    kinds: frozenset[str]
    exempt: Mapping[str, str]
    source: str

    def counts(self, exercise: Exercise) -> bool:
        return exercise.kind in self.kinds and exercise.target not in self.exempt


@dataclass(frozen=True, slots=True)
class Day:
    """Minutes of exercises from which on a day is much (activities such as walking aside), and what a repetition and
    the pause between two holds count for, in seconds."""

    minutes: int
    repetition: int
    between: int
    source: str


@dataclass(frozen=True, slots=True)
class Doses:
    """`usual`: by kind, and `<kind>_older` from `older_from_age` on; `maintenance_days` a week keep what was gained."""

    older_from_age: int
    usual: Mapping[str, Usual]
    maintenance_days: int
    maintenance_source: str
    ceiling: Ceiling
    day: Day


def build_doses(raw: Mapping[str, Any]) -> Doses:
    usual = {kind: Usual(Dose(**entry["dose"]), entry["source"], entry["tag"]) for kind, entry in raw["usual"].items()}
    ceiling, day = raw["weekly_ceiling"], raw["day"]
    return Doses(
        older_from_age=raw["older_from_age"]["years"],
        usual=MappingProxyType(usual),
        maintenance_days=raw["maintenance"]["days_per_week"],
        maintenance_source=raw["maintenance"]["source"],
        ceiling=Ceiling(
            ceiling["minutes"] * 60, frozenset(ceiling["kinds"]), dict(ceiling["except"]), ceiling["source"]
        ),
        day=Day(day["most_minutes"], day["seconds_a_repetition"], day["seconds_between_holds"], day["source"]),
    )


DOSES = build_doses(document("doses"))


def dose_of(exercise: Exercise, age: int | None, *, maintenance: bool = False) -> Dose:
    """The dose of an exercise at `age` years (unknown: as an adult). Its own dose goes before the usual one.

    As maintenance it is done on fewer days; nothing else changes.
    """
    dose = exercise.dose or _usual(exercise, age).dose
    days = min(dose.days_per_week or DOSES.maintenance_days, DOSES.maintenance_days)
    return replace(dose, days_per_week=days) if maintenance else dose


def dose_source(exercise: Exercise, age: int | None, *, maintenance: bool = False) -> str:
    """Where the numbers of `dose_of` come from."""
    source = exercise.source if exercise.dose else _usual(exercise, age).source
    return f"{source}; {DOSES.maintenance_source}" if maintenance else source


def weekly_seconds(dose: Dose) -> int:
    """Seconds a week that a muscle is held in a stretch: hold, times, rounds, days."""
    return (dose.hold_seconds or 0) * (dose.repetitions or 1) * (dose.sets or 1) * (dose.days_per_week or 1)


def ceiling_faults(exercises: Iterable[Exercise]) -> Iterator[str]:
    """Exercises that alone stretch a muscle for longer a week than the ceiling, at any age."""
    for exercise in exercises:
        longest = max(weekly_seconds(dose_of(exercise, age)) for age in (None, DOSES.older_from_age))
        if DOSES.ceiling.counts(exercise) and longest > DOSES.ceiling.seconds:
            yield (
                f"exercises.json: {exercise.key}: dose: {longest / 60:.3g} minutes a week, "
                f"above the ceiling of {DOSES.ceiling.seconds // 60}"
            )


def _usual(exercise: Exercise, age: int | None) -> Usual:
    older = age is not None and age >= DOSES.older_from_age
    return DOSES.usual[f"{exercise.kind}_older" if older else exercise.kind]


require_none(ceiling_faults(LIBRARY.values()))
