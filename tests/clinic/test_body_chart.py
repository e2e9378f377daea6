"""Strokes on the body: what is one, what it says, and that R stands where the client's right is."""

import re

import pytest

from clinic.figure import chart as body_chart
from clinic.figure.chart import PLACES, VIEWS, faults, in_words, line, marked, place_of, words

STROKE = {"view": "back", "kind": "pain", "points": [[570, 370]]}


def test_a_sound_chart():
    assert list(faults([])) == []
    assert list(faults([STROKE, marked("front-head", "ache")])) == []


@pytest.mark.parametrize(
    ("strokes", "said"),
    [
        ({}, "at most 120 strokes"),
        ([STROKE] * 121, "at most 120 strokes"),
        (["a"], "Stroke 1 of the chart needs view, kind and points"),
        ([STROKE, {**STROKE, "colour": "red"}], "Stroke 2 of the chart needs"),
        ([{**STROKE, "view": "top"}], "the view is one of front, back, right, left"),
        ([{**STROKE, "view": ["back"]}], "the view is one of"),
        ([{**STROKE, "kind": "itch"}], "the kind is one of"),
        ([{**STROKE, "kind": None}], "the kind is one of"),
        ([{**STROKE, "points": []}], "1 to 400 points"),
        ([{**STROKE, "points": {}}], "1 to 400 points"),
        ([{**STROKE, "points": [[1, 1]] * 401}], "1 to 400 points"),
        ([{**STROKE, "points": [[1, 1001]]}], "whole numbers from 0 to 1000"),
        ([{**STROKE, "points": [[1.5, 1]]}], "whole numbers"),
        ([{**STROKE, "points": [[True, 1]]}], "whole numbers"),
        ([{**STROKE, "points": [[1]]}], "whole numbers"),
        ([{**STROKE, "points": ["ab"]}], "whole numbers"),
    ],
)
def test_what_is_no_chart_is_said_in_one_line(strokes, said):
    lines = list(faults(strokes))
    assert len(lines) == 1
    assert said in lines[0]


@pytest.mark.parametrize("key", PLACES)
def test_what_is_marked_from_the_list_says_where_it_is(key):
    assert words(marked(key, "pain")) == f"Pain: {PLACES[key].name}"


def test_the_right_of_the_client():
    """In front of the viewer's left, behind them at their right, and looking right from the right side."""
    assert place_of("front", 360, 460).name.startswith("right")
    assert place_of("back", 640, 460).name.startswith("right")
    assert place_of("front", 640, 460).name.startswith("left")
    assert place_of("back", 360, 460).name.startswith("left")
    assert all(
        place.name.startswith(view) for view in ("left", "right") for place in PLACES.values() if place.view == view
    )
    assert VIEWS["front"].letters == ("R", "L")
    assert VIEWS["back"].letters == ("L", "R")
    assert VIEWS["left"].letters == ("", "")
    foot = {view: PLACES[f"{view}-{view}_side_of_the_foot"].x for view in ("left", "right")}
    assert foot["left"] < 500 < foot["right"]


def test_from_where_to_where_and_each_thing_once():
    down = {"view": "back", "kind": "tingling", "points": [[620, 460], [640, 560], [660, 800]]}
    assert words(down) == "Tingling: right buttock to right calf"
    assert in_words([down, STROKE, down]) == ["Tingling: right buttock to right calf", "Pain: right low back"]


@pytest.mark.parametrize("view", VIEWS)
def test_the_figure_lies_on_its_sheet_and_under_its_places(view):
    drawing = body_chart.figure(view)
    assert drawing.count("<path") > 8
    starts = [(int(x), int(y)) for x, y in re.findall(r"M(-?\d+) ?(-?\d+)", drawing)]
    assert all(0 <= x <= VIEWS[view].width and 0 <= y <= 1000 for x, y in starts)
    assert all(0 < place.x < 1000 and 0 < place.y < 1000 for place in PLACES.values() if place.view == view)


def test_points_as_svg_writes_them():
    assert line(STROKE) == "296.4,370 296.4,370"
    assert line({**STROKE, "points": [[0, 0], [1000, 1000]]}) == "0,0 520,1000"


def test_marking_what_there_is_not():
    with pytest.raises(KeyError):
        marked("front-tail", "pain")
