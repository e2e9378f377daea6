"""The week, what was done so far, and how much it hurt: pictures, and the same in plain words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from clinic.portal import PortalView
from treatments.queries import local_today
from treatments.queries.home import so_far, week
from treatments.queries.pain import pain_so_far


class PortalProgress(PortalView):
    page_key = "progress"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = local_today(self.client)
        return self.show(
            "treatments/portal/progress.html",
            week=week(self.client, today),
            so_far=so_far(self.client, today),
            pain=pain_so_far(self.client, today),
        )
