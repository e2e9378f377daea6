"""The client's pages as an app that works without a network."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, get_language_bidi

from clinic.portal import PortalView
from treatments.queries.offline import kept_pages, person_key
from treatments.services import sync

WORKER = Path(__file__).resolve().parent.parent / "static" / "treatments" / "js" / "sw.js"
PAPER = "#FBFAF7"
ICONS = ((192, "clinic/img/icon-192.png"), (512, "clinic/img/icon-512.png"))


class Manifest(PortalView):
    """How a phone puts the page on its home screen. Scope is all links of this site, so that a newer link of the same
    person opens in the app, too; `id` keeps the apps of two people on one phone apart."""

    def get(self, request: HttpRequest) -> HttpResponse:
        icons = [{"src": static(name), "sizes": f"{size}x{size}", "type": "image/png"} for size, name in ICONS]
        start = reverse("treatments:portal", args=[self.token])
        above = start[: start.rindex(self.token)]
        app = f"{above}{person_key(self.client)}"
        manifest = {
            "name": self.practice.name, "short_name": self.practice.name[:24], "id": app,
            "start_url": start, "scope": above, "display": "standalone", "icons": icons, "background_color": PAPER,
            "theme_color": PAPER, "lang": get_language(), "dir": "rtl" if get_language_bidi() else "ltr",
        }  # fmt: skip
        return JsonResponse(manifest, content_type="application/manifest+json")


class Worker(PortalView):
    """The service worker. Its scope is the pages of this one link."""

    def get(self, request: HttpRequest) -> HttpResponse:
        headers = {"Service-Worker-Allowed": reverse("treatments:portal", args=[self.token])}
        return HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8", headers=headers)


class Kept(PortalView):
    """Which pages a device keeps."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse(kept_pages(self.client, self.token))


class Phone(PortalView):
    """What this phone keeps, and the button that makes it forget. Stands in, too, for what it did not keep."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show("treatments/portal/phone.html")


class Sync(PortalView):
    """Answers that a device kept while it had no network.

    There is no token against forged requests, and none is needed: the only authority is the signed link in the address.
    No cookie and no log-in is looked at, so another site cannot use somebody's browser to do more here than it could
    do from its own server; it would have to know the link. (Links leave us to no other site: the referrer policy is
    same-origin.) JSON is asked for so that no plain form of another site arrives here at all.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        taps, sent_at = self.body(request)
        if sent_at is None:
            return JsonResponse({"detail": "A list of taps, and the time by the device's clock."}, status=400)
        results = sync.take(client=self.client, taps=taps, sent_at=sent_at, by=self.client)
        return JsonResponse({"results": [asdict(result) for result in results]})

    def body(self, request: HttpRequest) -> tuple[list[dict[str, Any]], Any]:
        """The taps, and the device's time; None for the time where anything is not as it should be."""
        if request.content_type != "application/json":
            return [], None
        try:
            told = json.loads(request.body)
            taps, sent_at = told["taps"], parse_datetime(told["sent_at"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return [], None
        good = isinstance(taps, list) and all(isinstance(tap, dict) for tap in taps)
        return (taps, sent_at) if good and sent_at and sent_at.tzinfo else ([], None)
