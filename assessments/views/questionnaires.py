"""Questionnaires of a client: filling one in, looking at one, taking one back."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from assessments import queries
from assessments.forms.questionnaires import OFTEN_USED, QuestionnaireForm
from assessments.models import QuestionnaireResponse
from assessments.rules.questionnaires import QUESTIONNAIRES, Questionnaire
from assessments.services import questionnaires
from assessments.views.trends import trend_of
from clinic import panels
from clinic.access import ClinicianView
from clinic.models import Client
from clinic.problems import InvalidInput


class FillQuestionnaire(ClinicianView):
    """A questionnaire, filled in with the client or from paper. Sent with a mistake, it comes back as it was."""

    def get(self, request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
        client, questionnaire = self.get_client(pk), find(key)
        return self.page(client, self.form(client, questionnaire))

    def post(self, request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
        client, questionnaire = self.get_client(pk), find(key)
        form = self.form(client, questionnaire, request.POST)
        if not form.is_valid():
            return self.page(client, form, status=422)
        try:
            response = self.record(client, form)
        except InvalidInput as refused:
            for problem in refused.problems:
                form.add_problem(problem)
            return self.page(client, form, status=422)
        messages.success(request, f"{queries.name_of(response)}: {queries.score_in_words(response)}.")
        return redirect("assessments:questionnaire", response.pk)

    def record(self, client: Client, form: QuestionnaireForm) -> QuestionnaireResponse:
        given = form.cleaned_data
        return questionnaires.record(
            client=client,
            questionnaire=form.questionnaire.key,
            answered_on=given["answered_on"],
            answers=given["answers"],
            name=given.get("name", ""),
            licence_held=given.get("licence_held"),
            by=self.membership,
        )

    def form(self, client: Client, questionnaire: Questionnaire, data: Any = None) -> QuestionnaireForm:
        last = queries.latest_answer(client, questionnaire.key) if questionnaire.own_items else None
        named = tuple(row["activity"] for row in last.answers.get("activities", ())) if last else ()
        today = timezone.localdate(timezone=client.zone)
        return QuestionnaireForm(questionnaire, data, today=today, named=named)

    def page(self, client: Client, form: QuestionnaireForm, status: int = 200) -> HttpResponse:
        context = {
            "client": client,
            "form": form,
            "questionnaire": form.questionnaire,
            "fields": f"assessments/questionnaire_{form.questionnaire.scoring}.html",
            "often_used": OFTEN_USED,
        }
        return render(self.request, "assessments/questionnaire_fill.html", context, status=status)


def find(key: str) -> Questionnaire:
    if key not in QUESTIONNAIRES:
        raise Http404
    return QUESTIONNAIRES[key]


class OneQuestionnaire(ClinicianView):
    def find(self, pk: uuid.UUID) -> QuestionnaireResponse:
        rows = self.visible(QuestionnaireResponse).select_related("client__practice", "entered_by")
        response: QuestionnaireResponse = get_object_or_404(rows, pk=pk)
        return response


class QuestionnairePage(OneQuestionnaire):
    """What was answered, its score, and what it says beside the one before."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        response = self.find(pk)
        series = queries.series_with(response)
        context = {
            "client": response.client,
            "response": response,
            "name": queries.name_of(response),
            "score": queries.score_in_words(response),
            "questionnaire": QUESTIONNAIRES.get(response.questionnaire),
            "answers": list(queries.answers_in_words(response)),
            "said": series.comparison_of(response) if series else None,
            "series": series,
            "trend": trend_of(series, "trend") if series else None,
        }
        return render(request, "assessments/questionnaire.html", context)


class QuestionnaireInError(OneQuestionnaire):
    """Asks first, because it can't be undone."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        response = self.find(pk)
        context = {"response": response, "client": response.client, "name": queries.name_of(response)}
        return render(request, "assessments/questionnaire_in_error.html", context)

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        response = self.find(pk)
        try:
            questionnaires.mark_entered_in_error(response=response, by=self.membership)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            messages.success(request, "Marked as entered in error. It stays on record and counts for nothing.")
        return redirect(panels.record_url(response.client_id, "assessments") + "#questionnaires")
