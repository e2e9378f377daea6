"""A new visit, and another time, place or person for one that stands."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clinic.models import Client, Membership, Practice, Purpose, Room, Visit, VisitState
from clinic.services import attention, audit, clients
from clinic.services.visits import checks, saving

CHANGEABLE = ("starts_at", "ends_at", "therapist", "room", "purpose", "note")
TIME_AND_PLACE = {"starts_at", "ends_at", "therapist", "room"}


@transaction.atomic
def book(
    *,
    client: Client,
    therapist: Membership,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    by: audit.Actor,
    room: Room | None = None,
    purpose: str = Purpose.FOLLOW_UP,
    note: str = "",
    anyway: bool = False,
) -> Visit:
    """Raises ValidationError by field (`therapist` or `room`: who is there already), and Asks without `anyway`."""
    visit = Visit(
        practice_id=client.practice_id, client=client, therapist=therapist, room=room, starts_at=starts_at,
        ends_at=ends_at, purpose=purpose, note=note, booked_by=by if isinstance(by, Membership) else None,
    )  # fmt: skip
    checks.require_sound(visit)
    _write(visit, anyway=anyway)
    audit.record("visit.booked", on=visit, by=by, client=client)
    attention.look_at(client)
    return visit


@transaction.atomic
def book_somebody_new(*, practice: Practice, person: Mapping[str, Any], by: audit.Actor, **visit: Any) -> Visit:
    """Somebody's first visit, with as much of their record as is known: both or neither. Raises as `book` does, and
    ValidationError where this person is a client already."""
    client = clients.add(practice=practice, by=by, **person)
    return book(client=client, by=by, **visit)


@transaction.atomic
def move(*, visit: Visit, revision: int | None, by: audit.Actor, anyway: bool = False, **changes: Any) -> Visit:
    """Set the given fields of a visit that is booked. `revision` is the one that the editor saw; None: whatever it is.

    Raises EditConflict where it is stale, ValidationError as `book` does and for one that is over, Asks without
    `anyway` where time, therapist or room are others than before.
    """
    unknown = set(changes) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"not to be changed: {', '.join(sorted(unknown))}")
    current = saving.locked(visit, revision)
    if current.state != VisitState.BOOKED:
        raise ValidationError(f"This visit can't be changed: {current.get_state_display().lower()}. Restore it first.")
    changed = {field: value for field, value in changes.items() if getattr(current, field) != value}
    if not changed:
        return current
    for field, value in changed.items():
        setattr(current, field, value)
    current.revision += 1
    checks.require_sound(current)
    if TIME_AND_PLACE & set(changed):
        _write(current, anyway=anyway)
    else:
        current.save()
    audit.record("visit.moved", on=current, by=by, client=current.client, fields=sorted(changed))
    attention.look_at(current.client)
    return current


def _write(visit: Visit, *, anyway: bool) -> None:
    saving.take_turns(visit.therapist, visit.room)
    checks.require_free(visit)
    checks.ask(visit, anyway=anyway)
    saving.save(visit)


def look_again(*, practice: Practice) -> None:
    """The reminders of what is booked are planned anew: the practice wants them longer ahead than before."""
    booked = Visit.objects.filter(practice=practice, state=VisitState.BOOKED, starts_at__gt=timezone.now())
    booked.update(changed_at=timezone.now())
