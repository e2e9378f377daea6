"""Which thresholds and texts hold in a practice, and which ones an assessment was judged by."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assessments import rules
from assessments.models import Assessment, PracticePack
from assessments.rules import pack_files
from clinic.packs import PackError


@dataclass(frozen=True)
class InForce:
    """What findings are made with in a practice today, and its newest version, if it ever made one.

    `lines`: why that version no longer fits the shipped protocol, which is then in force; empty when it fits.
    """

    pack: rules.Pack
    row: PracticePack | None
    lines: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        return self.row.number if self.row else 0

    @property
    def overrides(self) -> dict[str, Any]:
        kept: dict[str, Any] = self.row.overrides if self.row else {}
        return kept


def in_force(practice_id: uuid.UUID) -> InForce:
    row = PracticePack.objects.filter(practice_id=practice_id).select_related("made_by").first()
    return InForce(built(row.pk)[0], row, built(row.pk)[1]) if row else InForce(rules.PACK, None)


def pack_of(practice_id: uuid.UUID) -> rules.Pack:
    """What findings are made with in this practice today: its newest version, else the shipped protocol."""
    newest = PracticePack.objects.filter(practice_id=practice_id).values_list("pk", flat=True).first()
    return built(newest)[0] if newest else rules.PACK


def pack_in(assessment: Assessment) -> rules.Pack | None:
    """What the findings of an assessment were made with; None where that shipped version is gone."""
    number = assessment.protocol_version.partition("+")[2]
    rows = PracticePack.objects.filter(practice_id=assessment.practice_id)
    row = rows.filter(number=int(number)).values_list("pk", flat=True).first() if number.isdecimal() else None
    pack = built(row)[0] if row else rules.PACK
    return pack if pack.version == assessment.protocol_version else None


@lru_cache(maxsize=256)
def built(pack_id: uuid.UUID) -> tuple[rules.Pack, tuple[str, ...]]:
    """Put together once, as a version never changes. One that an update of the protocol broke counts for nothing."""
    row = PracticePack.objects.get(pk=pack_id)
    try:
        return build(row), ()
    except PackError as broken:
        return rules.PACK, tuple(line.removeprefix("pack: ") for line in broken.lines)


def build(row: PracticePack) -> rules.Pack:
    """Raises PackError where the version no longer fits the shipped protocol."""
    return check(row.overrides, row.number) if row.overrides else rules.PACK


def check(overrides: Any, number: int, name: str = "pack") -> rules.Pack:
    """What overrides would make of today's shipped protocol as version `number`; raises PackError."""
    return pack_files.check(overrides, version=version_of(rules.PACK.version, number), name=name)


def version_of(base: str, number: int) -> str:
    return f"{base}+{number}"


def no_longer_fitting() -> Iterator[tuple[PracticePack, tuple[str, ...]]]:
    """Newest versions of practices that an update of the shipped protocol broke, with what is wrong."""
    newest = PracticePack.objects.order_by("practice_id", "-number").distinct("practice_id")
    for row in newest.select_related("practice"):
        lines = built(row.pk)[1]
        if lines:
            yield row, lines
