"""From "how often" to "on which days", and how many such days lie in a span. ISO weekdays: 1 is Monday."""

from collections.abc import Collection
from datetime import date, timedelta

#: A working spread of our own: rest days lie between, and whatever fits stays on working days.
SPREAD: dict[int, tuple[int, ...]] = {
    1: (3,),
    2: (2, 5),
    3: (1, 3, 5),
    4: (1, 2, 4, 5),
    5: (1, 2, 3, 4, 5),
    6: (1, 2, 3, 4, 5, 6),
    7: (1, 2, 3, 4, 5, 6, 7),
}


def weekdays(days_per_week: int) -> tuple[int, ...]:
    """ISO weekdays for an exercise that is done `days_per_week` times a week. ValueError outside 1…7."""
    if days_per_week not in SPREAD:
        raise ValueError(f"{days_per_week} days a week: the allowed range is 1 to 7")
    return SPREAD[days_per_week]


def planned_days(days: Collection[int], first: date, last: date) -> list[date]:
    """The dates from `first` to `last`, both included, that fall on `days`."""
    span = (first + timedelta(days=step) for step in range((last - first).days + 1))
    return [day for day in span if day.isoweekday() in days]
