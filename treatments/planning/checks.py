"""What a schema can't see: whether the files of a library fit each other, the conditions and the findings.

Each check yields `file: place: problem`, one line for each fault.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from assessments.rules import PACK
from intake.screening import CONDITIONS, RED_FLAGS
from intake.screening.vocabulary import RESTRICTIONS
from treatments.planning.records import Contents, Exercise

EXERCISES, PRECAUTIONS = "exercises.json", "precautions.json"


def double_keys(file: str, entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    counted = Counter(entry["key"] for entry in entries)
    yield from (f"{file}: {key}: stands there {times} times" for key, times in counted.items() if times > 1)


def faults(library: Contents, findings: Collection[str]) -> Iterator[str]:
    """Everything wrong with a library whose entries are sound one by one. `findings`: every code there can be."""
    for exercise in library.exercises.values():
        yield from (f"{EXERCISES}: {exercise.key}: {fault}" for fault in exercise_faults(exercise, library, findings))
    yield from finding_faults(library, findings)
    yield from precaution_faults(library, findings)
    yield from completion_faults(library)
    yield from referral_faults(PACK.leg)


def referral_faults(leg: Mapping[str, Any]) -> Iterator[str]:
    """The leg-length table names answers of the intake, which the assessments can't see: a slip drops a referral."""
    for name, known, kind in (("refer_history", CONDITIONS, "condition"), ("refer_flags", RED_FLAGS, "red flag")):
        yield from (
            f"leg_length.json: {name}: {key!r} is no {kind} of the intake" for key in leg[name] if key not in known
        )


def exercise_faults(exercise: Exercise, library: Contents, findings: Collection[str]) -> Iterator[str]:
    for step, other in (("easier", exercise.easier), ("harder", exercise.harder)):
        if other == exercise.key or other not in (None, *library.exercises):
            yield f"{step}: {other!r} is no other exercise of the library"
    yield from (f"for_findings: no rule makes {code!r}" for code in exercise.for_findings if code not in findings)
    yield from (f"tags: {tag!r} is not in the vocabulary" for tag in sorted(exercise.tags - library.tags.keys()))
    unknown = exercise.contraindications.keys() - CONDITIONS.keys()
    yield from (f"contraindications: {key!r} is no condition of the intake" for key in sorted(unknown))


def finding_faults(library: Contents, findings: Collection[str]) -> Iterator[str]:
    served = {code for exercise in library.exercises.values() for code in exercise.for_findings}
    said = f"{EXERCISES}: no_exercise_by_itself"
    for code in findings:
        if code not in served and code not in library.no_exercise:
            yield f"{said}: {code} is neither served by an exercise nor listed here"
        elif code in served and code in library.no_exercise:
            yield f"{said}: {code} is listed here, and an exercise serves it"
    yield from (f"{said}: no rule makes {code!r}" for code in library.no_exercise if code not in findings)


def precaution_faults(library: Contents, findings: Collection[str]) -> Iterator[str]:
    carried = {tag for exercise in library.exercises.values() for tag in exercise.tags}
    yield from (f"{EXERCISES}: tags: no exercise carries {tag!r}" for tag in library.tags if tag not in carried)
    for rule in (*library.conditions.values(), *library.findings.values()):
        yield from (f"{PRECAUTIONS}: {rule.key}: no exercise carries {tag!r}" for tag in sorted(rule.tags - carried))
    restrictions = sorted(set(RESTRICTIONS) - carried)
    yield from (f"{EXERCISES}: tags: no exercise carries the surgeon's restriction {tag!r}" for tag in restrictions)
    for keys, known, kind in ((library.conditions, CONDITIONS, "condition"), (library.findings, findings, "finding")):
        yield from (f"{PRECAUTIONS}: {key}: there is no such {kind}" for key in keys if key not in known)
    yield from (f"{PRECAUTIONS}: condition {key} is missing" for key in CONDITIONS if key not in library.conditions)


def completion_faults(library: Contents) -> Iterator[str]:
    """A programme can always be completed only if a strengthening and an activity exercise suit everybody."""
    exercises = library.exercises.values()
    for kind in ("strength", "activity"):
        if not any(exercise.kind == kind and suits_everybody(exercise) for exercise in exercises):
            yield f"{EXERCISES}: no general {kind} exercise is free of tags and contraindications"
    for exercise in exercises:
        if exercise.general and exercise.kind == "strength" and exercise.target not in library.strengthens_the_back:
            yield f"{EXERCISES}: {exercise.key}: completes programmes, but doesn't strengthen the back"


def suits_everybody(exercise: Exercise) -> bool:
    return exercise.general and not exercise.tags and not exercise.contraindications
