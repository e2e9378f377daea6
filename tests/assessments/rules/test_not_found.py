"""For each finding that is not there: looked at and inside its threshold, not judged at this age, or never measured."""

import pytest

from assessments.rules import PACK, Facts, reason

SIDES = ("left", "right")


@pytest.fixture
def missing(read):
    def of(*rows, **facts):
        found = reason(read(*rows), Facts(**{"age": 40, **facts}))
        return {(entry.code, entry.side): entry for entry in found.not_found}

    return of


def test_what_was_never_measured_names_what_would_raise_it(missing):
    entries = missing()
    assert entries["hip_rotators_short", None].why == "not measured: Piriformis length"
    assert entries["prolonged_sitting", None].why == "not told: sitting hours per day"


def test_a_reading_inside_its_threshold_stands_with_it(missing, row):
    entries = missing(row("hip_flexion", "left", 120, position="supine"))
    (reason_,) = entries["hip_flexion_limited", "left"].because
    assert (reason_.value, reason_.threshold) == (120, 110)
    assert entries["hip_flexion_limited", "left"].why == "looked at, and not past its threshold"
    assert entries["hip_flexion_limited", "right"].why == "not measured: Hip flexion"
    assert entries["hip_flexion_limited", "left"].as_dict()["because"][0]["measure"] == "hip_flexion"


def test_what_was_found_is_not_missing(missing, row):
    entries = missing(row("hip_flexion", "left", 90, position="supine"))
    assert ("hip_flexion_limited", "left") not in entries
    assert ("hip_flexion_limited", "right") in entries


def test_under_18_only_grades_are_judged(missing, row):
    entries = missing(row("hip_flexion", "left", 90), row("hip_flexion", "right", grade="none"), age=12)
    assert "under 18" in entries["hip_flexion_limited", "left"].why
    assert entries["hip_flexion_limited", "right"].why.startswith("looked at")


def test_one_side_alone_can_t_be_unequal(missing, row):
    entries = missing(row("hip_flexion", "left", 120))
    assert entries["hip_motion_asymmetric", None].why == "both sides are needed, measured in the same way"
    assert missing()["hip_motion_asymmetric", None].why.startswith("not measured: ")
    unequal = missing(row("hip_flexion", "left", 120), row("hip_flexion", "right", 90))
    assert not [code for code, _ in unequal if code == "hip_motion_asymmetric"]


def test_an_exposure_below_its_hours_is_looked_at(missing):
    entries = missing(
        sitting_hours_per_day=6.9, footwear="supportive", standing_hours_per_day=9, standing_surface="soft"
    )
    assert entries["prolonged_sitting", None].because[0].threshold == 7
    assert entries["unsupportive_footwear", None].because[0].observed == "supportive"
    assert ("prolonged_sitting", None) not in missing(sitting_hours_per_day=7)
    assert entries["prolonged_standing_hard_floor", None].why == "not told: standing hours per day"


@pytest.mark.parametrize(
    ("rows", "code", "note"),
    [
        ([("straight_leg_raise", 60), ("straight_leg_raise_leg_pain", 1)], "hamstring_short", "nerve sign"),
        (
            [("ankle_dorsiflexion", 0), ("ankle_dorsiflexion_knee_bent", 20)],
            "soleus_short",
            "points to another: Gastrocnemius",
        ),
        ([("ankle_dorsiflexion", 12)], "calf_short", "not past"),
        ([("trendelenburg", 0)], "hip_abductors_weak", "not past"),
        ([("hip_extensor_strength", 5)], "hip_extensors_weak", "not past"),
        ([("fadir", 0)], "hip_provocation_sign", "not past"),
        ([("gait_antalgic", 0)], "gait_deviation", "not past"),
        ([("thomas_hip_angle", -5)], "iliopsoas_short", "not past"),
        ([("thomas_hip_abduction", 0)], "itb_tfl_short", "not past"),
        ([("thomas_knee_flexion", 80)], "rectus_femoris_short", "not past"),
        ([("knee_extension_deficit", 5)], "hamstring_short", "not past"),
        ([("foot_posture_index", 4)], "foot_supinated", "not past"),
        ([("navicular_drop", 5)], "foot_pronated", "not past"),
    ],
)
def test_each_rule_says_that_it_looked(missing, row, rows, code, note):
    entry = missing(*(row(measure, "left", value) for measure, value in rows))[code, "left"]
    assert note in f"{entry.why} {entry.because}"
    assert entry.because


def test_every_finding_but_leg_length_is_accounted_for_on_every_visit(missing, row):
    """Nothing read: each code once. The ledger speaks for leg length."""
    codes = {key for key in PACK.rules if not key.startswith("leg_length_")}
    assert {code for code, _ in missing()} == codes


def test_a_screen_of_the_whole_body_is_said_once(missing, row):
    entries = missing(row("hip_flexion", "left", 120), row("hip_flexion", "right", 121))
    assert [side for code, side in entries if code == "hypermobility_screen"] == [None]
    assert not [code for code, _ in missing(row("hip_flexion", "left", 150)) if code == "hypermobility_screen"]


def test_equal_sides_are_looked_at_and_not_unequal(missing, row):
    rows = [row("hip_flexion", side, 120, position="supine") for side in SIDES]
    looked = [entry for (code, _), entry in missing(*rows).items() if code == "hip_motion_asymmetric" and entry.because]
    assert looked
