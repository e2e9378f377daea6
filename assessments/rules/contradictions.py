"""Red flags that a measurement raises: readings that contradict a picture of something that only wants stretching.

They look at single readings, never at means, so that one more reading can add such a flag and never take one away.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

from assessments.rules.case import ADULT, Case
from assessments.rules.records import Because, Reading, listed

#: Methods that can show a short leg, and the limit of each in the leg-length table. Lying checks are too unreliable.
METHODS = {"true": "tape", "apparent": "apparent", "block": "block", "imaging": "imaging"}
HIP_MOTIONS = (
    *("hip_flexion", "hip_extension", "hip_abduction", "hip_adduction"),
    *("hip_internal_rotation", "hip_external_rotation"),
)
PROVOCATION = ("fadir", "faber", "fair")
NEAR_THE_HIP = frozenset({"hip", "groin", "thigh", "buttock", "knee"})
TRAUMA = ("major_trauma", "minor_trauma_fragile_bone", "cannot_bear_weight")
ILLNESS = ("fever_or_chills", "recent_infection", "feels_ill")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`level` is ask or urgent; `sentence` is for the clinician and names what was measured and what was told."""

    key: str
    level: str
    sentence: str
    because: tuple[Because, ...]

    def as_dict(self) -> dict[str, Any]:
        return listed(asdict(self))


def contradictions(case: Case) -> Iterator[Contradiction]:
    """Every contradiction between the readings and a harmless picture. Sources: contract §3, clinical §3.4 and §5.2;
    which readings count is our own working rule."""
    yield from short_leg_of_a_child(case)
    yield from stiff_hip_of_a_child(case)
    yield from short_leg_after_something_happened(case)
    yield from short_leg_turned_out(case)
    yield from painful_replaced_hip(case)
    yield from contracture_with_fever(case)


def short_leg_of_a_child(case: Case) -> Iterator[Contradiction]:
    short = tuple(short_legs(case))
    if short and is_young(case):
        told = limping_or_hurting(case)
        said = f"A short leg was measured at {case.facts.age} years"
        if told:
            yield Contradiction(
                "short_leg_of_a_child", "urgent", f"{said}, with {told}: disease of the growing hip first.", short
            )
        else:
            yield Contradiction("short_leg_of_a_child", "ask", f"{said}: it may still be growing apart.", short)


def stiff_hip_of_a_child(case: Case) -> Iterator[Contradiction]:
    least = case.pack.leg["child_internal_rotation_deg"]
    stiff = tuple(
        because(reading, least)
        for reading in of(case, "hip_internal_rotation")
        if (reading.value is not None and reading.value < least) or reading.grade in ("moderate", "marked")
    )
    if stiff and is_young(case):
        told = limping_or_hurting(case)
        said = f"Little internal rotation at {case.facts.age} years"
        if told:
            sentence = f"{said}, with {told}: no stretch before a doctor saw it."
        else:
            sentence = f"{said}: ask about limping and pain, and compare with the other hip."
        yield Contradiction("stiff_hip_of_a_child", "urgent" if told else "ask", sentence, stiff)


def short_leg_after_something_happened(case: Case) -> Iterator[Contradiction]:
    """A sudden change or an accident, said or not ruled out, beside a leg that measures short."""
    short = tuple(short_legs(case))
    told = open_flags(case, ("sudden_leg_shortening", *TRAUMA))
    if short and told:
        sentence = f"A short leg was measured, and there is {told}: fracture or dislocation first, no stretch."
        yield Contradiction("short_leg_after_something_happened", "urgent", sentence, short)


def short_leg_turned_out(case: Case) -> Iterator[Contradiction]:
    """A hip that cannot be turned in to neutral, on the side of the short leg."""
    short = tuple(short_legs(case))
    sides = {reason.side for reason in short}
    turned = [r for r in of(case, "hip_internal_rotation") if r.value is not None and r.value < 0 and r.side in sides]
    if turned:
        sentence = "The short leg is fixed in external rotation: look at the hip joint before any stretch."
        reasons = (*short, *(because(reading, 0) for reading in turned))
        yield Contradiction("short_leg_turned_out", "ask", sentence, reasons)


def painful_replaced_hip(case: Case) -> Iterator[Contradiction]:
    """Urgent when the client told new pain too, or didn't rule it out; a provoked pain alone is a question."""
    sides = case.facts.condition_sides.get("hip_replacement", ())
    painful = tuple(because(reading) for reading in hurting(case) if reading.side in sides)
    if case.facts.conditions.get("hip_replacement") != "yes" or not painful:
        return
    new = open_flags(case, ("replaced_joint_new_pain",)) or new_pain(case)
    if new:
        sentence = f"Moving the replaced hip hurts, and there is {new}: infection, loosening or fracture first."
    else:
        sentence = "Moving the replaced hip hurts: ask since when."
    yield Contradiction("painful_replaced_hip", "urgent" if new else "ask", sentence, painful)


def contracture_with_fever(case: Case) -> Iterator[Contradiction]:
    least = -case.pack.leg["contracture_deg"]
    bent = tuple(
        because(reading, least)
        for measure in ("hip_extension", "knee_extension")
        for reading in of(case, measure)
        if reading.value is not None and reading.value <= least
    )
    told = open_flags(case, ILLNESS)
    if bent and told:
        sentence = f"A hip or knee does not reach straight, and there is {told}: an infected joint or psoas first."
        yield Contradiction("contracture_with_fever", "urgent", sentence, bent)


def of(case: Case, measure: str) -> Iterator[Reading]:
    return (reading for reading in case.readings if reading.measure == measure)


def because(reading: Reading, threshold: float | None = None) -> Because:
    return Because(
        reading.measure, reading.side, reading.value, reading.grade, reading.observed, reading.unit, threshold
    )


def is_young(case: Case) -> bool:
    return case.facts.age is not None and case.facts.age < ADULT


def short_legs(case: Case) -> Iterator[Because]:
    """Any pair of trials, or noted difference, that passes the error of its method."""
    for kind, name in METHODS.items():
        limit = case.pack.leg[name]
        for reading in of(case, f"leg_length_difference_{kind}"):
            if reading.value is not None and reading.value >= limit:
                yield because(reading, limit)
        for one, other in product(of(case, f"leg_length_{kind}"), repeat=2):
            if one.side != other.side and (other.value or 0) - (one.value or 0) >= limit:
                yield because(one, limit)


def hurting(case: Case) -> Iterator[Reading]:
    """Hip readings that hurt as much as should stop an exercise, and provocation tests that brought on the pain."""
    least = case.pack.leg["pain_that_counts"]
    for reading in case.readings:
        sore = reading.measure in HIP_MOTIONS and reading.pain is not None and reading.pain >= least
        if sore or (reading.measure in PROVOCATION and reading.value):
            yield reading


def open_flags(case: Case, keys: tuple[str, ...]) -> str:
    """Those of the flags that were answered yes or not sure, in words; empty when there are none."""
    said = {key: case.facts.red_flags.get(key) for key in keys}
    words = {"yes": "", "unsure": " (not sure)"}
    return ", ".join(f"{key.replace('_', ' ')}{words[answer]}" for key, answer in said.items() if answer in words)


def limping_or_hurting(case: Case) -> str:
    places = [str(pain["site"]) for pain in case.facts.pain if pain["site"] in NEAR_THE_HIP]
    sore = f"pain at the {', '.join(dict.fromkeys(places))}" if places else ""
    return ", ".join(word for word in (sore, open_flags(case, ("child_limp", "cannot_bear_weight"))) if word)


def new_pain(case: Case) -> str:
    """Pain near the hip that began within weeks, in words."""
    weeks = case.pack.leg["new_pain_weeks"]
    new = any(
        pain["site"] in NEAR_THE_HIP and pain.get("weeks") is not None and pain["weeks"] <= weeks
        for pain in case.facts.pain
    )
    return f"pain near the hip for {weeks} weeks or less" if new else ""
