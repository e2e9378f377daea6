"""Every precaution as a clinician would say it: who, what was found, what is left out, what is done instead."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from intake.screening import CONDITIONS, read_intake
from tests.treatments.planning.making import NO, finding, keys, planned, why
from treatments.planning import LIBRARY, clear
from treatments.planning.library import FINDING_PRECAUTIONS

CASES = json.loads((Path(__file__).parent / "precaution_cases.json").read_text(encoding="utf-8"))


def test_every_condition_has_a_case():
    assert {case["condition"] for case in CASES} == set(CONDITIONS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_condition(case):
    answers, problems = read_intake({"conditions": {case["condition"]: case["answer"]}})
    assert not problems
    programme = planned(finding(case["finding"], case["side"]), conditions=answers.conditions)
    assert not set(case["left_out"]) & set(keys(programme))
    assert set(case["instead"]) <= set(keys(programme))
    assert all(why(programme, key) for key in case["left_out"] if case["finding"] in LIBRARY[key].for_findings)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_no_leaves_everything_open(condition):
    assert planned(finding("soleus_short"), conditions={condition: "no"}) == planned(finding("soleus_short"))


@pytest.mark.parametrize(
    ("condition", "code", "said"),
    [
        ("old_fracture_or_growth_plate_injury", "hip_extensors_weak", ()),
        ("hip_joint_disease", "hip_abductors_weak", ("Stay in the range that does not hurt the groin.",)),
        ("polio", "hip_abductors_weak", ("Stop well before the muscle tires, and rest a day in between.",)),
    ],
)
def test_a_changed_exercise_says_how(condition, code, said):
    programme = planned(finding(code), conditions={condition: "yes"})
    assert next(item for item in programme.items if item.kind == "strength").changes == said


def test_a_new_knee_uses_a_higher_chair():
    said = clear({"knee_replacement": "yes"}, ()).changes(LIBRARY["chair_squat"], None)
    assert said == ("Use the higher chair or the lower step, and bend only as far as is comfortable.",)


def test_brittle_bones_lean_from_the_hips_with_a_flat_back():
    said = clear({"osteoporosis": "yes"}, ()).changes(LIBRARY["seated_hamstring_stretch"], "left")
    assert said == ("Keep your back flat and lean only a little, from the hips.",)


# (in words, side of the sign, exercise, its side, whether it is left out)
PROVOKED = [
    ("the sore hip is not turned to its end", "left", "supine_figure_four_stretch", "left", True),
    ("the sore hip is not bent past a right angle", "left", "knee_to_opposite_shoulder", "left", True),
    ("the other hip may be turned", "left", "plantar_fascia_stretch", "right", False),
    ("the other hip may be bent", "left", "knee_to_opposite_shoulder", "right", False),
    ("the sore side's knee is not held to the chest", "left", "supine_edge_of_bed_hip_flexor_stretch", "right", True),
    ("the sore side's thigh is not pulled up", "left", "supine_figure_four_stretch", "right", True),
    ("an exercise of both legs moves the sore one too", "left", "double_knee_to_chest", None, True),
    ("done on both sides it is on the sore one too", "left", "knee_to_opposite_shoulder", None, True),
    ("a sign without side may be either", None, "knee_to_opposite_shoulder", "right", True),
    ("turning without force stays open", "left", "seated_hip_rotation", "left", False),
    ("strength stays open", "left", "side_lying_leg_raise", "left", False),
    ("both hips sore", "both", "knee_to_opposite_shoulder", "right", True),
]  # fmt: skip


@pytest.mark.parametrize("case", PROVOKED, ids=lambda case: case[0])
def test_a_hip_in_which_pain_was_provoked(case):
    _, sign, exercise, side, out = case
    signs = ["left", "right"] if sign == "both" else [sign]
    clearance = clear({}, [("hip_provocation_sign", each) for each in signs])
    reason = FINDING_PRECAUTIONS["hip_provocation_sign"].reason
    assert (reason in clearance.against(LIBRARY[exercise], side)) is out


@pytest.mark.parametrize(
    ("sign", "side", "out"),
    [("left", "left", False), ("left", "right", True), ("left", None, True), (None, "left", True), (None, None, True)],
)
def test_what_bends_only_the_other_hip(sign, side, out):
    stretch = replace(LIBRARY["seated_hip_rotation"], tags=frozenset({"other_hip_flexion_over_90"}))
    assert bool(clear(NO, [("hip_provocation_sign", sign)]).against(stretch, side)) is out


def test_reasons_stand_in_one_order():
    both = {"pregnancy": "yes", "hypermobility": "yes", "osteoporosis": "yes"}
    backwards = dict(reversed(both.items()))
    exercise = LIBRARY["supine_edge_of_bed_hip_flexor_stretch"]
    said = clear({**NO, **both}, ()).against(exercise, "left")
    assert len(said) == 3
    assert clear({**backwards, **{key: "no" for key in NO if key not in both}}, ()).against(exercise, "left") == said


def test_a_sore_hip_gets_gentle_turning_instead():
    programme = planned(finding("hip_internal_rotation_limited", "left"), finding("hip_provocation_sign", "left"))
    assert keys(programme)[0] == "seated_hip_rotation"
    assert "do not push the hip to the end" in why(programme, "supine_figure_four_stretch")
    assert [entry.finding for entry in programme.no_exercise] == ["hip_provocation_sign"]


def test_a_code_without_side_counts_on_both():
    for side in ("left", "right"):
        assert clear({}, ["hip_provocation_sign"]).against(LIBRARY["knee_to_opposite_shoulder"], side)
