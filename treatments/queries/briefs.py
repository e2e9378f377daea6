"""What to know of clients before a visit, from what they did at home, and a note that was left open."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone

from clinic.models import Client, Membership
from clinic.panels import Line
from treatments.models import HomeLog, NoteState, SessionNote
from treatments.planning import LIBRARY
from treatments.queries.programmes import too_painful
from treatments.queries.weekly import Week, by_week

HALF = 0.5
DAY = "%-d %B"


def at_home(membership: Membership, clients: Sequence[Client]) -> dict[uuid.UUID, list[Line]]:
    """Three queries for all of them."""
    here = {"practice": membership.practice_id, "client__in": clients}
    weeks = by_week(clients, timezone.now(), weeks=1)
    found: dict[uuid.UUID, list[Line]] = {}
    for line_of, rows in ((_painful, too_painful(HomeLog.objects.filter(**here))), (_note, _open_notes(here))):
        for row in rows:
            found.setdefault(row.client_id, []).append(line_of(row))
    for client_id, (week,) in weeks.items():
        found.setdefault(client_id, []).extend(_week(week))
    return found


def _open_notes(here: dict[str, Any]) -> Any:
    return (
        SessionNote.objects.filter(**here).open().select_related("author").only("state", "held_on", "client", "author")
    )


def _painful(row: HomeLog) -> Line:
    name = LIBRARY[row.item.exercise].name if row.item.exercise in LIBRARY else row.item.exercise
    word = f": “{row.word}”" if row.word else ""
    return Line(f"Too painful on {row.local_date:{DAY}}: {name}{word}", "needs", "pain")


def _note(row: SessionNote) -> Line:
    what = "waits for a co-signature" if row.state == NoteState.WAITING else "is not signed"
    return Line(f"The note of {row.held_on:{DAY}} by {row.author} {what}.", "waiting", "edit")


def _week(week: Week) -> Iterator[Line]:
    if week.planned:
        status = "fine" if week.done >= HALF * week.planned else "waiting"
        yield Line(f"At home: {week.done} of {week.planned} done in the last 7 days.", status, "walk")
