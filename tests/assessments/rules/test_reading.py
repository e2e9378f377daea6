import pytest

from assessments.rules import MEASURES, read_measurements
from assessments.rules.protocol import UNITS


def problems(*rows):
    return [str(problem) for problem in read_measurements(list(rows))[1]]


def warnings(*rows):
    return [str(problem) for problem in read_measurements(list(rows))[2]]


FLEXION = {"measure": "hip_flexion", "side": "left", "value": 100}


def test_a_full_reading_is_kept_as_it_was_typed():
    rows = [
        {
            "measure": "leg_length_true",
            "side": "left",
            "value": 35,
            "unit": "inch",
            "position": "supine",
            "instrument": "tape",
            "trial": 2,
            "examiner": " Ann ",
            "pain": 3,
            "pelvis_controlled": False,
        }
    ]
    (reading,), refused, doubtful = read_measurements(rows)
    assert (refused, doubtful) == ([], [])
    assert (reading.value, reading.unit, reading.typed_value, reading.typed_unit) == (889.0, "mm", 35.0, "inch")
    assert (reading.side, reading.trial, reading.examiner, reading.pain) == ("left", 2, "Ann", 3)
    assert reading.pelvis_controlled is False


@pytest.mark.parametrize(
    ("measure", "typed", "unit", "stored"),
    [
        ("leg_length_true", 89.2, "cm", 892),
        ("leg_length_difference_block", 0.5, "inch", 12.7),
        ("weight_bearing_lunge", 4, "inch", 10.16),
        ("weight_bearing_lunge", 95, "mm", 9.5),
        ("navicular_drop", 1, "cm", 10),
        ("hip_flexion", 110, "°", 110),
        ("hip_abductor_strength", 4, "score", 4),
    ],
)
def test_units_that_fit_are_converted_to_the_measures_own(measure, typed, unit, stored):
    (reading,), refused, _ = read_measurements([{"measure": measure, "side": "left", "value": typed, "unit": unit}])
    assert refused == []
    assert reading.value == stored


@pytest.mark.parametrize("raw", [None, {}, "text", 3])
def test_only_a_list_is_read(raw):
    assert [str(problem) for problem in read_measurements(raw)[1]] == ["measurements: must be a list of readings"]


def test_an_empty_list_is_fine():
    assert read_measurements([]) == ([], [], [])


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"value": 220}, "measurements[0].value: 220 is above the hard limit 165 for hip_flexion"),
        ({"value": -1}, "measurements[0].value: -1 is below the hard limit 0 for hip_flexion"),
        ({"measure": "hip_flexon"}, "measurements[0].measure: unknown measure 'hip_flexon', did you mean hip_flexion?"),
        ({"measure": "zzz"}, "measurements[0].measure: unknown measure 'zzz'"),
        ({"measure": ["hip_flexion"]}, "measurements[0].measure: unknown measure ['hip_flexion']"),
        ({"measure": None}, "measurements[0].measure: is missing"),
        ({"side": None}, "measurements[0].side: is missing: hip_flexion needs left or right"),
        ({"side": "both"}, "measurements[0].side: 'both' is not a side; allowed: left, right"),
        ({"side": ["left"]}, "measurements[0].side: ['left'] is not a side; allowed: left, right"),
        ({"unit": "mm"}, "measurements[0].unit: 'mm' doesn't fit hip_flexion; allowed: deg, °"),
        ({"unit": 7}, "measurements[0].unit: 7 doesn't fit hip_flexion; allowed: deg, °"),
        ({"value": True}, "measurements[0].value: True is not a finite number"),
        ({"value": "100"}, "measurements[0].value: '100' is not a finite number"),
        ({"value": float("nan")}, "measurements[0].value: nan is not a finite number"),
        ({"value": float("inf")}, "measurements[0].value: inf is not a finite number"),
        ({"grade": "mild"}, "measurements[0]: give value or grade, not both"),
        ({"value": None}, "measurements[0]: hip_flexion needs value or grade"),
        ({"observed": "neutral"}, "measurements[0].observed: hip_flexion takes value or grade, not observed"),
        (
            {"mode": "pasive"},
            "measurements[0].mode: 'pasive' is unknown, did you mean passive?; allowed: active, passive",
        ),
        ({"trial": 0}, "measurements[0].trial: 0 must be a whole number from 1 up"),
        ({"trial": True}, "measurements[0].trial: True must be a whole number from 1 up"),
        ({"pain": 11}, "measurements[0].pain: 11 must be a whole number from 0 to 10"),
        ({"pain": 1.5}, "measurements[0].pain: 1.5 must be a whole number from 0 to 10"),
        ({"pelvis_controlled": "yes"}, "measurements[0].pelvis_controlled: 'yes' must be true, false or left out"),
        ({"examiner": 4}, "measurements[0].examiner: 4 must be a name"),
    ],
)
def test_each_mistake_gets_its_own_line(change, line):
    assert problems({**FLEXION, **change}) == [line]


def test_a_number_too_large_for_a_float_is_no_finite_number():
    (line,) = problems({**FLEXION, "value": 10**400})
    assert line.endswith("is not a finite number")


def test_a_row_that_is_no_object_is_named():
    expected = "measurements[1]: must be an object with measure, side and value or grade"
    assert problems(FLEXION, "hip") == [expected]


@pytest.mark.parametrize("key", ["position", "instrument", "grade"])
def test_words_outside_the_vocabulary_are_refused_with_the_allowed_ones(key):
    row = {"measure": "hip_flexion", "side": "left", key: "xx"} | ({} if key == "grade" else {"value": 100})
    (line,) = problems(row)
    assert line.startswith(f"measurements[0].{key}: 'xx' is unknown; allowed: ")


def test_an_unknown_key_is_named_with_its_nearest_neighbour():
    (line,) = problems({**FLEXION, "intrument": "tape"})
    assert line.startswith("measurements[0]: unknown key 'intrument', did you mean instrument?; known: measure, side")


def test_all_problems_of_all_rows_are_reported_at_once():
    lines = problems({**FLEXION, "value": 220, "side": "up", "mode": "x"}, FLEXION, {"measure": "no"})
    assert [line.split(":")[0] for line in lines] == [
        "measurements[0].value",
        "measurements[0].side",
        "measurements[0].mode",
        "measurements[2].measure",
    ]


def test_limits_themselves_are_allowed_and_soft_limits_only_warn():
    for measure in MEASURES.values():
        side = {"left_right": "left", "shorter": "left", "none": None}[measure.sides]
        for limit in (measure.hard_min, measure.hard_max) if measure.takes_value else ():
            row = {
                "measure": measure.key,
                "side": side if limit or measure.sides != "shorter" else None,
                "value": limit,
            }
            assert problems(row) == []
            over = limit + 1 if limit == measure.hard_max else limit - 1
            assert "hard limit" in problems({**row, "side": side, "value": over})[0]
        for limit, beyond in ((measure.soft_min, -0.1), (measure.soft_max, 0.1)):
            if limit is not None:
                row = {"measure": measure.key, "side": side, "value": limit}
                assert warnings(row) == []
                assert "soft limit" in warnings({**row, "value": limit + beyond})[0]


def test_a_converted_value_over_the_limit_shows_both_units():
    row = {"measure": "leg_length_true", "side": "left", "value": 60, "unit": "inch"}
    expected = "measurements[0].value: 60 inch (1524 mm) is above the hard limit 1300 for leg_length_true"
    assert problems(row) == [expected]


def test_a_difference_names_the_shorter_side_and_none_at_zero():
    block = {"measure": "leg_length_difference_block"}
    assert problems({**block, "value": 0}) == []
    assert problems({**block, "value": 0, "side": "left"}) == [
        "measurements[0].side: a difference of 0 has no shorter side; leave it empty"
    ]
    assert problems({**block, "value": 6}) == [
        "measurements[0].side: is missing: leg_length_difference_block needs left or right (the shorter side)"
    ]


def test_an_observation_takes_its_own_words_and_the_pelvis_has_no_side():
    crest = {"measure": "iliac_crest", "observed": "left_higher"}
    assert problems(crest) == []
    assert problems({**crest, "side": "left"}) == ["measurements[0].side: iliac_crest has no side; leave it empty"]
    assert problems({"measure": "foot_posture", "side": "left", "observed": "flat"}) == [
        "measurements[0].observed: 'flat' is unknown; allowed: pronated, neutral, supinated"
    ]
    assert problems({"measure": "foot_posture", "side": "left", "value": 3}) == [
        "measurements[0].value: foot_posture takes observed, not value",
    ]


def test_grade_only_measures_take_no_value_and_numbers_without_restriction_no_grade():
    assert problems({"measure": "hamstring_length", "side": "left", "value": 3}) == [
        "measurements[0].value: hamstring_length takes grade, not value"
    ]
    assert problems({"measure": "leg_length_true", "side": "left", "grade": "mild"}) == [
        "measurements[0].grade: leg_length_true takes value, not grade"
    ]


@pytest.mark.parametrize(("measure", "value"), [("trendelenburg", 0.5), ("foot_posture_index", 3.5)])
def test_scores_and_yes_no_are_whole_numbers(measure, value):
    (line,) = problems({"measure": measure, "side": "left", "value": value})
    assert line == f"measurements[0].value: {value} must be a whole number for {measure}"


@pytest.mark.parametrize("measure", ["leg_length_imaging", "leg_length_difference_imaging"])
def test_an_imaging_measure_takes_imaging_instruments_only(measure):
    row = {"measure": measure, "side": "left", "value": 100 if "difference" in measure else 900}
    assert problems({**row, "instrument": "radiograph"}) == []
    assert problems({**row, "instrument": "tape"}) == [
        "measurements[0].instrument: tape is no imaging; allowed: radiograph, ct, eos, mri, ultrasound"
    ]


def test_an_identical_reading_is_a_repeat_and_a_numbered_trial_is_not():
    assert problems(FLEXION, {**FLEXION, "value": 104}) == [
        "measurements[1]: repeats measurements[0]; number the trials"
    ]
    assert problems({**FLEXION, "trial": 1}, {**FLEXION, "trial": 2}, {**FLEXION, "mode": "active"}) == []


def rotations(internal, external, **more):
    return [
        {"measure": "hip_internal_rotation", "side": "left", "value": internal},
        {"measure": "hip_external_rotation", "side": "left", "value": external, **more},
    ]


def test_the_rotation_arc_of_one_hip_has_its_own_limits():
    assert problems(*rotations(75, 75)) == []
    assert problems(*rotations(75, 76)) == [
        "measurements[1].value: internal plus external rotation of this hip is 151, outside the hard limits 0 to 150"
    ]
    assert problems(*rotations(-45, 44))[0].endswith("is -1, outside the hard limits 0 to 150")
    assert warnings(*rotations(55, 55)) == []
    assert warnings(*rotations(55, 56)) == [
        "measurements[1].value: internal plus external rotation of this hip is 111, outside the soft limits 35 to 110"
    ]


def test_rotations_measured_in_different_ways_are_not_added():
    assert problems(*rotations(80, 80, position="prone")) == []
    assert problems(rotations(80, 80)[0], {"measure": "hip_external_rotation", "side": "left", "grade": "mild"}) == []


# Those of the contract, and plantar_fascia_length, without which plantar_fascia_tight could never be found.
CONTRACT_MEASURES = """
hip_flexion hip_extension hip_abduction hip_adduction hip_internal_rotation hip_external_rotation
thomas_hip_angle thomas_knee_flexion thomas_hip_abduction knee_extension_deficit straight_leg_raise
ely_knee_flexion ober_angle iliopsoas_length quadriceps_length hamstring_length piriformis_length adductor_length
calf_length plantar_fascia_length knee_extension ankle_dorsiflexion ankle_dorsiflexion_knee_bent weight_bearing_lunge
weight_bearing_lunge_angle foot_posture_index navicular_drop foot_posture leg_length_true leg_length_apparent
leg_length_imaging leg_length_difference_true leg_length_difference_apparent leg_length_difference_block
leg_length_difference_supine leg_length_difference_prone leg_length_difference_long_sitting
leg_length_difference_imaging hip_abductor_strength hip_extensor_strength trendelenburg fadir faber fair
straight_leg_raise_leg_pain iliac_crest gait_dynamic_pronation gait_dynamic_supination gait_trunk_lean
gait_antalgic
"""


def test_every_measure_of_the_contract_is_known_with_a_unit_that_can_be_read():
    assert set(CONTRACT_MEASURES.split()) == set(MEASURES)
    assert {measure.unit for measure in MEASURES.values()} <= set(UNITS)
