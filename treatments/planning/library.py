"""The exercise library and the precautions, read from `treatments/library/*.json` and checked on loading."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from intake.screening import CONDITIONS

LIBRARY_FOLDER = Path(__file__).resolve().parent.parent / "library"
KINDS = ("stretch", "strength", "mobility", "balance", "activity")
EVIDENCE = ("supported", "partly", "weak", "traditional", "contradicted")
EFFECTS = ("exclude", "change")


@dataclass(frozen=True, slots=True)
class Evidence:
    """`level` as for findings; `sentence` is what a client reads."""

    level: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Contraindication:
    """What one condition does to one exercise: `exclude` it or `change` it, and why (or how)."""

    effect: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dose:
    """Seconds, times, rounds, days a week; `minutes` for activities. None where it does not apply."""

    hold_seconds: int | None = None
    repetitions: int | None = None
    sets: int | None = None
    days_per_week: int | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise. `sided` ones are done on one side at a time; `general` ones complete a programme that lacks their
    kind; `dose` None means the default of its kind; `tags` name what the body does, for the precautions. `easier` and
    `harder` are keys of the neighbours on its ladder, None at the ends."""

    key: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    target: str
    for_findings: tuple[str, ...]
    general: bool
    sided: bool
    position: str
    steps: tuple[str, ...]
    dose: Dose | None
    easier: str | None
    harder: str | None
    tags: frozenset[str]
    contraindications: Mapping[str, Contraindication]
    evidence: Evidence
    source: str
    tag: str


@dataclass(frozen=True, slots=True)
class Precaution:
    """What a condition (or a finding) does to exercises, by their tags.

    `everything` leaves out all; `per_side` counts only on the affected side; while a detail named in `until` is
    missing, `excludes` holds with `reason_until`; afterwards `excludes_by_approach` and the restrictions hold instead.
    """

    key: str
    reason: str
    everything: bool
    excludes: frozenset[str]
    changes: Mapping[str, str]
    per_side: bool
    until: tuple[str, ...]
    reason_until: str
    excludes_by_approach: Mapping[str, frozenset[str]]
    advice: str
    source: str
    tag: str


def read_exercise(raw: Mapping[str, Any]) -> Exercise:
    """One exercise from parsed JSON. Raises ValueError where a word is not in its vocabulary."""
    exercise = Exercise(
        **{
            **raw,
            **{name: tuple(raw[name]) for name in ("aliases", "for_findings", "steps")},
            "dose": Dose(**raw["dose"]) if "dose" in raw else None,
            "tags": frozenset(raw["tags"]),
            "contraindications": {key: Contraindication(**value) for key, value in raw["contraindications"].items()},
            "evidence": Evidence(**raw["evidence"]),
        }
    )
    _check(exercise)
    return exercise


def _check(exercise: Exercise) -> None:
    if exercise.kind not in KINDS or exercise.evidence.level not in EVIDENCE:
        raise ValueError(f"{exercise.key}: unknown kind or evidence level")
    if exercise.kind not in ("stretch", "strength") and exercise.dose is None:
        raise ValueError(f"{exercise.key}: {exercise.kind} has no default dose and needs its own")
    for condition, entry in exercise.contraindications.items():
        if condition not in CONDITIONS or entry.effect not in EFFECTS:
            raise ValueError(f"{exercise.key}: unknown condition or effect in {condition}")


def read_precaution(raw: Mapping[str, Any]) -> Precaution:
    approaches = {approach: frozenset(tags) for approach, tags in raw["excludes_by_approach"].items()}
    return Precaution(
        **{
            **raw,
            "excludes": frozenset(raw["excludes"]),
            "until": tuple(raw["until"]),
            "excludes_by_approach": approaches,
        }
    )


def check_library(exercises: Mapping[str, Exercise], precautions: Mapping[str, Precaution]) -> None:
    """Raises ValueError unless a programme can always be completed and every condition has its precaution."""
    for kind in ("strength", "activity"):
        if not any(exercise.kind == kind and is_safe_for_all(exercise) for exercise in exercises.values()):
            raise ValueError(f"no general {kind} exercise is free of tags and contraindications")
    missing = [key for key in CONDITIONS if key not in precautions]
    if missing:
        raise ValueError(f"conditions without a precaution: {', '.join(missing)}")


def is_safe_for_all(exercise: Exercise) -> bool:
    return exercise.general and not exercise.tags and not exercise.contraindications


def _load(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((LIBRARY_FOLDER / name).read_text(encoding="utf-8"))
    return document


_EXERCISES, _PRECAUTIONS = _load("exercises.json"), _load("precautions.json")
LIBRARY: Mapping[str, Exercise] = MappingProxyType({raw["key"]: read_exercise(raw) for raw in _EXERCISES["exercises"]})
NO_EXERCISE: Mapping[str, str] = MappingProxyType(_EXERCISES["no_exercise_by_itself"])
CONDITION_PRECAUTIONS: Mapping[str, Precaution] = MappingProxyType(
    {raw["key"]: read_precaution(raw) for raw in _PRECAUTIONS["conditions"]}
)
FINDING_PRECAUTIONS: Mapping[str, Precaution] = MappingProxyType(
    {raw["key"]: read_precaution(raw) for raw in _PRECAUTIONS["findings"]}
)
check_library(LIBRARY, CONDITION_PRECAUTIONS)
