"""Every number of the rules just below, at and just above it; written from the clinical reference, not from the data.

A line says what is found a hundredth below the number, at it, and a hundredth above: a grade, FOUND where the finding
has no grade, or None.
"""

from datetime import date, timedelta

import pytest

from assessments.rules import Earlier, Facts, reason

FOUND = "found"
MOTIONS = {
    "hip_flexion": "supine",
    "hip_extension": "prone",
    "hip_abduction": "supine",
    "hip_adduction": "supine",
    "hip_internal_rotation": "seated",
    "hip_external_rotation": "seated",
}
STEP = {"foot_posture_index": 1}


def around(found):
    """What the finding shows: its grade, FOUND, or None."""
    return (found.grade or FOUND) if found else None


@pytest.fixture
def near(row, see):
    """`near(code, measure, at, *other rows)` -> what `code` shows just below, at and just above, on the left."""

    def look(code, measure, at, *others, facts=None, side="left", **more):
        step = STEP.get(measure, 0.01)
        values = (round(at - step, 2), at, round(at + step, 2))
        visits = ([row(measure, "left", value, **more), *others] for value in values)
        return [around(see(*visit, **(facts or {})).get((code, side))) for visit in visits]

    return look


@pytest.mark.parametrize(
    ("motion", "ages", "at", "expected"),
    [
        ("hip_extension", [18, 40, 69], 10, ["moderate", None, None]),
        ("hip_extension", [18, 40, 69], 0, ["marked", "marked", "moderate"]),
        ("hip_extension", [70, 95], 10, [None, None, None]),
        ("hip_extension", [70, 95], 0, ["marked", "marked", None]),
        ("hip_extension", [5, 17], 0, [None, None, None]),
        ("hip_extension", [5, 17], 10, [None, None, None]),
        ("hip_flexion", [18, 40, 69], 110, ["moderate", None, None]),
        ("hip_flexion", [18, 40, 69], 105, ["moderate", "moderate", "moderate"]),
        ("hip_flexion", [18, 40, 69], 100, ["moderate", "moderate", "moderate"]),
        ("hip_flexion", [70, 95], 110, [None, None, None]),
        ("hip_flexion", [70, 95], 105, [None, None, None]),
        ("hip_flexion", [70, 95], 100, ["moderate", None, None]),
        ("hip_flexion", [5, 17], 100, [None, None, None]),
        ("hip_flexion", [5, 17], 110, [None, None, None]),
        ("hip_abduction", [18, 95], 30, ["moderate", None, None]),
        ("hip_abduction", [17], 20, [None, None, None]),
        ("hip_adduction", [18, 95], 15, ["moderate", None, None]),
        ("hip_adduction", [17], 10, [None, None, None]),
        ("hip_internal_rotation", [18, 95], 20, ["moderate", None, None]),
        ("hip_internal_rotation", [18, 95], 15, ["marked", "moderate", "moderate"]),
        ("hip_internal_rotation", [17], 12, [None, None, None]),
        ("hip_external_rotation", [18, 95], 20, ["moderate", None, None]),
        ("hip_external_rotation", [17], 12, [None, None, None]),
    ],
)
def test_a_motion_at_its_limit_and_at_the_edges_of_its_age_bands(near, motion, ages, at, expected):
    for age in ages:
        found = near(f"{motion}_limited", motion, at, facts={"age": age}, position=MOTIONS[motion])
        assert (age, found) == (age, expected)


@pytest.mark.parametrize(
    ("age", "value", "grade"),
    [
        (69, 0, "marked"),
        (69, 0.05, "moderate"),
        (69, 0.1, "moderate"),
        (70, 0, "marked"),
        (70, 0.05, None),
        (70, 0.1, None),
    ],
)
def test_extension_of_next_to_nothing_is_marked_only_at_nothing(row, see, age, value, grade):
    found = see(row("hip_extension", "left", value, position="prone"), age=age)
    assert around(found.get(("hip_extension_limited", "left"))) == grade


@pytest.mark.parametrize(
    ("code", "measure", "at", "expected"),
    [
        ("hip_extension_limited", "hip_extension", 5, ["moderate", "low", "low"]),
        ("foot_pronated", "foot_posture_index", 10, ["low", "moderate", "moderate"]),
        ("foot_supinated", "foot_posture_index", -5, ["moderate", "moderate", "low"]),
        ("hip_abductors_weak", "hip_abductor_strength", 4, ["moderate", "low", "low"]),
        ("hip_extensors_weak", "hip_extensor_strength", 4, ["moderate", "low", "low"]),
    ],
)
def test_where_a_finding_becomes_surer(row, see, code, measure, at, expected):
    step, position = STEP.get(measure, 0.01), MOTIONS.get(measure)
    visits = [row(measure, "left", round(at + off, 2), position=position) for off in (-step, 0, step)]
    assert [see(visit)[code, "left"].confidence for visit in visits] == expected


@pytest.mark.parametrize(("motion", "other", "at"), [("hip_extension", 34, 21), ("hip_flexion", 130, 120)])
def test_a_motion_less_than_the_other_side_counts_from_the_side_difference(near, row, motion, other, at):
    position = MOTIONS[motion]
    right = row(motion, "right", other, position=position)
    assert near(f"{motion}_limited", motion, at, right, position=position) == ["mild", "mild", None]


@pytest.mark.parametrize(
    ("measure", "at"),
    [("hip_flexion", 145), ("hip_extension", 35), ("hip_internal_rotation", 65), ("hip_external_rotation", 65)],
)
def test_the_hypermobility_screen(near, measure, at):
    found = near("hypermobility_screen", measure, at, side=None, position=MOTIONS[measure])
    assert found == [None, None, FOUND]


@pytest.mark.parametrize(
    ("code", "measure", "at", "expected"),
    [
        ("ankle_dorsiflexion_limited", "ankle_dorsiflexion", 5, ["moderate", None, None]),
        ("ankle_dorsiflexion_limited", "weight_bearing_lunge_angle", 35, ["moderate", None, None]),
        ("ankle_dorsiflexion_limited", "weight_bearing_lunge", 9, ["moderate", None, None]),
        ("iliopsoas_short", "thomas_hip_angle", 0, [None, None, "moderate"]),
        ("rectus_femoris_short", "thomas_knee_flexion", 67, ["moderate", None, None]),
        ("rectus_femoris_short", "ely_knee_flexion", 120, ["moderate", None, None]),
        ("itb_tfl_short", "thomas_hip_abduction", 0, [None, None, "mild"]),
        ("itb_tfl_short", "ober_angle", -23.16, [None, None, "mild"]),
        ("hamstring_short", "straight_leg_raise", 80, ["mild", None, None]),
        ("calf_short", "ankle_dorsiflexion", 5, [FOUND, None, None]),
        ("hip_abductors_weak", "hip_abductor_strength", 4, ["moderate", "mild", "mild"]),
        ("hip_extensors_weak", "hip_extensor_strength", 4, ["moderate", "mild", "mild"]),
        ("foot_pronated", "foot_posture_index", 6, [None, "mild", "mild"]),
        ("foot_pronated", "foot_posture_index", 10, ["mild", "marked", "marked"]),
        ("foot_supinated", "foot_posture_index", -1, ["mild", "mild", None]),
        ("foot_supinated", "foot_posture_index", -5, ["marked", "marked", "mild"]),
        ("foot_pronated", "navicular_drop", 15, [None, None, FOUND]),
    ],
)
def test_one_reading_at_its_limit(near, code, measure, at, expected):
    assert near(code, measure, at) == expected


@pytest.mark.parametrize(("value", "grade"), [(4.99, "mild"), (5, None)])
@pytest.mark.parametrize("muscles", ["abductor", "extensor"])
def test_full_strength_is_five_of_five(row, see, muscles, value, grade):
    found = see(row(f"hip_{muscles}_strength", "left", value))
    assert around(found.get((f"hip_{muscles}s_weak", "left"))) == grade


def test_the_critical_criterion_of_the_thomas_test_beside_limited_extension(near, row):
    stiff = row("hip_extension", "left", 5, position="prone")
    assert near("iliopsoas_short", "thomas_hip_angle", -9.69, stiff) == [None, None, "mild"]
    assert near("iliopsoas_short", "thomas_hip_angle", 0, stiff) == ["mild", "mild", "moderate"]


@pytest.mark.parametrize(
    ("sex", "mode", "at"),
    [("male", "active", 33.0), ("female", "active", 23.4), ("male", "passive", 32.2), ("female", "passive", 19.2)],
)
def test_the_knee_extension_deficit(near, sex, mode, at):
    found = near("hamstring_short", "knee_extension_deficit", at, facts={"sex": sex}, mode=mode)
    assert found == [None, None, "moderate"]


@pytest.mark.parametrize(
    ("straight", "at", "expected"),
    [
        (0, 13, [None, FOUND, FOUND]),
        (-2, 11, [None, FOUND, FOUND]),
        (4, 18, [None, FOUND, FOUND]),
        (0.01, 14, [None] * 3),
    ],
)
def test_gain_and_range_of_the_bent_knee_name_the_gastrocnemius(near, row, straight, at, expected):
    knee_straight = row("ankle_dorsiflexion", "left", straight)
    measure = "ankle_dorsiflexion_knee_bent"
    assert near("gastrocnemius_short", measure, at, knee_straight) == expected
    soleus = [None if found else FOUND for found in expected]
    assert near("soleus_short", measure, at, knee_straight) == soleus


def test_no_dorsiflexion_means_neutral_or_less(near, row):
    bent = row("ankle_dorsiflexion_knee_bent", "left", 17)
    assert near("gastrocnemius_short", "ankle_dorsiflexion", 0, bent) == [FOUND, FOUND, None]


@pytest.mark.parametrize(("angle", "sure"), [(29.99, "low"), (30, "moderate"), (70, "moderate"), (70.01, "low")])
def test_the_range_of_the_nerve_sign(row, see, angle, sure):
    found = see(row("straight_leg_raise_leg_pain", "left", 1), row("straight_leg_raise", "left", angle))
    assert found["neural_tension_sign", "left"].confidence == sure


@pytest.mark.parametrize(
    ("facts", "hours", "code", "at"),
    [
        ({}, "sitting_hours_per_day", "prolonged_sitting", 7),
        ({"standing_surface": "hard"}, "standing_hours_per_day", "prolonged_standing_hard_floor", 4),
    ],
)
def test_hours_of_exposure(see, facts, hours, code, at):
    found = [(code, None) in see(**facts, **{hours: told}) for told in (at - 0.01, at, at + 0.01)]
    assert found == [False, True, True]


# Leg length: a difference is of the left leg here, and the method beside it lets the table speak.


@pytest.fixture
def answers(row, see):
    """The leg-length codes just below, at and just above a number: `answers(rows of a number, at, step)`."""

    def look(rows_of, at, step=0.01, **facts):
        def codes(value):
            found = see(*rows_of(round(value, 2)), **facts)
            return {code.removeprefix("leg_length_") for code, _ in found if code.startswith("leg_length_")}

        return [codes(at - step), codes(at), codes(at + step)]

    return look


def difference(row, kind, mm, **more):
    return row(f"leg_length_difference_{kind}", "left" if mm else None, mm, **more)


NOTHING, OPEN, UNLOADED = {"no_difference"}, {"insufficient_data"}, {"unloaded_asymmetry"}
BONY, FUNCTIONAL, FOOT = {"structural_suspected"}, {"functional_suspected"}, {"functional_foot_suspected"}
CONFIRMED = {"structural_confirmed"}


@pytest.mark.parametrize(
    ("kind", "at", "beside", "expected"),
    [
        ("true", 10, {"block": 5}, [OPEN, BONY, BONY]),
        ("block", 5, {"true": 10}, [OPEN, BONY, BONY]),
        ("block", 5, {"true": 0}, [NOTHING, OPEN, OPEN]),
        ("apparent", 10, {"true": 0, "block": 0}, [NOTHING, OPEN, OPEN]),
        ("supine", 10, {"true": 0, "block": 0}, [NOTHING, UNLOADED, UNLOADED]),
        ("prone", 10, {"true": 0, "block": 0}, [NOTHING, UNLOADED, UNLOADED]),
        ("long_sitting", 10, {"true": 0, "block": 0}, [NOTHING, UNLOADED, UNLOADED]),
        ("imaging", 5, {}, [NOTHING, CONFIRMED, CONFIRMED]),
        ("true", 20, {}, [OPEN, OPEN | {"refer"}, OPEN | {"refer"}]),
        ("block", 20, {}, [OPEN, OPEN | {"refer"}, OPEN | {"refer"}]),
        ("imaging", 20, {}, [CONFIRMED, CONFIRMED | {"refer"}, CONFIRMED | {"refer"}]),
    ],
)
def test_the_working_limit_of_each_method(answers, row, kind, at, beside, expected):
    others = [difference(row, other, mm) for other, mm in beside.items()]
    assert answers(lambda mm: [difference(row, kind, mm), *others], at) == expected


@pytest.mark.parametrize(("measure", "at", "step"), [("foot_posture_index", 3, 1), ("navicular_drop", 4, 0.01)])
def test_how_unequal_feet_must_be(answers, row, measure, at, step):
    rows = [difference(row, "true", 0), difference(row, "block", 5), row(measure, "right", 1)]
    found = answers(lambda value: [*rows, row(measure, "left", value + 1)], at, step)
    assert found == [OPEN, FOOT, FOOT]


CONTRACTURE = {"contracture_possible"}


@pytest.mark.parametrize(
    ("measure", "at", "expected"),
    [
        ("hip_extension", -5, [CONTRACTURE, CONTRACTURE, OPEN]),
        ("knee_extension", -5, [CONTRACTURE, CONTRACTURE, BONY]),
        ("thomas_hip_angle", 5, [OPEN, CONTRACTURE, CONTRACTURE]),
    ],
)
def test_how_far_from_straight_a_contracture_is(answers, row, measure, at, expected):
    rows = [difference(row, "true", 12), difference(row, "block", 8)]
    assert answers(lambda value: [*rows, row(measure, "left", value)], at) == expected


def test_extension_to_neutral_rules_a_contracture_out(answers, row):
    rows = [difference(row, "true", 12), difference(row, "block", 8), row("thomas_hip_angle", "left", 6)]
    found = answers(lambda value: [*rows, row("hip_extension", "left", value)], 0)
    assert found == [CONTRACTURE, OPEN, OPEN]


@pytest.mark.parametrize(("measure", "right"), [("thomas_hip_angle", -25), ("knee_extension", -4)])
def test_how_unequal_thigh_or_knee_must_be(answers, row, measure, right):
    rows = [difference(row, "true", 0), difference(row, "apparent", 10), row(measure, "right", right)]
    found = answers(lambda size: [*rows, row(measure, "left", right + size)], 10)
    assert found == [OPEN, FUNCTIONAL, FUNCTIONAL]


@pytest.mark.parametrize(("age", "referred"), [(17, True), (18, False), (19, False)])
def test_the_age_below_which_a_difference_is_referred(row, see, age, referred):
    assert (("leg_length_refer", "left") in see(difference(row, "true", 12), age=age)) == referred


# What only an earlier visit can tell: days ago, and millimetres since.

TODAY = date(2026, 3, 1)
TIGHT = {"measure": "iliopsoas_length", "side": "left", "grade": "moderate"}


@pytest.fixture
def after(row, read):
    """The leg-length codes of today's rows with one earlier visit so many days ago: `after(today, then, days)`."""

    def look(today, then, days):
        earlier = Earlier(TODAY - timedelta(days=days), tuple(read(*then)))
        findings = reason(read(*today), Facts(age=40, assessed_on=TODAY), earlier=[earlier]).findings
        return {found.code.removeprefix("leg_length_") for found in findings if found.code.startswith("leg_length_")}

    return look


@pytest.mark.parametrize(("days", "expected"), [(27, OPEN), (28, BONY), (29, BONY)])
def test_how_long_a_difference_must_stay_unchanged(after, row, days, expected):
    legs = [difference(row, "true", 12), difference(row, "block", 8)]
    assert after([*legs, TIGHT], legs, days) == expected


@pytest.mark.parametrize(
    ("tape", "block", "expected"),
    [
        (10, 3.01, OPEN),  # the block itself was inside its error then
        (10, 5, BONY),
        (9.99, 5, OPEN),
        (21.99, 12.99, BONY),
        (22, 12.99, OPEN),
        (21.99, 13, OPEN),
    ],
)
def test_how_much_unchanged_may_differ(after, row, tape, block, expected):
    today = [difference(row, "true", 12), difference(row, "block", 8), TIGHT]
    then = [difference(row, "true", tape), difference(row, "block", block)]
    assert after(today, then, 40) == expected


@pytest.mark.parametrize(("days", "referred"), [(182, True), (183, True), (184, False)])
def test_within_how_many_days_growth_is_quick(after, row, days, referred):
    found = after([difference(row, "true", 14)], [difference(row, "true", 4)], days)
    assert ("refer" in found) == referred


@pytest.mark.parametrize("kind", ["true", "block", "imaging"])
@pytest.mark.parametrize(("then", "referred"), [(3.99, True), (4, True), (4.01, False)])
def test_how_much_growth_is_quick(after, row, kind, then, referred):
    found = after([difference(row, kind, 14)], [difference(row, kind, then)], 90)
    assert ("refer" in found) == referred


@pytest.mark.parametrize("kind", ["apparent", "supine", "prone", "long_sitting"])
def test_growth_is_not_judged_by_methods_that_are_not_good_enough(after, row, kind):
    assert "refer" not in after([difference(row, kind, 40)], [difference(row, kind, 4)], 90)
