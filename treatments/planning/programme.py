"""From findings to a home programme: what to do, on which side, how much; what was left out, and why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from assessments.rules import Finding
from intake.screening import CONDITIONS, RED_FLAGS, Referral
from treatments.planning.because import because
from treatments.planning.choosing import Pick, choose, maintain
from treatments.planning.clearance import Answered, Clearance, clear, names
from treatments.planning.dose import DOSES, dose_of, weekly_seconds
from treatments.planning.history import NOTHING_YET, History
from treatments.planning.library import LIBRARY, NO_EXERCISE, STRENGTHENS_THE_BACK
from treatments.planning.records import Exercise
from treatments.planning.result import Item, LeftOut, NoExercise, Plan

# Our own limit: longer programmes are done less often (clinical §4.1, not verified).
MOST_ITEMS = 5
ADULT_FROM_AGE = 18
UNDER_AGE = "Under 18: a clinician decides on every exercise."  # our own rule
ADVICE = (
    "Stretching can make you more flexible. For back pain, stretching alone did no better than no treatment in "
    "studies, so this programme also strengthens and keeps you moving. Walk as much as is comfortable.",
    "Stop an exercise that hurts more than 4 out of 10, or that still hurts after 24 hours, and tell your practice.",
    "We measure again after about six weeks.",
)


def plan(
    findings: Sequence[Finding],
    *,
    conditions: Mapping[str, Answered],
    age: int | None,
    referral: Referral,
    unanswered_red_flags: Sequence[str] = (),
    history: History = NOTHING_YET,
) -> Plan:
    """The programme that `findings` suggest to a client of `age` years, or None where unknown.

    Locked and empty at urgent or emergency. Conditions without a key are unanswered: nothing is suggested then. Every
    programme with an item has a strengthening and an activity item, and never more than five items. What `history`
    says was reached is kept up after that; what did not help is not suggested once more.
    """
    without = [
        NoExercise(found.code, found.side, NO_EXERCISE[found.code]) for found in findings if found.code in NO_EXERCISE
    ]
    open_questions = _open_questions(referral, unanswered_red_flags, conditions, age)
    if referral.locks:
        return Plan(True, referral.because, no_exercise=tuple(without), needs_answer_because=open_questions)
    clearance = clear(conditions, ((found.code, found.side) for found in findings))
    choice = choose(findings, clearance, history)
    kept_up, forbidden = maintain(history, choice.picks.values(), clearance)
    wanted, too_long = _within_ceiling([*choice.picks.values(), *kept_up], age)
    left_out = [*choice.excluded.values(), *forbidden, *too_long]
    kept = _complete(wanted, clearance, history) if wanted or left_out else []
    left_out = [*_not_taken(left_out, kept), *_over_the_cap(wanted, kept)]
    named = {left.exercise for left in left_out}.union(pick.exercise.key for pick in kept)
    return Plan(
        False,
        items=tuple(_item(pick, clearance, age) for pick in kept),
        left_out=(*left_out, *choice.covered(named)),
        advice=(*ADVICE, *clearance.advice) if kept else clearance.advice,
        no_exercise=(*without, *choice.tried_all),
        needs_answer_because=open_questions,
    )


def _open_questions(
    referral: Referral, flags: Sequence[str], conditions: Mapping[str, Answered], age: int | None
) -> tuple[str, ...]:
    asked = list(referral.because) if referral.level == "ask" else []
    if flags:
        unasked = "all of them" if len(flags) == len(RED_FLAGS) else "; ".join(RED_FLAGS[key].name for key in flags)
        asked.append(f"Safety questions not answered: {unasked}.")
    unanswered = clear(conditions, ()).unanswered
    if unanswered:
        unasked = "all of them" if len(unanswered) == len(CONDITIONS) else names(unanswered)
        asked.append(f"Conditions not answered: {unasked}.")
    if age is not None and age < ADULT_FROM_AGE:
        asked.append(UNDER_AGE)
    return tuple(asked)


def _within_ceiling(picks: Iterable[Pick], age: int | None) -> tuple[list[Pick], list[LeftOut]]:
    """Picks that keep the stretching of each muscle below the weekly ceiling, and those that would go above it."""
    spent: Counter[tuple[str, str]] = Counter()
    within: list[Pick] = []
    too_long: list[LeftOut] = []
    for pick in picks:
        seconds = weekly_seconds(dose_of(pick.exercise, age, maintenance=pick.maintenance))
        legs = pick.legs - {None} or {"left", "right"}
        muscle = [(pick.exercise.target, str(leg)) for leg in legs] if DOSES.ceiling.counts(pick.exercise) else []
        if any(spent[part] + seconds > DOSES.ceiling.seconds for part in muscle):
            too_long.append(LeftOut(pick.exercise.key, _above_the_ceiling(), pick.side))
        else:
            spent.update(dict.fromkeys(muscle, seconds))
            within.append(pick)
    return within, too_long


def _above_the_ceiling() -> str:
    minutes = DOSES.ceiling.seconds // 60
    return f"this muscle would be stretched more than {minutes} minutes a week, and more brings nothing"


def _complete(picks: Sequence[Pick], clearance: Clearance, history: History) -> list[Pick]:
    """At most five picks, a strengthening and an activity one among them; maintenance last. Where every asked-for
    exercise is excluded, these two stand alone (strength instead of stretching), unless everything is blocked."""
    found = (_first(picks, kind) or _general(kind, clearance, history) for kind in ("strength", "activity"))
    must = [pick for pick in found if pick is not None]
    others = [pick for pick in picks if pick not in must and pick.exercise.kind != "activity"]
    kept = [*others[: MOST_ITEMS - len(must)], *must]
    return sorted(kept, key=lambda pick: pick.maintenance)


def _first(picks: Sequence[Pick], kind: str) -> Pick | None:
    """The first of a kind; a strengthening one only where it strengthens hip or trunk, which is what a back needs."""
    return next((pick for pick in picks if pick.exercise.kind == kind and _counts(pick.exercise)), None)


def _counts(exercise: Exercise) -> bool:
    return exercise.kind != "strength" or exercise.target in STRENGTHENS_THE_BACK


def _general(kind: str, clearance: Clearance, history: History) -> Pick | None:
    """The first general exercise of a kind that is open, better one that was not tried in vain. None only where
    everything is blocked: the checks of the library saw to it that one of each kind carries nothing to forbid."""
    open_ones = [
        exercise
        for exercise in LIBRARY.values()
        if exercise.general and exercise.kind == kind and not clearance.against(exercise, None)
    ]
    chosen = min(open_ones, key=lambda exercise: bool(history.against(exercise, None)), default=None)
    return Pick(chosen, {None}) if chosen else None


def _not_taken(left_out: Iterable[LeftOut], kept: Sequence[Pick]) -> list[LeftOut]:
    """Without what came into the programme for another reason."""
    taken = {pick.exercise.key for pick in kept}
    return [left for left in left_out if left.side is not None or left.exercise not in taken]


def _over_the_cap(picks: Sequence[Pick], kept: Sequence[Pick]) -> list[LeftOut]:
    return [LeftOut(pick.exercise.key, _why_dropped(pick), pick.side) for pick in picks if pick not in kept]


def _why_dropped(pick: Pick) -> str:
    if pick.exercise.kind == "activity":
        return "one activity is enough to begin with"
    limit = f"at most {MOST_ITEMS} exercises in one programme"
    return (
        f"{limit}; only low-confidence findings ask for it" if pick.low_confidence and not pick.maintenance else limit
    )


def _item(pick: Pick, clearance: Clearance, age: int | None) -> Item:
    exercise, dose = pick.exercise, dose_of(pick.exercise, age, maintenance=pick.maintenance)
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
        maintenance=pick.maintenance,
        because=because(pick, age),
        evidence=exercise.evidence.level,
        source=exercise.source,
    )
