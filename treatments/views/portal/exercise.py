"""One exercise, and one tap to say how it went."""

from __future__ import annotations

import json
import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from treatments.forms import AnswerForm
from treatments.models import HomeLog, Outcome, ProgrammeItem
from treatments.queries import PortalDay, Task
from treatments.queries.timing import minutes, phases
from treatments.services import home_logs
from treatments.views.portal.today import DayView


class PortalItem(DayView):
    page_key = "exercise"  # one thing at a time: the navigation waits

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
        return redirect(f"{self.after(answer)}?said={row.pk}")

    def after(self, answer: HomeLog) -> str:
        """The exercise itself where it hurt: what happens now is read first. Else the next one, or today."""
        day = self.day()
        hurt = answer.outcome == Outcome.TOO_PAINFUL
        where = answer.item_id if hurt else day.next.item.pk if day.next else None
        if answer.local_date != day.day or where not in [task.item.pk for task in day.tasks]:
            if hurt:  # kept though it is locked, held, over or of another day: there is no page of it to say so
                said = _("Thank you for saying so. This exercise is stopped, and your therapist is told.")
                messages.success(self.request, said)
            return reverse("treatments:portal", args=[self.token])
        return reverse("treatments:portal_item", args=[self.token, where])

    def item(self, pk: uuid.UUID) -> ProgrammeItem:
        rows = ProgrammeItem.objects.filter(practice_id=self.client.practice_id, programme__client=self.client)
        item: ProgrammeItem = get_object_or_404(rows.exclude(programme__published_at=None), pk=pk)
        return item

    def task(self, pk: uuid.UUID) -> tuple[Task | None, PortalDay]:
        """None where it is theirs but not for today."""
        item, day = self.item(pk), self.day()
        return next((task for task in day.tasks if task.item.pk == item.pk), None), day

    def page(self, task: Task | None, day: PortalDay, form: AnswerForm, status: int = 200) -> HttpResponse:
        if task is None:
            return self.show("treatments/portal/not_today.html", day=day, form=form, status=status)
        said = self.said(day)
        return self.show(
            "treatments/portal/exercise.html",
            task=task,
            day=day,
            form=form,
            place=[other.item.pk for other in day.tasks].index(task.item.pk) + 1,
            said=said if said and said.item.pk != task.item.pk else None,
            closed=bool(task.answer and task.answer.seen_at),
            phases=json.dumps(phases(task.item)),
            minutes=minutes([task.item]),
            status=status,
        )

    def refused(self, pk: uuid.UUID, form: AnswerForm) -> HttpResponse:
        task, day = self.task(pk)
        return self.page(task, day, form, status=422)
