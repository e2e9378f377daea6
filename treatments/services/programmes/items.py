from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from clinic.models import Membership
from clinic.services import audit
from treatments.models import Programme, ProgrammeItem
from treatments.planning import LIBRARY
from treatments.planning.weekdays import weekdays
from treatments.queries.precautions import clearance_of, starting_dose
from treatments.services.programmes.drafts import only_a_draft
from treatments.services.programmes.kept import legs
from treatments.services.programmes.places import hold, kept_of, put_at

EDITABLE = ("side", "hold_seconds", "repetitions", "sets", "minutes", "weekdays")
#: Field → smallest, largest, unit. Working values of our own: wide enough for every published dose.
RANGES = {
    "hold_seconds": (3, 180, "seconds"),
    "repetitions": (1, 50, "times"),
    "sets": (1, 10, "rounds"),
    "minutes": (1, 120, "minutes"),
}


@transaction.atomic
def change_item(*, item: ProgrammeItem, by: Membership, reason: str = "", **dose: Any) -> ProgrammeItem:
    """Set side, hold_seconds, repetitions, sets, minutes or weekdays of an exercise in a draft.

    Another side is judged afresh: where it is contraindicated it needs a `reason`. ValidationError names each problem.
    """
    hold(item)
    unknown = set(dose) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    if dose.get("side", item.side) != item.side:
        item.changes = allow(item.programme, item.exercise, dose["side"], reason, by)
    for field, value in dose.items():
        setattr(item, field, value)
    refuse_bad_dose(item)
    item.save(update_fields=[*dose, "changes"])
    item.programme.save(update_fields=["left_out"])
    audit.record("programme.item_changed", on=item.programme, by=by, client=item.programme.client, item=str(item.pk))
    return item


@transaction.atomic
def add_item(
    *,
    programme: Programme,
    exercise: str,
    by: Membership,
    side: str = "",
    reason: str = "",
    to: int | None = None,
    **dose: Any,
) -> ProgrammeItem:
    """An exercise of the library, at its usual dose unless given; `to` is its place in the order (0: first), else last.

    A contraindicated one is refused with the reasons, unless the clinician says why it is right here.
    """
    only_a_draft(programme)
    if exercise not in LIBRARY:
        raise ValidationError({"exercise": f"“{exercise}” is not in the library."})
    chosen = LIBRARY[exercise]
    changes = allow(programme, exercise, side, reason, by)
    item = ProgrammeItem(
        practice_id=programme.practice_id,
        programme=programme,
        place=(programme.items.aggregate(last=Max("place"))["last"] or 0) + 1,
        exercise=exercise,
        kind=chosen.kind,
        target=chosen.target,
        side=side,
        changes=changes,
        **{**starting_dose(programme, exercise), **dose},
    )
    refuse_bad_dose(item)
    item.save()
    if to is not None:
        put_at(item, to)
    programme.save(update_fields=["left_out"])
    audit.record("programme.item_added", on=programme, by=by, client=programme.client, item=str(item.pk))
    return item


@transaction.atomic
def remove_item(*, item: ProgrammeItem, reason: str, by: Membership) -> Programme:
    """Take an exercise out of a draft; who did it and why stays with it, and so does what `put_back` needs."""
    programme = item.programme
    hold(item)
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is left out; it stays with the programme."})
    gone, because = str(item.pk), f"removed by {by}: {reason.strip()}"
    removed = {**left_out_by_hand(item.exercise, item.side, because, "removed"), "item": gone, "was": kept_of(item)}
    item.delete()
    programme.left_out = [*programme.left_out, removed]
    programme.save(update_fields=["left_out"])
    audit.record("programme.item_removed", on=programme, by=by, client=programme.client, item=gone)
    return programme


@transaction.atomic
def swap_item(*, item: ProgrammeItem, exercise: str, by: Membership) -> ProgrammeItem:
    """The easier or the harder neighbour instead: in the same place, for the same findings and side, at its usual dose.

    Raises ValidationError where it is no neighbour, stands in the programme already, or something forbids it.
    """
    if exercise not in (item.about.easier, item.about.harder):
        raise ValidationError({"exercise": "Choose the easier or the harder one, or add another by hand."})
    name, place, side = LIBRARY[exercise].name, item.place, item.side if LIBRARY[exercise].sided else ""
    codes, because = item.for_findings, item.because
    programme = remove_item(item=item, reason=f"{name} instead", by=by)
    added = add_item(programme=programme, exercise=exercise, side=side, by=by)
    added.place, added.for_findings = place, codes
    added.because = f"{name} instead of {item.about.name}, chosen by {by}. {because}".strip()
    added.save(update_fields=["place", "for_findings", "because"])
    return added


def allow(programme: Programme, exercise: str, side: str, reason: str, by: Membership) -> list[str]:
    """How the exercise has to be done differently by this client. No side of a sided exercise means both.

    Raises ValidationError for a side that makes no sense, and for a contraindication that nobody answered for.
    """
    chosen = LIBRARY[exercise]
    if side not in ("", "left", "right") or (side and not chosen.sided):
        raise ValidationError({"side": "Choose left, right or both." if chosen.sided else "It has no side."})
    programme.left_out = [entry for entry in programme.left_out if not is_back(entry, exercise, side)]
    clearance = clearance_of(programme)
    because = clearance.against(chosen, side or None)
    if because and not reason.strip():
        raise ValidationError({"reason": f"Left out for this client: {'; '.join(because)}. Say why it is right here."})
    if because:
        sentence = f"{'; '.join(because)}; used all the same by {by}: {reason.strip()}"
        programme.left_out = [*programme.left_out, left_out_by_hand(exercise, side, sentence, "allowed")]
    return list(clearance.changes(chosen, side or None))


def is_back(entry: Mapping[str, Any], exercise: str, side: str) -> bool:
    """An entry that says “removed” of what stands in the programme again."""
    removed = entry.get("by_hand") == "removed" and entry["exercise"] == exercise
    return removed and bool(legs(exercise, entry["side"]) & legs(exercise, side))


def left_out_by_hand(exercise: str, side: str, because: str, by_hand: str) -> dict[str, Any]:
    """As in the result document; `by_hand` is removed or allowed, and keeps when the draft is made anew."""
    return {"exercise": exercise, "side": side or None, "because": because, "by_hand": by_hand}


def refuse_bad_dose(item: ProgrammeItem) -> None:
    problems = {
        field: f"{value} is outside {low} to {high} {unit}."
        for field, (low, high, unit) in RANGES.items()
        if (value := getattr(item, field)) is not None and not low <= value <= high
    }
    if not item.weekdays or not set(item.weekdays) <= set(weekdays(7)):
        problems["weekdays"] = "Choose at least one day of the week."
    if item.hold_seconds is None and item.repetitions is None and item.minutes is None:
        problems["repetitions"] = "Say how often, or how long it is held."
    if not problems and taken(item):
        problems["side"] = "This exercise is already in the programme for this side."
    if problems:
        raise ValidationError(problems)
    item.weekdays = sorted(set(item.weekdays))


def taken(item: ProgrammeItem) -> bool:
    same = ProgrammeItem.objects.filter(programme=item.programme, exercise=item.exercise, side=item.side)
    return same.exclude(pk=item.pk).exists()
