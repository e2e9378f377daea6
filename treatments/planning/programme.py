"""From findings to a home programme: what to do, on which side, how much; what was left out, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assessments.rules import Finding
from intake.screening import CONDITIONS, RED_FLAGS, Referral
from treatments.planning.clearance import Answered, Clearance, clear, names
from treatments.planning.dose import dose_of
from treatments.planning.library import LIBRARY, NO_EXERCISE, Exercise

# Our own limit: longer programmes are done less often (clinical §4.1, not verified).
MOST_ITEMS = 5
CONFIDENCES = ("low", "moderate", "high")
GRADES = (None, "mild", "moderate", "marked")
ADVICE = (
    "Stretching can make you more flexible. For back pain, stretching alone did no better than no treatment in "
    "studies, so this programme also strengthens and keeps you moving. Walk as much as is comfortable.",
    "Stop an exercise that hurts more than 4 out of 10, or that still hurts after 24 hours, and tell your practice.",
    "We measure again after about six weeks.",
)


@dataclass(frozen=True, slots=True)
class Item:
    """One exercise to do. `side` None: both sides, or no side. A dose that does not apply is None."""

    exercise: str
    kind: str
    target: str
    side: str | None
    hold_seconds: int | None
    repetitions: int | None
    sets: int | None
    days_per_week: int | None
    for_findings: tuple[str, ...]
    minutes: int | None = None
    changes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        return {
            "exercise": self.exercise,
            "kind": self.kind,
            "target": self.target,
            "side": self.side,
            "hold_seconds": self.hold_seconds,
            "repetitions": self.repetitions,
            "sets": self.sets,
            "days_per_week": self.days_per_week,
            "minutes": self.minutes,
            "for": list(self.for_findings),
            "changes": list(self.changes),
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An exercise that a finding asked for and that is not in the programme; `side` None: whatever the side."""

    exercise: str
    because: str
    side: str | None = None

    def as_dict(self) -> dict[str, object]:
        return {"exercise": self.exercise, "side": self.side, "because": self.because}


@dataclass(frozen=True, slots=True)
class NoExercise:
    """A finding that leads to no exercise by itself, and why."""

    finding: str
    side: str | None
    because: str

    def as_dict(self) -> dict[str, object]:
        return {"finding": self.finding, "side": self.side, "because": self.because}


@dataclass(frozen=True, slots=True)
class Plan:
    """A suggested programme. `needs_answer`: a clinician must answer `needs_answer_because` before it is published."""

    locked: bool
    locked_because: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    advice: tuple[str, ...] = ()
    no_exercise: tuple[NoExercise, ...] = ()
    needs_answer_because: tuple[str, ...] = ()

    @property
    def needs_answer(self) -> bool:
        return bool(self.needs_answer_because)

    def as_dict(self) -> dict[str, object]:
        return {
            "locked": self.locked,
            "locked_because": list(self.locked_because),
            "items": [item.as_dict() for item in self.items],
            "left_out": [left.as_dict() for left in self.left_out],
            "no_exercise": [entry.as_dict() for entry in self.no_exercise],
            "advice": list(self.advice),
            "needs_answer": self.needs_answer,
            "needs_answer_because": list(self.needs_answer_because),
        }


@dataclass
class _Pick:
    """An exercise on its way into the programme, with the sides and findings that ask for it."""

    exercise: Exercise
    sides: set[str | None] = field(default_factory=set)
    codes: list[str] = field(default_factory=list)
    low_confidence: bool = True

    def serve(self, finding: Finding) -> None:
        self.sides.add(finding.side if self.exercise.sided else None)
        self.low_confidence = self.low_confidence and finding.confidence == "low"
        if finding.code not in self.codes:
            self.codes.append(finding.code)

    @property
    def side(self) -> str | None:
        return next(iter(self.sides)) if len(self.sides) == 1 else None


def plan(
    findings: Sequence[Finding],
    *,
    conditions: Mapping[str, Answered],
    age: int | None,
    referral: Referral,
    unanswered_red_flags: Sequence[str] = (),
) -> Plan:
    """The programme that `findings` suggest to a client of `age` years, or None where unknown.

    Locked and empty at urgent or emergency. Conditions without a key are unanswered: nothing is suggested then. Every
    programme with an item has a strengthening and an activity item, and never more than five items.
    """
    no_exercise = tuple(_without_exercise(findings))
    open_questions = _open_questions(referral, unanswered_red_flags, conditions)
    if referral.locks:
        return Plan(True, referral.because, no_exercise=no_exercise, needs_answer_because=open_questions)
    clearance = clear(conditions, (finding.code for finding in findings))
    picks, left_out = _choose(findings, clearance)
    kept = _complete(picks, clearance) if picks or left_out else []
    return Plan(
        False,
        items=tuple(_item(pick, clearance, age) for pick in kept),
        left_out=(*left_out, *_over_the_cap(picks, kept)),
        advice=(*ADVICE, *clearance.advice) if kept else clearance.advice,
        no_exercise=no_exercise,
        needs_answer_because=open_questions,
    )


def _without_exercise(findings: Iterable[Finding]) -> Iterable[NoExercise]:
    return (NoExercise(f.code, f.side, NO_EXERCISE[f.code]) for f in findings if f.code in NO_EXERCISE)


def _open_questions(referral: Referral, flags: Sequence[str], conditions: Mapping[str, Answered]) -> tuple[str, ...]:
    asked = list(referral.because) if referral.level == "ask" else []
    if flags:
        unasked = "all of them" if len(flags) == len(RED_FLAGS) else "; ".join(RED_FLAGS[key].name for key in flags)
        asked.append(f"Safety questions not answered: {unasked}.")
    unanswered = clear(conditions, ()).unanswered
    if unanswered:
        unasked = "all of them" if len(unanswered) == len(CONDITIONS) else names(unanswered)
        asked.append(f"Conditions not answered: {unasked}.")
    return tuple(asked)


def _choose(findings: Sequence[Finding], clearance: Clearance) -> tuple[list[_Pick], list[LeftOut]]:
    """For each finding, the most pressing first, the preferred exercise that is open; and everything passed over."""
    picks: dict[str, _Pick] = {}
    left_out: dict[tuple[str, str | None], LeftOut] = {}
    spare: dict[str, str] = {}
    for finding in sorted(findings, key=_urgency, reverse=True):
        wanted = [exercise for exercise in LIBRARY.values() if finding.code in exercise.for_findings]
        left_out.update({(left.exercise, left.side): left for left in _excluded(wanted, finding, clearance)})
        allowed = [exercise for exercise in wanted if not clearance.against(exercise, finding.side)]
        # An exercise that another finding already brought in serves this one too.
        allowed.sort(key=lambda exercise: exercise.key not in picks)
        for exercise in allowed[:1]:
            picks.setdefault(exercise.key, _Pick(exercise)).serve(finding)
        spare.update({other.key: allowed[0].name for other in allowed[1:]})
    passed_over = [LeftOut(key, f"already covered by: {name}") for key, name in spare.items() if key not in picks]
    return list(picks.values()), [*left_out.values(), *passed_over]


def _urgency(finding: Finding) -> tuple[int, int]:
    return CONFIDENCES.index(finding.confidence), GRADES.index(finding.grade)


def _excluded(wanted: Iterable[Exercise], finding: Finding, clearance: Clearance) -> Iterable[LeftOut]:
    for exercise in wanted:
        reasons = clearance.against(exercise, finding.side)
        if reasons:
            yield LeftOut(exercise.key, "; ".join(reasons), finding.side if exercise.sided else None)


def _complete(picks: Sequence[_Pick], clearance: Clearance) -> list[_Pick]:
    """At most five picks, a strengthening and an activity one among them. Where every asked-for exercise is excluded,
    these two stand alone (strength instead of stretching), unless everything is blocked."""
    found = (_first(picks, kind) or _general(kind, clearance) for kind in ("strength", "activity"))
    must = [pick for pick in found if pick is not None]
    others = [pick for pick in picks if pick not in must and pick.exercise.kind != "activity"]
    return [*others[: MOST_ITEMS - len(must)], *must]


def _first(picks: Sequence[_Pick], kind: str) -> _Pick | None:
    return next((pick for pick in picks if pick.exercise.kind == kind), None)


def _general(kind: str, clearance: Clearance) -> _Pick | None:
    """The first general exercise of a kind that is open. None only where everything is blocked: `check_library` saw
    to it that one of each kind carries nothing to forbid."""
    open_ones = (
        _Pick(exercise, {None})
        for exercise in LIBRARY.values()
        if exercise.general and exercise.kind == kind and not clearance.against(exercise, None)
    )
    return next(open_ones, None)


def _over_the_cap(picks: Sequence[_Pick], kept: Sequence[_Pick]) -> list[LeftOut]:
    return [LeftOut(pick.exercise.key, _why_dropped(pick), pick.side) for pick in picks if pick not in kept]


def _why_dropped(pick: _Pick) -> str:
    if pick.exercise.kind == "activity":
        return "one activity is enough to begin with"
    limit = f"at most {MOST_ITEMS} exercises in one programme"
    return f"{limit}; only low-confidence findings ask for it" if pick.low_confidence else limit


def _item(pick: _Pick, clearance: Clearance, age: int | None) -> Item:
    exercise, dose = pick.exercise, dose_of(pick.exercise, age)
    return Item(
        exercise=exercise.key,
        kind=exercise.kind,
        target=exercise.target,
        side=pick.side,
        hold_seconds=dose.hold_seconds,
        repetitions=dose.repetitions,
        sets=dose.sets,
        days_per_week=dose.days_per_week,
        for_findings=tuple(pick.codes),
        minutes=dose.minutes,
        changes=clearance.changes(exercise, pick.side),
    )
