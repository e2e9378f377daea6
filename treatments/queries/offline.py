"""What a client's device keeps of their pages, for when there is no network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from clinic.models import Client
from treatments.queries.today import PortalDay, local_today, portal_day


def person_key(client: Client) -> str:
    """The same for all links of one person; says nothing about them, and nobody can make it."""
    return salted_hmac("treatments.offline.person", str(client.pk)).hexdigest()[:16]


def kept_pages(client: Client, token: str) -> dict[str, Any]:
    """`pages`: addresses of the page of today, of each exercise and of what to say about any other page. `items`: the
    exercises in order. `version`: another one where the pages say something else than the device has."""
    day = portal_day(client, local_today(client))
    own = {task.item.pk: reverse("treatments:portal_item", args=[token, task.item.pk]) for task in day.tasks}
    items = [{"pk": str(task.item.pk), "url": own[task.item.pk], "open": task.is_open} for task in day.tasks]
    today, other = reverse("treatments:portal", args=[token]), reverse("treatments:portal_phone", args=[token])
    return {
        "person": person_key(client),
        "day": day.day.isoformat(),
        "version": hashlib.sha256(json.dumps(list(_said(client, day)), default=str).encode()).hexdigest()[:16],
        "items": items,
        "pages": [today, *own.values(), other],
    }


def _said(client: Client, day: PortalDay) -> Iterator[Any]:
    """Everything that the pages are made of, but for the answers."""
    yield from (day.state, day.day, get_language(), client.practice.name, client.practice.emergency_number)
    if day.programme:
        yield from (day.programme.pk, day.programme.note, day.programme.advice)
    for task in day.tasks:
        item = task.item
        yield [item.pk, item.place, item.side, item.dose, item.sets, item.changes, item.stopped_at]
