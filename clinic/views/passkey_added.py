"""Where the mail leads that says that a passkey was added: one button removes it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from clinic import links
from clinic.portal import no_client
from clinic.queries.logins import added
from clinic.services import logins, logos
from clinic.services.passkey_mail import PURPOSE


@method_decorator(csrf_exempt, name="dispatch")  # the signed link is the proof, as everywhere on a client's pages
@method_decorator(never_cache, name="dispatch")
class PasskeyAdded(View):
    """The link never expires, as the passkey does not: it opens nothing, and all it can do is to remove that one."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> HttpResponseBase:
        try:
            entry = links.read(PURPOSE, token)
        except links.BadLink:
            return no_client(request, "clinic/portal/unknown.html", status=404)
        found = added([entry]).get(entry)
        if found is None:
            return no_client(request, "clinic/portal/unknown.html", status=404)
        self.found, self.client = found, found.client
        with translation.override(self.client.speaks):
            return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        practice, logo = self.client.practice, logos.row_of(self.client.practice)
        context = {
            "found": self.found, "device": self.found.device, "at": self.found.at.astimezone(self.client.zone),
            "client": self.client, "practice": practice, "practice_name": practice.name, "logo": logo and logo.pk,
        }  # fmt: skip
        return render(request, "clinic/portal/passkey/added.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.found.passkey:
            logins.remove(client=self.client, passkey=self.found.passkey.pk, by=self.client)
        return redirect(request.path)
