"""Sessions among everything else that happened to a client."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.urls import reverse

from clinic.models import Client, Membership
from clinic.panels import Event
from clinic.queries import days
from treatments.models import NoteState, SessionNote
from treatments.queries.sessions import in_short, with_parts

STATUS = {NoteState.DRAFT: "waiting", NoteState.WAITING: "waiting"}
TITLES = {
    NoteState.DRAFT: "Session note, not signed",
    NoteState.WAITING: "Session, waits for a co-signature",
    NoteState.SIGNED: "Session",
    NoteState.ENTERED_IN_ERROR: "Session note, entered in error",
}


def session_events(
    membership: Membership, client: Client, before: datetime.datetime | None, limit: int
) -> Sequence[Event]:
    rows = SessionNote.objects.filter(practice_id=client.practice_id, client=client)
    if before:  # days that began before that instant
        rows = rows.filter(held_on__lte=days.last_begun(before, client.practice.zone))
    return [event(note, client) for note in with_parts(rows)[:limit]]


def event(note: SessionNote, client: Client) -> Event:
    state = NoteState(note.state)
    return Event(
        at=days.midnight(note.held_on, client.practice.zone),
        icon="edit",
        title=TITLES[state],
        text="" if state == NoteState.ENTERED_IN_ERROR else in_short(note),
        url=reverse("treatments:note", args=[note.pk]),
        by=str(note.author),
        status=STATUS.get(state, ""),
        span=days.in_words(note.held_on),
        met=None if state == NoteState.ENTERED_IN_ERROR else _treated(note, client),
    )


def last_session(client: Client, before: datetime.datetime) -> datetime.datetime | None:
    """When somebody last treated this client."""
    through = days.last_begun(before, client.practice.zone)
    rows = SessionNote.objects.filter(practice_id=client.practice_id, client=client).standing()
    note = rows.filter(held_on__lte=through).only("held_on", "created_at", "practice").first()
    return _treated(note, client) if note else None


def _treated(note: SessionNote, client: Client) -> datetime.datetime:
    """No later than the day that the note says."""
    return days.within(note.held_on, note.created_at, client.practice.zone)
