from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinic.access import StaffView
from clinic.models import Client
from clinic.queries.search import search

LONGEST = 80


class Search(StaffView):
    """`?q=` a name, a phone number or a reference: a page, or for htmx only the list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        words = request.GET.get("q", "").replace("\x00", "")[:LONGEST]
        context = {"words": words, "found": search(self.visible(Client), words)}
        template = "clinic/search/results.html" if request.htmx else "clinic/search/page.html"  # type: ignore[attr-defined]
        return render(request, template, context)


class Shortcuts(StaffView):
    """The sheet of shortcuts as a page of its own."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "clinic/search/shortcuts.html")
