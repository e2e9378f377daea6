"""Sessions and programmes as marks beside what was measured."""

from __future__ import annotations

from collections.abc import Iterator

from clinic.marks import Mark
from clinic.models import Client, Membership
from treatments.models import Programme, SessionNote, State
from treatments.models.session import NoteState


def marks(membership: Membership, client: Client) -> list[Mark]:
    """Signed sessions, and programmes as they were published and ended, in the client's own days. Two queries."""
    mine = {"practice_id": membership.practice_id, "client": client}
    sessions = SessionNote.objects.filter(**mine, state=NoteState.SIGNED).values_list("held_on", flat=True)
    programmes = Programme.objects.filter(**mine).exclude(state=State.DRAFT).only("published_at", "ended_at")
    return [
        *(Mark(day, "session", "Session") for day in sessions),
        *(mark for programme in programmes for mark in of_programme(programme, client)),
    ]


def of_programme(programme: Programme, client: Client) -> Iterator[Mark]:
    for at, what in ((programme.published_at, "Programme published"), (programme.ended_at, "Programme ended")):
        if at is not None:
            yield Mark(at.astimezone(client.zone).date(), "programme", what)
