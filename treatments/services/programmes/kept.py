"""What a clinician decided on a draft stays when the draft is made anew from the same assessment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clinic.models import Client
from treatments.models import Programme, ProgrammeItem, State
from treatments.services.programmes.precautions import clearance_of

#: What of an item a clinician can set.
DECIDED = ("side", "hold_seconds", "repetitions", "sets", "minutes", "weekdays")
Place = tuple[str, str]


def decided(item: ProgrammeItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in DECIDED}


def place_of(entry: dict[str, Any]) -> Place:
    return (entry["exercise"], entry["side"] or "")


class Kept:
    """The decisions on the drafts that make room for a new one."""

    def __init__(self, drafts: list[Programme]) -> None:
        self.items = [item for draft in drafts for item in draft.items.all()]
        self.by_hand = [entry for draft in drafts for entry in draft.left_out if entry.get("by_hand")]
        self.removed = {place_of(entry) for entry in self.by_hand if entry["by_hand"] == "removed"}
        self.allowed = {place_of(entry) for entry in self.by_hand if entry["by_hand"] == "allowed"}
        self.changed = {
            (item.exercise, item.suggested["side"]): item
            for item in self.items
            if item.suggested is not None and item.suggested != decided(item)
        }

    def apply(self, suggested: list[ProgrammeItem]) -> list[ProgrammeItem]:
        """The suggested items without the removed ones, at the dose and side that were set by hand."""
        kept = [item for item in suggested if (item.exercise, item.side) not in self.removed]
        for item in kept:
            before = self.changed.get((item.exercise, item.side))
            if before:
                for name, value in decided(before).items():
                    setattr(item, name, value)
        return kept

    def added(self, programme: Programme, taken: set[Place]) -> Iterator[ProgrammeItem]:
        """Exercises that were added by hand, unless something speaks against them that nobody answered for."""
        clearance = clearance_of(programme)
        for item in self.items:
            place = (item.exercise, item.side)
            new = item.suggested is None and place not in taken
            if new and (place in self.allowed or not clearance.against(item.about, item.side or None)):
                yield copy_of(item, programme)


def copy_of(item: ProgrammeItem, programme: Programme) -> ProgrammeItem:
    fields = ("practice_id", "exercise", "kind", "target", "changes", "for_findings", "because", *DECIDED)
    return ProgrammeItem(programme=programme, **{name: getattr(item, name) for name in fields})


def drafts_of(client: Client) -> list[Programme]:
    drafts = Programme.objects.filter(practice_id=client.practice_id, client=client, state=State.DRAFT)
    return list(drafts.prefetch_related("items"))
