"""When a client who follows a programme is asked about their safety again."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import Max, Min, OuterRef, Subquery
from django.utils import timezone

from clinic.models import Client
from intake.models import IntakeResponse, Rescreen
from treatments.models import Programme
from treatments.queries.today import local_today

EVERY = datetime.timedelta(weeks=4)  # a working value of our own


def is_due(client: Client) -> bool:
    """Four weeks after they were last asked, or were first given a programme, while one runs. One query."""
    on = local_today(client)
    running = Programme.objects.published().filter(practice_id=client.practice_id, client=client, held_at=None)
    row = (
        running.filter(starts_on__lte=on, until__gte=on)
        .annotate(
            again=_last(Rescreen.objects.all(), Max("created_at")),
            intake=_last(IntakeResponse.objects.completed(), Max("completed_at")),
            given=_last(Programme.objects.all(), Min("published_at")),
        )
        .values_list("again", "intake", "given")
        .first()
    )
    return row is not None and max(at for at in row if at) + EVERY <= timezone.now()


def _last(rows: Any, at: Any) -> Subquery:
    of_client = rows.filter(practice=OuterRef("practice"), client=OuterRef("client")).order_by()
    return Subquery(of_client.values("client").annotate(at=at).values("at"))


def card(client: Client, token: str) -> Mapping[str, Any] | None:
    return {} if is_due(client) else None
