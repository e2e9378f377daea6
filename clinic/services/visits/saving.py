"""Writing a visit so that nobody is in two places: in turn for a therapist and a room, and the database has the last
word."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clinic import problems
from clinic.models import Membership, Room, Visit
from clinic.queries.visits import words

TAKEN = "Somebody booked this in the same moment: look at the diary again."


class EditConflict(problems.EditConflict):
    """Somebody changed it in between. `current` is the visit as it is now; nothing was written."""

    def __init__(self, current: Visit) -> None:
        super().__init__(f"is out of date: revision {current.revision} was saved in the meantime")
        self.current = current


def locked(visit: Visit, revision: int | None) -> Visit:
    """As it is now, held until the transaction ends. Raises EditConflict where the editor saw another revision."""
    rows = Visit.objects.select_for_update(of=("self",)).select_related("client", "therapist", "room", "practice")
    current = rows.get(pk=visit.pk)
    if revision is not None and current.revision != revision:
        raise EditConflict(current)
    return current


def take_turns(therapist: Membership, room: Room | None) -> None:
    """Whoever else books the same waits here, in the same order; else two could wait for each other in the index of
    the exclusion constraint, and both would lose."""
    Membership.objects.select_for_update(no_key=True).get(pk=therapist.pk)
    if room:
        Room.objects.select_for_update(no_key=True).get(pk=room.pk)


def save(visit: Visit) -> None:
    """Raises ValidationError that names who is there already."""
    try:
        with transaction.atomic():
            visit.save()
    except IntegrityError as error:
        found = words.taken_by(visit)
        raise ValidationError(found or {"starts_at": [TAKEN]}) from error
