"""Questionnaires on the client's own page: one question a page, each answer kept at once, sent at the end."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from assessments.models import QuestionnaireRequest
from assessments.queries.asked import OFFERED, Page, Sheet, due, named_before
from assessments.services import asked
from clinic.models import Client
from clinic.portal import PortalView
from clinic.problems import InvalidInput

SPOKEN = "en"  # the language of the shipped questionnaires; no other wording of theirs is checked


def card(client: Client, token: str) -> Mapping[str, Any] | None:
    """On the page of today: what is due."""
    rows = [Sheet(row) for row in due(client)]
    return {"sheets": rows, "first": next((row for row in rows if row.begun), rows[0])} if rows else None


class _OfOne(PortalView):
    page_key = "today"

    def find(self, pk: uuid.UUID) -> QuestionnaireRequest:
        rows = QuestionnaireRequest.objects.filter(practice_id=self.client.practice_id, client=self.client)
        row: QuestionnaireRequest = get_object_or_404(rows.select_related("response"), pk=pk)
        return row

    def closed(self, row: QuestionnaireRequest) -> HttpResponse | None:
        if row.response_id is None and row.withdrawn_at is None and row.questionnaire in OFFERED:
            return None
        return self.show("assessments/portal/closed.html", row=row)

    def draw(self, template: str, sheet: Sheet, status: int = 200, **context: Any) -> HttpResponse:
        foreign = self.client.speaks.partition("-")[0] != SPOKEN
        return self.show(
            template, status, sheet=sheet, asked=sheet.questionnaire, spoken=SPOKEN, foreign=foreign, **context
        )


class PortalQuestionnaire(_OfOne):
    """What it is for, what is answered so far, and the button that sends it."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        row = self.find(pk)
        return self.closed(row) or self.overview(Sheet(row))

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        row = self.find(pk)
        try:
            asked.send(request=row, by=self.client)
        except InvalidInput:
            return self.overview(Sheet(row), status=422)
        except ValidationError:
            return self.show("assessments/portal/closed.html", row=row)
        messages.success(request, _("Thank you. Your answers are with your practice."))
        if more := due(self.client):
            return redirect("assessments:portal_questionnaire", self.token, more[0].pk)
        return redirect("treatments:portal", self.token)

    def overview(self, sheet: Sheet, status: int = 200) -> HttpResponse:
        lines = {problem.path: problem.message for problem in asked.incomplete(sheet)} if sheet.begun else {}
        rows = [(page, sheet.said(page), lines.get(f"{page.number}", "")) for page in sheet.pages]
        template = "assessments/portal/overview.html" if sheet.begun else "assessments/portal/begin.html"
        return self.draw(template, sheet, status, rows=rows, incomplete=bool(lines))


class PortalQuestion(_OfOne):
    """One page of it."""

    def get(self, request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
        row = self.find(pk)
        return self.closed(row) or self.question(Sheet(row), number)

    def post(self, request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
        row, posted = self.find(pk), request.POST
        given: dict[str, Any] = {name: posted.get(name, "") for name in ("value", "activity", "remove")}
        given["ticked"] = posted.getlist("ticked")
        try:
            kept = asked.keep(request=row, page=number, given=given, by=self.client)
        except InvalidInput as refused:
            lines = {problem.path: problem.message for problem in refused.problems}
            return self.question(Sheet(row), number, status=422, given=given, lines=lines)
        except ValidationError:
            return self.closed(row) or redirect("assessments:portal_questionnaire", self.token, row.pk)
        return self.on_from(Sheet(kept), number)

    def on_from(self, sheet: Sheet, number: int) -> HttpResponse:
        """The next page that is not answered; changed later, back to the overview."""
        following = next((page for page in sheet.open_pages if page.number > number), sheet.next_page)
        if following is None:
            return redirect("assessments:portal_questionnaire", self.token, sheet.request.pk)
        return redirect("assessments:portal_question", self.token, sheet.request.pk, following.number)

    def question(self, sheet: Sheet, number: int, status: int = 200, **typed: Any) -> HttpResponse:
        page = sheet.page(number)
        if page is None:
            return redirect("assessments:portal_questionnaire", self.token, sheet.request.pk)
        known = {**self.known(sheet, page), **dict(typed.get("given", {}).items())}
        return self.draw(
            "assessments/portal/question.html", sheet, status, page=page, known=known, lines=typed.get("lines", {}),
            choices=choices(sheet), total=max(len(sheet.pages), page.number),
        )  # fmt: skip

    def known(self, sheet: Sheet, page: Page) -> dict[str, Any]:
        """What is answered so far; of the own activities what was named last time."""
        if page.row:
            row = next(iter(sheet.activities[page.row - 1 : page.row]), None)
            if row:
                return {"activity": row["activity"], "value": f"{row['score']}"}
            before = named_before(self.client, sheet.questionnaire)[page.row - 1 : page.row]
            return {"activity": before[0] if before else "", "value": ""}
        value = sheet.answers.get(page.items[0].key)
        ticked = [item.key for item in page.items if sheet.answers.get(item.key) is True]
        return {"value": "" if value is None else f"{value}", "ticked": ticked}


def choices(sheet: Sheet) -> list[tuple[str, str, str]]:
    """Value, how it is written, its words; the best on top where every number has words."""
    asked_for = sheet.questionnaire
    signed = asked_for.lowest < 0
    found = [
        (f"{number}", f"{number:+d}" if signed and number else f"{number}", asked_for.labels.get(number, ""))
        for number in asked_for.numbers
    ]
    return found[::-1] if len(asked_for.labels) == len(found) else found
