"""The measuring screen: new, edit, the findings beside it while typing, and the page for a second editor."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from assessments import queries
from assessments.forms import MeasuringForm
from assessments.models import Assessment
from assessments.services import assessments, evaluation
from assessments.services.assessments import EditConflict
from assessments.views.contradictions import contradictions_shown
from assessments.views.merging import differences
from clinic.access import ClinicianView
from clinic.models import Client
from clinic.problems import InvalidInput


class Sheet(ClinicianView):
    """What the pages of the measuring sheet have in common; `assessment` is None for a new one."""

    client: Client
    assessment: Assessment | None = None

    def for_client(self, pk: uuid.UUID) -> None:
        self.client = self.get_client(pk)

    def for_assessment(self, pk: uuid.UUID) -> Assessment:
        assessment: Assessment = get_object_or_404(queries.with_parts(self.visible(Assessment)), pk=pk)
        self.assessment, self.client = assessment, assessment.client
        return assessment

    def form(self, data: Any = None) -> MeasuringForm:
        saved = self.assessment
        return MeasuringForm(
            data,
            client=self.client,
            examiner=self.membership.display_name,
            readings=queries.readings_of(saved) if saved else (),
            previous=queries.previous_readings(self.client, before=saved),
            initial={"assessed_on": saved.assessed_on, "note": saved.note, "revision": saved.revision} if saved else {},
        )

    def page(self, form: MeasuringForm, *, status: int = 200, ask: bool = False) -> HttpResponse:
        """With findings where the form was sent already; they are looked up while typing otherwise."""
        context = {**self.context(form), "ask": ask}
        return render(self.request, "assessments/measuring.html", context, status=status)

    def context(self, form: MeasuringForm) -> dict[str, Any]:
        saved = self.assessment
        place = [saved.pk] if saved else [self.client.pk]
        return {
            "form": form,
            "parts": form.layout(),
            "client": self.client,
            "assessment": saved,
            "preview_url": reverse("assessments:preview_edit" if saved else "assessments:preview_new", args=place),
            "save_url": reverse("assessments:edit" if saved else "assessments:new", args=place),
            "back_url": reverse("assessments:assessment" if saved else "clinic:client", args=place),
            "draft_key": draft_key(self.request.user.pk, self.client, saved),
            **found(form),
        }

    def save(self, form: MeasuringForm) -> HttpResponse:
        if not form.is_valid():
            return self.page(form, status=422)
        if form.unconfirmed:
            return self.page(form, status=422, ask=True)
        try:
            assessment = self.write(form)
        except EditConflict as conflict:
            return self.merge(form, conflict.current)
        except InvalidInput as error:
            form.add_error(None, [str(problem) for problem in error.problems])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(self.request, "Saved as a draft. It counts once you sign it.")
            return redirect("assessments:assessment", assessment.pk)
        return self.page(form, status=422)

    def write(self, form: MeasuringForm) -> Assessment:
        raise NotImplementedError

    def merge(self, mine: MeasuringForm, current: Assessment) -> HttpResponse:
        """Both versions side by side; nothing is overwritten."""
        self.assessment = queries.with_parts(Assessment.objects.filter(pk=current.pk)).get()
        rows, same = differences(self.form(), mine)
        context = {**self.context(mine), "rows": rows, "same": same, "current": self.assessment}
        return render(self.request, "assessments/merge.html", context, status=409)


class NewAssessment(Sheet):
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.for_client(pk)
        return self.page(self.form())

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.for_client(pk)
        return self.save(self.form(request.POST))

    def write(self, form: MeasuringForm) -> Assessment:
        return assessments.record(
            client=self.client,
            assessed_on=form.cleaned_data["assessed_on"],
            measurements=form.measurements,
            note=form.cleaned_data["note"],
            by=self.membership,
        )


class EditAssessment(Sheet):
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        if not self.for_assessment(pk).is_draft:
            return redirect("assessments:assessment", pk)
        return self.page(self.form())

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.for_assessment(pk)
        return self.save(self.form(request.POST))

    def write(self, form: MeasuringForm) -> Assessment:
        return assessments.revise(
            assessment=self.get_or_404(Assessment, self.kwargs["pk"]),
            assessed_on=form.cleaned_data["assessed_on"],
            measurements=form.measurements,
            note=form.cleaned_data["note"],
            revision=form.cleaned_data["revision"] or 0,
            by=self.membership,
        )


class Preview(Sheet):
    """Findings of what stands on the screen. Writes nothing; without JavaScript the whole page comes back."""

    def show(self, data: Any) -> HttpResponse:
        form = self.form(data)
        form.is_valid()
        if not self.request.htmx:  # type: ignore[attr-defined]
            return self.page(form)
        return render(self.request, "assessments/preview.html", self.context(form))


class PreviewNew(Preview):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.for_client(pk)
        return self.show(request.POST)


class PreviewEdit(Preview):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.for_assessment(pk)
        return self.show(request.POST)


def found(form: MeasuringForm) -> dict[str, Any]:
    """What the rules make of the accepted readings; nothing of a sheet that nobody has written on."""
    if not form.is_bound:
        return {"findings": None}
    form.is_valid()
    day = form.cleaned_data.get("assessed_on")
    if not form.readings or not day:
        return {"findings": []}
    reasoning = evaluation.reason_about(form.client, day, form.readings)
    contradictions = contradictions_shown(reasoning.contradictions, form.readings)
    return {"findings": reasoning.findings, "contradictions": contradictions, "ledger": reasoning.ledger}


def draft_key(user_id: object, client: Client, assessment: Assessment | None) -> str:
    """Where the browser keeps what isn't saved: one place for each person and sheet."""
    return f"plumbline.sheet.{user_id}.{assessment.pk if assessment else client.pk}"
