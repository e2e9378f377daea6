"""Why an exercise stands in a programme, in one chain for a therapist: findings, choice, dose and its source."""

from assessments.rules import PACK
from treatments.planning.choosing import Pick
from treatments.planning.dose import dose_of, dose_source
from treatments.planning.records import Dose

#: What completes a programme without a finding that asks for it.
COMPLETES = {
    "strength": "No finding asks for it. Every programme strengthens: for back pain, stretching alone did no better "
    "than no treatment (Owen 2020 BJSM 54:1279).",
    "activity": "No finding asks for it. Every programme keeps moving: exercise in general probably helps "
    "(Verville 2023 PMC10684665).",
}


def because(pick: Pick, age: int | None) -> str:
    """`Hip extension limited: first choice of the library. 30 s × 2, 5 days a week: Garber 2011 …`"""
    dose = dose_of(pick.exercise, age, maintenance=pick.maintenance)
    source = dose_source(pick.exercise, age, maintenance=pick.maintenance)
    return f"{reason(pick)} {amount(dose)}: {source}."


def reason(pick: Pick) -> str:
    if not pick.codes:
        return COMPLETES[pick.exercise.kind]
    found = ", ".join(name_of(code) for code in pick.codes)
    if pick.maintenance:
        why = f" ({'; '.join(pick.reached)})" if pick.reached else ""
        return f"{found}: reached{why}. Kept up so that it stays."
    if pick.instead_of:
        return f"{found}: first choice that is open here, instead of {', '.join(pick.instead_of)}."
    return f"{found}: first choice of the library."


def name_of(code: str) -> str:
    """A finding's name; its code in words where a host's own rule made it."""
    return PACK.rules[code].name if code in PACK.rules else code.replace("_", " ").capitalize()


def amount(dose: Dose) -> str:
    """`10 s × 10 × 3 rounds, 7 days a week`; parts that are one or do not apply are not said."""
    unit = f"{dose.minutes} min" if dose.minutes else f"{dose.hold_seconds} s" if dose.hold_seconds else ""
    times = str(dose.repetitions) if unit else f"{dose.repetitions} times"
    parts = [unit, times if (dose.repetitions or 1) > 1 else "", f"{dose.sets} rounds" if (dose.sets or 1) > 1 else ""]
    return f"{' × '.join(part for part in parts if part)}, {dose.days_per_week} days a week"
