"""Strength, foot posture and gait."""

from collections.abc import Iterator

from assessments.rules.case import Case
from assessments.rules.protocol import RULE_DATA
from assessments.rules.signs import Sign, sign_of

STRENGTH = {"hip_abductors_weak": "hip_abductor_strength", "hip_extensors_weak": "hip_extensor_strength"}
GAIT = ("gait_dynamic_pronation", "gait_dynamic_supination", "gait_trunk_lean", "gait_antalgic")


def weakness(case: Case) -> Iterator[Sign]:
    """Below 4 of 5 is moderate; from 4 up to full strength is mild, at low confidence."""
    for code, measure in STRENGTH.items():
        rule = RULE_DATA[code]
        below, mild = rule.thresholds["below"], rule.thresholds["mild_below"]
        for mean, value in case.numbers(measure):
            if value < below:
                yield sign_of(code, mean, below, grade="moderate")
            elif value < mild:
                yield sign_of(code, mean, mild, grade="mild", confidence="low")


def trendelenburg(case: Case) -> Iterator[Sign]:
    code = "hip_abductors_weak"
    for mean in case.positive("trendelenburg"):
        yield sign_of(code, mean, 1, confidence="low", note=RULE_DATA[code].notes["trendelenburg"])


def foot_pronated(case: Case) -> Iterator[Sign]:
    """Foot Posture Index from 6 (marked from 10) in adults; a large navicular drop or an impression, low."""
    rule = RULE_DATA["foot_pronated"]
    limits = rule.thresholds
    for mean, value in case.numbers("foot_posture_index") if case.adult else ():
        if value >= limits["from"]:
            yield sign_of(rule.key, mean, limits["from"], grade="marked" if value >= limits["highly_from"] else "mild")
    for mean, value in case.numbers("navicular_drop") if case.adult else ():
        if value > limits["navicular_drop_above"]:
            note = rule.notes["navicular"]
            yield sign_of(rule.key, mean, limits["navicular_drop_above"], confidence="low", note=note)
    yield from seen(case, "pronated")


def foot_supinated(case: Case) -> Iterator[Sign]:
    """Foot Posture Index of -1 or less (marked from -5) in adults; an impression, low."""
    rule = RULE_DATA["foot_supinated"]
    limits = rule.thresholds
    for mean, value in case.numbers("foot_posture_index") if case.adult else ():
        if value <= limits["to"]:
            yield sign_of(rule.key, mean, limits["to"], grade="marked" if value <= limits["highly_to"] else "mild")
    yield from seen(case, "supinated")


def seen(case: Case, posture: str) -> Iterator[Sign]:
    for mean in case.of("foot_posture"):
        if mean.observed == posture:
            yield sign_of(f"foot_{posture}", mean, None, confidence="low", note="a visual impression")


def gait_deviation(case: Case) -> Iterator[Sign]:
    for measure in GAIT:
        for mean in case.positive(measure):
            yield sign_of("gait_deviation", mean, 1)
