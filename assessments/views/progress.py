from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from assessments import queries
from assessments.models import Assessment
from assessments.rules import MEASURES
from assessments.views.pictures import pictures_of_changes
from clinic.access import ClinicianView


class Progress(ClinicianView):
    """What changed between signed assessments, judged against the measurement error."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        changes = queries.changes(client)
        context = {
            "client": client,
            "rows": [(change, MEASURES[change.measure]) for change in reversed(changes)],
            "pictures": pictures_of_changes(changes, client.age_on(timezone.localdate(timezone=client.zone))),
            "drafts": list(self.visible(Assessment).filter(client=client).unsigned()),
            "signed": queries.signed_of(client).count(),
        }
        return render(request, "assessments/progress.html", context)
