"""What was done at home beside what was gained."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.charts import gains
from tests.clinic.charts.shapes import FIRST, assert_readable, few, numbers, place, shapes


def test_more_done_lies_further_right_and_more_gained_higher():
    svg = gains.draw_gains(
        "k", "t", "w", [gains.Gain("left", 0.2, 2, False), gains.Gain("right", 0.8, 20, False)], 13, "°"
    )
    (little,), (much,) = shapes(svg, "circle", "dot-today left"), shapes(svg, "circle", "dot-today right")
    (band,) = shapes(svg, "rect", "error-band")
    assert place(much, "cx") > place(little, "cx")
    assert place(much, "cy") < place(band, "y") < place(little, "cy")


def test_what_lies_within_the_error_is_a_grey_square():
    svg = gains.draw_gains("k", "t", "w", [gains.Gain("left", 1, 5, True)], 13, "°")
    assert shapes(svg, "circle", "dot-today") == []
    assert len(shapes(svg, "rect", "dot-today within-error")) == 1


def test_a_week_is_filled_as_far_as_it_was_done_and_stands_on_the_days_of_the_measure():
    weeks = [gains.Week(FIRST, 4, 1), gains.Week(FIRST + gains.WEEK, 4, 4), gains.Week(FIRST + 2 * gains.WEEK, 0, 0)]
    values = [gains.Value(FIRST, "left", 2, "2°"), gains.Value(FIRST + 2 * gains.WEEK, "left", 20, "20°")]
    svg = gains.draw_strip("k", "t", "w", weeks, values, ("a", "b"))
    heights = [place(one, "height") for one in shapes(svg, "rect", "chart-done")]
    assert heights[0] == pytest.approx(heights[1] / 4)
    assert len(heights) == 2
    first, last = shapes(svg, "circle", "chart-dot")
    bars = shapes(svg, "rect", "chart-planned")
    assert place(first, "cx") == pytest.approx(place(bars[0], "x"), abs=0.6)
    assert place(last, "cx") == pytest.approx(place(bars[1], "x") + place(bars[1], "width"), abs=0.6)


@few
@given(
    st.lists(
        st.builds(
            gains.Gain, st.sampled_from(["left", "right", ""]), st.floats(0, 1), st.floats(-90, 90), st.booleans()
        ),
        min_size=1, max_size=9,
    ),
    st.floats(1, 30),
)  # fmt: skip
def test_any_gains_are_readable_and_inside(all_gains, error):
    assert_readable(gains.lay_out_gains(all_gains, error, "°"))


@few
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=60),
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["left", "right"]), numbers), min_size=1, max_size=12),
)
def test_any_strip_is_readable_and_inside(counts, readings):
    weeks = [gains.Week(FIRST + place * gains.WEEK, max(pair), min(pair)) for place, pair in enumerate(counts)]
    values = [
        gains.Value(FIRST + datetime.timedelta(days=day), side, value, f"{value:g}°")
        for day, side, value in sorted(readings)
    ]
    assert_readable(gains.lay_out_strip(weeks, values, ("5 Jan 2026", "12 Dec 2031")))
