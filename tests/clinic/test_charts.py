"""Charts: values land where they should, words never stand on top of each other, nothing is drawn at nowhere."""

import datetime
import math
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.charts import gains, legs, sides, trend
from clinic.charts.scale import Scale, of_days, reach
from clinic.charts.sheet import Sheet, fitted, short, width_of

FIRST = datetime.date(2026, 1, 5)
few = settings(max_examples=60, deadline=None)
numbers = st.floats(-400, 1200, allow_nan=False).map(lambda value: round(value, 1))
errors = st.none() | st.floats(0.5, 40).map(lambda value: round(value, 1))
names = st.sampled_from(["Hip extension", "Difference by standing block, long words that fill a line", "MMMM " * 12])


def shapes(svg, name, kind):
    """Every `name` whose class has all words of `kind`."""
    wanted = set(kind.split())
    return [one for one in ElementTree.fromstring(svg).iter(name) if wanted <= set(one.get("class", "").split())]


def place(shape, name):
    return float(shape.get(name))


def assert_readable(sheet):
    """All words inside, none on another; every place a number."""
    for room in sheet.rooms:
        assert room.left >= -1, room
        assert room.right <= sheet.width + 1, room
        assert room.top >= -1, room
        assert room.bottom <= sheet.height + 1, room
    for one, other in combinations(sheet.rooms, 2):
        assert not one.meets(other), (one, other)
    svg = sheet.svg("a", "title", "words")
    ElementTree.fromstring(svg)
    assert not {"nan", "inf"} & set(svg.replace('"', " ").lower().split())


# --- the ground -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_nothing_is_drawn_at_nowhere(value):
    with pytest.raises(ValueError, match="no place on a sheet"):
        short(value)


def test_words_are_escaped_and_said_to_those_who_do_not_see():
    sheet = Sheet(100, 20)
    sheet.words(0, 12, "<b>&")
    svg = sheet.svg("k", 'A "title"', "1 < 2")
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == root.find("title").get("id")
    assert root.get("aria-describedby") == root.find("desc").get("id")
    assert (root.find("title").text, root.find("desc").text, root.find("text").text) == ('A "title"', "1 < 2", "<b>&")


def test_an_ornament_says_nothing():
    assert 'aria-hidden="true"' in Sheet(10, 10).svg("", "", "")


@given(st.text(max_size=60), st.floats(20, 300))
def test_fitted_words_fit(words, room):
    assert width_of(fitted(words, room, 12), 12) <= room


@given(st.lists(numbers, min_size=1), st.floats(1, 100))
def test_a_scale_holds_every_value_and_is_never_too_narrow(values, least):
    low, high = reach(values, least)
    scale = Scale(low, high, 10, 200)
    assert high - low >= least * 0.999
    assert all(10 <= scale.at(value) <= 200 for value in values)
    assert all(low - 1e-6 <= tick <= high + 1e-6 for tick in scale.ticks())


def test_a_day_is_as_long_everywhere():
    scale = of_days(FIRST, FIRST + datetime.timedelta(days=10), 0, 100)
    assert [scale.day(FIRST + datetime.timedelta(days=day)) for day in (0, 3, 10)] == [0, 30, 100]


# --- left and right ---------------------------------------------------------------------------------------------------


def hip(left=14.0, right=2.0, **more):
    marks = [sides.Mark(side, value, f"{value:g}°", error=5) for side, value in (("left", left), ("right", right))]
    return sides.Row("Hip extension", "deg", tuple(marks), **more)


def test_left_lies_above_right_and_more_lies_further_right():
    svg = sides.draw("k", "t", "w", [hip()])
    (left,), (right,) = shapes(svg, "circle", "dot-today left"), shapes(svg, "circle", "dot-today right")
    assert place(left, "cy") < place(right, "cy")
    assert place(left, "cx") > place(right, "cx")


def test_a_degree_is_as_long_in_every_row():
    wide = hip(110, 60)
    svg = sides.draw("k", "t", "w", [hip(), wide])
    lefts, rights = shapes(svg, "circle", "dot-today left"), shapes(svg, "circle", "dot-today right")
    lengths = [place(a, "cx") - place(b, "cx") for a, b in zip(lefts, rights, strict=True)]
    assert lengths[0] / 12 == pytest.approx(lengths[1] / 50, rel=0.01)


def test_whisker_band_threshold_and_mean_stand_at_their_values():
    svg = sides.draw("k", "t", "w", [hip(14, 2, band=(8, 25.6), mean=16.8, threshold=10)])
    (left,) = shapes(svg, "circle", "dot-today left")
    (right,) = shapes(svg, "circle", "dot-today right")
    (band,), (mean,), (line,) = (
        shapes(svg, "rect", "norm-band"), shapes(svg, "line", "norm-mean"), shapes(svg, "line", "difference")
    )  # fmt: skip
    degree = (place(left, "cx") - place(right, "cx")) / 12

    def at(value):
        return pytest.approx(place(right, "cx") + (value - 2) * degree, abs=0.3)

    assert place(band, "x") == at(8)
    assert place(band, "x") + place(band, "width") == at(25.6)
    assert place(mean, "x1") == at(16.8)
    assert place(line, "x1") == at(10)
    whiskers = [one for one in shapes(svg, "line", "whisker") if one.get("y1") == one.get("y2") == left.get("cy")]
    assert [(place(one, "x1"), place(one, "x2")) for one in whiskers] == [(at(9), at(19))]


def test_inside_the_error_it_is_square_and_not_of_its_side():
    mark = sides.Mark("left", 14, "14°", before=10, error=13, within=True)
    svg = sides.draw("k", "t", "w", [sides.Row("Hip extension", "deg", (mark,))])
    assert shapes(svg, "circle", "dot-today") == []
    assert len(shapes(svg, "rect", "dot-today within-error")) == 1
    assert len(shapes(svg, "circle", "dot-previous within-error")) == 1


def test_mirrored_sides_are_mirrored_marks():
    one, other = (sides.draw("k", "t", "w", [hip(*values)]) for values in ((14, 2), (2, 14)))
    assert place(shapes(one, "circle", "dot-today left")[0], "cx") == place(
        shapes(other, "circle", "dot-today right")[0], "cx"
    )


def test_only_sides_that_differ_have_a_bracket():
    assert shapes(sides.draw("k", "t", "w", [hip(differs="sides differ 12°")]), "path", "chart-bracket")
    assert not shapes(sides.draw("k", "t", "w", [hip()]), "path", "chart-bracket")


@st.composite
def rows(draw):
    unit = draw(st.sampled_from(["deg", "mm", "cm", "points"]))
    which = draw(st.sampled_from([("left", "right"), ("left",), ("right",), ("",)]))
    marks = tuple(
        sides.Mark(
            side, draw(numbers), f"{draw(numbers):g}°", draw(st.none() | numbers), draw(errors), draw(st.booleans())
        )
        for side in which
    )
    band = draw(st.none() | st.tuples(numbers, numbers).map(sorted).map(tuple))
    differs = draw(st.sampled_from(["", "sides differ 12.5°"]))
    return sides.Row(
        draw(names), unit, marks, band, draw(st.none() | numbers), False, draw(st.none() | numbers), differs
    )


@few
@given(st.lists(rows(), min_size=1, max_size=5))
def test_any_readings_are_readable_and_inside(all_rows):
    assert_readable(sides.lay_out(all_rows))
    svg = sides.draw("k", "t", "w", all_rows)
    for dot in shapes(svg, "circle", "dot-today"):
        assert sides.START - 1 <= place(dot, "cx") <= sides.END + 1


# --- courses ----------------------------------------------------------------------------------------------------------


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


# --- pelvis and legs --------------------------------------------------------------------------------------------------


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


# --- done and gained --------------------------------------------------------------------------------------------------


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
