"""What a client sees on one day of their own calendar."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.models import Client
from treatments.models import HomeDay, HomeLog, Outcome, Programme, ProgrammeItem, State
from treatments.queries.programmes import latest_shared, locked_because, running


@dataclass(frozen=True)
class Task:
    """One exercise of one day, and what the client answered."""

    item: ProgrammeItem
    day: datetime.date
    answer: HomeLog | None = None

    @property
    def outcome(self) -> str:
        return self.answer.outcome if self.answer else ""

    @property
    def is_open(self) -> bool:
        return self.answer is None and self.item.stopped_at is None


@dataclass(frozen=True)
class PortalDay:
    """`state`: locked, none, ended, held, coming, rest, today."""

    state: str
    day: datetime.date
    programme: Programme | None = None
    tasks: list[Task] = field(default_factory=list)
    pain: HomeDay | None = None  # where the programme is held since this day: it may have been a wrong tap

    @cached_property
    def next(self) -> Task | None:
        return next((task for task in self.tasks if task.is_open), None)

    @property
    def answered(self) -> int:
        return sum(not task.is_open for task in self.tasks)

    @property
    def progress_label(self) -> str:
        return _("%(answered)d of %(all)d answered") % {"answered": self.answered, "all": len(self.tasks)}

    @cached_property
    def later(self) -> list[Task]:
        return [task for task in self.tasks if task.is_open][1:]

    @cached_property
    def finished(self) -> list[Task]:
        return [task for task in self.tasks if not task.is_open]

    @property
    def something_hurt(self) -> bool:
        return any(task.outcome == Outcome.TOO_PAINFUL for task in self.tasks)


def local_today(client: Client, now: datetime.datetime | None = None) -> datetime.date:
    """The date on the client's wall."""
    return (now or timezone.now()).astimezone(client.zone).date()


def today(client: Client, on: datetime.date) -> list[Task]:
    """Exercises of the day in order: those still wanted, and those that were answered on it."""
    programme = running(client, on)
    return tasks_of(programme, on) if programme else []


def tasks_of(programme: Programme, on: datetime.date) -> list[Task]:
    answers = answers_of(programme, on)
    items = programme.items.filter(weekdays__contains=[on.isoweekday()])
    tasks = [Task(item, on, answers.get(item.pk) or answers.get((item.exercise, item.side))) for item in items]
    return [task for task in tasks if task.item.stopped_at is None or task.answer]


def answers_of(programme: Programme, on: datetime.date) -> dict[Any, HomeLog]:
    """By item; what was done or skipped before another version came on the same day, by exercise and side."""
    logs = HomeLog.objects.filter(practice_id=programme.practice_id, client_id=programme.client_id, local_date=on)
    found: dict[Any, HomeLog] = {}
    for log in logs.select_related("item"):
        if log.item.programme_id == programme.pk:
            found[log.item_id] = log
        elif log.outcome != Outcome.TOO_PAINFUL:
            found[log.item.exercise, log.item.side] = log
    return found


def blank_day(programme: Programme) -> PortalDay:
    """The first day with something to do, before anything was answered."""
    day = first_day(programme)
    items = programme.items.running().filter(weekdays__contains=[day.isoweekday()])
    return PortalDay("today", day, programme, [Task(item, day) for item in items])


def portal_day(client: Client, on: datetime.date) -> PortalDay:
    """What the portal shows. A lock comes before everything else."""
    if locked_because(client):
        return PortalDay("locked", on)
    programme = latest_shared(client)
    if programme is None:
        return PortalDay("none", on)
    if programme.state == State.ENDED or programme.until < on:
        return PortalDay("ended", on, programme)
    if programme.held_at:
        return PortalDay("held", on, programme, pain=pain_that_held(programme, on))
    if programme.starts_on > on:
        return PortalDay("coming", on, programme)
    tasks = tasks_of(programme, on)
    return PortalDay("today" if tasks else "rest", on, programme, tasks)


def pain_that_held(programme: Programme, on: datetime.date) -> HomeDay | None:
    """What the client said about pain on the day it was held, as long as that day is not over."""
    if programme.held_at is None or local_today(programme.client, programme.held_at) != on:
        return None
    rows = HomeDay.objects.filter(practice_id=programme.practice_id, client_id=programme.client_id, local_date=on)
    return rows.first()


def next_day(programme: Programme, after: datetime.date) -> datetime.date | None:
    """The next day with something to do; None when there is none before the programme is over."""
    wanted = {day for days in programme.items.running().values_list("weekdays", flat=True) for day in days}
    coming = (after + datetime.timedelta(days=step) for step in range(1, 8))
    return next((day for day in coming if day.isoweekday() in wanted and day <= programme.until), None)


def first_day(programme: Programme) -> datetime.date:
    """The first day with something to do; the first of all where there is nothing to do."""
    return next_day(programme, programme.starts_on - datetime.timedelta(days=1)) or programme.starts_on
