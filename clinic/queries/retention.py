"""Whose record is past the years for which the practice keeps records. Nothing here deletes anything.

The last contact is the last visit, or the last thing that a person wrote on the record: every write has an audit row.
What machines did, such as mails, and putting away or bringing back, counts for nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import DateTimeField, Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from clinic.models import STANDING, AuditEntry, Client, Practice, SafetyAlert, Visit

NO_CONTACT = ("client.archived", "client.restored", "client.handed_over")
SHOWN = 50


@dataclass(frozen=True)
class Past:
    """`shown`: the longest silent ones; `in_care` and `archived`: how many there are of each."""

    since: datetime.datetime
    in_care: int
    archived: int
    shown: list[Client]


def border(practice: Practice, now: datetime.datetime) -> datetime.datetime:
    """Whose last contact lies before that is past."""
    there = now.astimezone(practice.zone)
    try:
        return there.replace(year=there.year - practice.keep_years)
    except ValueError:  # 29 February
        return there.replace(year=there.year - practice.keep_years, day=28)


def past(practice: Practice, now: datetime.datetime) -> Past:
    """Three queries. Clients who came later than the border are left out before anything else is asked."""
    since = border(practice, now)
    rows = silent(practice, since)
    in_care = rows.filter(archived_at=None)
    shown = in_care.annotate(last_contact=_last_contact(), alert=_alert()).order_by("last_contact", "pk")[:SHOWN]
    return Past(since, in_care.count(), rows.exclude(archived_at=None).count(), list(shown))


def silent(practice: Practice, since: datetime.datetime) -> QuerySet[Client]:
    """No contact from that instant on, and none ahead."""
    visits = Visit.objects.filter(client=OuterRef("pk"), state__in=STANDING, starts_at__gte=since)
    written = _written().filter(created_at__gte=since)
    return Client.objects.filter(~Exists(visits), ~Exists(written), practice=practice, created_at__lt=since)


def may_go(practice: Practice, since: datetime.datetime) -> QuerySet[Client]:
    """Those that can be archived in one step: in care, without an open red flag."""
    return silent(practice, since).filter(~Exists(_alerts()), archived_at=None)


def _alerts() -> QuerySet[SafetyAlert]:
    return SafetyAlert.objects.filter(practice=OuterRef("practice"), client=OuterRef("pk"), cleared_at=None)


def _alert() -> Exists:
    return Exists(_alerts())


def _written() -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.filter(practice=OuterRef("practice"), client=OuterRef("pk"), actor_machine="")
    return rows.exclude(verb__in=NO_CONTACT)


def _last_contact() -> Greatest:
    visits = Visit.objects.filter(client=OuterRef("pk"), state__in=STANDING).order_by()
    latest: Sequence[Any] = [
        Subquery(rows.values("client").annotate(at=Max(column)).values("at"), output_field=DateTimeField())
        for rows, column in ((visits, "starts_at"), (_written().order_by(), "created_at"))
    ]
    return Greatest(*(Coalesce(one, "created_at") for one in latest))
