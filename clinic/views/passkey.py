"""The client's page opened with the fingerprint or the face that opens the phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from clinic.models import Client
from clinic.portal import PortalView
from clinic.queries.logins import UNKNOWN, has_another, passkeys
from clinic.services import logins
from clinic.views.birth_date import KnownView

#: As browsers name them, and as people do; the first that fits.
DEVICES = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}
LONGEST = 20_000  # of what a browser sends


def card(client: Client, token: str) -> Mapping[str, Any] | None:
    """On the page of today, until there is one."""
    return None if client.user_id else {}


def device_of(request: HttpRequest) -> str:
    agent = request.headers.get("User-Agent", "")
    return next((name for word, name in DEVICES.items() if word in agent), UNKNOWN)


class PortalPasskey(KnownView):
    """What it is, the passkeys there are, and the button. POST takes what the browser made."""

    page_key = "settings"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        given = request.POST.get("credential", "")[:LONGEST]
        try:
            logins.finish(client=self.client, visitor=request.user, credential=given, name=device_of(request))
        except ValidationError as refused:
            return self.page(" ".join(refused.messages), status=422)
        messages.success(request, _("Done. From now on you can open your page with it."))
        return redirect("clinic:portal_passkey", self.token)

    def page(self, problem: str = "", status: int = 200) -> HttpResponse:
        return self.show(
            "clinic/portal/passkey/page.html", status, passkeys=passkeys(self.client), problem=problem,
            refusal=logins.refusal(self.client, self.request.user), other=has_another(self.client),
        )  # fmt: skip


class PortalPasskeyBegin(KnownView):
    """JSON for the browser: what to make."""

    http_method_names = ["post"]

    def ask(self, problem: str = "", status: int = 200) -> HttpResponse:
        return JsonResponse({"line": _("When were you born?")}, status=422)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            return JsonResponse(logins.begin(client=self.client, visitor=request.user))
        except ValidationError as refused:
            return JsonResponse({"line": " ".join(refused.messages)}, status=422)


class PortalPasskeyRemove(PortalView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        text = request.POST.get("passkey", "")
        if text.isascii() and text.isdigit() and len(text) < 10:
            logins.remove(client=self.client, passkey=int(text), by=self.client)
            messages.success(request, _("Removed. Take it off your device, too: it is in the list of its passkeys."))
        return redirect("clinic:portal_passkey", self.token)
