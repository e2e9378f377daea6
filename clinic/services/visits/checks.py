"""What a visit must be, and what is worth asking about before it is written."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from clinic.models import CLINICIANS, Client, Membership, Purpose, Visit
from clinic.queries.reminders import FIRST_DAY, LAST_DAY, OTHER_DAYS
from clinic.queries.visits import words

SHORTEST = datetime.timedelta(minutes=5)
LONGEST = datetime.timedelta(hours=8)


class Asks(ValidationError):
    """Nothing forbids it, but somebody should look: written as soon as they say `anyway`. `lines` say what."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__({"anyway": lines})
        self.lines = lines


def require_sound(visit: Visit) -> None:
    """Raises ValidationError with one line per problem, by field."""
    wrong = {
        "starts_at": _day(visit),
        "ends_at": _length(visit),
        "client": _client(visit.client, visit),
        "therapist": _therapist(visit.therapist, visit),
        "room": _room(visit),
        "purpose": "" if visit.purpose in Purpose.values else "There is no such purpose.",
        "note": "A note has at most 300 characters." if len(visit.note) > 300 else "",
    }
    if found := {field: [line] for field, line in wrong.items() if line}:
        raise ValidationError(found)


def _day(visit: Visit) -> str:
    day = visit.starts_at.astimezone(visit.practice.zone).date()
    return "" if FIRST_DAY <= day <= LAST_DAY else OTHER_DAYS


def _length(visit: Visit) -> str:
    right = SHORTEST <= visit.ends_at - visit.starts_at <= LONGEST
    return "" if right else "A visit lasts between 5 minutes and 8 hours."


def _client(client: Client, visit: Visit) -> str:
    if client.practice_id != visit.practice_id:
        return "No client of this practice."
    return f"{client} is archived and gets no visits." if client.archived_at else ""


def _therapist(member: Membership, visit: Visit) -> str:
    if member.practice_id != visit.practice_id:
        return "Nobody of this practice."
    if not member.is_active:
        return f"{member} does not work here any more."
    return "" if member.role in CLINICIANS else f"{member} sees no clients: choose a therapist."


def _room(visit: Visit) -> str:
    room = visit.room
    if room is None:
        return ""
    if room.practice_id != visit.practice_id:
        return "No room of this practice."
    return "" if room.is_active else f"{room} is not used any more."


def require_free(visit: Visit) -> None:
    """Raises ValidationError that names who is there already."""
    if found := words.taken_by(visit):
        raise ValidationError(found)


def ask(visit: Visit, *, anyway: bool) -> None:
    if not anyway and (lines := words.against(visit, timezone.now())):
        raise Asks(lines)
