"""Hip and ankle motion: limits by age, side differences, grades, and the hypermobility screen."""

from collections.abc import Iterator

from assessments.rules.case import Case, Mean, SideDifference, side_differences
from assessments.rules.protocol import CHANGES, RULE_DATA, Band, Limit, RuleData
from assessments.rules.signs import AGE_UNKNOWN, Sign, lower, sign_of

MOTIONS = (
    *("hip_flexion", "hip_extension", "hip_abduction", "hip_adduction"),
    *("hip_internal_rotation", "hip_external_rotation"),
)
# Unequal rotation is common in healthy people, so it is no finding.
SYMMETRIC_MOTIONS = MOTIONS[:4]
ROTATIONS = MOTIONS[4:]
DEFAULT_AGE = 18


def hip_motion_limited(case: Case) -> Iterator[Sign]:
    """Each reading, active or passive, against the limits of the person's age. No adult limit under 18."""
    for motion in MOTIONS:
        rule = RULE_DATA[f"{motion}_limited"]
        for mean, value in case.numbers(motion):
            limit = limit_passed(rule, case.facts.age, value)
            if limit:
                yield limited(rule, mean, limit, age_known=case.facts.age is not None)


def limit_passed(rule: RuleData, age: int | None, value: float) -> Limit | None:
    """The last, most marked limit that the value passes in the band of this age; None when none does."""
    passed = None
    for band in rule.bands:
        if in_band(band, DEFAULT_AGE if age is None else age):
            for limit in band.limits:
                passed = limit if limit.holds(value) else passed
    return passed


def in_band(band: Band, age: int) -> bool:
    return band.from_age <= age and (band.to_age is None or age <= band.to_age)


def limited(rule: RuleData, mean: Mean, limit: Limit, *, age_known: bool) -> Sign:
    position = position_note(rule, mean)
    confidence = lower(rule.confidence, bool(position) + (not age_known))
    note = "; ".join(word for word in (position, "" if age_known else AGE_UNKNOWN) if word)
    return sign_of(rule.key, mean, limit.threshold, grade=limit.grade, confidence=confidence, note=note)


def position_note(rule: RuleData, mean: Mean) -> str:
    """Why the position makes this reading less sure; empty when it is the one the threshold is for."""
    if mean.position is None:
        return "position not recorded"
    if mean.position not in rule.positions:
        return f"measured {mean.position}; the threshold is for {', '.join(rule.positions)}"
    return ""


def hip_motion_limited_to_one_side(case: Case) -> Iterator[Sign]:
    """Flexion and extension that are less than the other side's by the rule's difference, in adults."""
    for motion in MOTIONS:
        rule = RULE_DATA[f"{motion}_limited"]
        least = rule.thresholds.get("side_difference")
        if least is None or not case.adult:
            continue
        for difference in side_differences(case, motion):
            if difference.size >= least:
                yield unequal(rule, difference, least, "mild", rule.confidence)


def hip_motion_asymmetric(case: Case) -> Iterator[Sign]:
    """Left and right differ by the minimal detectable change or more; the side is the one that moves less."""
    rule = RULE_DATA["hip_motion_asymmetric"]
    for motion in SYMMETRIC_MOTIONS:
        least = CHANGES[motion].same_examiner
        confidence = RULE_DATA[f"{motion}_limited"].confidence
        for difference in side_differences(case, motion):
            if difference.size >= least:
                yield unequal(rule, difference, least, None, confidence)


def unequal(rule: RuleData, difference: SideDifference, least: float, grade: str | None, confidence: str) -> Sign:
    less, more = difference.less, difference.more
    sure = lower(confidence) if less.position is None else confidence
    note = f"{difference.size:g} less than the other side"
    reasons = (less.because(least, rule.source, note), more.because(None, rule.source, "the other side"))
    return Sign(rule, less.side, grade, sure, reasons)


def hypermobility_screen(case: Case) -> Iterator[Sign]:
    """Range above the screening threshold in adults; rotations count seated, or where no position is recorded."""
    rule = RULE_DATA["hypermobility_screen"]
    for motion, above in rule.thresholds.items():
        for mean, value in case.numbers(motion):
            seated = motion not in ROTATIONS or mean.position in ("seated", None)
            if case.adult and value > above and seated:
                yield Sign(rule, None, None, rule.confidence, (mean.because(above, rule.source),))


def ankle_dorsiflexion_limited(case: Case) -> Iterator[Sign]:
    code = "ankle_dorsiflexion_limited"
    for measure, below in RULE_DATA[code].thresholds.items():
        for mean, value in case.numbers(measure):
            if case.adult and value < below:
                yield sign_of(code, mean, below, grade="moderate")
