"""The sheet as it stands on the screen, half-typed numbers too: kept beside the readings until it is saved.

`typed` of an assessment is {"values": {field: what was typed}, "tab": which open page, "by": whose}. Nothing is judged
by it: a 1 on its way to becoming 15 raises no finding and no alert.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from assessments import rules
from assessments.models import Assessment
from assessments.services import assessments
from clinic.models import Client, Membership, Practice
from clinic.services import audit

#: Fields that say that somebody measured something; how it was taken is there on an empty sheet too.
TELLING = ("-value", "-grade", "-pain")
WAY = ("position", "mode", "instrument")


def says_something(values: Mapping[str, str]) -> bool:
    return any(text.strip() for name, text in values.items() if name == "note" or name.endswith(TELLING))


@transaction.atomic
def begin(
    *, client: Client, values: Mapping[str, str], assessed_on: datetime.date, tab: str, by: Membership
) -> Assessment | None:
    """A draft from the first thing that was typed; None for an empty sheet, which leaves no trace.

    The same open page asks again when an answer got lost: it gets the draft that it has.
    """
    if not says_something(values):
        return None
    Client.objects.select_for_update(of=("self",), no_key=True).get(pk=client.pk)
    rows = Assessment.objects.filter(practice_id=client.practice_id, client=client, examiner=by).unsigned()
    there = rows.filter(typed__tab=tab).first() if tab else None
    if there:
        return keep(assessment=there, values=values, revision=there.revision, tab=tab, by=by)
    draft = Assessment.objects.create(
        practice_id=client.practice_id, client=client, assessed_on=assessed_on, examiner=by,
        typed={"values": dict(values), "tab": tab, "by": str(by.pk)},
    )  # fmt: skip
    audit.record("assessment.begun", on=draft, by=by, client=client)
    return draft


@transaction.atomic
def keep(
    *, assessment: Assessment, values: Mapping[str, str], revision: int, tab: str, by: Membership
) -> Assessment | None:
    """What is on the screen now. None when nothing is any more: a draft that never had a reading is gone then.

    Raises EditConflict when another page saved since `revision`, and ValidationError when the assessment is signed. Who
    begins to type is on record; each of the many saves after that isn't.
    """
    current = assessments.locked(assessment)
    assessments.require_draft(current)
    before = current.typed or {}
    if current.revision != revision and not (tab and before.get("tab") == tab):
        raise assessments.EditConflict(current)
    if not says_something(values) and vanished(current):
        audit.record("assessment.emptied", on=assessment, by=by, client=current.client)
        return None
    current.typed = {"values": dict(values), "tab": tab, "by": str(by.pk)}
    current.revision += 1
    current.save(update_fields=["typed", "revision"])
    if before.get("by") != str(by.pk):
        audit.record("assessment.typed", on=current, by=by, client=current.client, revision=current.revision)
    return current


def vanished(draft: Assessment) -> bool:
    """Deletes a draft that nobody ever saved a reading to, unless something else speaks of it."""
    if draft.readings.exists() or draft.decisions.exists():
        return False
    try:
        draft.delete()
    except ProtectedError:
        return False
    return True


@transaction.atomic
def save(
    *,
    client: Client,
    assessment: Assessment | None,
    assessed_on: datetime.date,
    measurements: Sequence[Mapping[str, Any]],
    note: str,
    revision: int,
    by: Membership,
    sign: bool = False,
) -> Assessment:
    """A whole sheet: a new assessment, or a revised draft; signed at once where that is wished.

    How each measure was taken is what the practice begins with next time. Raises what `record`, `revise` and `sign` do.
    """
    if assessment is None:
        saved = assessments.record(client=client, assessed_on=assessed_on, measurements=measurements, note=note, by=by)
    else:
        saved = assessments.revise(
            assessment=assessment, assessed_on=assessed_on, measurements=measurements, note=note, revision=revision,
            by=by,
        )  # fmt: skip
    remember(practice=by.practice, readings=assessments.read(measurements))
    return assessments.sign(assessment=saved, by=by) if sign else saved


def remember(*, practice: Practice, readings: Iterable[rules.Reading]) -> None:
    """Position, mode and instrument of each measure that was taken. A convenience of the screen, on no record."""
    ways = {row.measure: {name: getattr(row, name) or "" for name in WAY} for row in readings if row.value is not None}
    current = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    known = current.measuring.get("ways", {})
    if {**known, **ways} != known:
        current.measuring = {**current.measuring, "ways": {**known, **ways}}
        current.save(update_fields=["measuring"])
