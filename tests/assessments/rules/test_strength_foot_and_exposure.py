import pytest


@pytest.mark.parametrize(
    ("measure", "code"),
    [("hip_abductor_strength", "hip_abductors_weak"), ("hip_extensor_strength", "hip_extensors_weak")],
)
@pytest.mark.parametrize(
    ("value", "expected"),
    [(3.9, ("moderate", "moderate")), (4, ("mild", "low")), (4.9, ("mild", "low")), (5, None)],
)
def test_strength_is_judged_around_four_of_five(row, see, measure, code, value, expected):
    found = see(row(measure, "left", value)).get((code, "left"))
    assert (found and (found.grade, found.confidence)) == expected


def test_trendelenburg_is_a_low_sign_of_weak_abductors(row, see):
    assert see(row("trendelenburg", "left", 0)) == {}
    assert see(row("trendelenburg", "left", 1))["hip_abductors_weak", "left"].confidence == "low"


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (4, None),
        (5, None),
        (6, ("foot_pronated", "mild")),
        (9, ("foot_pronated", "mild")),
        (10, ("foot_pronated", "marked")),
        (0, None),
        (-1, ("foot_supinated", "mild")),
        (-4, ("foot_supinated", "mild")),
        (-5, ("foot_supinated", "marked")),
    ],
)
def test_the_foot_posture_index_is_healthy_around_plus_four(row, see, score, expected):
    found = see(row("foot_posture_index", "left", score))
    assert [(code, finding.grade) for (code, _), finding in found.items()] == ([expected] if expected else [])


@pytest.mark.parametrize(("posture", "code"), [("pronated", "foot_pronated"), ("supinated", "foot_supinated")])
def test_an_observed_foot_posture_is_a_low_finding(row, see, posture, code):
    assert see(row("foot_posture", "left", observed=posture))[code, "left"].confidence == "low"
    assert see(row("foot_posture", "left", observed="neutral")) == {}


def test_navicular_drop_counts_beyond_the_largest_published_limit(row, see):
    assert see(row("navicular_drop", "left", 15)) == {}
    assert see(row("navicular_drop", "left", 15.1))["foot_pronated", "left"].confidence == "low"


def test_a_gait_deviation_keeps_every_reason(row, see):
    found = see(row("gait_trunk_lean", "left", 1), row("gait_antalgic", "left", 1), row("gait_antalgic", "right", 0))
    assert set(found) == {("gait_deviation", "left")}
    assert len(found["gait_deviation", "left"].because) == 2


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"sitting_hours_per_day": 6.9}, set()),
        ({"sitting_hours_per_day": 7}, {"prolonged_sitting"}),
        ({"standing_hours_per_day": 4, "standing_surface": "hard"}, {"prolonged_standing_hard_floor"}),
        ({"standing_hours_per_day": 3.9, "standing_surface": "hard"}, set()),
        ({"standing_hours_per_day": 9, "standing_surface": "soft"}, set()),
        ({"standing_hours_per_day": 9}, set()),
        ({"standing_surface": "hard"}, set()),
        ({"footwear": "flat"}, {"unsupportive_footwear"}),
        ({"footwear": "worn"}, {"unsupportive_footwear"}),
        ({"footwear": "high_heels"}, {"unsupportive_footwear"}),
        ({"footwear": "barefoot"}, set()),
        ({"footwear": "insoles"}, set()),
    ],
)
def test_exposures_come_from_what_the_client_told(see, facts, codes):
    found = see(**facts)
    assert set(found) == {(code, None) for code in codes}


def test_footwear_is_called_traditional_because_nobody_tested_it(see):
    assert see(footwear="flat")["unsupportive_footwear", None].evidence == "traditional"
