"""What needs somebody, as a page lists it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from clinic.attention import Action, AttentionKind, kinds, kinds_for
from clinic.models import Attention, Client, Membership, Role

FEW = 8  # of each kind on the dashboard
MOST_COUNTED = 100  # more are told as "100+"
ENOUGH = MOST_COUNTED + 1
MOST_NAMED = 2000  # clients of one therapist; more are found by the order of the rows
PAGE = 25


@dataclass(frozen=True)
class Line:
    """One client who needs somebody, ready to be drawn."""

    row: Attention
    kind: AttentionKind

    @property
    def sentence(self) -> str:
        return self.kind.sentence(self.row)

    @property
    def action(self) -> Action:
        return self.kind.action(self.row)

    @property
    def actions(self) -> list[Action]:
        """The one thing to do about it, then what else there is."""
        return [self.action, *self.kind.others(self.row)]

    @property
    def how_long(self) -> str:
        days = (timezone.now() - self.row.since).days
        if days < 1:
            return "since today"
        if days < 14:
            return f"for {days} day{'' if days == 1 else 's'}"
        return f"for {days // 7} weeks"


@dataclass(frozen=True)
class Group:
    """One kind: its first few lines, and how many there are in words ("43", "100+")."""

    kind: AttentionKind
    lines: Sequence[Line]
    count: str

    @property
    def more(self) -> bool:
        return self.count != str(len(self.lines))


@dataclass(frozen=True)
class Page:
    """`older` is where the next page begins, "" on the last one."""

    lines: Sequence[Line]
    older: str


def mine_by_default(membership: Membership) -> bool:
    """A therapist begins with their own clients; owner and reception with the whole practice."""
    return membership.role == Role.THERAPIST


def of_mine(membership: Membership, path: str = "") -> Q:
    """My clients, and those who are nobody's."""
    return Q(**{f"{path}therapist": membership.pk}) | Q(**{f"{path}therapist": None})


def open_rows(membership: Membership, *, mine: bool) -> QuerySet[Attention]:
    """What this role sees, is not put off, and is of clients in care. One query first where it is of mine."""
    return _open_rows(membership, mine, _my_clients(membership) if mine else None)


def _open_rows(membership: Membership, mine: bool, ids: Sequence[uuid.UUID] | None) -> QuerySet[Attention]:
    today = timezone.localdate(timezone=membership.practice.zone)
    seen = [kind.key for kind in kinds_for(membership.role)]
    rows = Attention.objects.filter(practice=membership.practice_id, kind__in=seen)
    rows = rows.filter(Q(put_off_until=None) | Q(put_off_until__lte=today))
    if ids is not None:
        return rows.filter(client__in=ids)
    rows = rows.filter(client__archived_at=None)
    return rows.filter(of_mine(membership, "client__")) if mine else rows


def _my_clients(membership: Membership) -> list[uuid.UUID] | None:
    """In care; None where they are too many to be named. Where a few of very many clients are mine, their rows are
    found by their ids; by the order of the rows, everybody's would be read until enough of mine were among them."""
    rows = Client.objects.filter(of_mine(membership), practice=membership.practice_id).active()
    ids = list(rows.order_by().values_list("pk", flat=True)[: MOST_NAMED + 1])
    return ids if len(ids) <= MOST_NAMED else None


def groups(membership: Membership, *, mine: bool) -> list[Group]:
    """Every kind with somebody in it, the gravest first. Two queries, three where it is of mine."""
    counts, first = _first_of_each(membership, mine)
    found = _lines(first)
    return [
        Group(kind, [line for line in found if line.kind is kind], counts[kind.key])
        for kind in kinds_for(membership.role)
        if kind.key in counts
    ]


def counts(membership: Membership, *, mine: bool) -> dict[str, str]:
    """How many of each kind, in words; kinds without anybody are missing. Reads a hundred of each, or all of mine."""
    return _first_of_each(membership, mine)[0]


def _first_of_each(membership: Membership, mine: bool) -> tuple[dict[str, str], list[uuid.UUID]]:
    of: dict[str, list[tuple[datetime.datetime, uuid.UUID]]] = {}
    for key, since, pk in _newest_of_each(membership, mine):
        of.setdefault(key, []).append((since, pk))
    number = {key: f"{MOST_COUNTED}+" if len(rows) > MOST_COUNTED else str(len(rows)) for key, rows in of.items()}
    return number, [pk for rows in of.values() for _, pk in sorted(rows, key=_newest_first)[:FEW]]


def _newest_of_each(membership: Membership, mine: bool) -> Iterable[tuple[str, datetime.datetime, uuid.UUID]]:
    """Enough of each kind to count it; of clients that can be named all."""
    ids = _my_clients(membership) if mine else None
    rows = _open_rows(membership, mine, ids)
    if ids is not None:
        return rows.order_by().values_list("kind", "since", "pk")
    # A rank is of one kind alone, and the index begins with the practice and the rank.
    cut = [
        rows.filter(rank=kind.rank, kind=kind.key).order_by("-since", "id").values_list("kind", "since", "pk")[:ENOUGH]
        for kind in kinds_for(membership.role)
    ]
    return cut[0].union(*cut[1:], all=True) if cut else ()


def _newest_first(row: tuple[datetime.datetime, uuid.UUID]) -> tuple[float, uuid.UUID]:
    return -row[0].timestamp(), row[1]


def _lines(ids: Sequence[uuid.UUID]) -> list[Line]:
    rows = Attention.objects.filter(pk__in=ids) if ids else Attention.objects.none()
    return _as_lines(rows.order_by("rank", "-since", "id"))


def _as_lines(rows: QuerySet[Attention]) -> list[Line]:
    found = rows.select_related("client__practice", "client__therapist")
    return [Line(row, kinds[row.kind]) for row in found if row.kind in kinds]


def page(membership: Membership, *, mine: bool, kind: str, after: str) -> Page:
    """In order, of one kind ("": all), from a mark that an earlier page gave. One query."""
    rows = open_rows(membership, mine=mine)
    if kind in kinds:
        rows = rows.filter(kind=kind, rank=kinds[kind].rank)
    lines = _as_lines(_after(rows, after).order_by("rank", "-since", "id")[: PAGE + 1])
    shown = lines[:PAGE]
    return Page(shown, _mark(shown[-1].row) if len(lines) > PAGE else "")


def of_clients(membership: Membership, clients: Sequence[Any]) -> dict[uuid.UUID, list[Line]]:
    """What needs somebody about each of these clients. One query."""
    rows = open_rows(membership, mine=False).filter(client__in=[client.pk for client in clients])
    found: dict[uuid.UUID, list[Line]] = {}
    for line in _as_lines(rows.order_by("rank", "-since", "id")):
        found.setdefault(line.row.client_id, []).append(line)
    return found


def _mark(row: Attention) -> str:
    return f"{row.rank}_{row.since.isoformat()}_{row.pk}"


def _after(rows: QuerySet[Attention], mark: str) -> QuerySet[Attention]:
    """All of them where the mark is none."""
    rank, _, rest = mark.partition("_")
    since, _, pk = rest.partition("_")
    try:
        place = int(rank), datetime.datetime.fromisoformat(since), uuid.UUID(pk)
    except ValueError:
        return rows
    later = Q(rank=place[0]) & (Q(since__lt=place[1]) | Q(since=place[1], id__gt=place[2]))
    # The first condition is what the index can begin at.
    return rows.filter(rank__gte=place[0]).filter(Q(rank__gt=place[0]) | later)
