"""Hip and ankle motion: limits by age, side differences, and the hypermobility screen."""

from collections.abc import Iterator

from assessments.rules.case import Case, Mean, SideDifference, side_differences
from assessments.rules.pack import Limit, RuleData
from assessments.rules.records import Because
from assessments.rules.signs import AGE_UNKNOWN, Clear, Judgement, Sign, clear_of, lower, sign_of

MOTIONS = (
    *("hip_flexion", "hip_extension", "hip_abduction", "hip_adduction"),
    *("hip_internal_rotation", "hip_external_rotation"),
)
# Unequal rotation is common in healthy people, so it is no finding.
SYMMETRIC_MOTIONS = MOTIONS[:4]
ROTATIONS = MOTIONS[4:]
DEFAULT_AGE = 18


def hip_motion_limited(case: Case) -> Iterator[Judgement]:
    """Each reading, active or passive, against the limits of the person's age. No adult limit under 18."""
    for motion in MOTIONS:
        rule = case.rule(f"{motion}_limited")
        band = rule.band(age_of(case))
        for mean, value in case.numbers(motion) if band else ():
            limit = limit_passed(rule, age_of(case), value)
            yield limited(case, rule, mean, limit) if limit else clear_of(case, rule.key, mean, first_limit(rule, case))


def age_of(case: Case) -> int:
    return DEFAULT_AGE if case.facts.age is None else case.facts.age


def first_limit(rule: RuleData, case: Case) -> float | None:
    """The mildest threshold at the person's age; None where there is none."""
    band = rule.band(age_of(case))
    return band.limits[0].threshold if band else None


def limit_passed(rule: RuleData, age: int, value: float) -> Limit | None:
    """The last, most marked limit that the value passes in the band of this age; None when none does."""
    band = rule.band(age)
    passed = [limit for limit in band.limits if limit.holds(value)] if band else []
    return passed[-1] if passed else None


def limited(case: Case, rule: RuleData, mean: Mean, limit: Limit) -> Sign:
    """One step less sure for each doubt, and each doubt is said."""
    doubts = [position_note(rule, mean)]
    doubts += [AGE_UNKNOWN] if case.facts.age is None else []
    doubts += [rule.notes["common"]] if limit.is_doubtful(mean.value or 0) else []
    said = [doubt for doubt in doubts if doubt]
    confidence = lower(rule.confidence, len(said))
    return sign_of(
        case, rule.key, mean, limit.threshold, grade=limit.grade, confidence=confidence, note="; ".join(said)
    )


def position_note(rule: RuleData, mean: Mean) -> str:
    """Why the position makes this reading less sure; empty when it is the one the threshold is for."""
    if mean.position is None:
        return "position not recorded"
    if mean.position not in rule.positions:
        return f"measured {mean.position}; the threshold is for {', '.join(rule.positions)}"
    return ""


def hip_motion_limited_to_one_side(case: Case) -> Iterator[Sign]:
    """Flexion and extension that are less than the other side's by the rule's difference, in adults.

    Low: many healthy people have such a difference.
    """
    for motion in MOTIONS:
        rule = case.rule(f"{motion}_limited")
        least = rule.thresholds.get("side_difference")
        if least is None or not case.adult:
            continue
        for difference in side_differences(case, motion):
            if difference.size >= least:
                yield unequal(rule, difference, least, "mild", "low")


def hip_motion_asymmetric(case: Case) -> Iterator[Judgement]:
    """Left and right differ by the minimal detectable change or more; the side is the one that moves less.

    Measurable is not unusual, so it is never more than low.
    """
    rule = case.rule("hip_motion_asymmetric")
    for motion in SYMMETRIC_MOTIONS:
        least = case.pack.changes[motion].same_examiner
        for difference in side_differences(case, motion):
            if difference.size >= least:
                yield unequal(rule, difference, least, None, rule.confidence)
            else:
                yield Clear(rule, None, both_sides(rule, difference, least))


def unequal(rule: RuleData, difference: SideDifference, least: float, grade: str | None, confidence: str) -> Sign:
    return Sign(rule, difference.less.side, grade, confidence, both_sides(rule, difference, least))


def both_sides(rule: RuleData, difference: SideDifference, least: float) -> tuple[Because, ...]:
    note = f"{difference.size:g} less than the other side"
    return (
        difference.less.because(least, rule.source, note),
        difference.more.because(None, rule.source, "the other side"),
    )


def hypermobility_screen(case: Case) -> Iterator[Judgement]:
    """Range above the screening threshold in adults; rotations count seated, or where no position is recorded."""
    rule = case.rule("hypermobility_screen")
    for motion, above in rule.thresholds.items() if case.adult else ():
        for mean, value in case.numbers(motion):
            if motion in ROTATIONS and mean.position not in ("seated", None):
                continue
            because = (mean.because(above, rule.source),)
            if value > above:
                yield Sign(rule, None, None, rule.confidence, because)
            else:
                yield Clear(rule, None, because)


def ankle_dorsiflexion_limited(case: Case) -> Iterator[Judgement]:
    code = "ankle_dorsiflexion_limited"
    for measure, below in case.rule(code).thresholds.items() if case.adult else ():
        for mean, value in case.numbers(measure):
            if value < below:
                yield sign_of(case, code, mean, below, grade="moderate")
            else:
                yield clear_of(case, code, mean, below)
