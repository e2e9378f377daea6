"""A clinician asks a client for questionnaires, or for one of them no more."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.dateparse import parse_date

from assessments.models import QuestionnaireRequest
from assessments.queries import asked as queries
from assessments.queries import asked_mail
from assessments.services import asked
from clinic import panels, undo
from clinic.access import ClinicianView
from clinic.asked import way_back
from clinic.models import Client, Membership
from clinic.services import clock


def panel(membership: Membership, client: Client) -> dict[str, Any]:
    """What is asked for, and the form to ask."""
    rows, today = queries.open_requests(client), client.today
    there = {row.questionnaire for row in rows}
    usual = queries.usual(client)
    offered = [(row, key in usual) for key, row in queries.OFFERED.items() if key not in there]
    said = asked_mail.lines(client, rows, clock.now())
    sheets = [(queries.Sheet(row), line) for row, line in zip(rows, said, strict=True)]
    mail = asked_mail.first_mail(client, clock.now())
    return {"sheets": sheets, "offered": offered, "today": today, "latest": today + asked.A_YEAR, "mail": mail}


class AskForQuestionnaires(ClinicianView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        wanted, due_on = request.POST.getlist("questionnaire"), day(request) or client.today
        try:
            made = asked.ask(client=client, questionnaires=wanted, due_on=due_on, by=self.membership)
        except ValidationError as refused:
            messages.warning(request, " ".join(refused.messages))
        else:
            names = ", ".join(queries.OFFERED[row.questionnaire].abbreviation for row in made)
            mail = asked_mail.lines(client, made[:1], clock.now())[0]
            messages.success(request, f"{client} finds {names} on their page {when(made[0], client)}. {mail}")
        return redirect(back(request, client))


class WithdrawQuestionnaire(ClinicianView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        rows = self.visible(QuestionnaireRequest).select_related("client__practice")
        row = get_object_or_404(rows, pk=pk)
        client = row.client
        try:
            asked.withdraw(request=row, by=self.membership)
        except ValidationError as refused:
            messages.warning(request, " ".join(refused.messages))
        else:
            again = reverse("assessments:ask_questionnaires", args=[client.pk])
            due_on = max(row.due_on, client.today).isoformat()
            fields = {"questionnaire": row.questionnaire, "due_on": due_on, "next": back(request, client)}
            undo.offer(request, f"{client} is not asked for it any more.", url=again, fields=fields, label="Ask again")
        return redirect(back(request, client))


def day(request: HttpRequest) -> datetime.date | None:
    try:
        return parse_date(request.POST.get("due_on", ""))
    except ValueError:
        return None


def when(row: QuestionnaireRequest, client: Client) -> str:
    return "now" if row.due_on <= client.today else f"from {row.due_on.day} {row.due_on:%B} on"


def back(request: HttpRequest, client: Client) -> str:
    return way_back(request, panels.record_url(client.pk, "assessments") + "#asked")
