"""The `CLINIC` setting of the project or its host, read when it is needed. No setting ever changes a model."""

from __future__ import annotations

import dataclasses
import datetime
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class ReminderSettings:
    """How the reminder engine works. Override by `CLINIC = {"reminders": {"batch": 100}}`."""

    horizon: datetime.timedelta = datetime.timedelta(minutes=15)  # planned ahead
    look_back: datetime.timedelta = datetime.timedelta(days=1)  # planned afterwards, when nothing ran for a while
    batch: int = 100  # rows claimed and checked at once
    fresh_for: datetime.timedelta = datetime.timedelta(seconds=5)  # then the rest of a batch is checked again
    budget: datetime.timedelta = datetime.timedelta(seconds=60)  # of one wake-up
    claim_timeout: datetime.timedelta = datetime.timedelta(minutes=10)  # longer than any mail server is waited for
    attempts: int = 12  # some six hours, with what follows
    first_retry: datetime.timedelta = datetime.timedelta(minutes=1)  # doubles with every attempt
    longest_retry: datetime.timedelta = datetime.timedelta(hours=1)
    jitter: float = 0.2  # every wait is up to so much longer, by chance
    first_rest: datetime.timedelta = datetime.timedelta(seconds=15)  # of a mail server that takes nothing; doubles
    longest_rest: datetime.timedelta = datetime.timedelta(minutes=10)
    trouble_in_a_row: int = 10  # so many mails put off one after the other: it is the server
    domain_per_minute: int = 1200  # mails of a practice to one recipient domain, at most
    domain_first_day: int = 120  # the same on the first day that it writes there; doubles every day
    requested_useful_for: datetime.timedelta = datetime.timedelta(days=3)  # then nobody waits for it any more
    keep_for: datetime.timedelta = datetime.timedelta(days=90)  # then what is settled moves to the archive
    silent_after: datetime.timedelta = datetime.timedelta(minutes=2)  # no tick: people are told
    worker_silent_after: datetime.timedelta = datetime.timedelta(minutes=5)  # ticks, but nobody works
    late_after: datetime.timedelta = datetime.timedelta(minutes=15)  # mail that is due and does not leave


def reminders() -> ReminderSettings:
    """Raises ImproperlyConfigured for a name that does not exist, and where the archive would let a mail come again."""
    given = getattr(settings, "CLINIC", {}).get("reminders", {})
    unknown = set(given) - {field.name for field in dataclasses.fields(ReminderSettings)}
    if unknown:
        raise ImproperlyConfigured(f"CLINIC['reminders'] knows no {', '.join(sorted(unknown))}.")
    rules = ReminderSettings(**given)
    if rules.keep_for <= rules.look_back:
        raise ImproperlyConfigured("CLINIC['reminders']: keep_for must be longer than look_back, or mails come again.")
    return rules
