"""The list of clients in the order of the diary: it walks the visits by their time, one step for each client."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from clinic.models import Visit, VisitState

VISIT = "v"


@dataclass(frozen=True)
class Order:
    """`later`: whether the soonest comes first (what is ahead), or the latest (what was)."""

    state: VisitState
    later: bool

    def visits(self, now: datetime.datetime) -> Any:
        rows = Visit.objects.filter(state=self.state)
        return rows.filter(starts_at__gt=now) if self.later else rows.filter(starts_at__lte=now)

    @property
    def fields(self) -> tuple[str, str]:
        return ("starts_at", "id") if self.later else ("-starts_at", "-id")

    def beyond(self, at: Any, pk: Any) -> Q:
        """What comes after that visit. The first condition is what an index can begin at."""
        if self.later:
            return Q(starts_at__gte=at) & (Q(starts_at__gt=at) | Q(id__gt=pk))
        return Q(starts_at__lte=at) & (Q(starts_at__lt=at) | Q(id__lt=pk))

    def before(self) -> Q:
        """A visit of the same client that would come first."""
        at, pk = OuterRef("starts_at"), OuterRef("pk")
        nearer = Q(starts_at__lt=at) if self.later else Q(starts_at__gt=at)
        same = Q(starts_at=at, pk__lt=pk) if self.later else Q(starts_at=at, pk__gt=pk)
        return nearer | same


ORDERS = {"next": Order(VisitState.BOOKED, later=True), "seen": Order(VisitState.DONE, later=False)}


def with_visits(sort: str, rows: Any, practice_id: uuid.UUID, now: datetime.datetime, after: str, size: int) -> Any:
    """(client, visit) ids in order: up to `size` of `rows` that have such a visit, from a mark of an earlier page."""
    order = ORDERS[sort]
    theirs = order.visits(now).filter(client=OuterRef("client")).filter(order.before())
    visits = order.visits(now).filter(practice=practice_id, client__in=rows.order_by()).filter(~Exists(theirs))
    if after:
        start = Visit.objects.filter(pk=after).values_list("starts_at", "pk").first()
        visits = visits.filter(order.beyond(*start)) if start else visits
    return list(visits.order_by(*order.fields).values_list("client", "pk")[:size])


def without_visits(sort: str, rows: Any, now: datetime.datetime) -> Any:
    return rows.filter(~Exists(ORDERS[sort].visits(now).filter(client=OuterRef("pk"))))
