"""Strength, provoked pain, foot posture and gait."""

from collections.abc import Iterator

from assessments.rules.case import Case
from assessments.rules.signs import Judgement, clear_of, sign_of

STRENGTH = {"hip_abductors_weak": "hip_abductor_strength", "hip_extensors_weak": "hip_extensor_strength"}
GAIT = ("gait_dynamic_pronation", "gait_dynamic_supination", "gait_trunk_lean", "gait_antalgic")
PROVOCATION = ("fadir", "faber", "fair")


def weakness(case: Case) -> Iterator[Judgement]:
    """Below 4 of 5 is moderate; from 4 up to full strength is mild, at low confidence."""
    for code, measure in STRENGTH.items():
        rule = case.rule(code)
        below, mild = rule.thresholds["below"], rule.thresholds["mild_below"]
        for mean, value in case.numbers(measure):
            if value < below:
                yield sign_of(case, code, mean, below, grade="moderate")
            elif value < mild:
                yield sign_of(case, code, mean, mild, grade="mild", confidence="low")
            else:
                yield clear_of(case, code, mean, mild)


def trendelenburg(case: Case) -> Iterator[Judgement]:
    code = "hip_abductors_weak"
    note = case.rule(code).notes["trendelenburg"]
    for mean, value in case.numbers("trendelenburg"):
        if value > 0:
            yield sign_of(case, code, mean, 1, confidence="low", note=note)
        else:
            yield clear_of(case, code, mean, 1, note)


def hip_provocation_sign(case: Case) -> Iterator[Judgement]:
    """FADIR, FABER or FAIR brought on the pain: a reason to look at the hip and not to push it, never a diagnosis."""
    code = "hip_provocation_sign"
    for test in PROVOCATION:
        for mean, value in case.numbers(test):
            note = case.rule(code).notes[test]
            yield sign_of(case, code, mean, 1, note=note) if value > 0 else clear_of(case, code, mean, 1, note)


def foot_pronated(case: Case) -> Iterator[Judgement]:
    """Foot Posture Index from 6 (marked from 10) in adults; a large navicular drop or an impression, low."""
    rule = case.rule("foot_pronated")
    limits = rule.thresholds
    for mean, value in case.numbers("foot_posture_index") if case.adult else ():
        grade = "marked" if value >= limits["highly_from"] else "mild"
        if value >= limits["from"]:
            yield sign_of(case, rule.key, mean, limits["from"], grade=grade)
        else:
            yield clear_of(case, rule.key, mean, limits["from"])
    for mean, value in case.numbers("navicular_drop") if case.adult else ():
        above, note = limits["navicular_drop_above"], rule.notes["navicular"]
        if value > above:
            yield sign_of(case, rule.key, mean, above, confidence="low", note=note)
        else:
            yield clear_of(case, rule.key, mean, above, note)
    yield from seen(case, "pronated")


def foot_supinated(case: Case) -> Iterator[Judgement]:
    """Foot Posture Index of -1 or less (marked from -5) in adults; an impression, low."""
    rule = case.rule("foot_supinated")
    limits = rule.thresholds
    for mean, value in case.numbers("foot_posture_index") if case.adult else ():
        grade = "marked" if value <= limits["highly_to"] else "mild"
        if value <= limits["to"]:
            yield sign_of(case, rule.key, mean, limits["to"], grade=grade)
        else:
            yield clear_of(case, rule.key, mean, limits["to"])
    yield from seen(case, "supinated")


def seen(case: Case, posture: str) -> Iterator[Judgement]:
    code, note = f"foot_{posture}", "a visual impression"
    for mean in case.of("foot_posture"):
        if mean.observed == posture:
            yield sign_of(case, code, mean, None, confidence="low", note=note)
        else:
            yield clear_of(case, code, mean, None, note)


def gait_deviation(case: Case) -> Iterator[Judgement]:
    code = "gait_deviation"
    for measure in GAIT:
        for mean, value in case.numbers(measure):
            yield sign_of(case, code, mean, 1) if value > 0 else clear_of(case, code, mean, 1)
