from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from clinic import panels
from clinic.access import SESSION_KEY, StaffView, memberships_of


class Dashboard(StaffView):
    """What needs somebody today, across the practice."""

    def get(self, request: HttpRequest) -> HttpResponse:
        shown = list(panels.on_dashboard(request, self.membership))
        places = memberships_of(request.user)
        today = timezone.localdate(timezone=self.practice.zone)
        return render(request, "clinic/dashboard.html", {"panels": shown, "places": places, "today": today})


class ChoosePractice(StaffView):
    """For people who work at more than one practice."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = request.POST.get("practice", "")
        if any(str(place.practice_id) == chosen for place in memberships_of(request.user)):
            request.session[SESSION_KEY] = chosen
        return redirect("clinic:dashboard")
