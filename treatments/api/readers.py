"""Two read a programme: a clinician of its practice all of it, the client without what is said to therapists."""

from __future__ import annotations

import uuid
from functools import cached_property
from typing import Any, ClassVar

from rest_framework import serializers

from clinic.access import ScopedViewSet
from clinic.models import CLINICIANS, PracticeRecord
from clinic.models.base import practices_of

#: Stands beside every such field in the OpenAPI document.
CLINICIANS_ONLY = "Only for clinicians of the practice; a client's answer doesn't have it."


class SharedViewSet(ScopedViewSet):
    """Rows that a practice shares with a client."""

    @cached_property
    def clinical_practices(self) -> frozenset[uuid.UUID]:
        """Where the caller works as a clinician; asked once a request."""
        return frozenset(practices_of(self.request.user, CLINICIANS).values_list("practice_id", flat=True))


class SharedSerializer(serializers.ModelSerializer):
    """A row of a SharedViewSet. `for_clinicians` names the fields that its client isn't shown, row by row: somebody
    may be a clinician in one practice and a client of another."""

    for_clinicians: ClassVar[tuple[str, ...]] = ()

    def to_representation(self, row: PracticeRecord) -> dict[str, Any]:
        said: dict[str, Any] = super().to_representation(row)
        if row.practice_id in self.context["view"].clinical_practices:
            return said
        return {name: value for name, value in said.items() if name not in self.for_clinicians}
