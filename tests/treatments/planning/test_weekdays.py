import itertools
from datetime import date

import pytest

from treatments.planning.weekdays import planned_days, weekdays


@pytest.mark.parametrize("times", range(1, 8))
def test_as_many_different_days_as_asked_for(times):
    days = weekdays(times)
    assert len(set(days)) == times
    assert set(days) <= set(range(1, 8))


@pytest.mark.parametrize("times", [2, 3])
def test_rest_days_lie_between(times):
    days = weekdays(times)
    assert all(later - earlier > 1 for earlier, later in itertools.pairwise(days))


@pytest.mark.parametrize("times", [0, 8, -1])
def test_other_numbers_are_refused_with_the_range(times):
    with pytest.raises(ValueError, match=f"{times} days a week: the allowed range is 1 to 7"):
        weekdays(times)


def test_planned_days_include_both_ends_and_cross_a_month():
    monday, sunday = date(2026, 11, 30), date(2026, 12, 6)
    assert planned_days((1, 7), monday, sunday) == [monday, sunday]
    assert planned_days((1,), sunday, monday) == []
