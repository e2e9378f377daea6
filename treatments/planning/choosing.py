"""Which exercise serves which finding: the most pressing first, each by the preferred exercise that is open.

The answer doesn't depend on the order of the findings, and left is treated like right.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from assessments.rules import Finding
from treatments.planning.clearance import Clearance
from treatments.planning.history import NOTHING_LEFT, History, Reached, in_order, sides_of
from treatments.planning.library import LIBRARY
from treatments.planning.records import Exercise
from treatments.planning.result import LeftOut, NoExercise

CONFIDENCES = ("low", "moderate", "high")
GRADES = (None, "mild", "moderate", "marked")
PLACES = {key: place for place, key in enumerate(LIBRARY)}


@dataclass(eq=False)
class Pick:
    """An exercise on its way into the programme, with the sides and findings that ask for it.

    `instead_of`: names of what the library prefers and is not open here. `reached`: why it is maintenance.
    """

    exercise: Exercise
    sides: set[str | None] = field(default_factory=set)
    codes: list[str] = field(default_factory=list)
    low_confidence: bool = True
    instead_of: list[str] = field(default_factory=list)
    maintenance: bool = False
    reached: list[str] = field(default_factory=list)

    def serve(self, finding: Finding, passed: Iterable[Exercise]) -> None:
        self.sides.add(finding.side if self.exercise.sided else None)
        self.low_confidence = self.low_confidence and finding.confidence == "low"
        _add(self.codes, [finding.code])
        _add(self.instead_of, [exercise.name for exercise in passed])

    def keep(self, entry: Reached, side: str | None) -> None:
        self.sides.add(side)
        _add(self.codes, [entry.finding])
        _add(self.reached, [entry.because] if entry.because else [])

    @property
    def side(self) -> str | None:
        return next(iter(self.sides)) if len(self.sides) == 1 else None

    @property
    def legs(self) -> frozenset[str | None]:
        """As `sides_of`: {None} for an exercise without sides."""
        return frozenset(leg for side in self.sides for leg in sides_of(self.exercise, side))


@dataclass
class Choice:
    """What was picked, most pressing first, and what was passed over."""

    picks: dict[str, Pick] = field(default_factory=dict)
    excluded: dict[tuple[str, str | None], LeftOut] = field(default_factory=dict)
    spare: dict[str, set[str]] = field(default_factory=dict)
    tried_all: list[NoExercise] = field(default_factory=list)

    def covered(self, named: Collection[str]) -> list[LeftOut]:
        """What could have served as well; without what is `named` already."""
        return [
            LeftOut(key, f"already covered by: {', '.join(sorted(self.spare[key]))}")
            for key in sorted(self.spare, key=PLACES.__getitem__)
            if key not in named
        ]


def choose(findings: Iterable[Finding], clearance: Clearance, history: History) -> Choice:
    """An exercise for each finding that has an open one; and everything passed over."""
    choice = Choice()
    for _, alike in groupby(sorted(findings, key=_order), key=_pressing):
        # Both sides of one finding are judged before either is picked, so that neither leads the other.
        offers = [offer for finding in alike for offer in _offer(finding, choice, clearance, history)]
        for exercise, passed, finding in sorted(offers, key=lambda offer: PLACES[offer[0].key]):
            choice.picks.setdefault(exercise.key, Pick(exercise)).serve(finding, passed)
    return choice


def _order(finding: Finding) -> tuple[tuple[int, int, int, str], str]:
    return _pressing(finding), finding.side or ""


def _pressing(finding: Finding) -> tuple[int, int, int, str]:
    """Smallest first: confident, marked, early in the library."""
    confidence, grade = CONFIDENCES.index(finding.confidence), GRADES.index(finding.grade)
    places = [PLACES[exercise.key] for exercise in serving(finding.code)]
    return -confidence, -grade, min(places, default=len(PLACES)), finding.code


def serving(code: str) -> list[Exercise]:
    return [exercise for exercise in LIBRARY.values() if code in exercise.for_findings]


def _offer(
    finding: Finding, choice: Choice, clearance: Clearance, history: History
) -> Sequence[tuple[Exercise, list[Exercise], Finding]]:
    """The exercise for one finding with what was preferred and is closed; nothing where all of them are."""
    wanted = serving(finding.code)
    closed = [exercise for exercise in wanted if _closed(exercise, finding.side, choice, clearance, history)]
    # An exercise that another finding already brought in serves this one too.
    open_ones = sorted(
        (exercise for exercise in wanted if exercise not in closed),
        key=lambda exercise: exercise.key not in choice.picks,
    )
    if not open_ones:
        if any(history.against(exercise, finding.side) for exercise in closed):
            choice.tried_all.append(NoExercise(finding.code, finding.side, NOTHING_LEFT))
        return []
    chosen = open_ones[0]
    for other in open_ones[1:]:
        choice.spare.setdefault(other.key, set()).add(chosen.name)
    return [(chosen, [exercise for exercise in closed if PLACES[exercise.key] < PLACES[chosen.key]], finding)]


def _closed(exercise: Exercise, side: str | None, choice: Choice, clearance: Clearance, history: History) -> bool:
    reasons = (*clearance.against(exercise, side), *history.against(exercise, side))
    if reasons:
        left = LeftOut(exercise.key, "; ".join(reasons), side if exercise.sided else None)
        choice.excluded[left.exercise, left.side] = left
    return bool(reasons)


def maintain(history: History, picks: Iterable[Pick], clearance: Clearance) -> tuple[list[Pick], list[LeftOut]]:
    """Exercises whose finding is gone, on the legs that no pick works on; and those that a precaution forbids now."""
    worked_on = {(pick.exercise.key, leg) for pick in picks for leg in pick.legs}
    kept: dict[str, Pick] = {}
    left_out: dict[tuple[str, str | None], LeftOut] = {}
    for entry in in_order(history.reached, LIBRARY):
        if entry.exercise not in LIBRARY:
            left_out[entry.exercise, entry.side] = LeftOut(entry.exercise, "no longer in the library", entry.side)
            continue
        exercise = LIBRARY[entry.exercise]
        for side in sorted(sides_of(exercise, entry.side), key=str):
            reasons = clearance.against(exercise, side)
            if reasons:
                left_out[exercise.key, side] = LeftOut(exercise.key, "; ".join(reasons), side)
            elif (exercise.key, side) not in worked_on:
                kept.setdefault(exercise.key, Pick(exercise, maintenance=True)).keep(entry, side)
    return list(kept.values()), list(left_out.values())


def _add(known: list[str], more: Iterable[str]) -> None:
    known.extend(name for name in more if name not in known)
