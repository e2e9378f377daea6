"""A programme waits because it hurt: nothing is asked of the client until a clinician has looked.

When it goes on it does so as another version, from that day. The one that waited keeps `held_at`: so the days between
the two stay days on which nothing was planned.
"""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.models import CLINICIANS, Client, Membership
from clinic.services import attention, audit
from treatments.models import HomeDay, Programme, State
from treatments.queries import local_today
from treatments.services.programmes.renew import renew
from treatments.services.programmes.states import lock_programmes

BECAUSE = "pain at or above the limit of the practice"
GOES_ON = "goes on after a pause because of pain"
KIND = "programme_held"


@transaction.atomic
def after_pain(*, day: HomeDay, by: audit.Actor, said: int | None = None) -> Programme | None:
    """What follows from how much it hurt: at or above the practice's limit the running programme is held, and a number
    that is corrected on the day itself lets it go on, as long as no clinician looked. Returns the programme that it
    held or let go.

    `said` is the number that was just given, 0 to 10; without it the higher one of the day counts.
    """
    programme = running_of(day)
    limit = day.client.practice.pain_pause_from
    if programme is None or limit is None:
        return None
    if programme.held_at is None:
        return hold(programme, by) if (worst(day) if said is None else said) >= limit else None
    mistaken = worst(day) < limit and day.local_date == held_on(programme, day.client) == local_today(day.client)
    return take_back(programme, by) if mistaken else None


def running_of(day: HomeDay) -> Programme | None:
    """The version that the client has now, also where an earlier one ran on that day: it would go on hurting."""
    lock_programmes(day.practice_id, day.client_id)
    rows = Programme.objects.published().filter(practice_id=day.practice_id, client_id=day.client_id)
    return rows.select_related("client__practice").filter(until__gte=day.local_date).first()


def worst(day: HomeDay) -> int:
    """0 where nothing was said."""
    return max(day.pain_before or 0, day.pain_after or 0)


def held_on(programme: Programme, client: Client) -> datetime.date | None:
    """The day of the client's calendar on which it was held."""
    return local_today(client, programme.held_at) if programme.held_at else None


def hold(programme: Programme, by: audit.Actor) -> Programme:
    programme.held_at, programme.held_because = timezone.now(), BECAUSE
    programme.save(update_fields=["held_at", "held_because"])
    audit.record("programme.held", on=programme, by=by, client=programme.client)
    attention.look_at(programme.client, KIND)
    return programme


def take_back(programme: Programme, by: audit.Actor) -> Programme:
    programme.held_at, programme.held_because = None, ""
    programme.save(update_fields=["held_at", "held_because"])
    audit.record("programme.hold_taken_back", on=programme, by=by, client=programme.client)
    attention.look_at(programme.client, KIND)
    return programme


@transaction.atomic
def release(*, programme: Programme, by: Membership) -> Programme:
    """A clinician has looked: the programme goes on today, in another version, which is returned.

    Raises ValidationError for somebody who is no clinician of the practice, where it does not wait, and with what
    stands in the way of publishing, such as an open safety question.
    """
    if by.role not in CLINICIANS or by.practice_id != programme.practice_id:
        raise ValidationError("Only a clinician of the practice can do this.")
    lock_programmes(programme.practice_id, programme.client_id)
    held = Programme.objects.select_related("client__practice").get(pk=programme.pk)
    if held.state != State.PUBLISHED or held.held_at is None:
        raise ValidationError("This programme does not wait any more.")
    goes_on = renew(programme=held, items=list(held.items.running()), by=by, because=GOES_ON, held_goes_on=True)
    audit.record("programme.released", on=held, by=by, client=held.client, version=str(goes_on.pk))
    attention.look_at(held.client, KIND)
    return goes_on


def refuse_held(programme: Programme, day: datetime.date) -> None:
    """A day after the hold can't be answered. That of the hold can: a device without a connection tells it later."""
    held = held_on(programme, programme.client)
    if held and day > held:
        raise ValidationError(_("Your programme is paused until your practice has looked. There is nothing to do."))
