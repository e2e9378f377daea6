"""“Anything new?” in the portal. GET changes nothing; what was sent is kept for ever."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from clinic.portal import PortalView
from clinic.problems import InvalidInput
from intake.forms.rescreen import RescreenForm
from intake.models import Rescreen
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
