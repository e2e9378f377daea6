"""Session notes that wait: for whoever wrote them, and for who signs with a trainee."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from clinic.models import Membership, Role
from treatments.models import NoteState, SessionNote

MOST = 8


def open_notes(membership: Membership) -> dict[str, Any] | None:
    """My drafts, and what waits for my co-signature; the oldest first. None where nothing does. One query."""
    mine = Q(state=NoteState.DRAFT, author=membership)
    waiting = Q(state=NoteState.WAITING) & ~Q(author=membership)
    if membership.role != Role.OWNER:
        waiting &= Q(author__supervisor=membership)
    rows = SessionNote.objects.filter(mine | waiting, practice=membership.practice_id, client__archived_at=None).open()
    found = list(rows.select_related("client", "author").defer("chart").order_by("held_on", "id")[: MOST + 1])
    return {"notes": found[:MOST], "more": len(found) > MOST} if found else None
