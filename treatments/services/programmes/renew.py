"""Another version of the programme that runs, given at once: the same but for its exercises. No draft makes room.

It begins today and ends when the one before would have ended. What was done today under that one still counts.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from clinic.services import audit
from treatments.models import Programme, ProgrammeItem, State
from treatments.planning import LIBRARY
from treatments.queries import local_today
from treatments.queries.precautions import clearance_of, starting_dose
from treatments.services.programmes.states import publish

SAME = (
    "practice_id", "client", "assessment", "until", "advice", "no_exercise", "note", "smaller_offered_at",
    "smaller_taken_at", "smaller_refused_at",
)  # fmt: skip

HELD = "Let the programme go on first."


@transaction.atomic
def renew(
    *, programme: Programme, items: Sequence[ProgrammeItem], by: audit.Actor, because: str, held_goes_on: bool = False
) -> Programme:
    """Publishes copies of `items` in their order; `because` is why the version before ends, for the record.

    The caller has locked the client's programmes and read `programme` after that. Raises ValidationError with what
    stands in the way, as `publish` does, and where it waits because it hurt, unless `held_goes_on`.
    """
    if programme.held_at and not held_goes_on:
        raise ValidationError(HELD)
    left_out = list(programme.left_out)
    version = Programme(state=State.DRAFT, starts_on=local_today(programme.client), left_out=left_out)
    for name in SAME:
        setattr(version, name, getattr(programme, name))
    version.save()
    ProgrammeItem.objects.bulk_create(copied(item, version, place) for place, item in enumerate(items))
    return publish(programme=version, by=by, because=because)


def copied(item: ProgrammeItem, version: Programme, place: int) -> ProgrammeItem:
    """The same exercise, running."""
    row = copy.copy(item)
    row.pk, row._state = ProgrammeItem().pk, ProgrammeItem()._state
    row.programme, row.place, row.stopped_at, row.stopped_because = version, place, None, ""
    return row


def easier(item: ProgrammeItem, programme: Programme) -> ProgrammeItem:
    """The neighbour on the ladder that asks less, at its usual dose: for the same findings and side.

    Raises ValidationError where there is none, and where something known of the client speaks against it.
    """
    if not item.about.easier:
        raise ValidationError("There is no easier one: choose another in a new version.")
    chosen = LIBRARY[item.about.easier]
    side = item.side if chosen.sided else ""
    clearance = clearance_of(programme)
    if against := clearance.against(chosen, side or None):
        raise ValidationError(f"{chosen.name} is not for this client: {'; '.join(against)}.")
    row = copy.copy(item)
    row.exercise, row.kind, row.target, row.side = chosen.key, chosen.kind, chosen.target, side
    row.changes, row.suggested, row.maintenance = list(clearance.changes(chosen, side or None)), None, False
    row.because = f"{chosen.name} instead of {item.about.name}, which was too painful. {item.because}".strip()
    for name, value in starting_dose(programme, chosen.key).items():
        setattr(row, name, value)
    return row
