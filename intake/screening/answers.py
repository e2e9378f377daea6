"""What a client answered, after reading: plain values, every one inside its range."""

import datetime
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from .items import CONDITIONS, RED_FLAGS

SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Pain:
    """One painful place. `severity` 0-10, `weeks` since it began, `side` left, right, both or None (middle, unsaid)."""

    site: str
    side: str | None = None
    severity: int | None = None
    weeks: float | None = None
    radiates_below_knee: bool | None = None

    def as_dict(self) -> dict[str, object]:
        """By the words of the case document; what was not said is None."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ConditionAnswer:
    """One answer to one condition. `restrictions` None: the surgeon's were not entered; empty: there are none."""

    answer: str
    side: str | None = None
    approach: str | None = None
    date: datetime.date | None = None
    restrictions: tuple[str, ...] | None = None


def overall(entries: Sequence[ConditionAnswer]) -> str:
    """One word for several entries of one condition: yes before unsure before no."""
    said = {entry.answer for entry in entries}
    return next(word for word in ("yes", "unsure", "no") if word in said)


@dataclass(frozen=True, slots=True)
class Answers:
    """A parsed intake. Flags and conditions that were not answered have no key: unknown is not no.

    `own`: answers to the practice's own questions, which no rule reads.
    """

    pain: tuple[Pain, ...] = ()
    sitting_hours_per_day: float | None = None
    standing_hours_per_day: float | None = None
    standing_surface: str | None = None
    footwear: str | None = None
    red_flags: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, tuple[ConditionAnswer, ...]] = field(default_factory=dict)
    tried: tuple[str, ...] = ()
    own: Mapping[str, Any] = field(default_factory=dict)

    @property
    def unanswered_red_flags(self) -> tuple[str, ...]:
        return tuple(key for key in RED_FLAGS if key not in self.red_flags)

    @property
    def unanswered_conditions(self) -> tuple[str, ...]:
        return tuple(key for key in CONDITIONS if key not in self.conditions)

    @property
    def condition_words(self) -> dict[str, str]:
        """Each answered condition as one word: yes, no or unsure."""
        return {key: overall(entries) for key, entries in self.conditions.items()}

    @property
    def condition_sides(self) -> dict[str, tuple[str, ...]]:
        """Each condition answered yes -> its sides, left before right. Both, or no side said, may be either: both."""
        said = {
            key: {entry.side for entry in entries if entry.answer == "yes"} for key, entries in self.conditions.items()
        }
        return {key: _sides(sides) for key, sides in said.items() if sides}

    def assuming(self, answer: str) -> "Answers":
        """The same intake with every unanswered flag and condition taken as `answer`: for research replays only."""
        entry = (ConditionAnswer(answer),)
        return replace(
            self,
            red_flags={**dict.fromkeys(RED_FLAGS, answer), **self.red_flags},
            conditions={**dict.fromkeys(CONDITIONS, entry), **self.conditions},
        )


def _sides(said: AbstractSet[str | None]) -> tuple[str, ...]:
    return tuple(side for side in SIDES if said & {side, "both", None})
