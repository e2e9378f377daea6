"""One assessment: what was measured, what it means, what the therapist says to it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from assessments import queries
from assessments.forms import RejectForm
from assessments.models import Assessment, Decision, Finding, State
from assessments.services import assessments
from assessments.views.pictures import pictures_of
from assessments.views.tables import readings_table
from clinic.access import ClinicianView


class OneAssessment(ClinicianView):
    def find(self, pk: uuid.UUID) -> Assessment:
        assessment: Assessment = get_object_or_404(queries.with_parts(self.visible(Assessment)), pk=pk)
        return assessment

    def page(self, assessment: Assessment, *, wrong: tuple[Finding, RejectForm] | None = None) -> HttpResponse:
        """`wrong`: a rejection without its reason, to be shown at its finding."""
        changes = queries.changes_into(assessment)
        context: dict[str, Any] = {
            "assessment": assessment,
            "client": assessment.client,
            "judged": [(row, reject_form(row.finding, wrong)) for row in queries.findings_with_decisions(assessment)],
            "table": readings_table(assessment),
            "pictures": pictures_of(assessment, changes),
            "changes": changes,
            "in_error": assessment.state == State.ENTERED_IN_ERROR,
        }
        return render(self.request, "assessments/assessment.html", context, status=422 if wrong else 200)


def reject_form(finding: Finding, wrong: tuple[Finding, RejectForm] | None) -> RejectForm:
    if wrong and wrong[0] == finding:
        return wrong[1]
    return RejectForm(auto_id=f"{finding.pk}_%s")


class AssessmentPage(OneAssessment):
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return self.page(self.find(pk))


class Sign(OneAssessment):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        try:
            assessments.sign(assessment=self.find(pk), by=self.membership)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            messages.success(request, "Signed. Nobody can change it from now on.")
        return redirect("assessments:assessment", pk)


class EnteredInError(OneAssessment):
    """Asks first, because it can't be undone."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        assessment = self.find(pk)
        context = {"assessment": assessment, "client": assessment.client}
        return render(request, "assessments/entered_in_error.html", context)

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        try:
            assessments.mark_entered_in_error(assessment=self.find(pk), by=self.membership)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            messages.success(request, "Marked as entered in error. It stays on record and counts for nothing.")
        return redirect("assessments:assessment", pk)


class Decide(OneAssessment):
    """Accept or reject one finding; a rejection says why."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        finding: Finding = self.get_or_404(Finding, pk)
        decision, reason = request.POST.get("decision", ""), ""
        if decision == Decision.REJECTED:
            form = RejectForm(request.POST, auto_id=f"{finding.pk}_%s")
            if not form.is_valid():
                return self.page(self.find(finding.assessment_id), wrong=(finding, form))
            reason = form.cleaned_data["reason"]
        try:
            assessments.decide(finding=finding, decision=decision, reason=reason, by=self.membership)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        page = reverse("assessments:assessment", args=[finding.assessment_id])
        return redirect(f"{page}#finding-{finding.pk}")
