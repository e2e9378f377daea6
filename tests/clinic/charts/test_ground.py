"""The ground: nothing is drawn at nowhere, words fit and are escaped, scales hold every value."""

import datetime
import math
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.charts.scale import Scale, of_days, reach
from clinic.charts.sheet import Sheet, fitted, short, width_of
from tests.clinic.charts.shapes import FIRST, numbers


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
