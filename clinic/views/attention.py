"""All that needs somebody, and what can wait."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from clinic import asked, undo
from clinic.access import StaffView
from clinic.attention import kinds_for
from clinic.models import Attention
from clinic.queries import attention as queries
from clinic.services import attention


class AttentionList(StaffView):
    """`?kind=` one kind, `?who=` mine or all, `?after=` the mark of a page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        seen = {kind.key: kind for kind in kinds_for(self.membership.role)}
        kind = request.GET.get("kind", "")
        kind = kind if kind in seen else ""
        who = request.GET.get("who", "")
        mine = who == "mine" if who in ("mine", "all") else queries.mine_by_default(self.membership)
        page = queries.page(self.membership, mine=mine, kind=kind, after=request.GET.get("after", ""))
        query = {"who": "mine" if mine else "all"}
        context = {
            "page": page, "tabs": self.tabs(kind, query, mine), "who": self.who(kind, mine),
            "older": page.older and "?" + urlencode({**query, "kind": kind, "after": page.older}),
            "newest": request.GET.get("after") and "?" + urlencode({**query, "kind": kind}),
        }  # fmt: skip
        return render(request, "clinic/attention/list.html", context)

    def tabs(self, chosen: str, query: dict[str, str], mine: bool) -> list[dict[str, Any]]:
        counts = queries.counts(self.membership, mine=mine)
        shown: list[tuple[str, str, str | None]] = [("", "All", None)]
        shown += [(kind.key, kind.label, counts.get(kind.key, "0")) for kind in kinds_for(self.membership.role)]
        return [
            {"href": "?" + urlencode({**query, "kind": key}), "label": label, "active": key == chosen, "count": count}
            for key, label, count in shown
            if not key or key in counts or key == chosen
        ]

    def who(self, kind: str, mine: bool) -> list[dict[str, Any]]:
        words = {"mine": "My clients", "all": "Whole practice"}
        return [
            {"href": "?" + urlencode({"who": key, "kind": kind}), "label": label, "active": (key == "mine") is mine}
            for key, label in words.items()
        ]


class _OfOne(StaffView):
    """A POST about one row that this role sees, then back to where the button was."""

    http_method_names = ["post"]

    def row(self, pk: uuid.UUID) -> Attention:
        seen = [kind.key for kind in kinds_for(self.membership.role)]
        rows = self.visible(Attention).filter(kind__in=seen).select_related("client")
        row: Attention = get_object_or_404(rows, pk=pk)
        return row

    def back(self) -> str:
        return asked.way_back(self.request, reverse("clinic:dashboard"))


class PutOff(_OfOne):
    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        row = attention.put_off(row=self.row(pk), by=self.membership)
        text = f"{row.client}: put off until {row.put_off_until:%-d %B}."
        undo.offer(request, text, url=reverse("clinic:take_up", args=[row.pk]), fields={"next": self.back()})
        return redirect(self.back())


class TakeUp(_OfOne):
    """Undoes a put-off."""

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        attention.take_up(row=self.row(pk), by=self.membership)
        return redirect(self.back())
