"""What a practice's own pack may say beyond its schema: one line for everything that makes no sense."""

import pytest

from assessments import queries, rules
from assessments.rules import pack_files
from clinic.packs import PackError

SOURCE = {"source": "our own audit"}


def lines(document):
    with pytest.raises(PackError) as refused:
        queries.packs.check(document, 1)
    return refused.value.lines


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", "own.json: line 1, column 2: Expecting property name enclosed in double quotes"),
        ('{\n "findings": nope}', "own.json: line 2, column 14: Expecting value"),
        ('{"mdc": {}, "mdc": {}}', "own.json: 'mdc' stands there twice"),
        ("[" * 100_000, "own.json: is nested too deeply"),
        ("1" * 5000, "own.json: has a number that is too long"),
    ],
    ids=lambda value: value[:30],
)
def test_a_text_that_is_no_document_says_where(text, line):
    with pytest.raises(PackError) as refused:
        pack_files.parse(text, "own.json")
    assert refused.value.lines == (line,)


NO_NUMBER = "thresholds.hours: is no number between -1000 and 1000"
NO_CHARACTER = "text: has a character that no text has"
ALONE = "text: unknown placeholder side"
NOT_CONFIRMED = "text: nothing is called confirmed without imaging"
RANGE = "is outside of what can be measured (0 to 165 deg)"
SITTING, FLEXION, BONY = "prolonged_sitting", "hip_flexion_limited", "leg_length_structural_suspected"
EXTENSION = "hip_extension_limited"


def bands(*limits, **ages):
    """One age band with limits as (grade, below)."""
    return {
        "bands": [{"from_age": 18, **ages, "limits": [{"grade": g, "below": below} for g, below in limits]}],
        **SOURCE,
    }


@pytest.mark.parametrize(
    ("key", "entry", "line"),
    [
        (SITTING, {"thresholds": {"hours": float("nan")}, **SOURCE}, NO_NUMBER),
        (SITTING, {"thresholds": {"hours": float("inf")}, **SOURCE}, NO_NUMBER),
        (SITTING, {"thresholds": {"hours": 10**400}, **SOURCE}, NO_NUMBER),
        (SITTING, {"thresholds": {"hours": -1001}, **SOURCE}, NO_NUMBER),
        (SITTING, {"text": "a\x00b"}, NO_CHARACTER),
        (SITTING, {"text": "\ud800"}, NO_CHARACTER),
        (FLEXION, {"text": "{side:d}"}, ALONE),
        (FLEXION, {"text": "{side!r}"}, ALONE),
        (BONY, {"text": "Confirmed: bony."}, NOT_CONFIRMED),
        (BONY, {"client_text": "Confirmed: bony."}, f"client_{NOT_CONFIRMED}"),
        (BONY, {"client_text": "A structural difference."}, "client_text: says “structural”, which frightens"),
        (SITTING, {"client_text": "Your left leg is\n short."}, "client_text: says “your … leg is short”: a measure"),
        (SITTING, {"text": "YOUR leg is shorter"}, "text: says “your … leg is shorter”: a measurement shows a"),
        (SITTING, {"text": "You have a short leg."}, "text: says “you have a short leg”: a measurement shows a"),
        (SITTING, {"client_text": "Not normal."}, "client_text: says “normal”, and no norm is cited beside it"),
        (SITTING, {"text": "Abnormal"}, "text: says “abnormal”, and no norm is cited beside it"),
        (SITTING, {"text": "Proven by sitting."}, "text: says “proven”: a measurement proves nothing"),
        (SITTING, {"text": "An X-ray shows it."}, "text: says “x-ray”: which imaging there is, a text can't know"),
        ("leg_length_mixed", {"text": "Xrays"}, "text: says “xrays”: which imaging"),
        (SITTING, {"client_text": "Standing cures it."}, "client_text: says “cures”: nothing here was shown to"),
        (
            "hip_abductors_weak", {"thresholds": {"below": 5, "mild_below": 4}, **SOURCE},
            "thresholds.below: 5 is more than mild_below (4)",
        ),
        ("hip_abductors_weak", {"thresholds": {"mild_below": 3}, **SOURCE}, "thresholds.below: 4 is more than"),
        ("iliopsoas_short", {"thresholds": {"critical": 1}, **SOURCE}, "thresholds.critical: 1 is more than above (0)"),
        (
            "hypermobility_screen", {"thresholds": {"hip_flexion": 900}, **SOURCE},
            f"thresholds.hip_flexion: 900 {RANGE}",
        ),
        (FLEXION, bands(("mild", 300)), f"bands[0]: 300 {RANGE}"),
        (FLEXION, bands(("mild", 9), from_age=80, to_age=18), "bands[0]: ages 80 to 18 run backwards"),
        (FLEXION, bands(("marked", 90), ("mild", 80)), "bands[0]: marked stands before mild"),
        (FLEXION, bands(("mild", 90), ("mild", 80)), "bands[0]: mild stands before mild"),
        (
            EXTENSION,
            {"bands": [{"from_age": 18, "limits": [{"grade": "mild", "below": 9, "sure_below": 12}]}], **SOURCE},
            "bands[0]: sure_below 12 is more than the limit itself, 9",
        ),
        (FLEXION, bands(("mild", 80), ("marked", 90)), "bands[0]: the limit for marked, 90, must be less than 80"),
    ],
    ids=lambda value: ascii(value)[:50],
)  # fmt: skip
def test_what_fits_the_schema_and_makes_no_sense_is_one_line(key, entry, line):
    (said,) = lines({"findings": {key: entry}})
    assert said.startswith(f"pack: findings.{key}.{line}")


@pytest.mark.parametrize("text", ["Normally you sit.", "Your back. A leg is short.", "Secure, unstructural, improved"])
def test_words_that_only_look_like_a_claim_pass(text):
    assert queries.packs.check({"findings": {SITTING: {"text": text, "client_text": text}}}, 1)


def test_a_limit_that_is_less_sure_needs_a_note_that_says_why():
    limit = {"grade": "mild", "below": 90, "sure_below": 80}
    (said,) = lines({"findings": {FLEXION: {"bands": [{"from_age": 18, "limits": [limit]}], **SOURCE}}})
    assert said == f"pack: findings: {FLEXION}: a limit with sure_below needs the note 'common', which says why"


@pytest.mark.parametrize(
    ("key", "name", "least"),
    [
        ("hip_flexion", "same_examiner", 4.85),
        ("knee_extension_deficit", "different_examiners", 6),
        ("knee_extension_deficit", "passive", 10.5),
        ("weight_bearing_lunge", "passive", 0.01),  # none is shipped
    ],
)
def test_no_measurement_error_is_less_than_half_of_the_published_one(key, name, least):
    assert queries.packs.check({"mdc": {key: {name: least, **SOURCE}}}, 1)
    if least > 1:
        shipped = getattr(rules.PACK.changes[key], name)
        (said,) = lines({"mdc": {key: {name: round(least - 0.01, 2), **SOURCE}}})
        assert said == (
            f"pack: mdc.{key}.{name}: {least - 0.01:g} is smaller than the published error allows:"
            f" at least half of {shipped:g}"
        )


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ({}, "pack: mdc.elbow: 'source' is missing"),
        ({"passive": 1, **SOURCE}, "pack: mdc.elbow: this measure has no minimal detectable change to replace"),
        (SOURCE, "pack: mdc.elbow: says too little: at least 2 of same_examiner, different_examiners, passive, source"),
    ],
)
def test_an_error_of_no_measure_is_one_line(entry, line):
    assert lines({"mdc": {"elbow": entry}}) == (line,)


@pytest.mark.parametrize(
    ("document", "line"),
    [
        ({"findings": {"\ud800": {}}}, "pack: findings: has a key with a character that no text has"),
        ({"\x00": 1}, "pack: has a key with a character that no text has"),
        ("\x00", "pack: has a character that no text has"),
        ({"findings": [[[[[[[[[[[[[]]]]]]]]]]]]]}, "pack: findings[0][0][0][0][0][0][0][0][0][0][0][0]: is nested"),
    ],
    ids=ascii,
)
def test_what_nothing_can_hold_is_refused_at_its_place(document, line):
    (said,) = lines(document)
    assert said.startswith(line)


def test_what_stands_on_imaging_may_say_so():
    document = {
        "findings": {"leg_length_mixed": {"text": "Confirmed on imaging: {size} mm.", "client_text": "Confirmed."}}
    }
    assert queries.packs.check(document, 1)


def test_everything_shipped_would_be_a_good_pack_of_a_practice():
    shipped = rules.PACK.rules.values()
    texts = {rule.key: {"text": rule.text, "client_text": rule.client_text} for rule in shipped}
    numbers = {rule.key: {"thresholds": dict(rule.thresholds), **SOURCE} for rule in shipped if rule.thresholds}
    findings = {key: texts[key] | numbers.get(key, {}) for key in texts}
    assert queries.packs.check({"findings": findings}, 1).version == "2026.1+1"


def test_remarks_reason_and_empty_parts_are_not_kept():
    document = {"_": "x", "why": "y", "mdc": {}, "findings": {"gait_deviation": {"_": "z", "text": "Gait."}}}
    assert queries.packs.check(document, 1)
    assert pack_files.normal(document) == {"findings": {"gait_deviation": {"text": "Gait."}}}
