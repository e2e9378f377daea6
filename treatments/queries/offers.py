"""What a therapist can put into a draft: for each finding, and of the whole library, with what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assessments import rules
from assessments.queries import accepted_findings
from assessments.rules import PACK
from treatments.models import Programme, ProgrammeItem
from treatments.planning import LIBRARY, Clearance, Exercise
from treatments.planning.choosing import serving
from treatments.planning.history import sides_of
from treatments.queries.precautions import clearance_of, starting_dose

SIDES = ("left", "right", "")


@dataclass(frozen=True)
class Option:
    """An exercise on one side ("": both, or it has none). `against`: why not; `changes`: how differently."""

    side: str
    against: tuple[str, ...]
    changes: tuple[str, ...]
    chosen: bool


@dataclass(frozen=True)
class Offer:
    """`dose` in words, as it would begin; `word`: what the plan said about it; `answers`: names of its findings."""

    exercise: Exercise
    options: tuple[Option, ...]
    dose: str
    word: str = ""
    answers: tuple[str, ...] = ()

    @property
    def chosen(self) -> bool:
        return any(option.chosen for option in self.options)


@dataclass(frozen=True)
class Group:
    """The exercises that answer one finding, the preferred first."""

    finding: rules.Finding
    name: str
    offers: tuple[Offer, ...]

    @property
    def answered(self) -> bool:
        return any(offer.chosen for offer in self.offers)


class Offers:
    """For one draft with its `items`; reads the precautions and the findings once."""

    def __init__(self, programme: Programme, items: Iterable[ProgrammeItem]) -> None:
        self.programme = programme
        self.clearance: Clearance = clearance_of(programme)
        self.findings = accepted_findings(programme.assessment) if programme.assessment else []
        self.legs: dict[str, set[str | None]] = {}
        for item in items:
            self.legs.setdefault(item.exercise, set()).update(sides_of(item.about, item.side or None))

    def groups(self) -> list[Group]:
        """A group for each accepted finding that an exercise answers."""
        return list(self._groups())

    def _groups(self) -> Iterator[Group]:
        for finding in self.findings:
            if offers := [self.offer(exercise, [finding.side or ""]) for exercise in serving(finding.code)]:
                yield Group(finding, name_of(finding.code), tuple(offers))

    def found(self, words: str) -> list[Offer]:
        """Of the whole library, by name, other name, kind, muscle or finding; all words must be there."""
        wanted = words.casefold().split()
        hits = [exercise for exercise in LIBRARY.values() if all(word in haystack(exercise) for word in wanted)]
        return [self.offer(exercise, SIDES) for exercise in sorted(hits, key=lambda exercise: exercise.name)]

    def offer(self, exercise: Exercise, sides: Iterable[str]) -> Offer:
        """On these sides, or without one where it has none."""
        options = [self.option(exercise, side) for side in (sides if exercise.sided else ("",))]
        item = ProgrammeItem(exercise=exercise.key, side=options[0].side, **starting_dose(self.programme, exercise.key))
        answers = tuple(name_of(code) for code in exercise.for_findings)
        return Offer(exercise, tuple(options), item.dose, self.word(exercise.key), answers)

    def option(self, exercise: Exercise, side: str) -> Option:
        legs = sides_of(exercise, side or None)
        return Option(
            side,
            self.clearance.against(exercise, side or None),
            self.clearance.changes(exercise, side or None),
            legs <= self.legs.get(exercise.key, set()),
        )

    def word(self, exercise: str) -> str:
        entries = [entry for entry in self.programme.left_out if entry["exercise"] == exercise]
        return next((str(entry["because"]) for entry in reversed(entries)), "")


def haystack(exercise: Exercise) -> str:
    findings = [name_of(code) for code in exercise.for_findings]
    said = [exercise.name, *exercise.aliases, exercise.kind, exercise.target, exercise.position, *findings]
    return " ".join(said).replace("_", " ").casefold()


def name_of(code: str) -> str:
    return PACK.rules[code].name if code in PACK.rules else code.replace("_", " ").capitalize()


def removed(programme: Programme) -> list[Mapping[str, Any]]:
    """What was taken out by hand and can be put back, the last first."""
    return [entry for entry in reversed(programme.left_out) if "was" in entry and entry["exercise"] in LIBRARY]
