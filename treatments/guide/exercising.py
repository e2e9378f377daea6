"""The exercises by the part of the body that they are for, with dose, evidence and neighbours."""

from collections.abc import Iterator

from assessments.rules import PACK
from intake.screening import CONDITIONS
from treatments.guide.markdown import amount, capital, cited, link, listed, point, table
from treatments.guide.phrases import EVIDENCE
from treatments.planning import LIBRARY, Dose, Exercise
from treatments.planning.dose import DOSES, dose_of


def doses() -> Iterator[str]:
    yield "## Doses"
    yield ""
    yield (
        f"Older means from {DOSES.older_from_age} years. What was gained is kept up on {DOSES.maintenance_days} "
        f"days a week ({DOSES.maintenance_source}). No muscle is stretched for more than "
        f"{DOSES.ceiling.seconds // 60} minutes a week ({DOSES.ceiling.source}). "
        f"More than {DOSES.day.minutes} minutes of exercises on one day are called much ({DOSES.day.source})."
    )
    yield ""
    rows = (
        (capital(kind.replace("_", ", ")), in_words(usual.dose), f"{cited(usual.source, usual.tag)}")
        for kind, usual in DOSES.usual.items()
    )
    yield from table(("kind", "usual dose", "source"), rows)


def in_words(dose: Dose) -> str:
    """A dose such as: hold 30 s, 2 times, 5 days a week."""
    parts = [f"hold {dose.hold_seconds} s"] if dose.hold_seconds else []
    parts += [amount(dose.minutes, "minutes")] if dose.minutes else []
    parts += [f"{dose.repetitions} times"] if dose.repetitions else []
    parts += [f"{dose.sets} rounds"] if (dose.sets or 1) > 1 else []
    parts += [f"{dose.days_per_week} days a week"] if dose.days_per_week else []
    return listed(parts)


def exercises() -> Iterator[str]:
    yield "## Exercises"
    yield ""
    yield (
        "In the order in which they are preferred. The first that is open to the client is suggested; a therapist may "
        "choose any other. The sentence about evidence is what the client reads."
    )
    yield ""
    for target in dict.fromkeys(exercise.target for exercise in LIBRARY.values()):
        yield f"### Exercises for: {target.replace('_', ' ')}"
        yield ""
        for exercise in LIBRARY.values():
            if exercise.target == target:
                yield from one_exercise(exercise)


def one_exercise(exercise: Exercise) -> Iterator[str]:
    yield f"#### {exercise.name}"
    yield ""
    sides = "one side at a time" if exercise.sided else "both sides at once, or no side"
    yield f"`{exercise.key}`, {exercise.kind}, {exercise.position.replace('_', ' ')}, {sides}"
    yield ""
    yield " ".join(exercise.steps)
    yield ""
    yield from point("Also called", listed(exercise.aliases, ""))
    yield from point("For", listed((link(PACK.rules[code].name) for code in exercise.for_findings), general(exercise)))
    yield from point("Dose", dose(exercise))
    evidence = exercise.evidence
    yield f"- **Evidence:** {evidence.level} ({EVIDENCE[evidence.level]}). “{evidence.sentence}”"
    yield from point("Easier", neighbour(exercise.easier))
    yield from point("Harder", neighbour(exercise.harder))
    for key, mark in exercise.contraindications.items():
        verb = "not with" if mark.effect == "exclude" else "changed with"
        yield f"- **{capital(verb)} {CONDITIONS[key].name}:** {mark.reason}"
    yield f"- **Source:** {cited(exercise.source, exercise.tag)}"
    yield ""


def general(exercise: Exercise) -> str:
    return "every programme that lacks its kind" if exercise.general else "a therapist's own choice"


def dose(exercise: Exercise) -> str:
    adult, older = dose_of(exercise, None), dose_of(exercise, DOSES.older_from_age)
    later = f"; from {DOSES.older_from_age} years: {in_words(older)}" if older != adult else ""
    return in_words(adult) + later


def neighbour(key: str | None) -> str:
    return link(LIBRARY[key].name) if key else ""
