"""“Anything new?” in the portal, and as the practice reads it. GET changes nothing; what was sent is kept for ever."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language_info

from clinic.access import ClinicianView
from clinic.models.safety import HEADLINES, Level
from clinic.portal import PortalView
from clinic.problems import InvalidInput
from intake.forms.rescreen import RescreenForm
from intake.models import Rescreen
from intake.queries.rescreens import asked
from intake.screening import client_message
from intake.services import rescreens


class AskAgain(PortalView):
    """Every safety question in plain words, and one tap for “nothing new”."""

    page_key = "today"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(RescreenForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RescreenForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        nothing = "nothing_new" in request.POST
        try:
            row = rescreens.answer(client=self.client, answers=form.answers, nothing_new=nothing, by=self.client)
        except InvalidInput as refused:
            form.refuse(refused.problems)
            return self.page(form, status=422)
        return redirect("intake:rescreen_said", self.token, row.pk)

    def page(self, form: RescreenForm, status: int = 200) -> HttpResponse:
        return self.show("intake/rescreen/ask.html", form=form, status=status)


class Said(PortalView):
    """What follows from what was said: go on, wait for the practice, or get help now."""

    page_key = "today"

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        rows = Rescreen.objects.filter(practice=self.client.practice_id, client=self.client)
        row = get_object_or_404(rows, pk=pk)
        number, language = self.practice.emergency_number, self.client.speaks
        message = client_message(row.referral_level, emergency_number=number, language=language)
        template = "stop" if row.referral_level == "emergency" else "said"
        return self.show(f"intake/rescreen/{template}.html", row=row, message=message)


class ReadAgain(ClinicianView):
    """What was asked, in the words that the client read, and what they said."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        rows = self.visible(Rescreen).select_related("client__practice", "form_version")
        row = get_object_or_404(rows, pk=pk)
        lines = asked(row)
        context = {
            "row": row, "client": row.client,
            "said": [line for line in lines if line.answer], "as_before": [line for line in lines if not line.answer],
            "headline": HEADLINES[Level(row.referral_level)] if row.referral_because else "",
            "asked_in": name_of(row.language),
        }  # fmt: skip
        return render(request, "intake/rescreen/read.html", context)


def name_of(language: str) -> str:
    """In English; the code itself where nobody knows it."""
    try:
        return str(get_language_info(language)["name"])
    except KeyError:
        return language
