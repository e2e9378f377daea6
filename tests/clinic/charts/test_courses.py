"""Courses: every value on its day, bands only where something can be compared."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.charts import trend
from tests.clinic.charts.shapes import FIRST, assert_readable, errors, few, numbers, place, shapes


def points(*values, start=0, step=28, within=()):
    return tuple(
        trend.Point(FIRST + datetime.timedelta(days=start + step * number), value, f"{value:g}°", number in within)
        for number, value in enumerate(values)
    )


def course(*runs, side="left", **more):
    return trend.Trend("deg", (trend.Line(side, runs),), **more)


def test_a_higher_value_stands_higher_and_a_later_one_further_right():
    svg = trend.draw("k", "t", "w", course(trend.Run(points(2, 20))))
    first, last = shapes(svg, "circle", "chart-dot left")
    assert place(last, "cx") > place(first, "cx")
    assert place(last, "cy") < place(first, "cy")


def test_the_band_lies_around_the_first_value_of_its_run_alone():
    svg = trend.draw("k", "t", "w", course(trend.Run(points(10, 30), 5), trend.Run(points(50, 52, start=60), 5, "1")))
    bands, dots = shapes(svg, "rect", "error-band"), shapes(svg, "circle", "chart-dot")
    middles = [place(band, "y") + place(band, "height") / 2 for band in bands]
    assert middles == [pytest.approx(place(dots[0], "cy"), abs=0.2), pytest.approx(place(dots[2], "cy"), abs=0.2)]


def test_no_line_leads_over_a_break_and_the_break_has_its_number():
    svg = trend.draw("k", "t", "w", course(trend.Run(points(10, 12)), trend.Run(points(30, 31, start=60), None, "2")))
    lines = shapes(svg, "path", "trend left")
    assert [one.get("d").count("L") for one in lines] == [1, 1]
    assert len(shapes(svg, "line", "chart-break")) == 1
    assert [one.text for one in shapes(svg, "text", "chart-why")] == ["2"]


def test_of_two_numbers_that_would_stand_on_each_other_one_is_left_to_the_page():
    starts = (0, 1, 2, 2000)
    one = course(*(trend.Run(points(10, start=start), None, str(n) if n else "") for n, start in enumerate(starts)))
    svg = trend.draw("k", "t", "w", one)
    assert [text.text for text in shapes(svg, "text", "chart-why")] == ["1", "3"]
    assert len(shapes(svg, "line", "chart-break")) == 3
    assert_readable(trend.lay_out(one))


def test_a_single_value_has_no_band():
    assert not shapes(trend.draw("k", "t", "w", course(trend.Run(points(10), 5))), "rect", "error-band")


def test_a_value_inside_the_error_is_a_grey_square_in_both_sizes():
    one = course(trend.Run(points(10, 12, within=(1,)), 5))
    for svg in (trend.draw("k", "t", "w", one), trend.spark(one)):
        assert len(shapes(svg, "rect", "chart-dot within-error")) == 1


def test_what_was_done_stands_on_its_day_and_only_inside_the_course():
    days = [FIRST + datetime.timedelta(days=day) for day in (-5, 14, 90)]
    done = tuple(trend.Done(day, "session") for day in days)
    svg = trend.draw("k", "t", "w", course(trend.Run(points(10, 12)), done=done))
    (stroke,) = shapes(svg, "line", "chart-session")
    first, last = shapes(svg, "circle", "chart-dot")
    assert place(stroke, "x1") == pytest.approx((place(first, "cx") + place(last, "cx")) / 2, abs=0.2)


def test_a_threshold_is_a_line_at_its_value():
    svg = trend.draw("k", "t", "w", course(trend.Run(points(10, 20)), threshold=20))
    (line,) = shapes(svg, "line", "difference")
    assert place(line, "y1") == place(shapes(svg, "circle", "chart-dot")[-1], "cy")


def test_the_words_say_every_value_and_every_break():
    lines = course(trend.Run(points(10, 12, within=(1,))), trend.Run(points(30, start=60), None, "1")).lines
    days = {point.day: point.day.isoformat() for point in lines[0].points}
    assert trend.said(lines, days) == ("Left: 2026-01-05 10°; 2026-02-02 12°, within error; break 1; 2026-03-06 30°")


@st.composite
def courses(draw):
    def run(number):
        gaps = draw(st.lists(st.integers(1, 200), min_size=1, max_size=6))
        start = number * 900
        days = [FIRST + datetime.timedelta(days=start + sum(gaps[: place + 1])) for place in range(len(gaps))]
        row = tuple(trend.Point(day, draw(numbers), f"{draw(numbers):g} mm", draw(st.booleans())) for day in days)
        return trend.Run(row, draw(errors), str(number) if number else "")

    which = draw(st.sampled_from([("left", "right"), ("right",), ("",)]))
    lines = tuple(trend.Line(side, tuple(run(number) for number in range(draw(st.integers(1, 3))))) for side in which)
    threshold = draw(st.none() | numbers)
    return trend.Trend("mm", lines, (), threshold, "5 Jan 2026", "12 Dec 2031")


@few
@given(courses())
def test_any_course_is_readable_and_inside(one):
    assert_readable(trend.lay_out(one))
    for svg, edge in ((trend.draw("k", "t", "w", one), trend.WIDTH), (trend.spark(one), trend.SPARK_WIDTH)):
        assert all(0 <= place(dot, "cx") <= edge for dot in shapes(svg, "circle", "chart-dot"))
