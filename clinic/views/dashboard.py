from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from clinic import panels
from clinic.access import SESSION_KEY, StaffView, memberships_of
from clinic.models import CLINICIANS
from clinic.queries import attention, today

WHOSE = {"mine": True, "all": False}


class Dashboard(StaffView):
    """Who comes today, and what needs somebody. `?who=` mine or all; without it, what the role begins with."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        my_day, my_clients = self.whose()
        context = {
            "day": today.day_of(self.membership, now, mine=my_day),
            "first": list(panels.on_dashboard(request, self.membership, first=True)),
            "groups": attention.groups(self.membership, mine=my_clients),
            "open": list(panels.on_dashboard(request, self.membership, first=False)),
            "today": now.astimezone(self.practice.zone).date(),
            "zone": self.practice.zone,
            "tabs": self.tabs(my_day),
            "mine": my_day,
            "reads": self.membership.role in CLINICIANS,
            "who": "mine" if my_clients else "all",
            "places": memberships_of(request.user),
        }
        return render(request, "clinic/dashboard.html", context)

    def whose(self) -> tuple[bool, bool]:
        """Whether only my visits, and only my clients."""
        asked = self.request.GET.get("who", "")
        if asked in WHOSE:
            return WHOSE[asked], WHOSE[asked]
        return today.mine_by_default(self.membership), attention.mine_by_default(self.membership)

    def tabs(self, mine: bool) -> list[dict[str, Any]]:
        words = {"mine": "My day", "all": "Whole practice"}
        return [{"href": f"?who={key}", "label": words[key], "active": WHOSE[key] is mine} for key in WHOSE]


class ChoosePractice(StaffView):
    """For people who work at more than one practice."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = request.POST.get("practice", "")
        if any(str(place.practice_id) == chosen for place in memberships_of(request.user)):
            request.session[SESSION_KEY] = chosen
        return redirect("clinic:dashboard")
