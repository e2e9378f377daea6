"""What planning answers: a programme, what was left out of it, and why. The words of contract §4."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One exercise to do. `side` None: both sides, or no side. A dose that does not apply is None.

    `maintenance`: its finding is gone, and it keeps that. `because`: from the findings to the dose, for a therapist.
    `evidence` is the level of the exercise, `source` where it comes from.
    """

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
    maintenance: bool = False
    because: str = ""
    evidence: str = ""
    source: str = ""

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
            "maintenance": self.maintenance,
            "because": self.because,
            "evidence": self.evidence,
            "source": self.source,
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
