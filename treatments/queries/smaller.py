"""What a client who does less than half for two weeks is offered, where the practice wants that."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import OuterRef, Subquery

from clinic.models import Attention, Client
from treatments.models import Programme, ProgrammeItem
from treatments.planning import LIBRARY
from treatments.planning.smaller import Asked, smaller
from treatments.queries import local_today
from treatments.queries.attention import AdherenceLow
from treatments.queries.load import minutes, seconds_of


@dataclass(frozen=True)
class Offer:
    """`kept` goes on, `rests` falls away; `before` and `after`: minutes of all days of a week. `each`: one exercise for
    each thing that was found, else one for all of them. `since`: when it was found to be too much; None where nobody
    asked for that."""

    programme: Programme
    kept: list[ProgrammeItem]
    rests: list[ProgrammeItem]
    before: int
    after: int
    each: bool
    since: datetime.datetime | None = None


def offer_of(client: Client) -> Offer | None:
    """None where nothing is to be offered, or the client or their therapist has decided already. Two queries."""
    if not client.practice.offer_smaller:
        return None
    today = local_today(client)
    undecided = {
        "starts_on__lte": today,
        "until__gte": today,
        "held_at": None,
        "smaller_taken_at": None,
        "smaller_refused_at": None,
    }
    rows = Programme.objects.published().filter(practice_id=client.practice_id, client=client, **undecided)
    low = Attention.objects.filter(practice_id=client.practice_id, client=client, kind=AdherenceLow.key)
    since = low.filter(subject=OuterRef("pk")).values("since")[:1]
    programme = rows.annotate(low_since=Subquery(since)).exclude(low_since=None).first()
    if programme is None:
        return None
    programme.client = client
    offer = made_smaller(programme)
    return replace(offer, since=programme.low_since) if offer else None


def made_smaller(programme: Programme) -> Offer | None:
    items = list(programme.items.running())
    if any(item.exercise not in LIBRARY for item in items):
        return None
    stays = smaller([asked(item) for item in items])
    kept = [items[place] for place in stays.places]
    rests = [item for item in items if item not in kept]
    before, after = (minutes(sum(week(item) for item in some)) for some in (items, kept))
    return Offer(programme, kept, rests, before, after, stays.each) if kept and after < before else None


def asked(item: ProgrammeItem) -> Asked:
    codes, level = tuple(item.for_findings), item.about.evidence.level
    return Asked(item.kind, item.target, item.side, codes, level, week(item), item.maintenance)


def week(item: ProgrammeItem) -> int:
    """Seconds of all its days."""
    return seconds_of(item) * len(item.weekdays)


def card(client: Client, token: str) -> Mapping[str, Any] | None:
    offer = offer_of(client)
    return {"offer": offer} if offer else None
