from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from assessments import queries
from assessments.models import Assessment
from assessments.rules import MEASURES, Change
from assessments.views.pictures import Person, pictures_of_changes
from clinic.access import ClinicianView


class Progress(ClinicianView):
    """What changed between signed assessments, judged against the measurement error."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        pack, age = queries.packs.pack_of(client.practice_id), client.age_on(timezone.localdate(timezone=client.zone))
        changes = queries.changes(client, pack)
        context = {
            "client": client,
            "rows": [(change, MEASURES[change.measure]) for change in newest_first(changes)],
            "pictures": pictures_of_changes(changes, Person(age, client.sex), pack),
            "drafts": list(self.visible(Assessment).filter(client=client).unsigned()),
            "signed": queries.signed_of(client).count(),
        }
        return render(request, "assessments/progress.html", context)


def newest_first(changes: Sequence[Change]) -> list[Change]:
    """By visit; within a visit as they were measured."""
    return sorted(changes, key=lambda change: change.after_date or datetime.date.min, reverse=True)
