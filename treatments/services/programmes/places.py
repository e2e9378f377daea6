"""The order of a draft's exercises, and what was taken out of it coming back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from clinic.models import Membership
from clinic.services import audit
from treatments.models import Programme, ProgrammeItem
from treatments.planning import LIBRARY
from treatments.queries.precautions import clearance_of
from treatments.services.programmes.drafts import only_a_draft
from treatments.services.programmes.kept import DECIDED, is_answered_for, legs

#: What comes back as it was, beside the dose.
AS_IT_WAS = ("place", "for_findings", "because", "maintenance", "suggested", *DECIDED)
NOTHING = "There is nothing to put back: it stands in the programme, or was taken out of another one."


@transaction.atomic
def move_item(*, item: ProgrammeItem, to: int, by: Membership) -> ProgrammeItem:
    """To place `to` of the order, 0 being the first; what lies outside is the nearer end."""
    hold(item)
    put_at(item, to)
    audit.record("programme.item_moved", on=item.programme, by=by, client=item.programme.client, item=str(item.pk))
    return item


def hold(item: ProgrammeItem) -> None:
    """Holds its draft, and reads it as it is by now. Raises ValidationError where it is gone."""
    only_a_draft(item.programme)
    try:
        item.refresh_from_db(fields=["changes", *AS_IT_WAS])
    except ProgrammeItem.DoesNotExist as error:
        raise ValidationError("This exercise was taken out in the meantime.") from error


def put_at(item: ProgrammeItem, to: int) -> None:
    rows = list(ProgrammeItem.objects.filter(programme=item.programme_id).exclude(pk=item.pk))
    rows.insert(max(0, min(to, len(rows))), item)
    moved = []
    for place, row in enumerate(rows):
        if row.place != place:
            row.place = place
            moved.append(row)
    ProgrammeItem.objects.bulk_update(moved, ["place"])


def kept_of(item: ProgrammeItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in AS_IT_WAS}


@transaction.atomic
def put_back(*, programme: Programme, item: str, by: Membership) -> ProgrammeItem:
    """What was removed as `item`, in its place and at its dose; why it was removed is forgotten.

    Raises ValidationError where it stands in the programme again, or something speaks against it by now.
    """
    only_a_draft(programme)
    entry = next(filter(lambda entry: entry.get("item") == item and "was" in entry, programme.left_out), None)
    if entry is None or entry["exercise"] not in LIBRARY or stands(programme, entry):
        raise ValidationError(NOTHING)
    exercise, side = LIBRARY[entry["exercise"]], entry["side"] or ""
    programme.left_out = [other for other in programme.left_out if other is not entry]
    clearance = clearance_of(programme)
    against = clearance.against(exercise, side or None)
    if against and not is_answered_for(programme, exercise.key, side):
        raise ValidationError(f"{exercise.name}: {'; '.join(against)}. Add it again and say why it is right here.")
    back = ProgrammeItem(
        practice_id=programme.practice_id, programme=programme, exercise=exercise.key, kind=exercise.kind,
        target=exercise.target, changes=list(clearance.changes(exercise, side or None)), **entry["was"],
    )  # fmt: skip
    back.save()
    put_at(back, back.place)
    programme.save(update_fields=["left_out"])
    audit.record("programme.item_put_back", on=programme, by=by, client=programme.client, item=str(back.pk))
    return back


def stands(programme: Programme, entry: Mapping[str, Any]) -> bool:
    """Whether any leg of it is worked on by what the programme has now."""
    rows = programme.items.filter(exercise=entry["exercise"]).values_list("side", flat=True)
    return any(legs(entry["exercise"], side) & legs(entry["exercise"], entry["side"]) for side in rows)
