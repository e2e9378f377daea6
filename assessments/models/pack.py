from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from clinic.models import CLINICIANS, PERSONAL, PLAIN, Membership, PracticeRecord, ScopedQuerySet


class PracticePackQuerySet(ScopedQuerySet):
    staff = CLINICIANS


class PracticePack(PracticeRecord):
    """A practice's own thresholds and texts over the shipped protocol, in one version. The newest one is in force.

    Never changed or deleted, so that what an old finding came from can always be read.
    """

    number = models.PositiveIntegerField(help_text="Counts the versions of this practice.")
    base_version = models.CharField(max_length=20, help_text="Version of the shipped protocol that it was written for.")
    overrides = models.JSONField(default=dict, help_text="As in a pack file; empty: the shipped protocol again.")
    why = models.CharField(max_length=300)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    privacy = {
        "number": PLAIN, "base_version": PLAIN, "overrides": PLAIN, "why": PLAIN, "made_by": PERSONAL,
    }  # fmt: skip
    objects: ClassVar[PracticePackQuerySet] = PracticePackQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="one_pack_per_practice_and_number")]
        triggers = [
            pgtrigger.Protect(name="pack_versions_are_immutable", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
