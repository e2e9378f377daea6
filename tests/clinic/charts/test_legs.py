"""Pelvis and legs: as large as measured, and only as certain as known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.charts import legs
from tests.clinic.charts.shapes import assert_readable, few, names, place, shapes


def stance(cause, side="right", size=8.0, **more):
    return legs.Legs(cause, "word", side, size, **more)


def test_the_difference_is_as_large_as_it_says_times_the_factor():
    drawn = stance(legs.Cause.BONE)
    assert drawn.factor == 10
    hips, feet = legs.places(drawn)
    assert feet == {"left": legs.FLOOR, "right": legs.FLOOR}
    assert hips["right"] - hips["left"] == pytest.approx(8 * legs.UNIT * 10)
    assert "8 mm, drawn ×10" in legs.draw("k", "t", "w", drawn)


def test_a_functional_difference_never_shortens_a_leg():
    hips, feet = legs.places(stance(legs.Cause.PELVIS))
    assert feet["left"] - hips["left"] == pytest.approx(feet["right"] - hips["right"])


@pytest.mark.parametrize("cause", [legs.Cause.CONFLICT, legs.Cause.UNSETTLED])
def test_what_is_not_settled_is_level_and_dashed(cause):
    svg = legs.draw("k", "t", "w", stance(cause))
    assert legs.places(stance(cause))[0] == {"left": legs.TOP, "right": legs.TOP}
    assert len(shapes(svg, "path", "leg chart-unsure")) == 3
    assert "mm" not in svg


def test_what_is_settled_is_solid():
    assert not shapes(legs.draw("k", "t", "w", stance(legs.Cause.BONE)), "path", "chart-unsure")


def test_the_right_is_on_the_viewers_left_in_drawing_and_bars():
    bar = legs.Method("Tape", "R shorter", "right", 12, 10, True)
    svg = legs.draw("k", "t", "w", stance(legs.Cause.BONE, methods=(bar,)))
    letters = {one.text: place(one, "x") for one in shapes(svg, "text", "side-label") if len(one.text) == 1}
    assert letters["R"] < legs.MIDDLE < letters["L"]
    (drawn,) = shapes(svg, "rect", "chart-bar right")
    assert place(drawn, "x") + place(drawn, "width") <= (legs.BAR_LEFT + legs.BAR_RIGHT) / 2 + 0.2


def test_left_and_right_are_mirrored():
    right, left = (legs.places(stance(legs.Cause.BONE, side)) for side in ("right", "left"))
    assert (right[0]["right"], right[0]["left"]) == (left[0]["left"], left[0]["right"])


def test_a_bar_inside_its_error_has_no_colour_of_a_side():
    bar = legs.Method("Tape", "4 mm", "right", 4, 10, False)
    svg = legs.draw("k", "t", "w", stance(legs.Cause.LEVEL, None, None, methods=(bar,)))
    assert len(shapes(svg, "rect", "chart-bar within-error")) == 1


def test_one_leg_alone_is_dashed():
    bar = legs.Method("Tape", "one leg measured", None, None, 10, False)
    svg = legs.draw("k", "t", "w", stance(legs.Cause.UNSETTLED, None, None, methods=(bar,)))
    assert (len(shapes(svg, "rect", "chart-missing")), len(shapes(svg, "rect", "chart-bar"))) == (1, 0)


methods = st.builds(
    legs.Method, names, names, st.sampled_from(["left", "right", None]), st.none() | st.floats(0, 120),
    st.floats(1, 20), st.booleans(),
)  # fmt: skip


@few
@given(
    st.sampled_from(legs.Cause), st.sampled_from(["left", "right", None]), st.none() | st.floats(0, 300),
    st.lists(methods, max_size=8), st.sampled_from(["confirmed on imaging, and a functional part suspected", "level"]),
)  # fmt: skip
def test_any_ledger_is_readable_and_inside(cause, side, size, rows_, word):
    assert_readable(legs.lay_out(legs.Legs(cause, word, side, size, tuple(rows_))))
