import pytest


def extension(row, value, side="right", position="prone"):
    return row("hip_extension", side, value, position=position)


def thomas(row, value, controlled=None, side="right"):
    return row("thomas_hip_angle", side, value, pelvis_controlled=controlled)


PSOAS = ("iliopsoas_short", "right")


@pytest.mark.parametrize(
    ("controlled", "prone", "position", "confidence"),
    [
        (True, 9.9, "prone", "moderate"),
        (True, 10, "prone", "low"),
        (True, 5, None, "low"),
        (True, 5, "side_lying", "low"),
        (False, 5, "prone", "low"),
        (None, 5, "prone", "low"),
    ],
)
def test_iliopsoas_is_moderate_only_with_pelvis_control_and_limited_prone_extension(
    row, see, controlled, prone, position, confidence
):
    found = see(thomas(row, 6, controlled), extension(row, prone, position=position))
    assert found[PSOAS].confidence == confidence


def test_extension_of_the_other_side_does_not_make_the_iliopsoas_surer(row, see):
    assert see(thomas(row, 6, True), extension(row, 5, side="left"))[PSOAS].confidence == "low"


def test_one_trial_without_pelvis_control_spoils_the_mean(row, see):
    trials = [{**thomas(row, 6, controlled), "trial": trial} for trial, controlled in ((1, True), (2, False))]
    assert see(*trials, extension(row, 5))[PSOAS].confidence == "low"
    trials[1]["pelvis_controlled"] = None
    assert see(*trials, extension(row, 5))[PSOAS].confidence == "low"


@pytest.mark.parametrize(("angle", "grade"), [(0.1, "moderate"), (0, None), (-5, None)])
def test_thomas_alone_counts_above_horizontal_only(row, see, angle, grade):
    found = see(thomas(row, angle, True))
    assert (found[PSOAS].grade if found else None) == grade


@pytest.mark.parametrize(("angle", "present"), [(0, True), (-9.6, True), (-9.69, False), (-9.8, False)])
def test_between_critical_and_horizontal_it_counts_low_and_labelled_beside_limited_extension(row, see, angle, present):
    found = see(thomas(row, angle, True), extension(row, 5))
    assert (PSOAS in found) == present
    if present:
        assert (found[PSOAS].grade, found[PSOAS].confidence) == ("mild", "low")
        assert "our own working value" in found[PSOAS].because[0].note


def test_no_adult_muscle_length_threshold_under_18(row, see):
    rows = [
        thomas(row, 6, True),
        row("thomas_knee_flexion", "left", 40),
        row("ober_angle", "left", 0),
        row("knee_extension_deficit", "left", 60, mode="active"),
        row("straight_leg_raise", "left", 50),
        row("ankle_dorsiflexion", "left", -3),
        row("foot_posture_index", "left", 9),
        row("foot_posture_index", "right", -9),
        row("navicular_drop", "left", 20),
    ]
    assert see(*rows, age=17) == {}


@pytest.mark.parametrize(("measure", "at"), [("thomas_knee_flexion", 67), ("ely_knee_flexion", 120)])
def test_one_rectus_femoris_test_is_low_and_says_that_it_is_alone(row, see, measure, at):
    code = ("rectus_femoris_short", "left")
    assert see(row(measure, "left", at)) == {}
    finding = see(row(measure, "left", at - 0.1))[code]
    assert finding.confidence == "low"
    assert "only one" in finding.because[0].note


def test_two_agreeing_rectus_femoris_tests_are_moderate_on_one_side_only(row, see):
    knee = row("thomas_knee_flexion", "left", 60)
    both = see(knee, row("ely_knee_flexion", "left", 110))
    assert both["rectus_femoris_short", "left"].confidence == "moderate"
    crossed = see(knee, row("ely_knee_flexion", "right", 110))
    assert {finding.confidence for finding in crossed.values()} == {"low"}


@pytest.mark.parametrize(("measure", "at"), [("thomas_hip_abduction", 0), ("ober_angle", -23.16)])
def test_itb_counts_above_its_published_criterion_and_stays_low(row, see, measure, at):
    assert see(row(measure, "left", at)) == {}
    assert see(row(measure, "left", at + 0.1))["itb_tfl_short", "left"].confidence == "low"


HAMSTRING = ("hamstring_short", "left")


@pytest.mark.parametrize(
    ("mode", "sex", "limit", "confidence"),
    [
        ("active", "male", 33.0, "moderate"),
        ("active", "female", 23.4, "moderate"),
        ("passive", "male", 32.2, "moderate"),
        ("passive", "female", 19.2, "moderate"),
        (None, "female", 23.4, "low"),
        ("passive", "unspecified", 32.2, "low"),
        (None, "unspecified", 33.0, "low"),
    ],
)
def test_the_knee_extension_deficit_is_judged_by_mode_and_sex(row, see, mode, sex, limit, confidence):
    assert see(row("knee_extension_deficit", "left", limit, mode=mode), sex=sex) == {}
    finding = see(row("knee_extension_deficit", "left", round(limit + 0.1, 1), mode=mode), sex=sex)[HAMSTRING]
    assert (finding.confidence, finding.because[0].threshold) == (confidence, limit)


def test_straight_leg_raise_counts_below_80_at_low_confidence(row, see):
    assert see(row("straight_leg_raise", "left", 80)) == {}
    assert see(row("straight_leg_raise", "left", 79.9))[HAMSTRING].confidence == "low"


def test_leg_pain_on_raising_is_a_nerve_sign_and_no_hamstring_to_stretch(row, see):
    pain = row("straight_leg_raise_leg_pain", "left", 1)
    found = see(row("straight_leg_raise", "left", 50), pain, row("straight_leg_raise", "right", 70))
    assert set(found) == {("neural_tension_sign", "left"), ("hamstring_short", "right")}
    graded = see(row("straight_leg_raise", "left", grade="marked"), pain)
    assert set(graded) == {("neural_tension_sign", "left")}
    assert set(see(row("straight_leg_raise_leg_pain", "left", 0))) == set()


@pytest.mark.parametrize(
    ("angle", "confidence"), [(29.9, "low"), (30, "moderate"), (70, "moderate"), (70.1, "low"), (None, "low")]
)
def test_the_nerve_sign_is_surer_inside_its_range(row, see, angle, confidence):
    rows = [row("straight_leg_raise_leg_pain", "left", 1)]
    rows += [row("straight_leg_raise", "left", angle)] if angle else []
    assert see(*rows)["neural_tension_sign", "left"].confidence == confidence


@pytest.mark.parametrize(
    ("measure", "code"),
    [
        ("iliopsoas_length", "iliopsoas_short"),
        ("quadriceps_length", "rectus_femoris_short"),
        ("hamstring_length", "hamstring_short"),
        ("piriformis_length", "hip_rotators_short"),
        ("adductor_length", "adductors_short"),
        ("calf_length", "calf_short"),
        ("thomas_hip_angle", "iliopsoas_short"),
        ("ober_angle", "itb_tfl_short"),
        ("ankle_dorsiflexion", "ankle_dorsiflexion_limited"),
        ("hip_abductor_strength", "hip_abductors_weak"),
        ("hip_extensor_strength", "hip_extensors_weak"),
        ("gait_antalgic", "gait_deviation"),
    ],
)
def test_a_grade_raises_the_finding_of_its_measure(row, see, measure, code):
    found = see(row(measure, "right", grade="moderate"))
    assert set(found) == {(code, "right")}
    assert (found[code, "right"].grade, found[code, "right"].confidence) == ("moderate", "low")


@pytest.mark.parametrize(
    ("straight", "bent", "code"),
    [
        (5, 9, None),
        (4.9, None, "calf_short"),
        (0, 13, "gastrocnemius_short"),
        (0, 12.9, "soleus_short"),
        (0.1, 14, "soleus_short"),
        (4, 18, "gastrocnemius_short"),
        (4, 17.9, "soleus_short"),
    ],
)
def test_the_bent_knee_tells_gastrocnemius_from_soleus(row, see, straight, bent, code):
    rows = [row("ankle_dorsiflexion", "left", straight)]
    rows += [row("ankle_dorsiflexion_knee_bent", "left", bent)] if bent is not None else []
    calf = {found for found, _ in see(*rows)} - {"ankle_dorsiflexion_limited"}
    assert calf == ({code} if code else set())


def test_a_bent_knee_angle_of_another_mode_does_not_count(row, see):
    rows = [
        row("ankle_dorsiflexion", "left", 0, mode="passive"),
        row("ankle_dorsiflexion_knee_bent", "left", 20, mode="active"),
    ]
    assert ("calf_short", "left") in see(*rows)


@pytest.mark.parametrize("measure", ["fadir", "faber", "fair"])
def test_a_provoked_pain_is_a_reason_to_look_and_no_diagnosis(row, see, measure):
    assert see(row(measure, "left", 0)) == {}
    (finding,) = see(row(measure, "left", 1)).values()
    assert (finding.code, finding.side, finding.confidence) == ("hip_provocation_sign", "left", "low")
    assert "Not a diagnosis" in finding.text


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_knee_bent_angles_the_smaller_decides_whichever_was_entered_first(row, see, turned):
    bent = [
        row("ankle_dorsiflexion_knee_bent", "right", 25, position="supine"),
        row("ankle_dorsiflexion_knee_bent", "right", 3, position="prone"),
    ]
    found = see(row("ankle_dorsiflexion", "right", 2), *(bent[::-1] if turned else bent))
    assert ("soleus_short", "right") in found
    assert ("gastrocnemius_short", "right") not in found
