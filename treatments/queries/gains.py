"""What was done at home beside what changed, for each measure that a programme was for. Never why it changed."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assessments.queries import changes
from assessments.queries.packs import pack_of
from assessments.rules import Change, Measure, Pack
from clinic.models import Client
from treatments.models import HomeLog, Outcome, Programme, ProgrammeItem, State
from treatments.queries.adherence import occurrences
from treatments.queries.today import local_today

WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Interval:
    """From one assessment to the next: what was planned for this measure and side, done, and how far it changed.

    `gained` in the measure's unit, better as more; `mdc` what it was judged against.
    """

    change: Change
    planned: int
    done: int
    gained: float
    mdc: float

    @property
    def share(self) -> float:
        return self.done / self.planned

    @property
    def within(self) -> bool:
        return self.change.verdict == "within_error"


@dataclass(frozen=True)
class Week:
    first: datetime.date
    planned: int
    done: int


@dataclass(frozen=True)
class Gains:
    """One measure: the intervals oldest first, the newest way's values, and what was done week by week meanwhile."""

    measure: Measure
    intervals: tuple[Interval, ...]
    weeks: tuple[Week, ...]


@dataclass(frozen=True)
class Task:
    """One exercise on one day that it was planned for."""

    day: datetime.date
    side: str
    measures: frozenset[str]
    done: bool


def gains(client: Client) -> list[Gains]:
    """Measures with a change that could be judged while something was planned for them, in the protocol's order.

    The number of queries does not grow with programmes, exercises or answers.
    """
    shared = Programme.objects.filter(practice_id=client.practice_id, client=client).exclude(state=State.DRAFT)
    programmes = list(shared.prefetch_related("items"))
    if not programmes:
        return []
    pack = pack_of(client.practice_id)
    tasks = list(tasks_of(client, programmes, pack))
    found: dict[str, list[Interval]] = {}
    for change in dict.fromkeys(changes(client, pack)):
        interval = interval_of(change, tasks, pack)
        if interval is not None:
            found.setdefault(change.measure, []).append(interval)
    return [
        Gains(measure, tuple(found[key]), tuple(weeks_of(found[key], [one for one in tasks if key in one.measures])))
        for key, measure in pack.measures.items()
        if key in found
    ]


def tasks_of(client: Client, programmes: Iterable[Programme], pack: Pack) -> Iterator[Task]:
    """Every planned occurrence in the client's own days, as `counting` has it: once on a day with two versions."""
    answers: dict[uuid.UUID, dict[datetime.date, str]] = {}
    for log in HomeLog.objects.filter(practice_id=client.practice_id, client=client):
        answers.setdefault(log.item_id, {})[log.local_date] = log.outcome
    over = local_today(client) - datetime.timedelta(days=1)
    found: dict[tuple[str, str, datetime.date], Task] = {}
    for programme in programmes:
        programme.client = client
        for item in programme.items.all():
            measures, said = measures_of(item, pack), answers.get(item.pk, {})
            for day in {*occurrences(programme, item, until=over), *said}:
                one = (item.exercise, item.side, day)
                if one not in found or not found[one].done:
                    found[one] = Task(day, item.side, measures, said.get(day) == Outcome.DONE)
    yield from found.values()


def measures_of(item: ProgrammeItem, pack: Pack) -> frozenset[str]:
    """What would show whether the findings that the exercise answers are still there."""
    rules = (pack.rules[code] for code in item.for_findings if code in pack.rules)
    return frozenset(measure for rule in rules for measure in (rule.graded_by or rule.looks_at))


def interval_of(change: Change, tasks: Iterable[Task], pack: Pack) -> Interval | None:
    """None where it couldn't be judged, or nothing was planned for this measure and side in that time."""
    first, last = change.before_date, change.after_date
    if change.difference is None or change.mdc is None or change.verdict == "not_comparable" or not (first and last):
        return None
    meant = [
        task
        for task in tasks
        if first <= task.day < last and change.measure in task.measures and task.side in ("", change.side or "")
    ]
    if not meant:
        return None
    better = -1 if pack.changes[change.measure].better == "lower" else 1
    return Interval(change, len(meant), sum(task.done for task in meant), better * change.difference, change.mdc)


def weeks_of(intervals: Sequence[Interval], tasks: Iterable[Task]) -> Iterator[Week]:
    """Monday by Monday, from the first assessment to the last."""
    days = [day for one in intervals for day in (one.change.before_date, one.change.after_date) if day]
    start = monday(min(days))
    planned, done = Counter[datetime.date](), Counter[datetime.date]()
    for task in tasks:
        if min(days) <= task.day < max(days):
            planned[monday(task.day)] += 1
            done[monday(task.day)] += task.done
    while start <= max(days):
        yield Week(start, planned[start], done[start])
        start += WEEK


def monday(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=day.isoweekday() - 1)
