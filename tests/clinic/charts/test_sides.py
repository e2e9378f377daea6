"""Left and right: values land where they should, words never stand on top of each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.charts import sides
from tests.clinic.charts.shapes import assert_readable, errors, few, names, numbers, place, shapes


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
