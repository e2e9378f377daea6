"""Locations and rooms. One that is no longer used stays for the visits that were there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clinic.models import Location, Practice, Room, VisitState
from clinic.services import audit, edits

Place = TypeVar("Place", Location, Room)


@transaction.atomic
def add_location(*, practice: Practice, name: str, address: str = "", by: audit.Actor) -> Location:
    """Raises ValidationError by field, also for a name that another location has or had."""
    return _added(Location(practice=practice, name=name.strip(), address=address.strip()), by)


@transaction.atomic
def add_room(*, location: Location, name: str, by: audit.Actor) -> Room:
    """Raises ValidationError by field, also for a name that another room there has or had."""
    if not location.is_active:
        raise ValidationError({"name": [f"{location} is not used any more."]})
    return _added(Room(practice_id=location.practice_id, location=location, name=name.strip()), by)


def _added(place: Place, by: audit.Actor) -> Place:
    _require_own_name(place)
    place.full_clean()
    place.save()
    audit.record(f"{place._meta.model_name}.added", on=place, by=by)
    return place


@transaction.atomic
def change(*, place: Place, seen: Mapping[str, str], by: audit.Actor, **details: Any) -> Place:
    """Name, and of a location its address. Raises ValidationError by field, also where somebody else changed it."""
    current = _locked(place)
    changed = edits.merge(current, seen, details)
    if changed:
        _require_own_name(current)
        current.full_clean()
        current.save(update_fields=changed)
        audit.record(f"{current._meta.model_name}.changed", on=current, by=by, fields=changed)
    return current


@transaction.atomic
def remove(*, place: Place, by: audit.Actor) -> Place:
    """Not offered any more. Raises ValidationError while visits ahead, or rooms, stand in it."""
    current = _locked(place)
    if not current.is_active:
        return current
    if isinstance(current, Room):
        ahead = current.visits.filter(state=VisitState.BOOKED, starts_at__gt=timezone.now()).count()
        if ahead:
            held = "1 visit ahead: give it" if ahead == 1 else f"{ahead} visits ahead: give them"
            raise ValidationError(f"{current} has {held} another room first.")
    elif current.rooms.filter(is_active=True).exists():
        raise ValidationError(f"{current} has rooms in use: remove them first.")
    return _used(current, False, by)


@transaction.atomic
def restore(*, place: Place, by: audit.Actor) -> Place:
    """Offered again; of a room, its location too."""
    current = _locked(place)
    if isinstance(current, Room) and not current.location.is_active:
        _used(current.location, True, by)
    return current if current.is_active else _used(current, True, by)


def _used(place: Place, is_active: bool, by: audit.Actor) -> Place:
    place.is_active = is_active
    place.save(update_fields=["is_active"])
    audit.record(f"{place._meta.model_name}.{'restored' if is_active else 'removed'}", on=place, by=by)
    return place


def _locked(place: Place) -> Place:
    current: Place = type(place).objects.select_for_update(of=("self",)).get(pk=place.pk)
    return current


def _require_own_name(place: Location | Room) -> None:
    others: Any = type(place).objects.filter(practice=place.practice_id, name__iexact=place.name).exclude(pk=place.pk)
    if isinstance(place, Room):
        others = others.filter(location=place.location_id)
    if other := others.first():
        line = "is there already" if other.is_active else "was used before: use it again below"
        raise ValidationError({"name": [f"{other} {line}."]})
