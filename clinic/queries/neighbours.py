"""Who is near a client by name or birth, read once: who could be mistaken for them, and who may be here twice."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import F, Q
from django.db.models.lookups import Exact

from clinic.models import Client
from clinic.queries import once

NEAR = datetime.timedelta(days=3)
MOST = 200  # looked at; a few of them are shown
NEEDED = ("pk", "given_name", "family_name", "date_of_birth", "email", "phone", "ref", "practice")


def neighbours(client: Client) -> Sequence[Client]:
    """In care at the same practice with the same family name, with this one's given name as theirs, or born within
    three days; who was born on the same day first. One query, by the indexes of names and dates of birth."""
    return once.of(client, "neighbours", lambda: _read(client))


def _read(client: Client) -> list[Client]:
    born = client.date_of_birth
    near, order = Q(family_name__in=[client.family_name, client.given_name]), ["family_name", "given_name", "id"]
    rows = Client.objects.filter(practice=client.practice_id).active().exclude(pk=client.pk).only(*NEEDED)
    if born is None:
        return list(rows.filter(near).order_by(*order)[:MOST])
    near |= Q(date_of_birth__range=(born - NEAR, born + NEAR))
    same_day = Exact(F("date_of_birth"), born)
    return list(rows.filter(near).order_by(same_day.desc(nulls_last=True), *order)[:MOST])
