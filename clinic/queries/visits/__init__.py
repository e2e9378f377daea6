"""The diary, read: when the practice is open, who comes when, and where it stands on the page."""

from clinic.queries.visits.diary import Diary, day_of, week_of
from clinic.queries.visits.lists import came_before, changed_since, feed_of, next_and_last, of_client
from clinic.queries.visits.opening import Opening, Span, day_span, local, open_hours, opening

__all__ = [
    "Diary",
    "Opening",
    "Span",
    "came_before",
    "changed_since",
    "day_of",
    "day_span",
    "feed_of",
    "local",
    "next_and_last",
    "of_client",
    "open_hours",
    "opening",
    "week_of",
]
