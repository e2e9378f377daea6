"""The list of clients: searched, narrowed, sorted, page by page from a mark, without ever counting all of them.

Each order walks an index and stops when the page is full. `next visit` and `last seen` walk the diary; clients without
one follow by name.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from clinic import panels
from clinic.models import Client, Membership, Visit, VisitState
from clinic.queries import attention, caseload_diary
from clinic.queries.attention import Line
from clinic.queries.reminders import with_locks

PAGE = 25
SHOWN = {"all": "Everybody in care", "mine": "My clients", "archived": "Archived"}
SORTS = {"name": "Name", "next": "Next visit", "seen": "Last visit", "added": "Added"}
AHEAD = (("none", "No visit ahead"), ("some", "A visit ahead"))
NEEDS = "yes"


@dataclass(frozen=True)
class Asked:
    """What a page asks for. `narrowed`: values of the filters that apps registered, by their key."""

    words: str = ""
    shown: str = "all"
    sort: str = "name"
    therapist: str = ""
    ahead: str = ""
    needs: str = ""
    after: str = ""
    narrowed: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.therapist or self.ahead or self.needs or any(self.narrowed.values()))


@dataclass(frozen=True)
class Row:
    """One client of the list with what stands in its columns."""

    client: Client
    next_visit: datetime.datetime | None
    last_seen: datetime.datetime | None
    needs: Sequence[Line]
    cells: Sequence[tuple[panels.CaseloadColumn, Any]]


@dataclass(frozen=True)
class Caseload:
    """`after`: where the next page begins, "" on the last one."""

    rows: Sequence[Row]
    columns: Sequence[panels.CaseloadColumn]
    after: str


def caseload(membership: Membership, clients: QuerySet[Client], asked: Asked) -> Caseload:
    """A page of `clients`, those that the user may see. As many queries for one row as for a full page."""
    now = timezone.now()
    ids, after = page_of(membership, clients, asked, now)
    found = with_locks(Client.objects.filter(pk__in=ids)).select_related("therapist", "practice")
    known = {row.pk: row for row in found.annotate(**visits_of(now))}
    people = [known[pk] for pk in ids]
    return with_cells(membership, people, after)


def with_cells(membership: Membership, people: Sequence[Any], after: str) -> Caseload:
    columns = columns_for(membership)
    cells = {column.key: column.cells(membership, people) for column in columns}
    needs = attention.of_clients(membership, people)
    rows = [
        Row(
            one, one.next_visit, one.last_seen, needs.get(one.pk, []),
            [(column, cells[column.key].get(one.pk)) for column in columns],
        )
        for one in people
    ]  # fmt: skip
    return Caseload(rows, columns, after)


def columns_for(membership: Membership) -> list[panels.CaseloadColumn]:
    seen = [column for column in panels.caseload_columns if membership.role in column.roles]
    return sorted(seen, key=lambda column: column.order)


def filters_for(membership: Membership) -> list[panels.CaseloadFilter]:
    seen = [one for one in panels.caseload_filters if membership.role in one.roles]
    return sorted(seen, key=lambda one: one.order)


def visits_of(now: datetime.datetime) -> dict[str, Subquery]:
    theirs = Visit.objects.filter(client=OuterRef("pk"))
    ahead = theirs.filter(state=VisitState.BOOKED, starts_at__gt=now).order_by("starts_at")
    seen = theirs.filter(state=VisitState.DONE).order_by("-starts_at")
    return {
        "next_visit": Subquery(ahead.values("starts_at")[:1]),
        "last_seen": Subquery(seen.values("starts_at")[:1]),
    }


# --- which clients ----------------------------------------------------------------------------------------------------


def narrowed(membership: Membership, clients: QuerySet[Client], asked: Asked, now: datetime.datetime) -> Any:
    rows = clients.filter(practice=membership.practice_id)
    rows = rows.exclude(archived_at=None) if asked.shown == "archived" else rows.filter(archived_at=None)
    rows = rows.filter(therapist=membership.pk) if asked.shown == "mine" else rows
    rows = rows.matching(asked.words) if asked.words else rows  # type: ignore[attr-defined]
    if asked.therapist == "none":
        rows = rows.filter(therapist=None)
    elif asked.therapist:
        rows = rows.filter(therapist=uuid.UUID(asked.therapist))
    if asked.ahead:
        booked = Visit.objects.filter(client=OuterRef("pk"), starts_at__gt=now, state=VisitState.BOOKED)
        rows = rows.filter(Exists(booked)) if asked.ahead == "some" else rows.filter(~Exists(booked))
    if asked.needs:
        needing = attention.open_rows(membership, mine=False).filter(client=OuterRef("pk"))
        rows = rows.filter(Exists(needing))
    for one in filters_for(membership):
        if value := asked.narrowed.get(one.key):
            rows = one.narrow(rows, value)
    return rows


# --- in which order ---------------------------------------------------------------------------------------------------

Found = tuple[list[uuid.UUID], str]


def page_of(membership: Membership, clients: QuerySet[Client], asked: Asked, now: datetime.datetime) -> Found:
    """Ids in order and the mark of the next page."""
    rows = narrowed(membership, clients, asked, now)
    if asked.sort == "added":
        return by_id(rows, asked.after)
    if asked.sort in caseload_diary.ORDERS:
        return by_diary(membership, rows, asked, now)
    return by_name(rows, asked.after)


def by_name(rows: Any, after: str, size: int = PAGE) -> Found:
    ordered = rows.order_by("family_name", "given_name", "id")
    if mark := id_of(after):
        start = Client.objects.filter(pk=mark).values_list("family_name", "given_name").first()
        if start:
            family, given = start
            later = Q(family_name__gt=family) | Q(given_name__gt=given) | Q(given_name=given, pk__gt=mark)
            # The first condition is what the index can begin at.
            ordered = ordered.filter(family_name__gte=family).filter(later)
    return cut(list(ordered.values_list("pk", flat=True)[: size + 1]), size)


def by_id(rows: Any, after: str) -> Found:
    """The newest first: ids are in the order of time."""
    mark = id_of(after)
    rows = rows.filter(pk__lt=mark) if mark else rows
    return cut(list(rows.order_by("-pk").values_list("pk", flat=True)[: PAGE + 1]), PAGE)


def by_diary(membership: Membership, rows: Any, asked: Asked, now: datetime.datetime) -> Found:
    """Those with a visit by its time, then the others by name. Marks: "v" and a visit, or "n" and a client."""
    part, mark = asked.after[:1], asked.after[1:]
    ids: list[uuid.UUID] = []
    if part != "n":
        after = mark if id_of(mark) else ""
        pairs = caseload_diary.with_visits(asked.sort, rows, membership.practice_id, now, after, PAGE + 1)
        ids = [client for client, _ in pairs[:PAGE]]
        if len(pairs) > PAGE:
            return ids, f"v{pairs[PAGE - 1][1]}"
    others = caseload_diary.without_visits(asked.sort, rows, now)
    left = PAGE - len(ids)
    if not left:
        return ids, "n" if others.exists() else ""
    named, rest = by_name(others, mark if part == "n" else "", left)
    return ids + named, rest and f"n{rest}"


def cut(ids: list[uuid.UUID], size: int) -> Found:
    return ids[:size], str(ids[size - 1]) if len(ids) > size else ""


def id_of(mark: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(mark)
    except ValueError:
        return None
