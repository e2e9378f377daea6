"""A client takes a smaller programme, or does not want it; their therapist can take it back."""

from __future__ import annotations

import itertools

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.models import CLINICIANS, Client, Membership
from clinic.services import attention, audit
from treatments.models import Programme, ProgrammeItem, State
from treatments.queries.smaller import Offer, offer_of
from treatments.services.programmes.renew import renew
from treatments.services.programmes.states import lock_programmes

KIND = "smaller_taken"
TAKEN = "the client took a smaller one"
BACK = "back to the whole one"


@transaction.atomic
def take(*, client: Client, by: Client) -> Programme:
    """Another version with what stays, from today. Raises ValidationError where nothing is offered any more."""
    offer = offered(client)
    try:
        version = renew(programme=offer.programme, items=offer.kept, by=by, because=TAKEN)
    except ValidationError:  # said to clinicians, about safety questions; nothing of it is for this page
        raise ValidationError(_("Your practice has to look at your programme first. Please ask them.")) from None
    version.smaller_offered_at, version.smaller_taken_at = offer.since, timezone.now()
    version.save(update_fields=["smaller_offered_at", "smaller_taken_at"])
    audit.record("programme.smaller_taken", on=version, by=by, client=client)
    attention.look_at(client, "adherence_low", KIND)
    return version


@transaction.atomic
def refuse(*, client: Client, by: Client) -> Programme:
    """They stay with what they have, and are not asked again. Raises ValidationError where nothing is offered."""
    offer = offered(client)
    programme = offer.programme
    programme.smaller_offered_at, programme.smaller_refused_at = offer.since, timezone.now()
    programme.save(update_fields=["smaller_offered_at", "smaller_refused_at"])
    audit.record("programme.smaller_refused", on=programme, by=by, client=client)
    return programme


def offered(client: Client) -> Offer:
    Client.objects.select_for_update(of=("self",), no_key=True).get(pk=client.pk)  # tapped twice, decided once
    lock_programmes(client.practice_id, client.pk)
    offer = offer_of(client)
    if offer is None:
        raise ValidationError(_("This is decided already."))
    return offer


@transaction.atomic
def give_back(*, programme: Programme, by: Membership) -> Programme:
    """Undoes `take`: another version with what runs and what rested, and nothing smaller is offered with it.

    Raises ValidationError for somebody who is no clinician of the practice, where the smaller one does not run any
    more, and with what stands in the way of publishing.
    """
    if by.role not in CLINICIANS or by.practice_id != programme.practice_id:
        raise ValidationError("Only a clinician of the practice can do this.")
    lock_programmes(programme.practice_id, programme.client_id)
    programme = Programme.objects.select_related("client__practice").get(pk=programme.pk)
    if programme.state != State.PUBLISHED or programme.smaller_taken_at is None:
        raise ValidationError("The smaller programme does not run any more.")
    version = renew(programme=programme, items=whole_again(programme), by=by, because=BACK)
    version.smaller_taken_at, version.smaller_refused_at = None, timezone.now()
    version.save(update_fields=["smaller_taken_at", "smaller_refused_at"])
    audit.record("programme.smaller_given_back", on=version, by=by, client=programme.client)
    attention.look_at(programme.client, "adherence_low", KIND)
    return version


def whole_again(programme: Programme) -> list[ProgrammeItem]:
    """What runs now, and what rested when the smaller one was taken, unless it was stopped since: in the old order."""
    versions = Programme.objects.filter(client=programme.client_id, published_at__lte=programme.published_at)
    newest_first = list(versions.order_by("-published_at").prefetch_related("items"))
    since = list(itertools.takewhile(lambda one: one.smaller_taken_at, newest_first))
    if len(since) == len(newest_first):
        raise ValidationError("There is no version before it.")
    whole, taken = newest_first[len(since)], since[-1]
    order = {key(item): place for place, item in enumerate(whole.items.all())}
    gone = {key(item) for one in (whole, *since) for item in one.items.all() if item.stopped_at}
    running = [item for item in since[0].items.all() if not item.stopped_at]
    known = gone | {key(item) for item in (*running, *taken.items.all())}
    rested = [item for item in whole.items.all() if key(item) not in known]
    return sorted([*running, *rested], key=lambda item: order.get(key(item), len(order)))


def key(item: ProgrammeItem) -> tuple[str, str]:
    return item.exercise, item.side
