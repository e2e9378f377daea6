"""Intakes as the practice sees them. Reception may invite; only clinicians read."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from clinic.access import ClinicianView, StaffView
from clinic.models.safety import HEADLINES, Level
from clinic.problems import InvalidInput
from intake.models import IntakeRequest, IntakeResponse
from intake.queries import document
from intake.services import conditions, requests, responses


def told(request: HttpRequest, done: str, write: Callable[[], object]) -> None:
    """Do it and say so; what a service refuses becomes the message instead."""
    try:
        write()
    except ValidationError as refused:
        for line in refused.messages:
            messages.error(request, line)
    except InvalidInput as refused:
        for problem in refused.problems:
            messages.error(request, str(problem))
    else:
        messages.success(request, done)


class SendIntake(StaffView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        done = f"The intake link is on its way to {client}. It works for {requests.VALID_FOR.days} days."
        told(request, done, lambda: requests.send(client=client, by=self.membership))
        return redirect("clinic:client", client.pk)


class RevokeIntake(StaffView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        invitation: IntakeRequest = self.get_or_404(IntakeRequest, pk)
        told(request, "The link no longer works.", lambda: requests.revoke(request=invitation, by=self.membership))
        return redirect("clinic:client", invitation.client_id)


class AnswerCondition(ClinicianView):
    """One click for a condition that the client left open."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        condition, said = request.POST.get("condition", ""), request.POST.get("answer")
        told(
            request,
            "Answered.",
            lambda: conditions.answer(client=client, condition=condition, answer=said, by=self.membership),
        )
        return redirect("clinic:client", client.pk)


class IntakePage(ClinicianView):
    """Every question of its own version with the answer."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        response = self.completed(pk)
        context = {
            "response": response,
            "client": response.client,
            "sections": document.sections(response),
            "headline": HEADLINES[Level(response.referral_level)] if response.referral_because else "",
        }
        return render(request, "intake/intake.html", context)

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Read."""
        response = self.completed(pk)
        told(request, "Marked as read.", lambda: responses.mark_read(response=response, by=self.membership))
        return redirect("intake:intake", response.pk)

    def completed(self, pk: uuid.UUID) -> IntakeResponse:
        rows = self.visible(IntakeResponse).completed().select_related("client__practice", "form_version", "read_by")
        response: IntakeResponse = get_object_or_404(rows, pk=pk)
        return response
