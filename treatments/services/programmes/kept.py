"""What a clinician decided on a draft stays when the draft is made anew from the same assessment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clinic.models import Client
from treatments.models import Programme, ProgrammeItem, State
from treatments.planning import LIBRARY, Clearance
from treatments.planning.history import sides_of

#: What of an item a clinician can set: the dose, and the side.
DOSE = ("hold_seconds", "repetitions", "sets", "minutes", "weekdays")
DECIDED = ("side", *DOSE)
COPIED = ("practice_id", "exercise", "kind", "target", "place", "for_findings", "because", *DECIDED)
Place = tuple[str, str]
Legs = frozenset[str | None]


def decided(item: ProgrammeItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in DECIDED}


def legs(exercise: str, side: str | None) -> Legs:
    """The legs that an exercise is done with; {None} where it has no sides."""
    return sides_of(LIBRARY[exercise], side or None)


def entries_by_hand(left_out: Iterable[Mapping[str, Any]], what: str) -> list[Mapping[str, Any]]:
    """What was removed, or allowed although something speaks against it."""
    return [entry for entry in left_out if entry.get("by_hand") == what and entry["exercise"] in LIBRARY]


def is_answered_for(programme: Programme, exercise: str, side: str) -> bool:
    """Whether a clinician said why it is right here, for every leg that it is done with."""
    allowed = entries_by_hand(programme.left_out, "allowed")
    said = [legs(exercise, entry["side"]) for entry in allowed if entry["exercise"] == exercise]
    return legs(exercise, side) <= frozenset().union(*said)


def side_suggested(item: ProgrammeItem) -> str:
    side: str = (item.suggested or {}).get("side", "")
    return side


class Kept:
    """The decisions on the drafts that make room for a new one. `programme`: the new one; `clearance`: today's."""

    def __init__(self, drafts: Iterable[Programme], programme: Programme, clearance: Clearance) -> None:
        self.items = [item for draft in drafts for item in draft.items.all() if item.exercise in LIBRARY]
        self.by_hand = [entry for draft in drafts for entry in draft.left_out if entry.get("by_hand")]
        self.programme, self.clearance = programme, clearance

    def apply(self, suggested: Iterable[ProgrammeItem]) -> list[ProgrammeItem]:
        """The suggested items without the removed legs, and the added ones, at the dose and side that were set."""
        items: dict[Place, ProgrammeItem] = {}
        for item in [*self.wanted(suggested), *self.added()]:
            items.setdefault((item.exercise, item.side), item)
        return sorted(items.values(), key=lambda item: item.place)

    def wanted(self, suggested: Iterable[ProgrammeItem]) -> Iterator[ProgrammeItem]:
        for item in suggested:
            left = legs(item.exercise, item.side) - self.removed(item.exercise)
            if left:
                item.side = item.side if left == legs(item.exercise, item.side) else str(*left)
                self.change(item)
                yield item

    def removed(self, exercise: str) -> Legs:
        gone = [entry for entry in entries_by_hand(self.by_hand, "removed") if entry["exercise"] == exercise]
        return frozenset().union(*(legs(exercise, entry["side"]) for entry in gone))

    def change(self, item: ProgrammeItem) -> None:
        """Gives the item the dose that was set for it on any of its legs, and the side that it was moved to."""
        before = self.changed_by_hand(item)
        if before is None:
            return
        for name in DOSE:
            setattr(item, name, getattr(before, name))
        moved = side_suggested(before) == item.side != before.side
        if moved and self.may_be(item.exercise, before.side):
            item.side = before.side
        item.changes = list(self.clearance.changes(item.about, item.side or None))

    def changed_by_hand(self, item: ProgrammeItem) -> ProgrammeItem | None:
        for other in self.items:
            same = other.exercise == item.exercise and other.changed_by_hand
            if same and legs(item.exercise, side_suggested(other)) & legs(item.exercise, item.side):
                return other
        return None

    def added(self) -> Iterator[ProgrammeItem]:
        """Exercises that were added by hand, unless something speaks against them that nobody answered for."""
        for item in self.items:
            if item.suggested is None and self.may_be(item.exercise, item.side):
                copy = ProgrammeItem(programme=self.programme, **{name: getattr(item, name) for name in COPIED})
                copy.changes = list(self.clearance.changes(item.about, item.side or None))
                yield copy

    def may_be(self, exercise: str, side: str) -> bool:
        against = self.clearance.against(LIBRARY[exercise], side or None)
        return not against or is_answered_for(self.programme, exercise, side)


def drafts_of(client: Client) -> list[Programme]:
    drafts = Programme.objects.filter(practice_id=client.practice_id, client=client, state=State.DRAFT)
    return list(drafts.prefetch_related("items"))
