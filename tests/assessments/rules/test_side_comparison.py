import pytest

from assessments.rules import compare_sides


@pytest.mark.parametrize(("right", "within"), [(27.1, True), (27, False), (53, False), (40, True)])
def test_sides_are_equal_inside_the_measurement_error(read, row, right, within):
    readings = read(row("hip_extension", "left", 40), row("hip_extension", "right", right))
    (found,) = compare_sides(readings)
    assert (found.left, found.right, found.mdc) == (40, right, 13.0)
    assert found.difference == round(abs(40 - right), 6)
    assert found.within_error == within


def test_only_sides_measured_the_same_way_are_compared_and_only_with_a_known_change(read, row):
    left = row("hip_extension", "left", 10, mode="active")
    assert compare_sides(read(left, row("hip_extension", "right", 10, mode="passive"))) == []
    assert compare_sides(read(row("ober_angle", "left", -9), row("ober_angle", "right", -40))) == []
    assert compare_sides(read(row("leg_length_difference_block", "left", 9))) == []
