"""What earlier programmes came to, as far as it changes the next one (clinical §4.1). The caller judges the numbers."""

from collections.abc import Iterable
from dataclasses import dataclass

from treatments.planning.records import Exercise

TRY_ANOTHER_WAY = "six weeks at 70 % or more changed less than the measurement error: try another way"
NOTHING_LEFT = (
    "every exercise that is open was tried: six weeks at 70 % or more changed less than the measurement error. "
    "Stop or change; do not raise the dose"
)


@dataclass(frozen=True, slots=True)
class Reached:
    """`finding`, which `exercise` was for, is gone by more than the measurement error. `side` None: both, or none."""

    exercise: str
    side: str | None
    finding: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Unhelped:
    """`exercise` was done at 70 % or more for six weeks and changed less than the measurement error."""

    exercise: str
    side: str | None
    because: str = TRY_ANOTHER_WAY

    def concerns(self, exercise: Exercise, side: str | None) -> bool:
        """No side, here or there, may be either."""
        other_leg = exercise.sided and {self.side, side} == {"left", "right"}
        return self.exercise == exercise.key and not other_leg


@dataclass(frozen=True, slots=True)
class History:
    reached: tuple[Reached, ...] = ()
    unhelped: tuple[Unhelped, ...] = ()

    def against(self, exercise: Exercise, side: str | None) -> tuple[str, ...]:
        """Why `exercise` is not tried on `side` once more; empty when nothing speaks against it."""
        found = {tried.because for tried in self.unhelped if tried.concerns(exercise, side)}
        return tuple(sorted(found))


NOTHING_YET = History()


def sides_of(exercise: Exercise, side: str | None) -> frozenset[str | None]:
    """The legs that an exercise for `side` is done with: {None} where it has no sides."""
    if not exercise.sided:
        return frozenset({None})
    return frozenset({"left", "right"} if side is None else {side})


def in_order(reached: Iterable[Reached], keys: Iterable[str]) -> list[Reached]:
    """In the order of the library, then of the findings; what the library no longer has comes last."""
    places = {key: place for place, key in enumerate(keys)}
    return sorted(
        reached,
        key=lambda entry: (places.get(entry.exercise, len(places)), entry.exercise, entry.finding, entry.side or ""),
    )
