"""Small pictures of what was measured."""

from assessments.views.pictures import pictures_of

GONIOMETER = {"mode": "passive", "position": "prone", "instrument": "goniometer", "examiner": "Tomas"}


def extension(side, value):
    return {"measure": "hip_extension", "side": side, "value": value, **GONIOMETER}


def test_left_stands_above_right_however_it_was_entered(record):
    (picture,) = pictures_of(record(extension("right", 2), extension("left", 14)), changes=[])
    assert [lane.letter for lane in picture.lanes] == ["L", "R"]


def test_a_larger_value_lies_further_right_and_the_threshold_between(record):
    (picture,) = pictures_of(record(extension("left", 14), extension("right", 2)), changes=[])
    left, right = picture.lanes
    assert right.x < picture.threshold.x < left.x
    assert (left.label, right.label) == ("14°", "2°")


def test_the_whisker_is_the_measurement_error_on_both_sides(record):
    (picture,) = pictures_of(record(extension("left", 14)), changes=[])
    (lane,) = picture.lanes
    low, high = lane.whisker
    assert round(lane.x - low) == round(high - lane.x) > 0


def test_observations_have_no_picture(record):
    assert pictures_of(record({"measure": "foot_posture", "side": "left", "observed": "pronated"}), changes=[]) == []
