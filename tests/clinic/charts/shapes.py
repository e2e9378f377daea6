"""What every test of a drawing needs: its shapes, its words, and odd data."""

import datetime
from itertools import combinations
from xml.etree import ElementTree

from hypothesis import settings
from hypothesis import strategies as st

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
