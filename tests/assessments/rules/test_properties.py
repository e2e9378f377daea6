"""What must hold for any visit that can be entered."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules import MEASURES, Facts, Reading, compare, find, read_measurements, register_rule
from assessments.rules.catalogue import RULES, added
from assessments.rules.lift import lift

CONFIRMED = {"leg_length_structural_confirmed", "leg_length_mixed"}
OTHER_SIDE = {"left": "right", "right": "left", None: None}
VERDICT_BACKWARDS = {"improved": "worse", "worse": "improved"}
IMAGING = [key for key, measure in MEASURES.items() if measure.imaging]


def numbers(measure):
    if measure.whole or measure.kind == "yes_no":
        return st.integers(int(measure.hard_min), int(measure.hard_max))
    return st.integers(int(measure.hard_min * 10), int(measure.hard_max * 10)).map(lambda tenth: tenth / 10)


def sides(measure, entry):
    if measure.sides == "none" or (measure.sides == "shorter" and entry == {"value": 0}):
        return st.none()
    return st.sampled_from(["left", "right"])


@st.composite
def rows(draw, measures=tuple(MEASURES)):
    measure = MEASURES[draw(st.sampled_from(measures))]
    entries = [st.fixed_dictionaries({"value": numbers(measure)})] if measure.takes_value else []
    if measure.takes_grade:
        entries.append(st.fixed_dictionaries({"grade": st.sampled_from(["none", "mild", "moderate", "marked"])}))
    if measure.observed:
        entries.append(st.fixed_dictionaries({"observed": st.sampled_from(measure.observed)}))
    entry = draw(st.one_of(entries))
    return {
        "measure": measure.key,
        "side": draw(sides(measure, entry)),
        "position": draw(st.sampled_from([None, "prone", "supine", "seated"])),
        "mode": draw(st.sampled_from([None, "active", "passive"])),
        "instrument": draw(st.sampled_from([None, *measure.instruments])),
        "pelvis_controlled": draw(st.sampled_from([None, True, False])),
        **entry,
    }


def accepted(raw):
    return [reading for row in raw for reading in read_measurements([row])[0]]


LEG_MEASURES = [key for key, measure in MEASURES.items() if measure.group == "leg length"]
CLINICAL_LEGS = [key for key in LEG_MEASURES if key not in IMAGING]
visits = st.lists(rows(), max_size=12).map(accepted)
AROUND = ["hip_extension", "thomas_hip_angle", "foot_posture"]
leg_visits = st.lists(rows([*LEG_MEASURES, *AROUND]), max_size=8).map(accepted)
unimaged_legs = st.lists(rows([*CLINICAL_LEGS, *AROUND]), max_size=8).map(accepted)
unimaged = st.lists(rows([key for key in MEASURES if key not in IMAGING]), max_size=12).map(accepted)
facts = st.builds(
    Facts,
    age=st.one_of(st.none(), st.integers(0, 99)),
    sex=st.sampled_from(["female", "male", "unspecified"]),
    conditions=st.dictionaries(st.sampled_from(["polio", "hip_replacement"]), st.sampled_from(["yes", "no", "unsure"])),
)


@given(st.one_of(visits, leg_visits), facts)
def test_any_visit_is_judged_without_error_and_each_finding_has_its_reasons(readings, person):
    findings = find(readings, person)
    assert len({(finding.code, finding.side) for finding in findings}) == len(findings)
    for finding in findings:
        document = finding.as_dict()
        assert document["text"]
        assert "{" not in document["text"] + document["client_text"]
        assert all(reason["measure"] for reason in document["because"])
    assert lift(findings).may_be_considered == any(finding.code in CONFIRMED for finding in findings)


@given(st.one_of(unimaged, unimaged_legs), facts)
def test_structural_is_unreachable_without_imaging(readings, person):
    findings = find(readings, person)
    assert not CONFIRMED & {finding.code for finding in findings}
    assert not lift(findings).may_be_considered
    assert not any("confirmed" in finding.client_text for finding in findings)


@given(st.integers(0, 100), st.sampled_from(["tape", "block", "visual", "goniometer", "other"]))
def test_an_imaging_measure_taken_with_a_tape_confirms_nothing(mm, instrument):
    tape = Reading("leg_length_difference_imaging", "left", float(mm), unit="mm", instrument=instrument)
    codes = {finding.code for finding in find([tape], Facts(age=40))}
    assert not CONFIRMED & codes


def mirrored(reading):
    values = {name: getattr(reading, name) for name in Reading.__slots__}
    crest = {"left_higher": "right_higher", "right_higher": "left_higher"}
    observed = crest.get(reading.observed, reading.observed)
    return Reading(**{**values, "side": OTHER_SIDE[reading.side], "observed": observed})


@given(st.one_of(visits, leg_visits), facts)
def test_mirroring_the_body_mirrors_the_findings(readings, person):
    def outline(findings, turn):
        return {(f.code, turn[f.side], f.grade, f.confidence) for f in findings}

    same = {side: side for side in OTHER_SIDE}
    there = find([mirrored(reading) for reading in readings], person)
    assert outline(there, same) == outline(find(readings, person), OTHER_SIDE)


NORMAL = [
    Reading("hip_extension", "right", 15.0, unit="deg", position="prone", mode="passive"),
    Reading("hip_internal_rotation", "right", 35.0, unit="deg", position="seated"),
    Reading("thomas_hip_angle", "right", -15.0, unit="deg", pelvis_controlled=True),
    Reading("foot_posture_index", "right", 4.0, unit="score"),
    Reading("hip_abductor_strength", "right", 5.0, unit="0-5"),
]


@given(visits, facts, st.sampled_from(NORMAL))
def test_a_normal_reading_never_takes_a_finding_from_the_other_side(readings, person, normal):
    def left(findings):
        return {f.code for f in findings if f.side == "left" and not f.code.startswith("leg_length_")}

    assert left(find(readings, person)) <= left(find([*readings, normal], person))


@given(visits, facts)
def test_the_order_of_readings_does_not_matter(readings, person):
    def outline(findings):
        return {(f.code, f.side, f.grade, f.confidence) for f in findings}

    assert outline(find(readings, person)) == outline(find(readings[::-1], person))


CHANGING = ["hip_flexion", "hip_abduction", "knee_extension_deficit", "leg_length_difference_block", "thomas_hip_angle"]


@st.composite
def pairs(draw):
    """The same thing measured the same way twice."""
    first = draw(rows(CHANGING))
    measure = MEASURES[first["measure"]]
    again = {**first, "value": draw(numbers(measure)), "examiner": draw(st.sampled_from(["", "Ann", "Ben"]))}
    again.pop("grade", None)
    if measure.sides == "shorter":
        again["side"] = "left" if again["value"] else None
    return accepted([{**first, "examiner": "Ann"}]), accepted([again])


@given(pairs())
def test_reading_a_change_backwards_turns_its_verdict_round(pair):
    before, after = pair
    day = date(2026, 1, 1)
    (there,) = compare(before, after, before_date=day, after_date=day)
    (back,) = compare(after, before, before_date=day, after_date=day)
    assert back.verdict == VERDICT_BACKWARDS.get(there.verdict, there.verdict)
    assert there.difference == (None if back.difference is None else -back.difference)
    assert there.verdict != "not_comparable" or there.note


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=6,
)
KEYS = st.sampled_from(["measure", "side", "value", "unit", "grade", "observed", "trial", "pain", "position", "mode"])
broken = st.dictionaries(KEYS, st.one_of(JSON, st.sampled_from([*MEASURES, "left", "deg", "mild"])), max_size=8)


@given(st.one_of(JSON, st.lists(broken, max_size=4)))
def test_any_json_is_read_or_refused_with_one_line_for_each_problem(raw):
    _, refused, doubtful = read_measurements(raw)
    for problem in (*refused, *doubtful):
        assert str(problem).startswith("measurements")
        assert "\n" not in str(problem)


def test_a_host_adds_its_own_rule_once():
    def own_rule(case):
        return RULES[0](case)

    reading = NORMAL[0]
    try:
        assert register_rule(own_rule) is own_rule
        assert find([reading], Facts(age=40)) == []
        with pytest.raises(ValueError, match="registered already"):
            register_rule(own_rule)
        with pytest.raises(ValueError, match="registered already"):
            register_rule(RULES[0])
    finally:
        added.clear()


def test_a_measure_the_protocol_does_not_know_is_left_alone():
    assert find([Reading("hosts_own_measure", "left", 3.0)], Facts(age=40)) == []
    later = [Reading("hosts_own_measure", "left", 3.0)]
    (change,) = compare(later, later, before_date=None, after_date=None)
    assert change.verdict == "not_comparable"
