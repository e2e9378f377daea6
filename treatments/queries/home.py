"""What a client sees of their own days at home: the week, and everything so far, in their own calendar.

A day is counted once however many versions of the programme it saw; what counts as planned is written in `counting`.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clinic.models import Client
from treatments.models import HomeDay, HomeLog, Outcome, Programme
from treatments.planning import timer
from treatments.queries.adherence import occurrences
from treatments.queries.timing import timed

DAY = datetime.timedelta(days=1)
WEEK = 7 * DAY
MOST_WEEKS = 8
Exercise = tuple[str, str]  # key and side: the same in two versions is the same
Answers = defaultdict[Exercise, set[str]]  # of one day: what each version says


@dataclass(frozen=True)
class DayAtHome:
    """`state`: done, part, painful, skipped, missed, open (today), coming, rest, paused, none (no programme)."""

    date: datetime.date
    planned: int
    done: int
    state: str
    is_today: bool

    @property
    def so_far(self) -> bool:
        return self.state not in ("coming", "open", "none")


@dataclass(frozen=True)
class WeekAtHome:
    days: tuple[DayAtHome, ...]

    @property
    def first(self) -> datetime.date:
        return self.days[0].date

    @property
    def last(self) -> datetime.date:
        return self.days[-1].date

    @property
    def planned(self) -> int:
        """Exercises until now; those of today once something of it was done."""
        return sum(day.planned for day in self.days if day.so_far)

    @property
    def done(self) -> int:
        return sum(day.done for day in self.days)

    @property
    def coming(self) -> int:
        return sum(day.planned for day in self.days if not day.so_far)

    @property
    def is_paused(self) -> bool:
        return any(day.state == "paused" for day in self.days)


@dataclass(frozen=True)
class SoFar:
    """`weeks` oldest first, at most `MOST_WEEKS`; the numbers are of the same time. `minutes` by the dose, about."""

    weeks: tuple[WeekAtHome, ...]
    days_done: int
    days_planned: int
    minutes: int


def done_ever(client: Client) -> int:
    """How often an exercise was done: what two versions of one day say is said once."""
    done = HomeLog.objects.filter(practice_id=client.practice_id, client=client, outcome=Outcome.DONE)
    return done.order_by().values("local_date", "item__exercise", "item__side").distinct().count()


def home_day(client: Client, on: datetime.date) -> HomeDay | None:
    return HomeDay.objects.filter(practice_id=client.practice_id, client=client, local_date=on).first()


def has_begun(client: Client) -> bool:
    """Anything was ever answered: how it goes needs no explaining any more."""
    return HomeLog.objects.filter(practice_id=client.practice_id, client=client).exists()


def week(client: Client, on: datetime.date) -> WeekAtHome:
    """Monday to Sunday around that day, which is today."""
    monday = on - (on.isoweekday() - 1) * DAY
    programmes = programmes_of(client, monday, monday + WEEK - DAY)
    return WeekAtHome(tuple(days(programmes, logs_of(client, monday), monday, 7, on)))


def so_far(client: Client, on: datetime.date) -> SoFar | None:
    """The weeks since the first day of all, until this one; None before anything was to be done."""
    monday = on - (on.isoweekday() - 1) * DAY
    earliest = monday - (MOST_WEEKS - 1) * WEEK
    programmes = programmes_of(client, earliest, on)
    if not programmes:
        return None
    first = max(earliest, min(programme.starts_on for programme in programmes))
    first -= (first.isoweekday() - 1) * DAY
    logs = logs_of(client, first)
    found = days(programmes, logs, first, (monday - first).days + 7, on)
    done = [log for log in logs if log.outcome == Outcome.DONE]
    return SoFar(
        weeks=tuple(WeekAtHome(tuple(found[start : start + 7])) for start in range(0, len(found), 7)),
        days_done=sum(day.done > 0 for day in found),
        days_planned=sum(day.planned > 0 and day.so_far for day in found),
        minutes=round(sum(timer.seconds(timed(log.item)) for log in done) / 60),
    )


def programmes_of(client: Client, first: datetime.date, last: datetime.date) -> list[Programme]:
    """Those the client was given that lie in these days; at most as many queries as two."""
    shared = Programme.objects.filter(practice_id=client.practice_id, client=client, starts_on__lte=last)
    shared = shared.filter(until__gte=first).exclude(published_at=None).prefetch_related("items")
    found = list(shared.order_by("published_at"))
    for programme in found:
        programme.client = client  # its zone is asked for
    return found


def logs_of(client: Client, first: datetime.date) -> list[HomeLog]:
    rows = HomeLog.objects.filter(practice_id=client.practice_id, client=client, local_date__gte=first)
    return list(rows.select_related("item"))


def days(
    programmes: Sequence[Programme], logs: Iterable[HomeLog], first: datetime.date, count: int, today: datetime.date
) -> list[DayAtHome]:
    """`count` days from `first`."""
    last = first + (count - 1) * DAY
    planned = planned_on(programmes, first, last)
    answers: dict[datetime.date, Answers] = defaultdict(lambda: defaultdict(set))
    for log in logs:
        answers[log.local_date][log.item.exercise, log.item.side].add(log.outcome)
    return [
        day_at_home(day, planned[day], answers[day], today, covered(programmes, day))
        for day in (first + step * DAY for step in range(count))
    ]


def planned_on(
    programmes: Sequence[Programme], first: datetime.date, last: datetime.date
) -> defaultdict[datetime.date, set[Exercise]]:
    """`programmes` in the order in which they were given: each ends before the first day of a later one."""
    found: defaultdict[datetime.date, set[Exercise]] = defaultdict(set)
    for place, programme in enumerate(programmes):
        later = [one.starts_on - DAY for one in programmes[place + 1 :] if programme.ended_at]
        for item in programme.items.all():
            for day in occurrences(programme, item, until=min([last, *later])):
                if first <= day:
                    found[day].add((item.exercise, item.side))
    return found


def ended_on(programme: Programme) -> datetime.date | None:
    return programme.ended_at.astimezone(programme.client.zone).date() if programme.ended_at else None


def covered(programmes: Sequence[Programme], day: datetime.date) -> str:
    """`paused` while a programme waits for a clinician, `rest` where one runs, `none` where none does. The day on which
    one version replaced another is of the newer one; `programmes`: in the order in which they were given."""
    running = [one for one in programmes if one.starts_on <= day <= min(one.until, ended_on(one) or one.until)]
    if not running:
        return "none"
    return "paused" if is_held(running[-1], day) else "rest"


def is_held(programme: Programme, day: datetime.date) -> bool:
    """From the day of the hold on; once it is over another version runs, and this one keeps when it was held."""
    return programme.held_at is not None and day >= programme.held_at.astimezone(programme.client.zone).date()


def day_at_home(
    day: datetime.date, planned: set[Exercise], answers: Answers, today: datetime.date, covered: str
) -> DayAtHome:
    expected = (planned if covered == "rest" else set()) | answers.keys()
    done = sum(Outcome.DONE in said for said in answers.values())
    state = state_of(len(expected), done, set().union(*answers.values()), (day > today) - (day < today), covered)
    return DayAtHome(day, len(expected), done, state, day == today)


def state_of(expected: int, done: int, outcomes: set[str], when: int, covered: str) -> str:
    """`when`: -1 past, 0 today, 1 coming."""
    if Outcome.TOO_PAINFUL in outcomes:
        return "painful"
    if not expected:
        return covered
    if done:
        return "done" if done >= expected else "part"
    if when > 0:
        return "coming"
    if outcomes:
        return "skipped"
    return "missed" if when < 0 else "open"
