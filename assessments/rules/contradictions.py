"""Red flags that a measurement raises: readings that contradict a picture of something that only wants stretching.

They look at single readings, never at means, so that one more reading can add such a flag and never take one away.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any

from assessments.rules.case import ADULT, Case
from assessments.rules.leg_evidence import usable
from assessments.rules.records import Because, Reading, listed

#: Methods that can show a short leg, and the limit of each in the leg-length table. Lying checks are too unreliable.
METHODS = {"true": "tape", "apparent": "apparent", "block": "block", "imaging": "imaging"}
HIP_MOTIONS = (
    *("hip_flexion", "hip_extension", "hip_abduction", "hip_adduction"),
    *("hip_internal_rotation", "hip_external_rotation"),
)
PROVOCATION = ("fadir", "faber", "fair")
NEAR_THE_HIP = frozenset({"hip", "groin", "thigh", "buttock", "knee"})
LIMPING = ("child_limp", "cannot_bear_weight")
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
    """Every contradiction between the readings and a harmless picture. Which readings count is our own working rule.

    What the client told counts as in the intake: a yes makes it urgent, not sure makes it a question.
    """
    yield from short_leg_of_a_child(case)
    yield from stiff_hip_of_a_child(case)
    yield from short_leg_after_something_happened(case)
    yield from short_leg_with_a_history(case)
    yield from short_leg_turned_out(case)
    yield from large_difference(case)
    yield from painful_replaced_hip(case)
    yield from contracture_with_fever(case)


def short_leg_of_a_child(case: Case) -> Iterator[Contradiction]:
    short = tuple(short_legs(case))
    if short and is_young(case):
        key, said = "short_leg_of_a_child", f"A short leg was measured at {case.facts.age} years"
        told = limping_or_hurting(case)
        if told:
            yield Contradiction(key, "urgent", f"{said}, with {told}: disease of the growing hip first.", short)
        else:
            yield Contradiction(key, "ask", f"{said}: it may still be growing apart{not_sure(case, LIMPING)}.", short)


def stiff_hip_of_a_child(case: Case) -> Iterator[Contradiction]:
    least = case.pack.leg["child_internal_rotation_deg"]
    stiff = tuple(
        because(reading, least)
        for reading in of(case, "hip_internal_rotation")
        if (reading.value is not None and reading.value < least) or reading.grade in ("moderate", "marked")
    )
    if stiff and is_young(case):
        key, said = "stiff_hip_of_a_child", f"Little internal rotation at {case.facts.age} years"
        told = limping_or_hurting(case)
        if told:
            yield Contradiction(key, "urgent", f"{said}, with {told}: no stretch before a doctor saw it.", stiff)
        else:
            sentence = f"{said}: ask about limping and pain, and compare with the other hip{not_sure(case, LIMPING)}."
            yield Contradiction(key, "ask", sentence, stiff)


def short_leg_after_something_happened(case: Case) -> Iterator[Contradiction]:
    """A sudden change or an accident, told or answered not sure, beside a leg that measures short."""
    flags = ("sudden_leg_shortening", *TRAUMA)
    yield from beside(
        case,
        "short_leg_after_something_happened",
        flags,
        tuple(short_legs(case)),
        "A short leg was measured, and there is {told}: fracture or dislocation first, no stretch.",
    )


def short_leg_with_a_history(case: Case) -> Iterator[Contradiction]:
    """Events that change bones, beside a leg that measures short by any single reading."""
    short = tuple(short_legs(case))
    told = [key for key in case.pack.leg["refer_history"] if case.facts.conditions.get(key) == "yes"]
    if short and told:
        words = ", ".join(key.replace("_", " ") for key in told)
        sentence = f"A short leg was measured, and there is {words}: an orthopaedic opinion first."
        yield Contradiction("short_leg_with_a_history", "ask", sentence, short)


def short_leg_turned_out(case: Case) -> Iterator[Contradiction]:
    """A hip that cannot be turned in to neutral, on the side of the short leg."""
    short = tuple(short_legs(case))
    sides = {reason.side for reason in short}
    turned = [r for r in of(case, "hip_internal_rotation") if r.value is not None and r.value < 0 and r.side in sides]
    if turned:
        sentence = "The short leg is fixed in external rotation: look at the hip joint before any stretch."
        reasons = (*short, *(because(reading, 0) for reading in turned))
        yield Contradiction("short_leg_turned_out", "ask", sentence, reasons)


def large_difference(case: Case) -> Iterator[Contradiction]:
    """One reading, or pair of trials, as large as needs an opinion; a smaller one beside it doesn't undo it."""
    least = case.pack.leg["refer"]
    large = tuple(short_legs(case, least))
    if large:
        sentence = f"A difference of {least} mm or more was read: an orthopaedic opinion, or an explanation, first."
        yield Contradiction("large_difference", "ask", sentence, large)


def painful_replaced_hip(case: Case) -> Iterator[Contradiction]:
    """Urgent when moving it hurts and the client told new pain too; either of the two alone is a question."""
    if case.facts.conditions.get("hip_replacement") != "yes":
        return
    sides = case.facts.condition_sides.get("hip_replacement", ())
    painful = tuple(because(reading) for reading in hurting(case) if reading.side in sides)
    moved = tuple(because(r) for motion in HIP_MOTIONS for r in of(case, motion) if r.side in sides)
    new = ", ".join(word for word in (flags(case, ("replaced_joint_new_pain",), "yes"), new_pain(case, sides)) if word)
    key = "painful_replaced_hip"
    if painful and new:
        sentence = f"Moving the replaced hip hurts, and there is {new}: infection, loosening or fracture first."
        yield Contradiction(key, "urgent", sentence, painful)
    elif painful:
        yield Contradiction(key, "ask", "Moving the replaced hip hurts: ask since when.", painful)
    elif new and moved:
        yield Contradiction(
            key, "ask", f"The hip is a replaced one, and there is {new}: look at the joint first.", moved
        )


def contracture_with_fever(case: Case) -> Iterator[Contradiction]:
    yield from beside(
        case,
        "contracture_with_fever",
        ILLNESS,
        tuple(bent_joints(case)),
        "A hip or knee does not reach straight, and there is {told}: an infected joint or psoas first.",
    )


def beside(
    case: Case, key: str, asked: tuple[str, ...], measured: tuple[Because, ...], sentence: str
) -> Iterator[Contradiction]:
    """What was measured beside what was told: urgent beside a yes, a question beside a not sure."""
    sure, unsure = flags(case, asked, "yes"), flags(case, asked, "unsure")
    if measured and sure:
        yield Contradiction(key, "urgent", sentence.format(told=sure), measured)
    elif measured and unsure:
        yield Contradiction(key, "ask", sentence.format(told=f"perhaps {unsure}"), measured)


def bent_joints(case: Case) -> Iterator[Because]:
    """A hip or knee short of straight by number or grade, or a thigh above horizontal with the pelvis held."""
    least = case.pack.leg["contracture_deg"]
    for measure in ("hip_extension", "knee_extension"):
        for reading in of(case, measure):
            if (reading.value is not None and reading.value <= -least) or reading.grade == "marked":
                yield because(reading, -least)
    for reading in of(case, "thomas_hip_angle"):
        if reading.value is not None and reading.value >= least and reading.pelvis_controlled:
            yield because(reading, least)


def of(case: Case, measure: str) -> Iterator[Reading]:
    return (reading for reading in case.readings if reading.measure == measure)


def because(reading: Reading, threshold: float | None = None) -> Because:
    return Because(
        reading.measure, reading.side, reading.value, reading.grade, reading.observed, reading.unit, threshold
    )


def is_young(case: Case) -> bool:
    return case.facts.age is not None and case.facts.age < ADULT


def short_legs(case: Case, least: float = 0) -> Iterator[Because]:
    """Any pair of trials, or noted difference, that passes the error of its method and reaches `least` mm; on imaging
    only by imaging."""
    for kind, name in METHODS.items():
        limit = max(case.pack.leg[name], least)
        for reading, value in usable(case, f"leg_length_difference_{kind}"):
            if value >= limit:
                yield because(reading, limit)
        for (one, shorter), (other, longer) in product(usable(case, f"leg_length_{kind}"), repeat=2):
            if one.side != other.side and longer - shorter >= limit:
                yield replace(because(one, limit), note=f"{longer - shorter:g} mm less than the other side")


def hurting(case: Case) -> Iterator[Reading]:
    """Hip readings that hurt as much as should stop an exercise, and provocation tests that brought on the pain."""
    least = case.pack.leg["pain_that_counts"]
    for reading in case.readings:
        sore = reading.measure in HIP_MOTIONS and reading.pain is not None and reading.pain >= least
        if sore or (reading.measure in PROVOCATION and reading.value):
            yield reading


def flags(case: Case, keys: tuple[str, ...], answer: str) -> str:
    """Those of the flags that were answered so, in words; empty when there are none."""
    return ", ".join(key.replace("_", " ") for key in keys if case.facts.red_flags.get(key) == answer)


def not_sure(case: Case, keys: tuple[str, ...]) -> str:
    unsure = flags(case, keys, "unsure")
    return f" (not sure: {unsure})" if unsure else ""


def limping_or_hurting(case: Case) -> str:
    places = [str(pain["site"]) for pain in case.facts.pain if pain["site"] in NEAR_THE_HIP]
    sore = f"pain at the {', '.join(dict.fromkeys(places))}" if places else ""
    return ", ".join(word for word in (sore, flags(case, LIMPING, "yes")) if word)


def new_pain(case: Case, sides: tuple[str, ...]) -> str:
    """Pain near the hip that began within weeks, on one of these sides or with no side told; in words."""
    weeks = case.pack.leg["new_pain_weeks"]
    new = any(
        pain["site"] in NEAR_THE_HIP
        and pain.get("side") in (None, "both", *sides)
        and pain.get("weeks") is not None
        and pain["weeks"] <= weeks
        for pain in case.facts.pain
    )
    return f"pain near the hip for {weeks} weeks or less" if new else ""
