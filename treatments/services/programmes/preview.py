"""The mail that a client will get, composed as the engine composes it; nothing is kept and nothing leaves."""

from __future__ import annotations

import re

from clinic.models import Reminder
from clinic.reminders import Letter
from treatments.models import Programme
from treatments.queries import first_day
from treatments.services.home_stretch import HomeStretch, compose

#: A signed link would act for the client.
TOKEN = re.compile(r"[0-9A-Za-z]{15,}:[0-9A-Za-z]+:[\w-]{20,}")


def letter_of(programme: Programme) -> Letter:
    """The mail of the first day that has something to do. Its links lead nowhere."""
    client = programme.client
    row = Reminder(
        practice=client.practice, client=client, kind=HomeStretch.key, subject=programme.pk,
        local_date=first_day(programme),
    )  # fmt: skip
    letter = compose(row)
    return Letter(letter.subject, without_links(letter.text), without_links(letter.html))


def without_links(text: str) -> str:
    return TOKEN.sub("preview", text)
