"""Done of planned of one version of a programme, in the client's own calendar days.

What counts as planned is written in `counting`, which adds up the versions of many clients at once. Here the days of
one version are named one by one. Of today only what is answered counts, because the day is not over.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

from treatments.models import HomeLog, Outcome, Programme, ProgrammeItem
from treatments.planning.weekdays import planned_days

SLIPPING_DAYS = 14
SLIPPING_BELOW = 0.5
ENOUGH_PLANNED = 4  # fewer occurrences say nothing about a habit; a working value of our own


@dataclass(frozen=True)
class Adherence:
    planned: int
    done: int
    skipped: int = 0
    too_painful: int = 0

    @property
    def share(self) -> float | None:
        """0…1; None while nothing was planned yet."""
        return self.done / self.planned if self.planned else None

    @property
    def percent(self) -> int | None:
        return None if self.share is None else round(100 * self.share)


@dataclass(frozen=True)
class Day:
    """One square of the weeks picture. `state`: done, part, missed, painful, free, coming."""

    date: datetime.date
    planned: int
    done: int
    state: str


def adherence(programme: Programme, on: datetime.date) -> Adherence:
    """Up to `on`, a day in the client's calendar."""
    items, logs = list(programme.items.all()), logs_of(programme)
    counted = [log for log in logs if log.local_date <= on]
    over = on - datetime.timedelta(days=1)
    planned = {(item.pk, day) for item in items for day in occurrences(programme, item, until=over)}
    planned |= {(log.item_id, log.local_date) for log in counted}
    outcomes = Counter(log.outcome for log in counted)
    return Adherence(len(planned), outcomes[Outcome.DONE], outcomes[Outcome.SKIPPED], outcomes[Outcome.TOO_PAINFUL])


def logs_of(programme: Programme) -> list[HomeLog]:
    return list(HomeLog.objects.filter(item__programme=programme))


def occurrences(programme: Programme, item: ProgrammeItem, *, until: datetime.date) -> list[datetime.date]:
    """The days on which this exercise was to be done, `until` included, which is taken as over. Not in it: from
    the day on which the version ended or was held, or the exercise was stopped, whatever was answered on that day."""
    zone = programme.client.zone
    broken_off = [at for at in (programme.ended_at, programme.held_at, item.stopped_at) if at]
    ends = [at.astimezone(zone).date() - datetime.timedelta(days=1) for at in broken_off]
    return planned_days(item.weekdays, programme.starts_on, min([programme.until, until, *ends]))


def weeks(programme: Programme, on: datetime.date, *, most: int = 12) -> list[list[Day]]:
    """Rows of seven days, Monday first, from the week it started to its last; the latest `most` weeks around `on`."""
    items, logs = list(programme.items.all()), logs_of(programme)
    wanted = {(item.pk, day) for item in items for day in occurrences(programme, item, until=programme.until)}
    planned = Counter(day for _, day in wanted | {(log.item_id, log.local_date) for log in logs})
    outcomes: dict[datetime.date, Counter[str]] = {}
    for log in logs:
        outcomes.setdefault(log.local_date, Counter())[log.outcome] += 1
    days = [day_of(day, planned[day], outcomes.get(day, Counter()), on) for day in whole_weeks(programme)]
    rows = [days[start : start + 7] for start in range(0, len(days), 7)]
    shown = [row for row in rows if row[0].date <= on] or rows[:1]
    return (shown[-most:] + rows[len(shown) :])[:most]


def whole_weeks(programme: Programme) -> list[datetime.date]:
    first = programme.starts_on - datetime.timedelta(days=programme.starts_on.isoweekday() - 1)
    last = programme.until + datetime.timedelta(days=7 - programme.until.isoweekday())
    return planned_days(range(1, 8), first, last)


def day_of(day: datetime.date, planned: int, outcomes: Counter[str], on: datetime.date) -> Day:
    done = outcomes[Outcome.DONE]
    return Day(day, planned, done, state_of(planned, done, bool(outcomes[Outcome.TOO_PAINFUL]), day, on))


def state_of(planned: int, done: int, painful: bool, day: datetime.date, on: datetime.date) -> str:
    if painful:
        return "painful"
    if not planned:
        return "free"
    if done >= planned:
        return "done"
    if done:
        return "part"
    return "coming" if day >= on else "missed"
