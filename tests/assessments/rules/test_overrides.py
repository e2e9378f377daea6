"""A practice's own pack over the shipped one: what it may say, and one line for everything it may not."""

from dataclasses import replace

import pytest

from assessments.rules import PACK, Facts, reason
from assessments.rules.lift import lift
from assessments.rules.overrides import override, placeholders
from clinic.packs import PackError

BAND = {"from_age": 18, "limits": [{"grade": "moderate", "below": 20}]}
OWN = {"source": "our own audit"}


def made(document):
    return override(document, version="2026.1+1")


def lines(document, name="pack"):
    with pytest.raises(PackError) as refused:
        override(document, version="2026.1+1", name=name)
    return list(refused.value.lines)


def finding(**entry):
    return {"findings": {"hip_flexion_limited": entry}}


@pytest.mark.parametrize("document", [{}, {"findings": {}}, {"why": "for the reader"}])
def test_what_a_pack_does_not_name_stays_as_shipped(document):
    assert replace(made(document), version=PACK.version) == PACK


def test_a_threshold_changes_alone_and_becomes_the_practice_s_own_value():
    rule = made(finding(thresholds={"side_difference": 12}, **OWN)).rules["hip_flexion_limited"]
    shipped = PACK.rules["hip_flexion_limited"]
    assert rule == replace(shipped, thresholds={"side_difference": 12}, source="our own audit", tag="D")
    assert shipped.thresholds == {"side_difference": 10}


def test_limits_by_age_take_the_place_of_the_shipped_ones():
    pack = made({"findings": {"hip_abduction_limited": {"bands": [BAND], **OWN}}})
    (band,) = pack.rules["hip_abduction_limited"].bands
    assert (band.from_age, band.to_age, band.limits[0].threshold, band.limits[0].grade) == (18, None, 20, "moderate")


def test_texts_and_confidence_need_no_source_and_keep_the_tag():
    shipped = PACK.rules["prolonged_sitting"]
    entry = {"text": "Sits long.", "client_text": "You sit long.", "confidence": "moderate"}
    assert made({"findings": {"prolonged_sitting": entry}}).rules["prolonged_sitting"] == replace(shipped, **entry)
    assert shipped.tag == "V"


def test_measurement_errors_and_leg_limits_change_beside_the_shipped_rest():
    pack = made({"mdc": {"hip_flexion": {"same_examiner": 8, **OWN}}, "leg_length": {"block": 6}})
    change = pack.changes["hip_flexion"]
    assert (change.same_examiner, change.better, change.tag) == (8, "higher", "D")
    assert (pack.leg["block"], pack.leg["tape"], pack.leg["rows"]) == (6, 10, PACK.leg["rows"])
    assert PACK.leg["block"] == 5


def test_a_pack_is_what_findings_are_made_with(read, row):
    readings = read(row("hip_abduction", "left", 27, mode="passive", position="supine", instrument="goniometer"))
    own = made({"findings": {"hip_abduction_limited": {"bands": [BAND], **OWN}}})
    assert [one.code for one in reason(readings, Facts(age=40)).findings] == ["hip_abduction_limited"]
    assert not reason(readings, Facts(age=40), pack=own).findings


@pytest.mark.parametrize(
    ("document", "line"),
    [
        ([], "pack: [] is not of type 'object'"),
        ({"colour": 1}, "pack: unknown key 'colour'; known: why, findings, mdc, leg_length"),
        ({"findings": {"elbow": {"text": "x"}}}, "pack: findings.elbow: no such finding"),
        (finding(tag="V"), "pack: findings.hip_flexion_limited: unknown key 'tag'; known: confidence, source,"),
        (finding(text=""), "pack: findings.hip_flexion_limited.text: is empty"),
        (finding(confidence="sure"), "pack: findings.hip_flexion_limited.confidence: 'sure' is not one of low,"),
        (
            finding(thresholds={"above": 1}, **OWN),
            "pack: findings.hip_flexion_limited.thresholds.above: no such threshold; known: side_difference",
        ),
        (
            {"findings": {"hip_motion_asymmetric": {"thresholds": {"above": 1}, **OWN}}},
            "pack: findings.hip_motion_asymmetric.thresholds.above: no such threshold; known: none",
        ),
        (finding(thresholds={"side_difference": "12"}, **OWN), "pack: findings.hip_flexion_limited.thresholds.side_"),
        (
            {"findings": {"prolonged_sitting": {"bands": [BAND], **OWN}}},
            "pack: findings.prolonged_sitting.bands: this finding has no limits by age",
        ),
        (
            finding(thresholds={"side_difference": 12}),
            "pack: findings.hip_flexion_limited.source: is missing: say where the new numbers come from",
        ),
        (finding(bands=[BAND]), "pack: findings.hip_flexion_limited.source: is missing: say where"),
        (
            finding(bands=[{**BAND, "limits": [{"grade": "mild", "below": 1, "at_most": 1}]}], **OWN),
            "pack: findings: hip_flexion_limited: a limit is either below or at_most",
        ),
        (
            finding(bands=[{**BAND, "to_age": 60}, {**BAND, "from_age": 62}], **OWN),
            "pack: findings: hip_flexion_limited: age bands 18-60 and 62- overlap or leave a gap",
        ),
        ({"mdc": {"elbow": {"passive": 1, **OWN}}}, "pack: mdc.elbow: this measure has no minimal detectable change"),
        ({"mdc": {"hip_flexion": {"same_examiner": 8, "passive": 9}}}, "pack: mdc.hip_flexion: 'source' is missing"),
        ({"mdc": {"hip_flexion": {"same_examiner": 0, **OWN}}}, "pack: mdc.hip_flexion.same_examiner: 0 is less than"),
        ({"mdc": {"hip_flexion": {"better": "lower", **OWN}}}, "pack: mdc.hip_flexion: unknown key 'better'; known:"),
        ({"leg_length": {"tape": 0}}, "pack: leg_length.tape: 0 is less than or equal to the minimum of 0"),
        ({"leg_length": {"tape": 101}}, "pack: leg_length.tape: 101 is greater than the maximum of 100"),
    ],
)
def test_each_fault_is_one_line(document, line):
    (said,) = lines(document)
    assert said.startswith(line)


@pytest.mark.parametrize("name", ["imaging", "rows", "lift_share", "refer_flags", "contracture_deg"])
def test_what_rests_on_imaging_and_the_table_itself_cannot_be_changed(name):
    (line,) = lines({"leg_length": {name: 1}})
    assert line.startswith(f"pack: leg_length: unknown key '{name}'")


def test_no_pack_makes_a_lift_of_what_no_image_confirmed(read, row):
    """The loosest limits there can be, and still only imaging opens the way to a lift."""
    pack = made({"leg_length": dict.fromkeys(("tape", "apparent", "block", "lying", "long_sitting", "refer"), 1)})
    legs = [row("leg_length_true", side, value, unit="mm") for side, value in (("left", 900), ("right", 860))]
    blocks = row("leg_length_difference_block", "right", 40, position="standing")
    findings = reason(read(*legs, blocks), Facts(age=40), pack=pack).findings
    assert findings
    assert not any("confirmed" in one.code for one in findings)
    assert not lift(findings, pack).may_be_considered


@pytest.mark.parametrize("name", ["text", "client_text"])
@pytest.mark.parametrize(
    ("text", "said"),
    [("{who}", "who"), ("{side} {a}{b}", "a, b"), ("{", "with an open brace"), ("{side.__class__}", "side.__class__")],
)
def test_a_placeholder_that_nobody_fills_is_named(name, text, said):
    (line,) = lines(finding(**{name: text}))
    assert line.startswith(f"pack: findings.hip_flexion_limited.{name}: unknown placeholder {said}")


@pytest.mark.parametrize(
    ("text", "names"), [("{side} leg", {"side"}), ("none", set()), ("{{side}}", set()), ("{a}{b}", {"a", "b"})]
)
def test_placeholders_are_the_names_in_braces(text, names):
    assert placeholders(text) == names


def test_everything_wrong_is_said_at_once_under_the_name_of_the_file():
    document = {"findings": {"elbow": {"text": "x"}, "hip_flexion_limited": {"text": "{who}", "bands": [BAND]}}}
    said = lines(document, name="own.json")
    assert len(said) == 3
    assert all(line.startswith("own.json: findings.") for line in said)
