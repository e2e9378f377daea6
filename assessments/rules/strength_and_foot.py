"""Strength, provoked pain, foot posture and gait."""

from collections.abc import Iterator

from assessments.rules.case import Case, Mean
from assessments.rules.signs import Judgement, Sign, clear_of, sign_of

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
    """Foot Posture Index from 6, low, in adults (marked, and surer, from 10); a large drop or an impression, low."""
    rule = case.rule("foot_pronated")
    limits = rule.thresholds
    for mean, value in case.numbers("foot_posture_index") if case.adult else ():
        if value >= limits["from"]:
            yield posture_sign(case, rule.key, mean, limits["from"], marked=value >= limits["highly_from"])
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
    """Foot Posture Index of -1 or less, low, in adults (marked, and surer, from -5); an impression, low."""
    rule = case.rule("foot_supinated")
    limits = rule.thresholds
    for mean, value in case.numbers("foot_posture_index") if case.adult else ():
        if value <= limits["to"]:
            yield posture_sign(case, rule.key, mean, limits["to"], marked=value <= limits["highly_to"])
        else:
            yield clear_of(case, rule.key, mean, limits["to"])
    yield from seen(case, "supinated")


def posture_sign(case: Case, code: str, mean: Mean, threshold: float, *, marked: bool) -> Sign:
    """A mild one is common in healthy people, so it is never more than low."""
    grade, confidence = ("marked", None) if marked else ("mild", "low")
    return sign_of(case, code, mean, threshold, grade=grade, confidence=confidence)


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
