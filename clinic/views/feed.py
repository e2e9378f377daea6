"""Somebody's own calendar: the page with its address, and the calendar itself for programs that have it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views import View

from clinic.access import StaffView
from clinic.links import BadLink
from clinic.services import calendar_feed


class CalendarPage(StaffView):
    def get(self, request: HttpRequest) -> HttpResponse:
        address = calendar_feed.address_of(self.membership)
        webcal = "webcal" + address[address.index(":") :]
        return render(request, "clinic/visits/my_calendar.html", {"address": address, "webcal": webcal})


class NewCalendarAddress(StaffView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        calendar_feed.new_address(member=self.membership, by=self.membership)
        messages.success(request, "This is your new address; the old one has ended.")
        return redirect("clinic:calendar")


class CalendarFeed(View):
    """Whoever holds the address; a calendar program has no log-in. It asks often, and mostly hears “as before”."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            body = calendar_feed.feed(calendar_feed.member_of(token))
        except BadLink:
            raise Http404 from None
        response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        response.headers["ETag"] = calendar_feed.etag(body)
        response.headers["Content-Disposition"] = 'inline; filename="visits.ics"'
        patch_cache_control(response, private=True, max_age=300, must_revalidate=True)
        return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response
