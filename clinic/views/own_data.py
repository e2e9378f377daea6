"""A client's own data, to look at what there is and to take it along."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from clinic import own_data
from clinic.services import own_data as service
from clinic.views.birth_date import KnownView


class OwnData(KnownView):
    """POST makes the files; looking makes nothing."""

    page_key = "settings"

    def get(self, request: HttpRequest) -> HttpResponse:
        titles = [part.title for part in own_data.given()]
        return self.show("clinic/portal/own_data/page.html", titles=titles)

    def post(self, request: HttpRequest) -> HttpResponse:
        packed = service.download(client=self.client, by=self.client)
        headers = {"Content-Disposition": 'attachment; filename="everything.zip"'}
        return HttpResponse(packed, content_type="application/zip", headers=headers)
