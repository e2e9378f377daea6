"""An exercise as phases that a timer goes through: get ready, hold, let go, change sides, rest.

The rests only pace the timer: they are working values of our own and no part of the dose. What is counted and not held
has no length of its own, because everybody moves at their own pace: the timer waits there for a tap.
"""

from collections.abc import Iterator
from dataclasses import dataclass

READY = 5  # seconds
LET_GO = {10: 5}  # after holds up to so many seconds, so many
LET_GO_ELSE = 10
CHANGE_SIDES = 10
BETWEEN_ROUNDS = 30
ONE_REPETITION = 4  # about, for "how long will it take": down and up again

HOLDING, MOVING = "hold", "move"
WORK = frozenset({HOLDING, MOVING})


@dataclass(frozen=True, slots=True)
class Timed:
    """What the timer needs to know of one exercise. `sides`: ("left", "right"), one of them, or ("",) where the
    exercise has none. `minutes` is for activities, which are one long phase."""

    sides: tuple[str, ...] = ("",)
    hold_seconds: int | None = None
    repetitions: int | None = None
    rounds: int = 1
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """`kind`: ready, hold, move, let_go, change, rest. `seconds` None: until the person taps. `side`: the one to do
    now, or the one that comes after a change. `number` of `of`: which repetition; `round` of `rounds`."""

    kind: str
    seconds: int | None
    side: str = ""
    number: int = 0
    of: int = 0
    round: int = 0
    rounds: int = 0


def phases(dose: Timed) -> list[Phase]:
    """From getting ready to the last hold; nothing for a dose that says neither how long nor how often."""
    if not (dose.hold_seconds or dose.repetitions or dose.minutes):
        return []
    work = list(whole_rounds(dose))
    first = work[0]
    return [Phase("ready", READY, first.side, first.number, first.of, first.round, first.rounds), *work]


def whole_rounds(dose: Timed) -> Iterator[Phase]:
    if dose.minutes:
        yield Phase(HOLDING, 60 * dose.minutes)
        return
    for number in range(1, dose.rounds + 1):
        if number > 1:
            yield Phase("rest", BETWEEN_ROUNDS, dose.sides[0], round=number, rounds=dose.rounds)
        for side in dose.sides:
            if side != dose.sides[0]:
                yield Phase("change", CHANGE_SIDES, side, round=number, rounds=dose.rounds)
            yield from one_side(dose, side, number)


def one_side(dose: Timed, side: str, number: int) -> Iterator[Phase]:
    times = dose.repetitions or 1
    if not dose.hold_seconds:
        yield Phase(MOVING, None, side, 0, times, number, dose.rounds)
        return
    pause = next((rest for longest, rest in LET_GO.items() if dose.hold_seconds <= longest), LET_GO_ELSE)
    for repetition in range(1, times + 1):
        if repetition > 1:
            yield Phase("let_go", pause, side, repetition, times, number, dose.rounds)
        yield Phase(HOLDING, dose.hold_seconds, side, repetition, times, number, dose.rounds)


def seconds(dose: Timed) -> int:
    """About how long it takes, rests included; what is counted at `ONE_REPETITION` each."""
    return sum(ONE_REPETITION * phase.of if phase.seconds is None else phase.seconds for phase in phases(dose))
