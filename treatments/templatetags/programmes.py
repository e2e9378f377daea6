"""How a programme is said and drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext

from assessments.rules import PACK
from treatments.planning import LIBRARY
from treatments.queries import Day

register = template.Library()

SQUARE, STEP, WEEK_GAP = 10, 12, 6


@register.inclusion_tag("treatments/parts/strip.html")
def strip(weeks: Sequence[Sequence[Day]], label: str) -> dict[str, Any]:
    """One square a day, a gap a week. `label` says the same in words."""
    marks = [
        {"day": day, "x": row * (7 * STEP + WEEK_GAP) + place * STEP, "size": SQUARE}
        for row, week in enumerate(weeks)
        for place, day in enumerate(week)
    ]
    width = len(weeks) * (7 * STEP + WEEK_GAP) - WEEK_GAP
    return {"marks": marks, "width": max(width, SQUARE), "height": SQUARE + 2, "label": label}


@register.filter
def day_names(weekdays: Sequence[int]) -> str:
    """[1, 2, 3, 4, 5] is "Mon to Fri", [1, 3, 5] is "Mon, Wed, Fri", all seven are "every day"."""
    days = sorted(weekdays)
    if len(days) == 7:
        return gettext("every day")
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return gettext("{first} to {last}").format(first=WEEKDAYS_ABBR[days[0] - 1], last=WEEKDAYS_ABBR[days[-1] - 1])
    return ", ".join(str(WEEKDAYS_ABBR[day - 1]) for day in days)


@register.filter
def exercise_name(entry: Mapping[str, Any]) -> str:
    """Of an entry that was left out; a key that the library no longer knows is shown as it is."""
    known = LIBRARY.get(entry["exercise"])
    return known.name if known else str(entry["exercise"])


@register.filter
def finding_name(code: str) -> str:
    """What the protocol calls a finding; a host's own, which it doesn't know, by its code."""
    rule = PACK.rules.get(code)
    return rule.name if rule else code.replace("_", " ").capitalize()


COVERED = "already covered by"


@register.filter
def merely_covered(entries: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Exercises that another one makes unnecessary: nothing speaks against them."""
    return [entry for entry in entries if entry["because"].startswith(COVERED)]


@register.filter
def worth_a_look(entries: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [entry for entry in entries if not entry["because"].startswith(COVERED)]
