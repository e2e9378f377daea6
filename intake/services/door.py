"""The light check before a form opens by its link: the date of birth, a few tries."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from clinic.models import Client
from clinic.services import attention, audit, birth_date
from intake.models import IntakeRequest
from intake.queries.link_wanted import LINK_KIND, MOST_TRIES


def asks(request: IntakeRequest) -> bool:
    """Whether the date of birth is asked: where the practice wants it and knows one."""
    return birth_date.asks(request.client)


def is_shut(request: IntakeRequest) -> bool:
    """Too many wrong dates; a link that is sent anew begins again. Who was let in before stays in."""
    return request.birth_tries >= MOST_TRIES and asks(request)


def tries_left(request: IntakeRequest) -> int:
    return max(MOST_TRIES - request.birth_tries, 0)


@transaction.atomic
def open_by_birth_date(*, request: IntakeRequest, typed: str, by: Client) -> bool:
    """Whether `typed` is the client's date of birth; a wrong one is counted.

    Raises ValidationError when it is no date at all, which is not counted, or when no try is left.
    """
    locked = IntakeRequest.objects.select_for_update(of=("self",)).select_related("client__practice").get(pk=request.pk)
    if is_shut(locked):
        raise ValidationError("No try is left.")
    meant = birth_date.days_meant(typed)
    if not meant:
        raise ValidationError("This is no date.")
    if locked.client.date_of_birth in meant:
        audit.record("intake_request.entered", on=locked, by=by, client=locked.client)
        return True
    IntakeRequest.objects.filter(pk=locked.pk).update(birth_tries=F("birth_tries") + 1)
    request.birth_tries = locked.birth_tries + 1
    audit.record("intake_request.wrong_birth_date", on=locked, by=by, client=locked.client)
    if is_shut(request):
        attention.look_at(locked.client, LINK_KIND)
    return False
