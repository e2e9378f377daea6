"""Why a day of a client's calendar has no reminder of a home programme. The whole staff reads it: no health data."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils import timezone

from clinic.models import Client
from clinic.queries.holding import unwished_by
from clinic.services.reminders import local_instant
from treatments.models import Programme, State

HELD = "The programme is paused until a clinician has looked."


def why_not(client: Client, day: datetime.date) -> str:
    """A plain sentence, from what is on file now. At most two queries; `client` comes with `practice`."""
    rows = list(Programme.objects.filter(practice=client.practice_id, client=client).order_by("published_at", "id"))
    published = [row for row in rows if row.state != State.DRAFT and row.published_at]
    if not published:
        return "The programme is not published yet." if rows else "The client has no programme."
    at = client.reminder_time or client.practice.reminder_time
    due = local_instant(day, at, client.zone)
    if due.astimezone(client.zone).date() != day:
        return "The client's time zone had no such day."
    running = [row for row in published if _runs_at(row, due)]
    return _of_the_day(running[-1], day, due, client) if running else _none_runs(published, due, client)


def _runs_at(programme: Programme, due: datetime.datetime) -> bool:
    begun = programme.published_at is not None and programme.published_at <= due
    return begun and (programme.ended_at is None or programme.ended_at > due)


def _none_runs(published: Sequence[Programme], due: datetime.datetime, client: Client) -> str:
    ended = [row.ended_at for row in published if row.ended_at and row.ended_at <= due]
    if ended:
        return f"The programme ended on {_local(max(ended), client)}."
    first = min(row.published_at for row in published if row.published_at)
    at = f"{due.astimezone(client.zone):%H:%M}"
    return f"It would have been due at {at}; the programme was published later, on {_local(first, client)}."


def _of_the_day(programme: Programme, day: datetime.date, due: datetime.datetime, client: Client) -> str:
    if day < programme.starts_on:
        return f"The programme begins on {programme.starts_on:%-d %B %Y}."
    if day > programme.until:
        return f"The programme ran until {programme.until:%-d %B %Y}."
    if programme.held_at and programme.held_at <= due:
        return HELD
    todays = [item for item in programme.items.all() if day.isoweekday() in item.weekdays]
    if not todays:
        return f"The programme has nothing on {day:%A}s."
    if all(item.stopped_at and item.stopped_at <= due for item in todays):
        return "Everything of that day was stopped before."
    if unwished := unwished_by(client, day):
        return unwished
    at = f"{due.astimezone(client.zone):%H:%M}"
    if due > timezone.now():
        return f"It is planned shortly before it is due, at {at}."
    return (
        f"Something was to be done that day (due at {at}): reminders did not run then, or the plan was changed later."
    )


def _local(at: datetime.datetime, client: Client) -> str:
    return f"{at.astimezone(client.zone):%-d %B %Y, %H:%M}"
