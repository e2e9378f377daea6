"""A programme that was given once as the beginning of the next one."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments.queries import latest_signed
from clinic.models import Client
from clinic.services import audit
from treatments.models import Programme, ProgrammeItem, State
from treatments.planning import LIBRARY, Clearance
from treatments.queries import local_today, locked_because
from treatments.queries.precautions import clearance_of
from treatments.services.programmes.drafts import last_day, remove
from treatments.services.programmes.kept import DECIDED, drafts_of

COPIED = ("exercise", "kind", "target", "for_findings", "maintenance", *DECIDED)


@transaction.atomic
def start_from(*, programme: Programme, by: audit.Actor) -> Programme:
    """A new draft with the exercises and doses of an earlier version; an older draft of this client makes room.

    It is judged by what is known today: what was stopped, or what something speaks against, is left out and says why.
    Raises ValidationError for a draft, and while a red flag locks.
    """
    client = programme.client
    if programme.state == State.DRAFT:
        raise ValidationError("This is a draft: go on with it.")
    Client.objects.select_for_update(of=("self",), no_key=True).get(pk=client.pk)  # one draft after the other
    if locked_because(client):
        raise ValidationError("A red flag is open: a clinician answers it before anything is done at home.")
    today = local_today(client)
    replaced = remove(drafts_of(client))
    draft = Programme(
        practice_id=client.practice_id, client=client, assessment=latest_signed(client) or programme.assessment,
        starts_on=today, until=last_day(today), note=programme.note,
    )  # fmt: skip
    clearance = clearance_of(draft)
    draft.advice = list(dict.fromkeys([*programme.advice, *clearance.advice]))
    items = list(programme.items.all())
    why = {item.pk: why_not(item, clearance) for item in items}
    draft.left_out = [
        {"exercise": item.exercise, "side": item.side or None, "because": why[item.pk]}
        for item in items
        if why[item.pk]
    ]
    draft.save()
    kept = [item for item in items if not why[item.pk]]
    ProgrammeItem.objects.bulk_create(copy(draft, place, item, programme, clearance) for place, item in enumerate(kept))
    audit.record("programme.drafted", on=draft, by=by, client=client, items=len(kept), replaced=replaced)
    return draft


def why_not(item: ProgrammeItem, clearance: Clearance) -> str:
    if item.exercise not in LIBRARY:
        return "no longer in the library"
    if item.stopped_at:
        return f"stopped in the version before: {item.stopped_because or 'too painful'}"
    return "; ".join(clearance.against(item.about, item.side or None))


def copy(draft: Programme, place: int, item: ProgrammeItem, version: Programme, clearance: Clearance) -> ProgrammeItem:
    row = ProgrammeItem(practice_id=draft.practice_id, programme=draft, place=place)
    for name in COPIED:
        setattr(row, name, getattr(item, name))
    row.changes = list(clearance.changes(item.about, item.side or None))
    row.because = f"As in the programme of {version.starts_on:%-d %B %Y}. {item.because}".strip()
    return row
