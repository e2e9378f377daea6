"""The client's pages, opened by a signed link. Looking changes nothing: mail scanners follow links too."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from clinic.portal import PortalView
from clinic.services import clients
from treatments.forms import AnswerForm, TimeForm
from treatments.models import Outcome, ProgrammeItem
from treatments.queries import PortalDay, Task, adherence, local_today, next_day, portal_day, weeks
from treatments.services import home_logs

SAID = {Outcome.DONE: "Well done.", Outcome.SKIPPED: "Skipped for today. That is fine."}


class Portal(PortalView):
    """Today, or why there is nothing today."""

    def get(self, request: HttpRequest) -> HttpResponse:
        day = portal_day(self.client, local_today(self.client))
        return self.show(f"treatments/portal/{day.state}.html", day=day, form=self.time_form(), **self.more(day))

    def more(self, day: PortalDay) -> dict[str, Any]:
        if day.programme is None:
            return {}
        paused = self.client.reminders_paused_until
        return {
            "next_day": next_day(day.programme, day.day),
            "weeks": weeks(day.programme, day.day),
            "adherence": adherence(day.programme, day.day),
            "paused_until": paused if paused and paused > day.day else None,
        }

    def time_form(self) -> TimeForm:
        return TimeForm(initial={"reminder_time": self.client.reminder_time or self.practice.reminder_time})


class PortalItem(PortalView):
    """One exercise, and one tap to say how it went."""

    def get(self, request: HttpRequest, item: uuid.UUID) -> HttpResponse:
        task, day = self.task(item)
        return self.page(task, day, AnswerForm(initial={"local_date": day.day}))

    def post(self, request: HttpRequest, item: uuid.UUID) -> HttpResponse:
        row, form = self.item(item), AnswerForm(request.POST)
        if not form.is_valid():
            return self.refused(item, form)
        try:
            answer = home_logs.log(item=row, by=self.client, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.refused(item, form)
        if answer.outcome == Outcome.TOO_PAINFUL:
            return redirect("treatments:portal_item", self.token, row.pk)
        messages.success(request, SAID[Outcome(answer.outcome)])
        return redirect("treatments:portal", self.token)

    def item(self, pk: uuid.UUID) -> ProgrammeItem:
        rows = ProgrammeItem.objects.filter(practice_id=self.client.practice_id, programme__client=self.client)
        item: ProgrammeItem = get_object_or_404(rows.exclude(programme__published_at=None), pk=pk)
        return item

    def task(self, pk: uuid.UUID) -> tuple[Task | None, PortalDay]:
        """None where it is theirs but not for today."""
        item, day = self.item(pk), portal_day(self.client, local_today(self.client))
        return next((task for task in day.tasks if task.item.pk == item.pk), None), day

    def page(self, task: Task | None, day: PortalDay, form: AnswerForm, status: int = 200) -> HttpResponse:
        if task is None:
            return self.show("treatments/portal/not_today.html", day=day, status=status)
        place = [other.item.pk for other in day.tasks].index(task.item.pk) + 1
        label = f"Exercise {place} of {len(day.tasks)}"
        closed = bool(task.answer and task.answer.seen_at)
        return self.show(
            "treatments/portal/exercise.html",
            task=task,
            day=day,
            form=form,
            place=place,
            label=label,
            closed=closed,
            status=status,
        )

    def refused(self, pk: uuid.UUID, form: AnswerForm) -> HttpResponse:
        task, day = self.task(pk)
        return self.page(task, day, form, status=422)


class PortalTime(PortalView):
    """The time of day at which the mail comes."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TimeForm(request.POST)
        if not (form.is_valid() and self._changed(form)):
            return self.show("treatments/portal/time.html", form=form, status=422)
        messages.success(request, f"Your reminder comes at {form.cleaned_data['reminder_time']:%H:%M} from now on.")
        return redirect("treatments:portal", self.token)

    def _changed(self, form: TimeForm) -> bool:
        try:
            clients.change(client=self.client, by=self.client, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        return form.is_valid()
