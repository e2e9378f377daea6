"""How much it hurt before the exercises, as the client said: days as a picture, and honest words about the change."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from assessments.rules.questionnaires import QUESTIONNAIRES, Answered, compare
from clinic.models import Client
from treatments.models import HomeDay

WEEKS = 8
SPAN = datetime.timedelta(days=7)
ENOUGH = 3  # numbers in a week that can stand for it; a working value of our own
SCALE = QUESTIONNAIRES["nprs"]


@dataclass(frozen=True)
class PainSoFar:
    """`verdict` on the last seven days beside the first seven: improved, worse, within_error, or too_few where one of
    the two has fewer than `ENOUGH` numbers. `first` and `last` are their means, `points` what a change needs."""

    days: tuple[HomeDay, ...]
    verdict: str
    first: float | None = None
    last: float | None = None
    points: float | None = None


def pain_so_far(client: Client, on: datetime.date) -> PainSoFar | None:
    """None where nothing was said in the last weeks."""
    since = on - WEEKS * SPAN
    rows = HomeDay.objects.filter(practice_id=client.practice_id, client=client, local_date__gt=since)
    days = tuple(rows.filter(local_date__lte=on).order_by("local_date"))
    days = tuple(day for day in days if day.pain_before is not None or day.pain_after is not None)
    return judged(days, on) if days else None


def judged(days: tuple[HomeDay, ...], on: datetime.date) -> PainSoFar:
    """By the rule of the pain scale: below its important change nothing is called a change."""
    said = [day for day in days if day.pain_before is not None]
    begin = said[0].local_date if said else on
    first = [day for day in said if day.local_date < begin + SPAN]
    last = [day for day in said if day.local_date > on - SPAN]
    apart = bool(first and last) and first[-1].local_date < last[0].local_date
    if not apart or min(len(first), len(last)) < ENOUGH:
        return PainSoFar(days, "too_few")
    then, now = mean(first), mean(last)
    found = compare(Answered(SCALE.key, SCALE.version, then), Answered(SCALE.key, SCALE.version, now))
    return PainSoFar(days, found.verdict, then, now, SCALE.change.points if SCALE.change else None)


def mean(days: Sequence[HomeDay]) -> float:
    return round(fmean(day.pain_before for day in days if day.pain_before is not None), 1)
