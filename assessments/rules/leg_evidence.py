"""What the visit knows about leg length: one estimate per method, unequal muscle or joint, unequal feet.

Inside, a difference is signed: right minus left in mm, so a negative one means that the right is shorter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assessments.rules.case import Case, Mean, side_differences
from assessments.rules.pack import Pack
from assessments.rules.protocol import MEASURES
from assessments.rules.records import Because, Facts, Reading
from assessments.rules.signs import Sign

LEG_GROUP = "leg length"
ENOUGH_TRIALS = 2
#: Measures of a single leg, with the name of the limit that their difference is held against.
SINGLE = {"leg_length_imaging": "imaging", "leg_length_true": "tape", "leg_length_apparent": "apparent"}


@dataclass(frozen=True, slots=True)
class Estimate:
    """The difference by one method. `trials` is the smaller number over the two legs; `limit` its working error."""

    measure: str
    signed: float
    limit: float
    trials: int
    because: tuple[Because, ...]
    typed: bool = True

    @property
    def size(self) -> float:
        return abs(self.signed)

    @property
    def side(self) -> str | None:
        """The shorter side; None while the difference is below the limit."""
        if self.size < self.limit:
            return None
        return "right" if self.signed < 0 else "left"


@dataclass(frozen=True, slots=True)
class Legs:
    """Everything the decision table looks at. A method that wasn't used is None."""

    facts: Facts
    pack: Pack
    imaging: Estimate | None
    tape: Estimate | None
    apparent: Estimate | None
    block: Estimate | None
    lying: tuple[Estimate, ...]
    long_sitting: Estimate | None
    contracture: tuple[Because, ...]
    tight: tuple[Because, ...]
    tight_words: str
    lower_foot: str | None
    foot: tuple[Because, ...]
    single: tuple[Because, ...] = ()
    unchanged_since: date | None = None
    grown: str = ""

    @property
    def unequal(self) -> tuple[Estimate, ...]:
        """Apparent lengths and lying checks that show a difference: not bone by themselves."""
        return tuple(one for one in (self.apparent, *self.lying) if one and one.side)

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        every = (self.imaging, self.tape, self.block, self.apparent, *self.lying, self.long_sitting)
        return tuple(estimate for estimate in every if estimate)


def has_leg_reading(case: Case) -> bool:
    return any(MEASURES[reading.measure].group == LEG_GROUP for reading in case.readings if reading.measure in MEASURES)


def gather(case: Case, signs: Sequence[Sign]) -> Legs:
    """Reads the case once; `signs` are those of the other rules, for tissue that differs between the sides."""
    contracture = tuple(contractures(case))
    tight, words = unequal_tissue(case, signs)
    foot = tuple(unequal_feet(case))
    return Legs(
        facts=case.facts,
        pack=case.pack,
        imaging=estimate(case, "imaging", "imaging"),
        tape=estimate(case, "true", "tape"),
        apparent=estimate(case, "apparent", "apparent"),
        block=estimate(case, "block", "block"),
        lying=tuple(one for kind in ("supine", "prone") if (one := estimate(case, kind, "lying"))),
        long_sitting=estimate(case, "long_sitting", "long_sitting"),
        contracture=contracture,
        tight=contracture + tight,
        tight_words=", ".join(dict.fromkeys([*map(contracture_words, contracture), *words])),
        lower_foot=foot[0].side if foot and len({reason.side for reason in foot}) == 1 else None,
        foot=foot,
        single=tuple(single_legs(case)),
    )


def single_legs(case: Case) -> Iterator[Because]:
    """What was measured of one leg only, where there is nothing to compare it with."""
    for measure, limit in SINGLE.items():
        taken = usable(case, measure)
        if taken and estimate(case, measure.removeprefix("leg_length_"), limit) is None:
            yield leg_reason(measure, taken[0][0].side or "", [value for _, value in taken])


def estimate(case: Case, kind: str, limit: str) -> Estimate | None:
    """Both legs where they were measured, else the noted difference, averaged over trials."""
    least = case.pack.leg[limit]
    return from_both_legs(case, kind, least) or from_differences(case, kind, least)


def usable(case: Case, measure: str) -> list[tuple[Reading, float]]:
    """Readings of a measure with a number. An imaging measure taken with anything but imaging doesn't count."""
    known = MEASURES.get(measure)
    return [
        (reading, reading.value)
        for reading in case.readings
        if reading.measure == measure and reading.value is not None
        if known and (not known.imaging or reading.instrument in (None, *known.instruments))
    ]


def from_both_legs(case: Case, kind: str, limit: float) -> Estimate | None:
    readings = usable(case, f"leg_length_{kind}")
    legs = {side: [value for reading, value in readings if reading.side == side] for side in ("left", "right")}
    left, right = legs["left"], legs["right"]
    if not left or not right:
        return None
    signed = round(sum(right) / len(right) - sum(left) / len(left), 6)
    each = tuple(leg_reason(f"leg_length_{kind}", side, values) for side, values in legs.items())
    typed = all(reading.instrument for reading, _ in readings)
    return complete(kind, signed, limit, min(len(left), len(right)), each, typed)


def leg_reason(measure: str, side: str, values: list[float]) -> Because:
    spread = max(values) - min(values)
    note = f"mean of {len(values)} trials, spread {spread:g}" if len(values) > 1 else "one trial"
    return Because(measure, side, round(sum(values) / len(values), 6), unit="mm", note=note)


def from_differences(case: Case, kind: str, limit: float) -> Estimate | None:
    readings = usable(case, f"leg_length_difference_{kind}")
    if not readings:
        return None
    signed = [-value if reading.side == "right" else value for reading, value in readings]
    mean = round(sum(signed) / len(signed), 6)
    note = f"mean of {len(signed)} trials, spread {max(signed) - min(signed):g}" if len(signed) > 1 else ""
    return complete(kind, mean, limit, len(signed), (), all(reading.instrument for reading, _ in readings), note)


def complete(
    kind: str, signed: float, limit: float, trials: int, each: tuple[Because, ...], typed: bool, note: str = ""
) -> Estimate:
    shorter = None if signed == 0 else "right" if signed < 0 else "left"
    measure = f"leg_length_difference_{kind}"
    source = f"working limit; method: {MEASURES[measure].source}"
    difference = Because(measure, shorter, abs(signed), unit="mm", threshold=limit, source=source, note=note)
    return Estimate(measure, signed, limit, trials, (difference, *each), typed)


def contractures(case: Case) -> Iterator[Because]:
    """A hip or knee that can't reach straight by more than goniometer error (working value)."""
    least = case.pack.leg["contracture_deg"]
    for measure in ("hip_extension", "knee_extension"):
        for mean, value in case.numbers(measure):
            if value <= -least and not (mean.mode == "active" and reaches_straight_passively(case, mean)):
                yield mean.because(-least, "working value", "does not reach straight")
    for mean, value in case.numbers("thomas_hip_angle"):
        if value >= least and not hip_reaches_straight(case, mean.side):
            yield mean.because(least, "working value", thomas_note(case, mean))
    for mean in case.of("knee_extension"):
        if mean.grade not in (None, "none"):
            yield mean.because(None, "working value", "graded as restricted")


def reaches_straight_passively(case: Case, active: Mean) -> bool:
    """What a hand can straighten is weakness or pain, not a contracture."""
    neutral = case.pack.leg["hip_neutral_deg"]
    same_joint = case.numbers(active.measure, active.side)
    return any(value >= neutral and mean.mode == "passive" for mean, value in same_joint)


def contracture_words(reason: Because) -> str:
    return f"{MEASURES[reason.measure].label} short of straight ({reason.side})"


def hip_reaches_straight(case: Case, side: str | None) -> bool:
    """Any extension reading of this hip at neutral or beyond, or graded as free: no fixed contracture then."""
    neutral = case.pack.leg["hip_neutral_deg"]
    measured = any(value >= neutral for _, value in case.numbers("hip_extension", side))
    return measured or any(mean.grade == "none" for mean in case.of("hip_extension", side))


def thomas_note(case: Case, thomas: Mean) -> str:
    """What the thigh shows, and what would make it surer."""
    measured = any(case.numbers("hip_extension", thomas.side))
    doubts = [] if thomas.pelvis_controlled else ["pelvis not controlled, or not recorded"]
    doubts += [] if measured else ["prone hip extension of this side, not measured yet, would settle it"]
    return "; ".join(["the thigh stays above horizontal", *doubts])


def unequal_tissue(case: Case, signs: Sequence[Sign]) -> tuple[tuple[Because, ...], list[str]]:
    """Reasons and words for muscle length or hip motion that is short on one side only, or unequal beyond error."""
    tight = case.pack.leg["tight_findings"]
    one_sided = [sign for sign in signs if is_one_sided(sign, signs, tight)]
    reasons = [reason for sign in one_sided for reason in sign.because]
    words = [f"{sign.rule.key.replace('_', ' ')} ({sign.side})" for sign in one_sided]
    for mean in unequal_angles(case):
        reasons.append(mean.because(None, "working value", "unequal to the other side"))
        words.append(f"{MEASURES[mean.measure].label} unequal ({mean.side})")
    return tuple(dict.fromkeys(reasons)), words


def is_one_sided(sign: Sign, signs: Sequence[Sign], tight: Sequence[str]) -> bool:
    if sign.rule.key == "hip_motion_asymmetric":
        return sign.because[0].measure != "hip_flexion"
    sides = {other.side for other in signs if other.rule.key == sign.rule.key}
    return sign.rule.key in tight and len(sides) == 1


def unequal_angles(case: Case) -> Iterator[Mean]:
    for difference in side_differences(case, "thomas_hip_angle"):
        if difference.size >= case.pack.leg["thomas_side_difference_deg"]:
            yield difference.more
    for difference in side_differences(case, "knee_extension"):
        if difference.size >= case.pack.leg["knee_extension_side_difference_deg"]:
            yield difference.less


def unequal_feet(case: Case) -> Iterator[Because]:
    """The more pronated foot, where the two feet differ by the working value or look different."""
    for measure in ("foot_posture_index", "navicular_drop"):
        least = case.pack.leg[f"{measure}_difference"]
        for difference in side_differences(case, measure):
            if difference.size >= least:
                yield difference.more.because(least, "working value", f"{difference.size:g} more than the other side")
    pronated = [mean for mean in case.of("foot_posture") if mean.observed == "pronated"]
    if len({mean.side for mean in pronated}) == 1:
        yield pronated[0].because(None, "working value", "looks pronated on this side only")
