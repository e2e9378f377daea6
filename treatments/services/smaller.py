"""A client takes a smaller programme, or does not want it; their therapist can take it back."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.models import CLINICIANS, Client, Membership
from clinic.services import attention, audit
from treatments.models import Programme, State
from treatments.queries.smaller import Offer, offer_of
from treatments.services.programmes.renew import renew

KIND = "smaller_taken"
TAKEN = "the client took a smaller one"
BACK = "back to the whole one"


@transaction.atomic
def take(*, client: Client, by: Client) -> Programme:
    """Another version with what stays, from today. Raises ValidationError where nothing is offered any more."""
    offer = offered(client)
    now = timezone.now()
    try:
        version = renew(programme=offer.programme, items=offer.kept, by=by, because=TAKEN)
    except ValidationError:  # said to clinicians, about safety questions; nothing of it is for this page
        raise ValidationError(_("Your practice has to look at your programme first. Please ask them.")) from None
    version.smaller_offered_at = version.smaller_taken_at = now
    version.save(update_fields=["smaller_offered_at", "smaller_taken_at"])
    audit.record("programme.smaller_taken", on=version, by=by, client=client)
    attention.look_at(client, "adherence_low", KIND)
    return version


@transaction.atomic
def refuse(*, client: Client, by: Client) -> Programme:
    """They stay with what they have, and are not asked again. Raises ValidationError where nothing is offered."""
    programme = offered(client).programme
    programme.smaller_offered_at = programme.smaller_refused_at = timezone.now()
    programme.save(update_fields=["smaller_offered_at", "smaller_refused_at"])
    audit.record("programme.smaller_refused", on=programme, by=by, client=client)
    return programme


def offered(client: Client) -> Offer:
    Client.objects.select_for_update(of=("self",), no_key=True).get(pk=client.pk)  # tapped twice, decided once
    offer = offer_of(client)
    if offer is None:
        raise ValidationError(_("This is decided already."))
    return offer


@transaction.atomic
def give_back(*, programme: Programme, by: Membership) -> Programme:
    """Undoes `take`: another version with what ran before, and nothing smaller is offered with it.

    Raises ValidationError for somebody who is no clinician of the practice, where the smaller one does not run any
    more, and with what stands in the way of publishing.
    """
    if by.role not in CLINICIANS or by.practice_id != programme.practice_id:
        raise ValidationError("Only a clinician of the practice can do this.")
    if programme.state != State.PUBLISHED or programme.smaller_taken_at is None:
        raise ValidationError("The smaller programme does not run any more.")
    earlier = Programme.objects.filter(client=programme.client_id, published_at__lt=programme.published_at)
    whole = earlier.filter(smaller_taken_at=None).order_by("-published_at").first()
    if whole is None:
        raise ValidationError("There is no version before it.")
    version = renew(programme=programme, items=list(whole.items.running()), by=by, because=BACK)
    version.smaller_taken_at, version.smaller_refused_at = None, timezone.now()
    version.save(update_fields=["smaller_taken_at", "smaller_refused_at"])
    audit.record("programme.smaller_given_back", on=version, by=by, client=programme.client)
    attention.look_at(programme.client, "adherence_low", KIND)
    return version
