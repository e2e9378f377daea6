"""The list of clients."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from clinic.access import StaffView
from clinic.models import CLINICIANS, Client, Membership
from clinic.queries import caseload as queries
from clinic.queries.caseload import AHEAD, NEEDS, SHOWN, SORTS, Asked

MOST_WORDS = 80


class ClientList(StaffView):
    """`?q=` words, `show`, `therapist`, `ahead`, `needs`, `sort`, a filter's own key, and `after`, a page's mark."""

    def get(self, request: HttpRequest) -> HttpResponse:
        filters, colleagues = queries.filters_for(self.membership), self.colleagues()
        asked = self.asked(filters, {str(one.pk) for one in colleagues})
        found = queries.caseload(self.membership, self.visible(Client), asked)
        query = self.query(asked)
        context = {
            "found": found, "asked": asked, "sorts": SORTS.items(), "ahead": AHEAD, "colleagues": colleagues,
            "may_merge": self.membership.role in CLINICIANS,
            "filters": [(one, asked.narrowed.get(one.key, "")) for one in filters],
            "tabs": [
                {"href": self.address({**query, "show": key}), "label": label, "active": key == asked.shown}
                for key, label in SHOWN.items()
            ],
            "next": found.after and self.address({**query, "after": found.after}),
            "first": asked.after and self.address(query), "plain": self.address({"show": asked.shown}),
        }  # fmt: skip
        return render(request, "clinic/clients.html", context)

    def asked(self, filters: Any, colleagues: set[str]) -> Asked:
        """What cannot be understood is left out."""
        given = {key: str(value).strip() for key, value in self.request.GET.items()}
        return Asked(
            words=given.get("q", "")[:MOST_WORDS],
            shown=chosen(given, "show", SHOWN, "all"),
            sort=chosen(given, "sort", SORTS, "name"),
            therapist=chosen(given, "therapist", {"none", *colleagues}),
            ahead=chosen(given, "ahead", dict(AHEAD)),
            needs=chosen(given, "needs", {NEEDS}),
            after=given.get("after", ""),
            narrowed={one.key: chosen(given, one.key, dict(one.choices)) for one in filters},
        )

    def colleagues(self) -> list[Membership]:
        rows = self.visible(Membership).filter(is_active=True, role__in=sorted(CLINICIANS))
        return list(rows.order_by("display_name"))

    def query(self, asked: Asked) -> dict[str, str]:
        known = {
            "q": asked.words, "show": asked.shown, "therapist": asked.therapist, "ahead": asked.ahead,
            "needs": asked.needs, "sort": asked.sort,
        }  # fmt: skip
        return {**known, **asked.narrowed}

    def address(self, query: dict[str, str]) -> str:
        return "?" + urlencode({key: value for key, value in query.items() if value})


def chosen(given: dict[str, str], key: str, known: Any, otherwise: str = "") -> str:
    return given[key] if given.get(key) in known else otherwise
