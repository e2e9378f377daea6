"""What the list of clients shows of home programmes, and how it is narrowed by them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from clinic.models import Client, Membership
from treatments.models import Programme
from treatments.queries.weekly import Week, by_week

TALLEST, STEP = 18.0, 8
HALF = 0.5
HAS = (("running", "Running"), ("none", "None"))


@dataclass(frozen=True)
class Bar:
    """One week in the picture's own units. `kind`: bar, low (under half) or none (nothing was planned)."""

    kind: str
    x: int
    y: float
    height: float


@dataclass(frozen=True)
class Spark:
    """Eight weeks as bars. `last`: the last week as "6/10", "" where nothing was planned in it."""

    bars: Sequence[Bar]
    words: str
    last: str


def sparks(membership: Membership, clients: Sequence[Client]) -> dict[uuid.UUID, Spark]:
    """One query for a page of clients; those without a programme in these weeks are missing."""
    return {client_id: spark_of(weeks) for client_id, weeks in by_week(clients, timezone.now()).items()}


def spark_of(weeks: Sequence[Week]) -> Spark:
    last = weeks[-1]
    said = f"{last.done} of {last.planned} last week" if last.planned else "Nothing planned last week"
    shares = [f"{round(100 * week.share)} %" for week in weeks if week.share is not None]
    words = f"{said}. Done by week: {', '.join(shares)}." if len(shares) > 1 else f"{said}."
    short = f"{last.done}/{last.planned}" if last.planned else ""
    return Spark([bar_of(place, week) for place, week in enumerate(weeks)], words, short)


def bar_of(place: int, week: Week) -> Bar:
    if week.share is None:
        return Bar("none", place * STEP + 1, TALLEST, 1)
    height = max(round(TALLEST * week.share, 1), 1.5)
    return Bar("bar" if week.share >= HALF else "low", place * STEP + 1, round(TALLEST + 1 - height, 1), height)


def with_programme(clients: Any, value: str) -> Any:
    running = Programme.objects.published().filter(practice=OuterRef("practice"), client=OuterRef("pk"))
    return clients.filter(Exists(running)) if value == "running" else clients.filter(~Exists(running))
