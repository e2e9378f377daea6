"""The record of one client: tabs, and on the first one what changed and everything that happened."""

from __future__ import annotations

import datetime
import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime

from clinic import panels
from clinic.access import StaffView
from clinic.models import Client
from clinic.queries import once, record


class ClientRecord(StaffView):
    """`?tab=` one of the tabs; each reads only its own panels. On the first, `?kind=` and `?before=` walk back."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client, tabs = self.get_client(pk), panels.tabs_for(self.membership.role)
        once.begin(client)
        tab = next((each for each in tabs if each.key == request.GET.get("tab", tabs[0].key)), None)
        if tab is None:
            raise Http404
        if request.htmx and "before" in request.GET:  # type: ignore[attr-defined]
            return render(request, "clinic/record/months.html", {"client": client, **self.history(client)})
        shown = list(panels.on_client(request, self.membership, client, tab.key))
        context = {"client": client, "tabs": tabs, "tab": tab, "panels": shown, "membership": self.membership}
        context["actions"] = panels.actions_for(self.membership.role, client)
        if tab is not tabs[0]:
            return render(request, "clinic/record/tab.html", context)
        newest = record.newest_of(self.membership, client)
        context |= {"news": record.news_of(self.membership, client, newest), **self.history(client, newest)}
        return render(request, "clinic/client.html", context)

    def history(self, client: Client, newest: record.Told | None = None) -> dict[str, Any]:
        asked = self.request.GET
        sources, before = record.seen_by(self.membership), instant(asked.get("before", ""))
        kind = next((each.key for each in sources if each.key == asked.get("kind")), "")
        page = record.timeline_of(self.membership, client, kind=kind, before=before, newest=newest)
        return {
            "page": page,
            "kinds": [(each.key, each.name) for each in sources],
            "kind": kind,
            "before": before,
            # A month that goes on from the page before it has its heading there.
            "goes_on": before and before.astimezone(client.practice.zone).date().replace(day=1),
            "older": page.older and f"?{urlencode({'kind': kind, 'before': page.older.isoformat()})}",
        }


def instant(text: str) -> datetime.datetime | None:
    """None for what is none, or has no offset."""
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at and at.tzinfo else None
