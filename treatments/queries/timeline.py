"""What the record shows of programmes and of what was done at home."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.urls import reverse

from clinic.models import Client, Membership
from clinic.panels import Event
from clinic.queries import days
from treatments.models import HomeLog, Outcome, Programme, State
from treatments.planning import LIBRARY

Before = datetime.datetime | None


def _of(client: Client) -> dict[str, Any]:
    return {"practice": client.practice_id, "client": client}


def programmes(membership: Membership, client: Client, before: Before, limit: int) -> list[Event]:
    """One line when it was published, one when it ended."""
    earlier = Q(published_at__lt=before) if before else Q(published_at__isnull=False)
    rows = Programme.objects.filter(earlier, **_of(client)).select_related("published_by")
    counted = rows.annotate(exercises=Count("items", filter=Q(items__stopped_at=None))).order_by("-published_at")
    told = [event for row in counted[:limit] for event in _programme(row) if not before or event.at < before]
    return sorted(told, key=lambda event: event.at, reverse=True)[:limit]


def _programme(row: Any) -> Iterator[Event]:
    url = reverse("treatments:programme", args=[row.pk])
    exercises = f"{row.exercises} exercise{'' if row.exercises == 1 else 's'}"
    until = f"{exercises}, until {days.in_words(row.until)}"
    yield Event(row.published_at, "programme", "Programme published", until, url, by=str(row.published_by or ""))
    if row.state == State.ENDED and row.ended_at:
        yield Event(row.ended_at, "programme", "Programme ended", row.ended_because, url)


def at_home(membership: Membership, client: Client, before: Before, limit: int) -> list[Event]:
    """What was done, one line a week; what was too painful, each."""
    weeks = _weeks(client, before, limit)
    all_told = before is None and len(weeks) < limit
    hurt = not all_told or any(row[Outcome.TOO_PAINFUL.value] for row in weeks)
    told = [_week(row, client) for row in weeks] + (too_painful(client, before, limit) if hurt else [])
    return sorted(told, key=lambda event: event.at, reverse=True)[:limit]


def _weeks(client: Client, before: Before, limit: int) -> list[Any]:
    """What was answered, by outcome."""
    zone = client.practice.zone
    begun = Q(local_date__lte=days.end_of_week(days.last_begun(before, zone))) if before else Q()
    rows = HomeLog.objects.filter(begun, **_of(client)).order_by()
    weeks = rows.values(week=TruncWeek("local_date")).annotate(**_outcomes()).order_by("-week")
    return list(weeks[:limit])


def _outcomes() -> dict[str, Count]:
    return {outcome.value: Count("id", filter=Q(outcome=outcome)) for outcome in Outcome}


def in_words(row: dict[str, Any]) -> str:
    return ", ".join(f"{row[outcome.value]} {outcome.label.lower()}" for outcome in Outcome if row[outcome.value])


def _week(row: Any, client: Client) -> Event:
    return Event(
        days.midnight(row["week"], client.practice.zone),
        "home",
        f"At home: {in_words(row)}",
        url=reverse("clinic:client", args=[client.pk]) + "?tab=programme",
        span=f"Week of {days.in_words(row['week'])}",
    )


def too_painful(client: Client, before: Before, limit: int) -> list[Event]:
    earlier = Q(changed_at__lt=before) if before else Q()
    rows = HomeLog.objects.filter(earlier, **_of(client), outcome=Outcome.TOO_PAINFUL)
    return [_painful(row) for row in rows.select_related("item").order_by("-changed_at")[:limit]]


def _painful(row: HomeLog) -> Event:
    known = LIBRARY.get(row.item.exercise)
    name = known.name if known else row.item.exercise.replace("_", " ")
    url = reverse("treatments:programme", args=[row.item.programme_id])
    status = "" if row.seen_at else "needs"
    return Event(row.changed_at, "pain", f"Too painful: {name}", row.word, url, status=status, news=True)


def home_news(membership: Membership, client: Client, since: datetime.datetime) -> list[Event]:
    """How much was done since then, in one line."""
    first = since.astimezone(client.practice.zone).date()
    done = HomeLog.objects.filter(**_of(client), local_date__gt=first).order_by().aggregate(**_outcomes())
    if not any(done.values()):
        return []
    url = reverse("clinic:client", args=[client.pk]) + "?tab=programme"
    said = Event(since, "home", f"At home: {in_words(done)}", url=url, span=f"Since {days.in_words(first)}")
    return [said]
