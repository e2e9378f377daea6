"""Drawings as PNG: everything that a drawing is made of has its colour, and the sides differ."""

import io
import re
from itertools import pairwise

import pytest
from PIL import Image, ImageChops

from clinic.figure.drawing import svg
from clinic.figure.raster import PAINTS, SHAPES, WRITTEN, dashed, lines, png
from tests.benchmarks.untraced import untraced
from treatments.planning.poses import PICTURES
from treatments.queries.pictures import WIDTH, picture


@pytest.fixture(autouse=True)
def _unwatched():
    """What makes a picture is not measured, and takes twice as long when watched."""
    with untraced():
        yield


def opened(made):
    return Image.open(io.BytesIO(made)).convert("RGB")


def test_every_class_of_every_drawing_is_painted():
    drawn = "".join(svg(one, side) for one in PICTURES.values() for side in ("", "left", "right"))
    used = set(re.findall(r'class="([\w-]+)"', drawn)) - {"drawing", "ghost"}
    assert {name for name in used if name not in PAINTS and name not in WRITTEN} - {
        name for name in used if name.startswith("p-")
    } == set()
    assert len(used) > 20


def test_every_shape_of_a_drawing_is_read():
    for one in PICTURES.values():
        drawn = svg(one, "right", "A name", "What it shows.")
        inside = drawn[drawn.index("</desc>") + len("</desc>") : -len("</svg>")]
        assert SHAPES.sub("", inside) == ""


@pytest.mark.parametrize("key", ["half_kneeling_hip_flexor_stretch", "short_foot", "side_lying_leg_raise"])
def test_a_picture_is_small_sharp_and_of_its_side(key):
    left, right = opened(picture(key, "left").content), opened(picture(key, "right").content)
    assert left.width == right.width == WIDTH
    assert len(picture(key, "left").content) < 30_000
    assert ImageChops.difference(left, right.resize(left.size)).getbbox()
    for made in (left, right):
        box = ImageChops.difference(made, Image.new("RGB", made.size, "white")).getbbox()
        assert box[1] <= 9, "no stripe above"
        assert box[3] >= made.height - 9, "nor below"
    assert picture(key, "left") is picture(key, "left"), "drawn once"


def test_an_exercise_that_is_gone_has_no_picture():
    assert picture("gone", "") is None


def test_a_path_is_read_as_it_was_meant():
    (line,) = lines("M10 20l5-5l0 10z")
    assert line == [(10, 20), (15, 15), (15, 25), (10, 20)]
    (curve,) = lines("M0 0c10 0 20 10 20 20s10 20 20 20")
    assert curve[0] == (0, 0)
    assert curve[8] == pytest.approx((20, 20))
    assert curve[-1] == pytest.approx((40, 40))
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(curve)), "without a kink"


def test_dashes_leave_gaps_across_corners():
    pieces = list(dashed([(0, 0), (10, 0), (10, 10)], (6, 4), 1))
    assert [(round(a[0][0]), round(a[0][1])) for a in pieces] == [(0, 0), (10, 0)]
    assert sum(abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in pieces) == pytest.approx(12, abs=0.1)


def test_what_is_no_drawing_is_refused():
    with pytest.raises(ValueError, match="no drawing of ours"):
        png("<p>hello</p>", 100)
