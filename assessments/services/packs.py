"""How a practice gets thresholds and texts of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments import rules
from assessments.models import PracticePack
from assessments.queries.packs import InForce, check, in_force
from assessments.rules import pack_files
from clinic import problems
from clinic.models import Membership, Practice, Role
from clinic.services import audit


class EditConflict(problems.EditConflict):
    """Another version was adopted in between; nothing was written."""


@transaction.atomic
def adopt(
    *, practice: Practice, overrides: Mapping[str, Any], why: str, by: Membership, after: int | None = None
) -> PracticePack:
    """A new version, in force from now on; empty overrides are the shipped protocol again.

    `after`: the number of the version that was in force when the change was thought up, 0 for none. Raises PackError
    with everything wrong with it, EditConflict when another version came in between, and ValidationError without a
    reason, without the right to, or when nothing would change.
    """
    if by.role != Role.OWNER or by.practice_id != practice.pk:
        raise ValidationError("Only an owner of the practice can change its protocol.")
    if not why.strip():
        raise ValidationError({"why": "Say why; the reason stays beside the version."})
    # One version after the other; the key stays free, so that rows of the practice can be added meanwhile.
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    now = in_force(practice.pk)
    require_latest(now, after)
    check(overrides, now.number + 1)
    kept = pack_files.normal(overrides)
    require_change(now, kept)
    row = PracticePack(
        practice=practice,
        number=now.number + 1,
        base_version=rules.PACK.version,
        overrides=kept,
        why=why.strip(),
        made_by=by,
    )
    row.full_clean(exclude=["overrides"])
    row.save()
    audit.record("protocol.adopted", on=row, by=by, number=row.number)
    return row


def require_latest(now: InForce, after: int | None) -> None:
    if after is not None and after != now.number:
        raise EditConflict(f"is out of date: version {now.number} was adopted in the meantime")


def require_change(now: InForce, kept: Mapping[str, Any]) -> None:
    """A version that was written for an older shipped protocol may be adopted again as it is."""
    known = now.row is None or now.row.base_version == rules.PACK.version
    if known and kept == now.overrides:
        raise ValidationError("This is in force already: nothing would change.")
