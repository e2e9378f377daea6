"""Reads the intake part of a case document: what is right becomes Answers, everything wrong becomes a Problem."""

import difflib
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from clinic.problems import Problem

from . import vocabulary as words
from .answers import Answers, ConditionAnswer, Pain
from .items import CONDITIONS, RED_FLAGS, Item
from .own import read_own
from .questionnaire import Form

T = TypeVar("T")
INTAKE_KEYS = (
    "pain",
    "sitting_hours_per_day",
    "standing_hours_per_day",
    "standing_surface",
    "footwear",
    "red_flags",
    "conditions",
    "tried",
    "own",
)
PAIN_KEYS = ("site", "side", "severity", "weeks", "radiates_below_knee")


def read_intake(raw: object, *, path: str = "intake", form: Form | None = None) -> tuple[Answers, list[Problem]]:
    """Answers and ALL problems of `raw` (parsed JSON; None means no intake). Use the answers only without problems.

    With `form` the practice's own answers are held to its questions.
    """
    reader = _Reader(form)
    answers = reader.intake({} if raw is None else raw, path)
    return answers, reader.problems


def unknown(key: object, known: Iterable[str], what: str) -> str:
    """One sentence about a word we do not know, with the nearest one that we do."""
    near = difflib.get_close_matches(str(key), list(known), n=1)
    return f"unknown {what}" + (f"; did you mean {near[0]}?" if near else "")


@dataclass
class _Reader:
    """Collects problems on the way, so that one pass names them all."""

    form: Form | None = None
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, message))

    def intake(self, raw: object, path: str) -> Answers:
        given = self.mapping(raw, path, INTAKE_KEYS, "key")
        answers = Answers(
            pain=self.each(given.get("pain"), f"{path}.pain", self.pain),
            sitting_hours_per_day=self.number(
                given.get("sitting_hours_per_day"), f"{path}.sitting_hours_per_day", words.HOURS_A_DAY, "hours"
            ),
            standing_hours_per_day=self.number(
                given.get("standing_hours_per_day"), f"{path}.standing_hours_per_day", words.HOURS_A_DAY, "hours"
            ),
            standing_surface=self.choice(given.get("standing_surface"), f"{path}.standing_surface", words.SURFACES),
            footwear=self.choice(given.get("footwear"), f"{path}.footwear", words.FOOTWEAR),
            red_flags=self.red_flags(given.get("red_flags"), f"{path}.red_flags"),
            conditions=self.conditions(given.get("conditions"), f"{path}.conditions"),
            tried=self.tried(given.get("tried"), f"{path}.tried"),
            own=self.own(given.get("own"), f"{path}.own"),
        )
        self.check_day(answers, path)
        return answers

    def check_day(self, answers: Answers, path: str) -> None:
        hours = (answers.sitting_hours_per_day or 0) + (answers.standing_hours_per_day or 0)
        if hours > words.HOURS_A_DAY:
            self.refuse(
                path,
                f"sitting and standing together make {hours:g} hours a day; at most {words.HOURS_A_DAY} are possible",
            )

    def own(self, raw: object, path: str) -> dict[str, Any]:
        read, problems = read_own(raw, path, self.form)
        self.problems += problems
        return read

    def pain(self, raw: object, path: str) -> Pain:
        given = self.mapping(raw, path, PAIN_KEYS, "key")
        if isinstance(raw, dict) and given.get("site") is None:
            self.refuse(f"{path}.site", f"missing; one of {', '.join(words.SITES)}")
        return Pain(
            site=self.choice(given.get("site"), f"{path}.site", words.SITES) or "other",
            side=self.choice(given.get("side"), f"{path}.side", words.PAIN_SIDES),
            severity=self.severity(given.get("severity"), f"{path}.severity"),
            weeks=self.number(given.get("weeks"), f"{path}.weeks", words.WEEKS_MAX, "weeks"),
            radiates_below_knee=self.truth(given.get("radiates_below_knee"), f"{path}.radiates_below_knee"),
        )

    def severity(self, value: object, path: str) -> int | None:
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= words.SEVERITY_MAX:
            return value
        self.refuse(path, f"{_shown(value)} is not a whole number from 0 to {words.SEVERITY_MAX}")
        return None

    def truth(self, value: object, path: str) -> bool | None:
        if value is None or isinstance(value, bool):
            return value
        self.refuse(path, f"{_shown(value)} is not true or false")
        return None

    def red_flags(self, raw: object, path: str) -> dict[str, str]:
        given = self.mapping(raw, path, RED_FLAGS, "red flag")
        read = {key: self.choice(value, f"{path}.{key}", words.ANSWERS) for key, value in given.items()}
        return {key: answer for key, answer in read.items() if answer is not None}

    def conditions(self, raw: object, path: str) -> dict[str, tuple[ConditionAnswer, ...]]:
        given = self.mapping(raw, path, CONDITIONS, "condition")
        read = {key: self.condition(value, f"{path}.{key}", CONDITIONS[key]) for key, value in given.items()}
        return {key: entries for key, entries in read.items() if entries}

    def condition(self, raw: object, path: str, item: Item) -> tuple[ConditionAnswer, ...]:
        """One word, one object or a list of objects. None is unknown, as if the key were missing."""
        if isinstance(raw, list):
            if not raw:
                self.refuse(path, "the list is empty; leave the key out, or answer yes, no or unsure")
            return self.each(raw, path, lambda value, at: self.condition_entry(value, at, item))
        return () if raw is None else (self.condition_entry(raw, path, item),)

    def condition_entry(self, raw: object, path: str, item: Item) -> ConditionAnswer:
        if not isinstance(raw, dict):
            return ConditionAnswer(self.choice(raw, path, words.ANSWERS) or "unsure")
        given = self.mapping(raw, path, ("answer", *item.details), f"detail of {item.key}")
        if given.get("answer") is None:
            self.refuse(f"{path}.answer", f"missing; one of {', '.join(words.ANSWERS)}")
        return ConditionAnswer(
            answer=self.choice(given.get("answer"), f"{path}.answer", words.ANSWERS) or "unsure",
            side=self.choice(given.get("side"), f"{path}.side", words.PAIN_SIDES),
            approach=self.choice(given.get("approach"), f"{path}.approach", words.APPROACHES),
            date=self.day(given.get("date"), f"{path}.date"),
            restrictions=self.restrictions(given.get("restrictions"), f"{path}.restrictions"),
        )

    def restrictions(self, raw: object, path: str) -> tuple[str, ...] | None:
        return None if raw is None else self.words_of(raw, path, words.RESTRICTIONS)

    def tried(self, raw: object, path: str) -> tuple[str, ...]:
        return self.words_of(raw, path, words.TRIED)

    def words_of(self, raw: object, path: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """A list of words, each once, in the order given."""
        read = self.each(raw, path, lambda value, at: self.required_choice(value, at, allowed))
        return tuple(dict.fromkeys(word for word in read if word))

    def day(self, value: object, path: str) -> date | None:
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.refuse(path, f"{_shown(value)} is not a date like 2026-03-01")
            return None

    def number(self, value: object, path: str, highest: int, unit: str) -> float | None:
        if value is None:
            return None
        if (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and math.isfinite(value)
            and 0 <= value <= highest
        ):
            return value
        self.refuse(path, f"{_shown(value)} is not a number from 0 to {highest} ({unit})")
        return None

    def choice(self, value: object, path: str, allowed: tuple[str, ...]) -> str | None:
        return None if value is None else self.required_choice(value, path, allowed)

    def required_choice(self, value: object, path: str, allowed: tuple[str, ...]) -> str | None:
        if isinstance(value, str) and value in allowed:
            return value
        self.refuse(path, f"{_shown(value)} is not one of {', '.join(allowed)}")
        return None

    def mapping(self, raw: object, path: str, known: Iterable[str], what: str) -> dict[str, object]:
        """The known keys of an object; None is empty, anything else and every unknown key is a problem."""
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            self.refuse(path, f"{_shown(raw)} is not an object")
            return {}
        for key in raw:
            if key not in known:
                self.refuse(f"{path}.{key}", unknown(key, known, what))
        return {key: value for key, value in raw.items() if key in known}

    def each(self, raw: object, path: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
        if raw is None:
            return ()
        if not isinstance(raw, list):
            self.refuse(path, f"{_shown(raw)} is not a list")
            return ()
        return tuple(read(value, f"{path}[{index}]") for index, value in enumerate(raw))


def _shown(value: object) -> str:
    """A value as a person wrote it, cut short: an error line must stay one line."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
