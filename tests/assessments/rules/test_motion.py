import pytest

POSITION = {"hip_flexion": "supine", "hip_extension": "prone", "hip_abduction": "supine", "hip_adduction": "supine"}


def motion(row, measure, side, value, **more):
    return row(measure, side, value, **{"position": POSITION.get(measure, "seated"), "mode": "passive", **more})


@pytest.mark.parametrize(
    ("measure", "age", "value", "grade"),
    [
        ("hip_extension", 40, 10, None),
        ("hip_extension", 40, 9.9, "moderate"),
        ("hip_extension", 40, 0.1, "moderate"),
        ("hip_extension", 40, 0, "marked"),
        ("hip_extension", 18, 9.9, "moderate"),
        ("hip_extension", 17, -20, None),
        ("hip_extension", 69, 9.9, "moderate"),
        ("hip_extension", 70, 0.1, None),
        ("hip_extension", 70, 0, "marked"),
        ("hip_flexion", 69, 110, None),
        ("hip_flexion", 69, 109.9, "moderate"),
        ("hip_flexion", 70, 100, None),
        ("hip_flexion", 70, 99.9, "moderate"),
        ("hip_flexion", 17, 70, None),
        ("hip_internal_rotation", 40, 20, None),
        ("hip_internal_rotation", 40, 19.9, "moderate"),
        ("hip_internal_rotation", 40, 15, "moderate"),
        ("hip_internal_rotation", 40, 14.9, "marked"),
        ("hip_external_rotation", 40, 20, None),
        ("hip_external_rotation", 80, 19.9, "moderate"),
        ("hip_abduction", 40, 30, None),
        ("hip_abduction", 40, 29.9, "moderate"),
        ("hip_adduction", 40, 15, None),
        ("hip_adduction", 40, 14.9, "moderate"),
        ("hip_adduction", 17, 2, None),
    ],
)
def test_each_motion_is_judged_at_its_limit_and_age(row, see, measure, age, value, grade):
    found = see(motion(row, measure, "right", value), age=age)
    assert (f"{measure}_limited", "right") in found if grade else not found
    if grade:
        assert found[f"{measure}_limited", "right"].grade == grade


def test_confidence_is_moderate_low_for_unreliable_motions_and_lower_without_position_or_age(row, see):
    key = ("hip_extension_limited", "right")
    assert see(motion(row, "hip_extension", "right", 4.9))[key].confidence == "moderate"
    common = see(motion(row, "hip_extension", "right", 5))[key]
    assert (common.confidence, "many healthy" in common.because[0].note) == ("low", True)
    assert see(motion(row, "hip_extension", "right", 4.9, position=None))[key].confidence == "low"
    assert see(motion(row, "hip_extension", "right", 4.9, position="standing"))[key].confidence == "low"
    assert see(motion(row, "hip_abduction", "right", 5))["hip_abduction_limited", "right"].confidence == "low"
    unknown = see(motion(row, "hip_extension", "right", 4.9), age=None)[key]
    assert unknown.confidence == "low"
    assert "age not recorded" in unknown.because[0].note


def test_active_and_passive_are_judged_separately_and_stand_in_one_finding(row, see):
    active = motion(row, "hip_extension", "right", 4, mode="active")
    found = see(active, motion(row, "hip_extension", "right", 15))
    assert [reason.value for reason in found["hip_extension_limited", "right"].because] == [4]
    both = see(active, motion(row, "hip_extension", "right", -1))["hip_extension_limited", "right"]
    assert [reason.note for reason in both.because] == ["active", "passive"]
    assert both.grade == "marked"


def test_trials_are_averaged_with_their_spread_in_the_reason(row, see):
    rows = [motion(row, "hip_extension", "right", value, trial=trial) for trial, value in ((1, 8), (2, 11), (3, 9.5))]
    (reason,) = see(*rows)["hip_extension_limited", "right"].because
    assert (reason.value, reason.threshold) == (9.5, 10)
    assert reason.note.startswith("passive; mean of 3 trials, spread 3; ")
    assert see(rows[0], motion(row, "hip_extension", "right", 12, trial=2)) == {}


@pytest.mark.parametrize("grade", ["mild", "moderate", "marked"])
def test_a_grade_raises_its_finding_low_at_any_age(row, see, grade):
    found = see(row("hip_internal_rotation", "left", grade=grade), age=12)
    finding = found["hip_internal_rotation_limited", "left"]
    assert (finding.grade, finding.confidence) == (grade, "low")


def test_the_grade_none_raises_nothing(row, see):
    assert see(row("hip_extension", "left", grade="none")) == {}


def test_the_worst_grade_of_several_trials_counts(row, see):
    rows = [row("hip_extension", "left", grade=grade, trial=trial) for trial, grade in enumerate(["mild", "marked"], 1)]
    assert see(*rows)["hip_extension_limited", "left"].grade == "marked"


def test_a_measured_limit_outweighs_a_grade(row, see):
    rows = (motion(row, "hip_extension", "left", 4), row("hip_extension", "left", grade="marked"))
    finding = see(*rows)["hip_extension_limited", "left"]
    assert (finding.grade, finding.confidence, len(finding.because)) == ("moderate", "moderate", 2)


@pytest.mark.parametrize(
    ("measure", "more", "less", "limited", "asymmetric"),
    [
        ("hip_extension", 30, 17.1, False, False),
        ("hip_extension", 30, 17, True, True),
        ("hip_flexion", 130, 120.4, False, False),
        ("hip_flexion", 130, 120.3, False, True),
        ("hip_flexion", 130, 120, True, True),
        ("hip_abduction", 45, 35.1, False, False),
        ("hip_abduction", 45, 35, False, True),
        ("hip_adduction", 30, 20, False, True),
        ("hip_internal_rotation", 45, 21, False, False),
        ("hip_external_rotation", 45, 21, False, False),
    ],
)
def test_side_differences_count_from_the_detectable_change_and_never_for_rotations(
    row, see, measure, more, less, limited, asymmetric
):
    found = see(motion(row, measure, "left", more), motion(row, measure, "right", less))
    assert ((f"{measure}_limited", "right") in found) == limited
    assert (("hip_motion_asymmetric", "right") in found) == asymmetric
    assert not any(side == "left" for _, side in found)


def test_sides_measured_in_different_ways_are_not_set_against_each_other(row, see):
    left = motion(row, "hip_extension", "left", 30)
    for change in ({"mode": "active"}, {"position": "side_lying"}, {"instrument": "inclinometer"}):
        assert see(left, motion(row, "hip_extension", "right", 12, **change)) == {}


def test_a_child_gets_the_asymmetry_but_no_adult_limit(row, see):
    found = see(motion(row, "hip_extension", "left", 25), motion(row, "hip_extension", "right", 5), age=9)
    assert set(found) == {("hip_motion_asymmetric", "right")}


def test_asymmetry_without_position_is_less_sure(row, see):
    rows = [row("hip_extension", "left", 30), row("hip_extension", "right", 12)]
    assert see(*rows)["hip_motion_asymmetric", "right"].confidence == "low"


@pytest.mark.parametrize(
    ("measure", "at", "position"),
    [
        ("hip_flexion", 145, "supine"),
        ("hip_extension", 35, "prone"),
        ("hip_internal_rotation", 65, "seated"),
        ("hip_external_rotation", 65, "seated"),
        ("hip_external_rotation", 65, None),
    ],
)
def test_the_hypermobility_screen_starts_above_its_threshold_in_adults(row, see, measure, at, position):
    code = ("hypermobility_screen", None)
    assert code not in see(row(measure, "left", at, position=position))
    assert code in see(row(measure, "left", at + 0.1, position=position))
    assert code not in see(row(measure, "left", at + 0.1, position=position), age=17)


def test_prone_rotation_is_no_hypermobility_screen(row, see):
    assert see(row("hip_internal_rotation", "left", 80, position="prone")) == {}


@pytest.mark.parametrize(
    ("measure", "at"), [("ankle_dorsiflexion", 5), ("weight_bearing_lunge_angle", 35), ("weight_bearing_lunge", 9)]
)
def test_ankle_dorsiflexion_is_limited_below_our_working_value(row, see, measure, at):
    code = ("ankle_dorsiflexion_limited", "left")
    assert code not in see(row(measure, "left", at))
    assert "our own working value" in see(row(measure, "left", at - 0.1))[code].because[0].source
    assert code not in see(row(measure, "left", at - 0.1), age=17)
