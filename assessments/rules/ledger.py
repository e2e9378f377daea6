"""The leg-length ledger: every method side by side, which row of the table answered, and what would settle it next."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assessments.rules.case import Case
from assessments.rules.leg_evidence import ENOUGH_TRIALS, SINGLE, Estimate, Legs, usable
from assessments.rules.protocol import MEASURES
from assessments.rules.records import Reading
from assessments.rules.signs import Sign


@dataclass(frozen=True, slots=True)
class Entry:
    """One method. `difference` in mm, None while only one leg was measured; `side` the shorter one, None inside the
    error; `examiners` as they were named."""

    measure: str
    label: str
    left: float | None
    right: float | None
    difference: float | None
    side: str | None
    error: float
    trials: int
    spread: float
    examiners: tuple[str, ...]
    reliability: str
    source: str


@dataclass(frozen=True, slots=True)
class RowNote:
    """One row of the decision table: whether it answered, and if not, what it lacked."""

    row: int
    codes: tuple[str, ...]
    pattern: str
    answered: bool
    lacks: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """`disagree`: methods that each pass their own error name different sides."""

    entries: tuple[Entry, ...]
    disagree: bool
    rows: tuple[RowNote, ...]
    next_steps: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "methods": [asdict(entry) for entry in self.entries],
            "disagree": self.disagree,
            "rows": [asdict(row) for row in self.rows],
            "next": list(self.next_steps),
        }


def ledger(case: Case, legs: Legs, answer: Sequence[Sign]) -> Ledger:
    """`answer`: what the decision table concluded."""
    codes = {sign.rule.key for sign in answer}
    return Ledger(
        entries=(*(entry(case, estimate) for estimate in legs.estimates), *one_leg_only(case, legs)),
        disagree=len({estimate.side for estimate in legs.estimates if estimate.side}) > 1,
        rows=tuple(row_notes(legs, codes)),
        next_steps=tuple(legs.pack.leg["next"][step] for step in dict.fromkeys(next_steps(legs, codes))),
    )


def entry(case: Case, estimate: Estimate) -> Entry:
    """Both legs where they were measured, else the noted difference."""
    single = estimate.measure.replace("difference_", "")
    lengths = {reason.side: reason.value for reason in estimate.because if reason.measure == single}
    used = single if lengths else estimate.measure
    readings = [reading for reading, _ in usable(case, used)]
    return Entry(
        **about(used, readings),
        left=lengths.get("left"),
        right=lengths.get("right"),
        difference=estimate.size,
        side=estimate.side,
        error=estimate.limit,
        trials=estimate.trials,
    )


def one_leg_only(case: Case, legs: Legs) -> Iterator[Entry]:
    """Methods that measured one leg: nothing to compare yet, but nothing to hide either."""
    for reason in legs.single:
        taken = [reading for reading, _ in usable(case, reason.measure)]
        yield Entry(
            **about(reason.measure, taken),
            left=reason.value if reason.side == "left" else None,
            right=reason.value if reason.side == "right" else None,
            difference=None,
            side=None,
            error=case.pack.leg[SINGLE[reason.measure]],
            trials=len(taken),
        )


def about(key: str, readings: Sequence[Reading]) -> dict[str, Any]:
    """What the ledger says of a method, and of those who used it. The spread is that of one leg, the larger one."""
    measure = MEASURES[key]
    sides = {reading.side for reading in readings}
    values = [[r.value for r in readings if r.side == side and r.value is not None] for side in sides]
    return {
        "measure": key,
        "label": measure.label,
        "spread": round(max(max(one) - min(one) for one in values), 6),
        "examiners": tuple(sorted({reading.examiner for reading in readings if reading.examiner})),
        "reliability": measure.reliability,
        "source": measure.source,
    }


def row_notes(legs: Legs, codes: set[str]) -> Iterator[RowNote]:
    """Every row of the table in its order; one that did not answer says what it lacks, or that it doesn't fit."""
    there = {
        "tape": legs.tape,
        "block": legs.block,
        "apparent": legs.apparent,
        "imaging": legs.imaging,
        "lying": (*legs.lying, legs.long_sitting)[0],
        "feet": legs.foot,
    }
    for row in legs.pack.leg["rows"]:
        answered = bool(codes & set(row["answers"]))
        missing = [name for name in row.get("needs", ()) if not there[name]]
        lacks = "" if answered else f"not on file: {', '.join(missing)}" if missing else "the readings don't fit it"
        yield RowNote(row["row"], tuple(row["answers"]), row["pattern"], answered, lacks)


def next_steps(legs: Legs, codes: set[str]) -> Iterator[str]:
    """Keys of what would settle it, the most pressing first. Something is always left to say."""
    answered = {code.removeprefix("leg_length_") for code in codes}
    yield from ("opinion" for _ in answered & {"refer"})
    if "conflicting" in answered or one_sees_none(legs, answered):
        yield "repeat"
    yield from ("contracture" for _ in answered & {"contracture_possible"})
    yield from ("feet" for _ in answered & {"functional_foot_suspected"})
    yield from ("loaded" for _ in answered & {"unloaded_asymmetry"})
    yield from missing_methods(legs)
    if legs.tight and not legs.unchanged_since:
        yield "treat"
    if legs.imaging is None:
        yield "imaging"
    elif not legs.imaging.typed:
        yield "imaging_kind"


def one_sees_none(legs: Legs, answered: set[str]) -> bool:
    """Tape and block disagree on there being a difference at all, and nothing else explains it."""
    if "insufficient_data" not in answered or legs.tape is None or legs.block is None:
        return False
    return bool(legs.tape.side) != bool(legs.block.side)


def missing_methods(legs: Legs) -> Iterator[str]:
    """Tape twice a side, blocks, apparent lengths and a look for what is short, until imaging has answered."""
    if legs.imaging:
        return
    if legs.tape is None or legs.tape.trials < ENOUGH_TRIALS:
        yield "tape_twice"
    if legs.block is None:
        yield "block"
    if legs.apparent is None and legs.tape and not legs.tape.side:
        yield "apparent"
    if legs.apparent and legs.apparent.side and not legs.tight:
        yield "tissue"
