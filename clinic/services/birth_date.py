"""The date of birth, asked where a link alone is not enough: the same reading and counting for every page."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from itertools import permutations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clinic.models import AuditEntry, Client
from clinic.services import audit

MOST_A_DAY = 5
WRONG = "client.wrong_birth_date"
NUMBER = re.compile(r"\d+")
CENTURIES = (1900, 2000)


def asks(client: Client) -> bool:
    """Whether the date of birth is asked: where the practice wants it and knows one."""
    return client.practice.check_birth_date and client.date_of_birth is not None


def tries_left(client: Client) -> int:
    """Of today's, which are the last 24 hours."""
    since = timezone.now() - datetime.timedelta(days=1)
    rows = AuditEntry.objects.filter(practice=client.practice_id, client=client.pk, created_at__gt=since, verb=WRONG)
    return max(MOST_A_DAY - rows.count(), 0)


@transaction.atomic
def is_theirs(*, client: Client, typed: str, by: Client) -> bool:
    """Whether `typed` is the client's date of birth; a wrong one is counted.

    Raises ValidationError when it is no date at all, which is not counted, or when no try is left today.
    """
    current = Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    if not tries_left(current):
        raise ValidationError("No try is left.")
    meant = days_meant(typed)
    if not meant:
        raise ValidationError("This is no date.")
    if current.date_of_birth in meant:
        return True
    audit.record(WRONG, on=current, by=by)
    return False


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
