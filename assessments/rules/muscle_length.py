"""Muscle length and the nerve sign. Numbers are judged in adults only; grades at any age."""

from collections.abc import Iterator
from dataclasses import replace

from assessments.rules.case import Case, Mean
from assessments.rules.motion import limit_passed
from assessments.rules.protocol import RULE_DATA
from assessments.rules.records import Because
from assessments.rules.signs import Sign, sign_of

Angle = tuple[Mean, float]
GRADED = "a practitioner's grade; no published cut-off"


def graded(case: Case) -> Iterator[Sign]:
    """Any grade but none raises the finding of its measure, at low confidence and with that grade."""
    for rule in RULE_DATA.values():
        for measure in rule.graded_by:
            for mean in case.of(measure):
                nerve = measure == "straight_leg_raise" and has_leg_pain(case, mean.side)
                if mean.grade not in (None, "none") and not nerve:
                    yield Sign(
                        rule, mean.side, mean.grade, "low", (mean.because(None, GRADED, "graded, not measured"),)
                    )


def iliopsoas_short(case: Case) -> Iterator[Sign]:
    """Thomas above horizontal: moderate with a controlled pelvis and limited prone extension, else low.

    Between the critical criterion and horizontal it counts, low, only beside limited prone extension.
    """
    rule = RULE_DATA["iliopsoas_short"]
    above, critical = rule.thresholds["above"], rule.thresholds["critical"]
    for mean, value in case.numbers("thomas_hip_angle") if case.adult else ():
        extension = limited_prone_extension(case, mean.side)
        if value > above:
            yield thomas_above(mean, extension, above)
        elif value > critical and extension:
            sign = sign_of(rule.key, mean, critical, grade="mild", confidence="low", note=rule.notes["critical"])
            yield replace(sign, because=(*sign.because, extension))


def thomas_above(mean: Mean, extension: Because | None, above: float) -> Sign:
    rule = RULE_DATA["iliopsoas_short"]
    sure = bool(mean.pelvis_controlled and extension)
    note = "" if mean.pelvis_controlled else rule.notes["pelvis"]
    sign = sign_of(rule.key, mean, above, grade="moderate", confidence="moderate" if sure else "low", note=note)
    return replace(sign, because=(*sign.because, extension)) if extension else sign


def limited_prone_extension(case: Case, side: str | None) -> Because | None:
    """The first prone extension of this side that is below the threshold for the person's age."""
    rule = RULE_DATA["hip_extension_limited"]
    for mean, value in case.numbers("hip_extension", side):
        limit = limit_passed(rule, case.facts.age, value)
        if limit and mean.position == "prone":
            return mean.because(limit.threshold, rule.source, "limited prone extension on the same side")
    return None


def rectus_femoris_short(case: Case) -> Iterator[Sign]:
    """Thomas knee angle and Ely: one is low, both on one side are moderate. Published cut-offs disagree."""
    rule = RULE_DATA["rectus_femoris_short"]
    short = [
        (mean, below)
        for measure, below in rule.thresholds.items()
        for mean, value in case.numbers(measure)
        if case.adult and value < below
    ]
    for mean, below in short:
        agree = any(other.side == mean.side and other.measure != mean.measure for other, _ in short)
        confidence, note = ("moderate", "") if agree else ("low", rule.notes["alone"])
        yield sign_of(rule.key, mean, below, grade="moderate", confidence=confidence, note=note)


def itb_tfl_short(case: Case) -> Iterator[Sign]:
    code = "itb_tfl_short"
    for measure, above in RULE_DATA[code].thresholds.items():
        for mean, value in case.numbers(measure):
            if case.adult and value > above:
                yield sign_of(code, mean, above, grade="mild")


def hamstring_short(case: Case) -> Iterator[Sign]:
    """Knee extension deficit above the limit for sex and mode; straight leg raise below a study split, low."""
    rule = RULE_DATA["hamstring_short"]
    if not case.adult:
        return
    for mean, value in case.numbers("knee_extension_deficit"):
        limit, note = deficit_limit(mean.mode, case.facts.sex)
        if value > limit:
            confidence = "low" if note else rule.confidence
            yield sign_of(rule.key, mean, limit, grade="moderate", confidence=confidence, note=note)
    split = rule.thresholds["straight_leg_raise"]
    for mean, value in case.numbers("straight_leg_raise"):
        if value < split and not has_leg_pain(case, mean.side):
            yield sign_of(rule.key, mean, split, grade="mild", confidence="low", note=rule.notes["split"])


def deficit_limit(mode: str | None, sex: str) -> tuple[float, str]:
    """The limit in degrees and, where mode or sex isn't known, the note that the larger one was used."""
    rule = RULE_DATA["hamstring_short"]
    modes = [mode] if mode else ["active", "passive"]
    sexes = [sex] if sex in ("male", "female") else ["male", "female"]
    limit = max(rule.thresholds[f"{one}_{other}"] for one in modes for other in sexes)
    notes = [rule.notes["mode"]] * (len(modes) > 1) + [rule.notes["sex"]] * (len(sexes) > 1)
    return limit, "; ".join(notes)


def has_leg_pain(case: Case, side: str | None) -> bool:
    return any(case.positive("straight_leg_raise_leg_pain", side))


def neural_tension_sign(case: Case) -> Iterator[Sign]:
    """Leg pain on raising: moderate when the recorded angle lies in the range of the sign, else low."""
    rule = RULE_DATA["neural_tension_sign"]
    low, high = rule.thresholds["from"], rule.thresholds["to"]
    for mean in case.positive("straight_leg_raise_leg_pain"):
        inside = any(low <= angle <= high for _, angle in case.numbers("straight_leg_raise", mean.side))
        yield sign_of(rule.key, mean, 1, confidence=rule.confidence if inside else "low")


def calf_short(case: Case) -> Iterator[Sign]:
    """Dorsiflexion limited with the knee straight: the bent knee tells gastrocnemius from soleus; without it, calf."""
    limit = RULE_DATA["ankle_dorsiflexion_limited"].thresholds["ankle_dorsiflexion"]
    for mean, straight in case.numbers("ankle_dorsiflexion"):
        if case.adult and straight < limit:
            yield calf_sign((mean, straight), limit, bent_angle(case, mean))


def bent_angle(case: Case, straight: Mean) -> Angle | None:
    """The knee-bent angle of the same side and mode, if there is one; of several, the one that gives least."""
    bent = case.numbers("ankle_dorsiflexion_knee_bent", straight.side)
    return min((one for one in bent if one[0].mode == straight.mode), key=lambda one: one[1], default=None)


def calf_sign(straight: Angle, limit: float, bent: Angle | None) -> Sign:
    if bent is None:
        return sign_of("calf_short", straight[0], limit, note="knee-bent angle not measured")
    code = "gastrocnemius_short" if bending_frees(straight[1], bent[1]) else "soleus_short"
    rule = RULE_DATA[code]
    gain = bent[0].because(None, rule.source, f"gain of {bent[1] - straight[1]:g} with the knee bent")
    sign = sign_of(code, straight[0], limit)
    return replace(sign, because=(*sign.because, gain))


def bending_frees(straight: float, bent: float) -> bool:
    """Gastrocnemius by Barouk (no dorsiflexion straight, large gain), or enough range once the knee is bent (EXECP)."""
    limits = RULE_DATA["gastrocnemius_short"].thresholds
    gains = straight <= limits["straight_at_most"] and round(bent - straight, 6) >= limits["gain"]
    return gains or bent >= limits["bent_from"]
