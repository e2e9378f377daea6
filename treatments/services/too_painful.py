"""A clinician decides what becomes of an exercise that was too painful: it goes on, an easier one comes instead, or it
stays out (`home_logs.mark_seen`).

What a client was given does not change under them: the decision is another version, which begins today. So the days on
which the exercise was stopped stay days on which it was not planned.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from clinic.models import Membership
from treatments.models import HomeLog, Programme, ProgrammeItem
from treatments.planning import LIBRARY
from treatments.services.home_logs import mark_seen
from treatments.services.programmes.renew import easier, renew
from treatments.services.programmes.states import lock_programmes

NO_PROGRAMME = "No programme is running: make a new one."


@transaction.atomic
def restart(*, answer: HomeLog, by: Membership) -> Programme:
    """It goes on as it was, from today. Raises ValidationError with what stands in the way."""
    return decide(answer, by, answer.item, f"{name_of(answer)} goes on")


@transaction.atomic
def make_easier(*, answer: HomeLog, by: Membership) -> Programme:
    """Its easier neighbour instead, from today. Raises ValidationError where there is none, or it can't be."""
    lock_programmes(answer.practice_id, answer.client_id)
    instead = easier(answer.item, running_of(answer))
    return decide(answer, by, instead, f"{instead.about.name} instead of {name_of(answer)}")


def decide(answer: HomeLog, by: Membership, instead: ProgrammeItem, because: str) -> Programme:
    lock_programmes(answer.practice_id, answer.client_id)
    mark_seen(answer=answer, by=by)
    programme = running_of(answer)
    others = [item for item in programme.items.running() if item.pk != answer.item_id]
    if any((item.exercise, item.side) == (instead.exercise, instead.side) for item in others):
        raise ValidationError(f"{instead.about.name} stands in the programme already.")
    items = sorted([*others, instead], key=lambda item: item.place)
    return renew(programme=programme, items=items, by=by, because=because)


def running_of(answer: HomeLog) -> Programme:
    """The version that the client has now: that of the answer, or a later one."""
    rows = Programme.objects.published().filter(practice_id=answer.practice_id, client_id=answer.client_id)
    programme: Programme | None = rows.select_related("client__practice", "assessment").first()
    if programme is None or answer.item.exercise not in LIBRARY:
        raise ValidationError(NO_PROGRAMME)
    return programme


def name_of(answer: HomeLog) -> str:
    return answer.item.about.name if answer.item.exercise in LIBRARY else answer.item.exercise
