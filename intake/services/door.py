"""The light check before a form opens by its link: the date of birth, a few tries."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from itertools import permutations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from clinic.models import Client
from clinic.services import attention, audit
from intake.models import IntakeRequest
from intake.queries.link_wanted import LINK_KIND, MOST_TRIES

NUMBER = re.compile(r"\d+")
CENTURIES = (1900, 2000)


def asks(request: IntakeRequest) -> bool:
    """Whether the date of birth is asked: where the practice wants it and knows one."""
    return request.client.practice.check_birth_date and request.client.date_of_birth is not None


def is_shut(request: IntakeRequest) -> bool:
    """Too many wrong dates; a link that is sent anew begins again. Who was let in before stays in."""
    return request.birth_tries >= MOST_TRIES and asks(request)


def tries_left(request: IntakeRequest) -> int:
    return max(MOST_TRIES - request.birth_tries, 0)


def days_meant(typed: str) -> set[datetime.date]:
    """Every date that three numbers can mean, in whatever order they were typed; empty where they mean none."""
    numbers = [int(number) for number in NUMBER.findall(typed) if len(number) <= 4]
    if len(numbers) != 3:
        return set()
    return {day for order in permutations(numbers) for day in days_of(*order)}


def days_of(year: int, month: int, day: int) -> Iterator[datetime.date]:
    """A year of two digits is of this century or of the last."""
    for century in CENTURIES if year < 100 else (0,):
        try:
            yield datetime.date(century + year, month, day)
        except ValueError:
            continue


@transaction.atomic
def open_by_birth_date(*, request: IntakeRequest, typed: str, by: Client) -> bool:
    """Whether `typed` is the client's date of birth; a wrong one is counted.

    Raises ValidationError when it is no date at all, which is not counted, or when no try is left.
    """
    locked = IntakeRequest.objects.select_for_update(of=("self",)).select_related("client__practice").get(pk=request.pk)
    if is_shut(locked):
        raise ValidationError("No try is left.")
    meant = days_meant(typed)
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
