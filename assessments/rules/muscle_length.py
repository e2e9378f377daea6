"""Muscle length and the nerve sign. Numbers are judged in adults only; grades at any age."""

from collections.abc import Iterator

from assessments.rules.case import Case, Mean
from assessments.rules.motion import age_of, limit_passed
from assessments.rules.records import Because
from assessments.rules.signs import Clear, Judgement, Sign, clear_of, sign_of

Angle = tuple[Mean, float]
GRADED = "a practitioner's grade; no published cut-off"


def graded(case: Case) -> Iterator[Judgement]:
    """Any grade but none raises the finding of its measure, at low confidence and with that grade."""
    for rule in case.pack.rules.values():
        for measure in rule.graded_by:
            for mean in case.of(measure):
                nerve = measure == "straight_leg_raise" and has_leg_pain(case, mean.side)
                if mean.grade is None or nerve:
                    continue
                because = (mean.because(None, GRADED, "graded, not measured"),)
                if mean.grade == "none":
                    yield Clear(rule, mean.side, because)
                else:
                    yield Sign(rule, mean.side, mean.grade, "low", because)


def iliopsoas_short(case: Case) -> Iterator[Judgement]:
    """Thomas above horizontal: moderate with a controlled pelvis and limited prone extension, else low.

    Between the critical criterion and horizontal it counts, low, only beside limited prone extension.
    """
    rule = case.rule("iliopsoas_short")
    above, critical = rule.thresholds["above"], rule.thresholds["critical"]
    for mean, value in case.numbers("thomas_hip_angle") if case.adult else ():
        extension = limited_prone_extension(case, mean.side)
        if value > above:
            yield thomas_above(case, mean, extension)
        elif value > critical and extension:
            note = rule.notes["critical"]
            yield sign_of(case, rule.key, mean, critical, grade="mild", confidence="low", note=note, also=(extension,))
        else:
            yield clear_of(case, rule.key, mean, above)


def thomas_above(case: Case, mean: Mean, extension: Because | None) -> Sign:
    rule = case.rule("iliopsoas_short")
    confidence = "moderate" if mean.pelvis_controlled and extension else "low"
    note = "pelvis controlled" if mean.pelvis_controlled else rule.notes["pelvis"]
    also = (extension,) if extension else ()
    above = rule.thresholds["above"]
    return sign_of(case, rule.key, mean, above, grade="moderate", confidence=confidence, note=note, also=also)


def limited_prone_extension(case: Case, side: str | None) -> Because | None:
    """The first prone extension of this side that is below the threshold for the person's age."""
    rule = case.rule("hip_extension_limited")
    for mean, value in case.numbers("hip_extension", side):
        limit = limit_passed(rule, age_of(case), value)
        if limit and mean.position == "prone":
            return mean.because(limit.threshold, rule.source, "limited prone extension on the same side")
    return None


def rectus_femoris_short(case: Case) -> Iterator[Judgement]:
    """Thomas knee angle and Ely: one is low, both on one side are moderate. Published cut-offs disagree."""
    rule = case.rule("rectus_femoris_short")
    judged = [
        (mean, below, value < below)
        for measure, below in rule.thresholds.items()
        for mean, value in case.numbers(measure)
        if case.adult
    ]
    short = [mean for mean, _, is_short in judged if is_short]
    for mean, below, is_short in judged:
        agree = any(other.side == mean.side and other.measure != mean.measure for other in short)
        confidence, note = ("moderate", "") if agree else ("low", rule.notes["alone"])
        if is_short:
            yield sign_of(case, rule.key, mean, below, grade="moderate", confidence=confidence, note=note)
        else:
            yield clear_of(case, rule.key, mean, below)


def itb_tfl_short(case: Case) -> Iterator[Judgement]:
    code = "itb_tfl_short"
    for measure, above in case.rule(code).thresholds.items() if case.adult else ():
        for mean, value in case.numbers(measure):
            if value > above:
                yield sign_of(case, code, mean, above, grade="mild")
            else:
                yield clear_of(case, code, mean, above)


def hamstring_short(case: Case) -> Iterator[Judgement]:
    """Knee extension deficit above the limit for sex and mode; straight leg raise below a study split, low."""
    if case.adult:
        yield from knee_extension_deficit(case)
        yield from straight_leg_raise(case)


def knee_extension_deficit(case: Case) -> Iterator[Judgement]:
    rule = case.rule("hamstring_short")
    for mean, value in case.numbers("knee_extension_deficit"):
        limit, note = deficit_limit(case, mean.mode)
        confidence = "low" if note else rule.confidence
        if value > limit:
            yield sign_of(case, rule.key, mean, limit, grade="moderate", confidence=confidence, note=note)
        else:
            yield clear_of(case, rule.key, mean, limit, note)


def deficit_limit(case: Case, mode: str | None) -> tuple[float, str]:
    """The limit in degrees and, where mode or sex isn't known, the note that the larger one was used."""
    rule, sex = case.rule("hamstring_short"), case.facts.sex
    modes = [mode] if mode else ["active", "passive"]
    sexes = [sex] if sex in ("male", "female") else ["male", "female"]
    limit = max(rule.thresholds[f"{one}_{other}"] for one in modes for other in sexes)
    notes = [rule.notes["mode"]] * (len(modes) > 1) + [rule.notes["sex"]] * (len(sexes) > 1)
    return limit, "; ".join(notes)


def straight_leg_raise(case: Case) -> Iterator[Judgement]:
    rule = case.rule("hamstring_short")
    split, note = rule.thresholds["straight_leg_raise"], rule.notes["split"]
    for mean, value in case.numbers("straight_leg_raise"):
        if has_leg_pain(case, mean.side):
            yield clear_of(case, rule.key, mean, why=rule.notes["nerve"])
        elif value < split:
            yield sign_of(case, rule.key, mean, split, grade="mild", confidence="low", note=note)
        else:
            yield clear_of(case, rule.key, mean, split, note)


def has_leg_pain(case: Case, side: str | None) -> bool:
    return any(case.positive("straight_leg_raise_leg_pain", side))


def neural_tension_sign(case: Case) -> Iterator[Judgement]:
    """Leg pain on raising: moderate when the recorded angle lies in the range of the sign, else low."""
    rule = case.rule("neural_tension_sign")
    low, high = rule.thresholds["from"], rule.thresholds["to"]
    for mean, value in case.numbers("straight_leg_raise_leg_pain"):
        inside = any(low <= angle <= high for _, angle in case.numbers("straight_leg_raise", mean.side))
        if value > 0:
            yield sign_of(case, rule.key, mean, 1, confidence=rule.confidence if inside else "low")
        else:
            yield clear_of(case, rule.key, mean, 1)


CALF = ("calf_short", "gastrocnemius_short", "soleus_short")


def calf_short(case: Case) -> Iterator[Judgement]:
    """Dorsiflexion limited with the knee straight: the bent knee tells gastrocnemius from soleus; without it, calf."""
    limit = case.rule("ankle_dorsiflexion_limited").thresholds["ankle_dorsiflexion"]
    for mean, straight in case.numbers("ankle_dorsiflexion") if case.adult else ():
        if straight < limit:
            sign = calf_sign(case, (mean, straight), limit, bent_angle(case, mean))
            yield sign
            others = (code for code in CALF if code != sign.rule.key)
            yield from (
                clear_of(case, code, mean, limit, why=f"the ankle points to another: {sign.rule.name}")
                for code in others
            )
        else:
            yield from (clear_of(case, code, mean, limit) for code in CALF)


def bent_angle(case: Case, straight: Mean) -> Angle | None:
    """The knee-bent angle of the same side and mode, if there is one; of several, the one that gives least."""
    bent = case.numbers("ankle_dorsiflexion_knee_bent", straight.side)
    return min((one for one in bent if one[0].mode == straight.mode), key=lambda one: one[1], default=None)


def calf_sign(case: Case, straight: Angle, limit: float, bent: Angle | None) -> Sign:
    if bent is None:
        return sign_of(case, "calf_short", straight[0], limit, note="knee-bent angle not measured")
    code = "gastrocnemius_short" if bending_frees(case, straight[1], bent[1]) else "soleus_short"
    gain = bent[0].because(None, case.rule(code).source, f"gain of {bent[1] - straight[1]:g} with the knee bent")
    return sign_of(case, code, straight[0], limit, also=(gain,))


def bending_frees(case: Case, straight: float, bent: float) -> bool:
    """Gastrocnemius by Barouk (no dorsiflexion straight, large gain), or enough range once the knee is bent (EXECP)."""
    limits = case.rule("gastrocnemius_short").thresholds
    gains = straight <= limits["straight_at_most"] and round(bent - straight, 6) >= limits["gain"]
    return gains or bent >= limits["bent_from"]
