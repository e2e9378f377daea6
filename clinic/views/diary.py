"""The diary: a day, a week, and what is drawn of them."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode

from clinic.access import StaffView
from clinic.models import CLINICIANS, Membership
from clinic.queries import visits
from clinic.queries.reminders import FIRST_DAY, LAST_DAY

DAY = datetime.timedelta(days=1)
WEEK = 7 * DAY


def day_in(request: HttpRequest, today: datetime.date) -> datetime.date:
    """The day that the address names; today where it names none that there is."""
    try:
        day = datetime.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return day if FIRST_DAY + WEEK <= day <= LAST_DAY - WEEK else today


class DiaryPage(StaffView):
    """What both pages have."""

    def today(self) -> datetime.date:
        return timezone.localdate(timezone=self.practice.zone)

    def link(self, **values: str) -> str:
        """The same page with other values; what is empty goes."""
        given = {**dict(self.request.GET.lists()), **{key: [value] if value else [] for key, value in values.items()}}
        return f"?{urlencode(given, doseq=True)}"

    def own(self) -> Membership | None:
        return self.membership if self.membership.role in CLINICIANS else None

    def common(self, day: datetime.date, step: datetime.timedelta) -> dict[str, Any]:
        today = self.today()
        return {
            "day": day, "today": today, "back": self.link(day=str(day - step)), "ahead": self.link(day=str(day + step)),
            "to_today": self.link(day=str(today)), "zone": self.practice.zone,
            "whole_url": self.link(whole="" if self.request.GET.get("whole") else "1"),
            "here": self.request.get_full_path(),
        }  # fmt: skip


class DiaryView(DiaryPage):
    """One day; a column for each therapist, or for each room."""

    def get(self, request: HttpRequest) -> HttpResponse:
        day = day_in(request, self.today())
        by_room = request.GET.get("by") == "room"
        also = request.GET.getlist("also")
        diary = visits.day_of(
            self.practice, day, by_room=by_room, whole=bool(request.GET.get("whole")), me=self.own(), also=also
        )
        context = {
            **self.common(day, DAY), "diary": diary, "by_room": by_room, "also": also,
            "by_therapist_url": self.link(by=""), "by_room_url": self.link(by="room"),
        }  # fmt: skip
        return render(request, "clinic/visits/day.html", context)


class WeekView(DiaryPage):
    """Seven days of one therapist."""

    def get(self, request: HttpRequest) -> HttpResponse:
        day = day_in(request, self.today())
        monday = day - DAY * (day.isoweekday() - 1)
        members = self.visible(Membership).filter(is_active=True, role__in=CLINICIANS).order_by("display_name")
        therapists = list(members)
        member = self.chosen(therapists)
        diary = visits.week_of(self.practice, monday, member, whole=bool(request.GET.get("whole"))) if member else None
        context = {
            **self.common(monday, WEEK), "diary": diary, "member": member, "therapists": therapists,
            "sunday": monday + 6 * DAY,
        }  # fmt: skip
        return render(request, "clinic/visits/week.html", context)

    def chosen(self, therapists: list[Membership]) -> Membership | None:
        asked = self.request.GET.get("therapist", "")
        if asked:
            try:
                wanted = uuid.UUID(asked)
            except ValueError:
                raise Http404 from None
            member: Membership = self.get_or_404(Membership, wanted)
            return member
        return self.own() or (therapists[0] if therapists else None)
