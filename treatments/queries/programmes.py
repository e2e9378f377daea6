from __future__ import annotations

import datetime
from typing import Any

from clinic.models import Client, Level, SafetyAlert
from clinic.models.safety import LOCKING
from intake.screening import Referral
from treatments.models import Outcome, Programme
from treatments.planning import LIBRARY

GRAVITY = (Level.ASK, Level.URGENT, Level.EMERGENCY)


def running(client: Client, on: datetime.date) -> Programme | None:
    """The programme that `client` follows on that day of their calendar."""
    return Programme.objects.published().filter(client=client, starts_on__lte=on, until__gte=on).first()


def latest_shared(client: Client) -> Programme | None:
    """The newest programme that the client was ever given: running, coming or over."""
    shared = Programme.objects.filter(practice_id=client.practice_id, client=client).exclude(published_at=None)
    newest = shared.order_by("-published_at").first()
    if newest:
        newest.client = client  # its zone is asked for
    return newest


def referral_of(client: Client) -> Referral:
    """The highest open safety alert and every open reason; level none where nothing is open."""
    alerts = list(SafetyAlert.objects.filter(practice_id=client.practice_id, client=client).open())
    level = max((Level(alert.level) for alert in alerts), key=GRAVITY.index, default=None)
    because = dict.fromkeys(reason for alert in alerts for reason in alert.because)
    return Referral(level=level.value if level else "none", because=tuple(because))


def locked_because(client: Client) -> list[str]:
    """Why nothing may be done at home now: reasons of urgent and emergency alerts that nobody has answered yet."""
    alerts = SafetyAlert.objects.filter(practice_id=client.practice_id, client=client, level__in=LOCKING).open()
    return list(dict.fromkeys(reason for alert in alerts for reason in alert.because))


def exercises_by_name() -> list[tuple[str, str]]:
    """(key, label) of the whole library, in the order a person looks for them."""
    return sorted(((key, exercise.name) for key, exercise in LIBRARY.items()), key=lambda pair: pair[1])


def too_painful(rows: Any) -> Any:
    """Of some home logs those that nobody has dealt with, newest first."""
    unseen = rows.filter(outcome=Outcome.TOO_PAINFUL, seen_at=None)
    return unseen.select_related("client__practice", "item").order_by("-local_date", "-id")
