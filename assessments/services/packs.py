"""Which thresholds and texts hold in a practice, and how it gets its own."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments import rules
from assessments.models import PracticePack
from assessments.rules.overrides import override
from clinic.models import Membership, Practice, Role
from clinic.packs import PackError
from clinic.services import audit


def pack_of(practice_id: uuid.UUID) -> rules.Pack:
    """What findings are made with in this practice today: its newest version, else the shipped protocol."""
    newest = PracticePack.objects.filter(practice_id=practice_id).values_list("pk", flat=True).first()
    return built(newest) if newest else rules.PACK


@lru_cache(maxsize=256)
def built(pack_id: uuid.UUID) -> rules.Pack:
    """Put together once, as a version never changes. One that an update of the protocol broke counts for nothing."""
    row = PracticePack.objects.get(pk=pack_id)
    try:
        return build(row)
    except PackError:
        return rules.PACK


def build(row: PracticePack) -> rules.Pack:
    """Raises PackError where the version no longer fits the shipped protocol."""
    return override(row.overrides, version=version_of(row.base_version, row.number)) if row.overrides else rules.PACK


def version_of(base: str, number: int) -> str:
    return f"{base}+{number}"


@transaction.atomic
def adopt(*, practice: Practice, overrides: Mapping[str, Any], why: str, by: Membership) -> PracticePack:
    """A new version, in force from now on; empty overrides are the shipped protocol again.

    Raises PackError with everything wrong with it, ValidationError without a reason or without the right to.
    """
    if by.role != Role.OWNER or by.practice_id != practice.pk:
        raise ValidationError("Only an owner of the practice can change its protocol.")
    if not why.strip():
        raise ValidationError({"why": "Say why; the reason stays beside the version."})
    Practice.objects.select_for_update().get(pk=practice.pk)  # one version after the other
    number = PracticePack.objects.filter(practice=practice).count() + 1
    if overrides:
        override(overrides, version=version_of(rules.PACK.version, number))
    row = PracticePack(
        practice=practice,
        number=number,
        base_version=rules.PACK.version,
        overrides=dict(overrides),
        why=why.strip(),
        made_by=by,
    )
    row.full_clean(exclude=["overrides"])
    row.save()
    audit.record("protocol.adopted", on=row, by=by, number=number)
    return row
