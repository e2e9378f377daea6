"""The programmes that a client was given, and what changed from one to the next."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clinic.models import Client
from treatments.models import Programme, ProgrammeItem, State
from treatments.planning import LIBRARY

MOST = 50
DOSE = ("side", "hold_seconds", "repetitions", "sets", "minutes", "weekdays")


@dataclass(frozen=True)
class Change:
    """`what`: added, removed or changed; of what is removed only `before` is there, of what is added only `after`."""

    what: str
    before: ProgrammeItem | None
    after: ProgrammeItem | None

    @property
    def item(self) -> ProgrammeItem:
        return self.after or self.before  # type: ignore[return-value]  # one of them is there

    @property
    def name(self) -> str:
        known = LIBRARY.get(self.item.exercise)
        return known.name if known else self.item.exercise


@dataclass(frozen=True)
class Difference:
    """Between two versions. `moved`: the same exercises in another order."""

    changes: tuple[Change, ...]
    moved: bool
    note: bool

    @property
    def nothing(self) -> bool:
        return not (self.changes or self.moved or self.note)


@dataclass(frozen=True)
class Version:
    """`number` counts from the first that the client was given; the first has no `difference`."""

    programme: Programme
    number: int
    difference: Difference | None


def difference(before: Programme, after: Programme) -> Difference:
    """What somebody who knows `before` has to know of `after`."""
    old, new = list(before.items.all()), list(after.items.all())
    pairs = list(matched(old, new))
    changes = [
        *(Change("added", None, item) for was, item in pairs if item and not was),
        *(Change("removed", was, None) for was, item in pairs if was and not item),
        *(Change("changed", was, item) for was, item in pairs if was and item and not same(was, item)),
    ]
    both = [item.pk for was, item in pairs if was and item]
    kept = [item.pk for item in new if item.pk in both]
    return Difference(tuple(changes), moved=not changes and both != kept, note=before.note != after.note)


Pair = tuple[ProgrammeItem | None, ProgrammeItem | None]


def matched(old: Sequence[ProgrammeItem], new: Sequence[ProgrammeItem]) -> Iterator[Pair]:
    """The same exercise on the same side first, then the same exercise, in the old order; then what is new."""
    left = list(new)
    partners: dict[uuid.UUID, ProgrammeItem] = {}
    for alike in (same_place, same_exercise):
        for was in old:
            if was.pk not in partners and (item := next((item for item in left if alike(was, item)), None)):
                partners[was.pk] = item
                left.remove(item)
    yield from ((was, partners.get(was.pk)) for was in old)
    yield from ((None, item) for item in left)


def same_exercise(was: ProgrammeItem, item: ProgrammeItem) -> bool:
    return was.exercise == item.exercise


def same_place(was: ProgrammeItem, item: ProgrammeItem) -> bool:
    return same_exercise(was, item) and was.side == item.side


def same(was: ProgrammeItem, item: ProgrammeItem) -> bool:
    return all(getattr(was, name) == getattr(item, name) for name in DOSE)


def versions(client: Client) -> list[Version]:
    """The newest first, at most 50; two queries."""
    given = Programme.objects.filter(practice_id=client.practice_id, client=client).exclude(published_at=None)
    rows = list(given.select_related("published_by").prefetch_related("items").order_by("-published_at")[: MOST + 1])
    total = given.count() if len(rows) > MOST else len(rows)
    before = [*rows[1:], None]
    return [
        Version(row, total - place, difference(was, row) if was else None)
        for place, (row, was) in enumerate(zip(rows, before, strict=True))
    ][:MOST]


def running_version(programme: Programme) -> Programme | None:
    """What the client has now, with its exercises."""
    others = Programme.objects.filter(practice_id=programme.practice_id, client_id=programme.client_id)
    return others.filter(state=State.PUBLISHED).exclude(pk=programme.pk).prefetch_related("items").first()
