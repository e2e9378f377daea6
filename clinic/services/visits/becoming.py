"""What becomes of a visit. Each of these can be taken back by `restore`."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clinic.models import Visit, VisitState
from clinic.services import attention, audit
from clinic.services.visits import checks, saving

LONGEST_REASON = 200


@transaction.atomic
def cancel(*, visit: Visit, revision: int | None, by: audit.Actor, because: str = "") -> Visit:
    """Its time is free again. Raises EditConflict, and ValidationError unless it is booked."""
    return _becomes(VisitState.CANCELLED, "visit.cancelled", visit, revision, by, because)


@transaction.atomic
def no_show(*, visit: Visit, revision: int | None, by: audit.Actor, because: str = "") -> Visit:
    """Nobody came. Raises as `cancel` does, and ValidationError before its day."""
    return _becomes(VisitState.NO_SHOW, "visit.missed", visit, revision, by, because)


@transaction.atomic
def came(*, visit: Visit, revision: int | None, by: audit.Actor) -> Visit:
    """The client was there. Raises as `no_show` does."""
    return _becomes(VisitState.DONE, "visit.came", visit, revision, by, "")


@transaction.atomic
def restore(*, visit: Visit, revision: int | None, by: audit.Actor) -> Visit:
    """Booked again. Raises EditConflict, and ValidationError where its time was given to somebody else meanwhile."""
    current = saving.locked(visit, revision)
    if current.state == VisitState.BOOKED:
        return current
    current.state, current.state_because = VisitState.BOOKED, ""
    current.revision += 1
    saving.take_turns(current.therapist, current.room)
    checks.require_free(current)
    saving.save(current)
    audit.record("visit.restored", on=current, by=by, client=current.client)
    attention.look_at(current.client)
    return current


def _becomes(state: VisitState, verb: str, visit: Visit, revision: int | None, by: audit.Actor, because: str) -> Visit:
    current = saving.locked(visit, revision)
    if current.state == state:
        return current
    if current.state != VisitState.BOOKED:
        raise ValidationError(f"This visit is over: {current.get_state_display().lower()}. Restore it first.")
    if state != VisitState.CANCELLED:
        _require_its_day(current)
    if len(because) > LONGEST_REASON:
        raise ValidationError({"because": [f"A reason has at most {LONGEST_REASON} characters."]})
    current.state, current.state_because = state, because.strip()
    current.revision += 1
    current.save()
    audit.record(verb, on=current, by=by, client=current.client)
    attention.look_at(current.client)
    return current


def _require_its_day(visit: Visit) -> None:
    zone = visit.practice.zone
    day = visit.starts_at.astimezone(zone).date()
    if day > timezone.now().astimezone(zone).date():
        raise ValidationError(f"This visit is on {day:%A %-d %B}: who came can be said on that day.")
