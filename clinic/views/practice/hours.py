"""Opening hours, working hours and absences. Everybody reads them; owners write."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from clinic import undo
from clinic.forms.hours import WeekForm, as_fields, as_monday
from clinic.forms.practice import AbsenceForm, written
from clinic.models import Absence, Membership
from clinic.queries import practice as queries
from clinic.services import hours
from clinic.views.practice.frame import OwnerPage, PracticePage

WORKING_DAYS = [2, 3, 4, 5]


class HoursList(PracticePage):
    """Whose hours there are, and who is away; a POST adds an absence."""

    topic = "hours"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown(AbsenceForm(practice=self.practice))

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.membership.role not in OwnerPage.roles:
            raise PermissionDenied
        form = AbsenceForm(request.POST, practice=self.practice)
        done, absence = written(form, lambda: self.write(form))
        if not done or absence is None:
            return self.shown(form, status=422)
        undo.offer(request, "The absence is noted.", url=reverse("clinic:remove_absence", args=[absence.pk]))
        if count := queries.visits_in(absence, timezone.now()).count():
            line = "1 visit stands in that time" if count == 1 else f"{count} visits stand in that time"
            messages.warning(request, f"{line}: see the list below.")
        return redirect("clinic:hours")

    def write(self, form: AbsenceForm) -> Absence:
        given = {name: form.cleaned_data[name] for name in ("member", "starts_at", "ends_at", "reason")}
        return hours.add_absence(practice=self.practice, by=self.membership, **given)

    def shown(self, form: AbsenceForm, *, status: int = 200) -> HttpResponse:
        now = timezone.now()
        absences = [(row, count, _days(row)) for row, count in queries.absences(self.practice, now)]
        context = {
            "form": form, "absences": absences, "weeks": queries.weeks(self.practice), "zone": self.practice.zone,
        }  # fmt: skip
        return self.page("hours", context, status=status)


def _days(absence: Absence) -> str:
    """“Monday 4 May to Friday 8 May 2026”, with times where it is not whole days."""
    zone = absence.practice.zone
    starts, ends = absence.starts_at.astimezone(zone), absence.ends_at.astimezone(zone)
    if (starts.hour, starts.minute, ends.hour, ends.minute) == (0, 0, 0, 0):
        last = ends - datetime.timedelta(minutes=1)
        first_day, last_day = f"{starts:%A %-d %B %Y}", f"{last:%A %-d %B %Y}"
        return first_day if first_day == last_day else f"{starts:%A %-d %B} to {last_day}"
    if starts.date() == ends.date():
        return f"{starts:%A %-d %B %Y, %H:%M} to {ends:%H:%M}"
    return f"{starts:%A %-d %B, %H:%M} to {ends:%A %-d %B %Y, %H:%M}"


class VisitsInAbsence(PracticePage):
    topic = "hours"

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        absence = self.get_or_404(Absence, pk)
        visits = queries.visits_in(absence, timezone.now())[:200]
        context = {"absence": absence, "days": _days(absence), "visits": visits, "zone": self.practice.zone}
        return self.page("absence", context)


class RemoveAbsence(OwnerPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        absence = self.get_or_404(Absence, pk)
        again = self.fields_of(absence)
        hours.remove_absence(absence=absence, by=self.membership)
        undo.offer(request, "The absence is removed.", url=reverse("clinic:hours"), fields=again)
        return redirect("clinic:hours")

    def fields_of(self, absence: Absence) -> dict[str, str]:
        """What adds it again."""
        zone = self.practice.zone
        starts, ends = absence.starts_at.astimezone(zone), absence.ends_at.astimezone(zone)
        return {
            "member": str(absence.member_id or ""), "reason": absence.reason, "since": f"{starts:%Y-%m-%d}",
            "from_time": f"{starts:%H:%M}", "until": f"{ends:%Y-%m-%d}", "until_time": f"{ends:%H:%M}",
        }  # fmt: skip


class WeekPage(OwnerPage):
    """The week of the practice, or of one person: a grid. `same`: Monday's times go to these days, unsaved."""

    topic = "hours"

    def get(self, request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
        member = self.whose(pk)
        return self.shown(member, WeekForm(week=queries.week_of(self.practice, member)))

    def post(self, request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
        member = self.whose(pk)
        before = queries.week_of(self.practice, member)
        if "same" in request.POST:
            return self.shown(member, self.like_monday(before))
        form = WeekForm(request.POST, week=before)
        if not self.written(form, member):
            return self.shown(member, form, status=422)
        fields = {**as_fields(before), "seen": queries.fingerprint(form.week)}
        undo.offer(request, f"The hours of {member or self.practice} are saved.", url=request.path, fields=fields)
        return redirect("clinic:hours")

    def like_monday(self, before: Any) -> WeekForm:
        asked = self.request.POST["same"]
        days = [int(asked)] if asked in {"2", "3", "4", "5", "6", "7"} else WORKING_DAYS
        form = WeekForm(as_monday(self.request.POST, days), week=before)
        form.errors.clear()
        return form

    def written(self, form: WeekForm, member: Membership | None) -> bool:
        if not form.is_valid():
            return False
        seen = form.cleaned_data["seen"]
        try:
            hours.write(practice=self.practice, member=member, week=form.week, seen=seen, by=self.membership)
        except ValidationError as error:
            form.add_error(None, error)
            if getattr(error, "code", "") == "changed":
                form.data = {**form.data, "seen": queries.fingerprint(form.week_now)}
            return False
        return True

    def whose(self, pk: uuid.UUID | None) -> Membership | None:
        return self.get_or_404(Membership, pk) if pk else None

    def shown(self, member: Membership | None, form: WeekForm, *, status: int = 200) -> HttpResponse:
        stands = queries.said(form.week_now) if status == 422 else []
        return self.page("week", {"member": member, "form": form, "stands": stands}, status=status)
