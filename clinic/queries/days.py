"""Days and weeks on a line of instants: where a timeline puts what has a date and no time."""

from __future__ import annotations

import datetime
import zoneinfo

WEEK = datetime.timedelta(days=7)
DAY = datetime.timedelta(days=1)


def midnight(day: datetime.date, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """The beginning of that day there."""
    return datetime.datetime.combine(day, datetime.time(), zone)


def last_begun(before: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.date:
    """The last day whose midnight there lies before that instant."""
    return (before.astimezone(zone) - datetime.timedelta(microseconds=1)).date()


def end_of_week(day: datetime.date) -> datetime.date:
    """Its Sunday."""
    return day + datetime.timedelta(days=6 - day.weekday())


def within(day: datetime.date, at: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """`at`, but no later than the end of `day` there: what is signed a week later was still done on its day."""
    return min(at, midnight(day + DAY, zone))


def in_words(day: datetime.date) -> str:
    return f"{day.day} {day:%b}"
