"""One assessment: what was measured, what it means, what the therapist says to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from assessments import queries
from assessments.forms import EditForm, RejectForm
from assessments.models import Assessment, Decision, Finding, State
from assessments.services import assessments
from assessments.services.explanation import explain
from assessments.views.pictures import legs_picture, pictures_of
from assessments.views.reasoning import Chain, chain_of, reasoning_shown
from assessments.views.tables import readings_table
from clinic import panels
from clinic.access import ClinicianView
from clinic.models import SafetyAlert

DIFFERENCE = "leg_length_difference_"


@dataclass(frozen=True)
class Shown:
    """One finding of the page: what was said to it, where it comes from, and what can be said to it."""

    row: queries.Judged
    chain: Chain
    edit: forms.Form
    reject: forms.Form

    @property
    def wrong(self) -> bool:
        """Something was said to it that misses something."""
        return bool(self.edit.errors or self.reject.errors)

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """What stands at the finding itself: its chief reason, or what each method says of the legs."""
        because: list[dict[str, Any]] = self.row.finding.because
        return [reason for reason in because if reason["measure"].startswith(DIFFERENCE)] or because[:1]


class OneAssessment(ClinicianView):
    def find(self, pk: uuid.UUID) -> Assessment:
        assessment: Assessment = get_object_or_404(queries.with_parts(self.visible(Assessment)), pk=pk)
        return assessment

    def page(self, assessment: Assessment, *, wrong: tuple[Finding, forms.Form] | None = None) -> HttpResponse:
        """`wrong`: a rejection or edit that misses something, to be shown at its finding."""
        changes, explained = queries.changes_into(assessment), explain(assessment)
        readings = assessment.readings.all()
        judged = queries.findings_with_decisions(assessment)
        context: dict[str, Any] = {
            "assessment": assessment,
            "client": assessment.client,
            "judged": [shown(row, chain_of(row.finding, readings, explained), wrong) for row in judged],
            "table": readings_table(assessment),
            "pictures": pictures_of(assessment, changes, pack=explained.reasoning.case.pack),
            "changes": changes,
            "undecided": sum(1 for row in judged if row.decision is None),
            "next_url": panels.record_url(assessment.client_id, "programme"),
            "in_error": assessment.state == State.ENTERED_IN_ERROR,
            **reasoning_shown(explained, self.alert_of(assessment)),
        }
        context["legs_picture"] = legs_picture(context["legs"]) if context["legs"] else None
        return render(self.request, "assessments/assessment.html", context, status=422 if wrong else 200)

    def alert_of(self, assessment: Assessment) -> SafetyAlert | None:
        """What it put on the client's record, open or answered."""
        alerts = self.visible(SafetyAlert).filter(source="assessment", source_id=assessment.pk)
        alert: SafetyAlert | None = alerts.select_related("cleared_by").first()
        return alert


def shown(row: queries.Judged, chain: Chain, wrong: tuple[Finding, forms.Form] | None) -> Shown:
    edit, reject = edit_form(row), reject_form(row.finding)
    if wrong and wrong[0] == row.finding:
        edit = wrong[1] if isinstance(wrong[1], EditForm) else edit
        reject = wrong[1] if isinstance(wrong[1], RejectForm) else reject
    return Shown(row, chain, edit, reject)


def edit_form(row: queries.Judged, data: Any = None) -> forms.Form:
    return EditForm(data, row=row, auto_id=f"edit_{row.finding.pk}_%s")


def reject_form(finding: Finding, data: Any = None) -> forms.Form:
    return RejectForm(data, auto_id=f"reject_{finding.pk}_%s")


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


class AcceptUndecided(OneAssessment):
    """All that nobody decided on, in one tap, once they are read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        try:
            count = assessments.accept_undecided(assessment=self.find(pk), by=self.membership)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            messages.success(request, f"{count} finding{'' if count == 1 else 's'} accepted.")
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
    """Accept, edit or reject one finding; an edit or rejection says why."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        finding: Finding = self.get_or_404(Finding, pk)
        decision = request.POST.get("decision", "")
        form = self.form(finding, decision)
        if form and not form.is_valid():
            return self.page(self.find(finding.assessment_id), wrong=(finding, form))
        said = {"reason": form.cleaned_data["reason"]} if form else {}
        own = form.own if isinstance(form, EditForm) else {}
        try:
            assessments.decide(finding=finding, decision=decision, by=self.membership, **said, **own)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        page = reverse("assessments:assessment", args=[finding.assessment_id])
        return redirect(f"{page}#finding-{finding.pk}")

    def form(self, finding: Finding, decision: str) -> forms.Form | None:
        """What the decision needs said with it; None for one that speaks for itself."""
        if decision == Decision.EDITED:
            return edit_form(queries.Judged(finding, None), self.request.POST)
        return reject_form(finding, self.request.POST) if decision == Decision.REJECTED else None
