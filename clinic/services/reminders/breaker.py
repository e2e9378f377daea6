"""The circuit breaker: a mail server that takes nothing is left alone for a while, longer each time, by all workers.

When a rest is over one worker tries one mail; if that goes, everybody works again. The row is what people are shown.
"""

from __future__ import annotations

import datetime
import random

from django.conf import settings
from django.db.models import QuerySet

from clinic import conf
from clinic.models import MailServer

EVERYTHING, ONE_MAIL, NOTHING = None, 1, 0
TRIAL = datetime.timedelta(minutes=2)  # then whoever has it is thought to be dead


def key() -> str:
    """The way out that the settings name."""
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return str(settings.EMAIL_BACKEND)


def allowance(now: datetime.datetime) -> int | None:
    """How many mails this worker may try: EVERYTHING, ONE_MAIL after a rest (to one worker only), or NOTHING."""
    server = _resting().first()
    if server is None:
        return EVERYTHING
    if server.rest_until and server.rest_until > now:
        return NOTHING
    # Whoever moves it first has the try; to the others it rests a little longer.
    same = _resting().filter(rest_until=server.rest_until)
    return ONE_MAIL if same.update(rest_until=now + TRIAL) else NOTHING


def failed(now: datetime.datetime, reason: str, *, trial: bool) -> None:
    """Begin a rest, a longer one after a trial. Many workers that fail together count once."""
    server, _ = MailServer.objects.get_or_create(key=key())
    same = MailServer.objects.filter(pk=server.pk, failures=server.failures)
    if not trial and server.rest_until is not None:
        return
    failures = server.failures + 1
    same.update(
        failures=failures,
        down_since=server.down_since or now,
        rest_until=now + rest(failures),
        reason=reason[:200],
    )


def answered() -> None:
    """It took a mail: forget what was."""
    _resting().update(failures=0, down_since=None, rest_until=None, reason="")


def tried_nothing(now: datetime.datetime) -> None:
    """The one with the try had no mail for it: the next worker may."""
    _resting().update(rest_until=now)


def _resting() -> QuerySet[MailServer]:
    return MailServer.objects.filter(key=key(), rest_until__isnull=False)


def rest(failures: int) -> datetime.timedelta:
    """Doubles with every failure."""
    rules = conf.reminders()
    return spread(min(rules.first_rest * 2 ** min(failures - 1, 30), rules.longest_rest))


def spread(wait: datetime.timedelta) -> datetime.timedelta:
    """A little longer, by chance, so that not everybody comes back in the same moment."""
    return wait * (1 + random.uniform(0, conf.reminders().jitter))  # noqa: S311  (no secret)
