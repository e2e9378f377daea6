"""Intakes as the practice sees them. Reception may invite; only clinicians read."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from clinic import links, panels
from clinic.access import ClinicianView, StaffView
from clinic.models import CLINICIANS, Client
from clinic.models.safety import HEADLINES, Level
from intake.forms import ConditionForm
from intake.models import IntakeRequest, IntakeResponse, PracticeForm
from intake.queries import changes, conditions_of, document, practice_forms
from intake.screening import CONDITIONS
from intake.services import conditions, requests, responses
from intake.views.public.link import PURPOSE, let_in

NONE: Mapping[str, ConditionForm] = MappingProxyType({})


def told(request: HttpRequest, done: str, write: Callable[[], object]) -> None:
    """Do it and say so; what a service refuses becomes the message instead."""
    try:
        write()
    except ValidationError as refused:
        for line in refused.messages:
            messages.error(request, line)
    else:
        messages.success(request, done)


class SendIntake(StaffView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        done = f"The intake link is on its way to {client}. It works for {requests.VALID_FOR.days} days."
        form = chosen_form(self, request.POST.get("form", ""))
        told(request, done, lambda: requests.send(client=client, by=self.membership, form=form))
        return redirect(panels.record_url(client.pk, "intake"))


def chosen_form(view: StaffView, given: str) -> PracticeForm | str | None:
    """The id of an own form, or the key of a shipped one."""
    try:
        pk = uuid.UUID(given)
    except ValueError:
        return given or None
    found: PracticeForm = view.get_or_404(PracticeForm, pk)
    return found


class ChooseForm(StaffView):
    """Which form to send, or to fill in here."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        context = {
            "client": self.get_client(pk),
            "rows": practice_forms.to_choose(self.practice),
            "reads": self.membership.role in CLINICIANS,
        }
        return render(request, "intake/builder/choose.html", context)


class IntakeHere(ClinicianView):
    """The form itself, for the client to fill in on the practice's tablet."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        try:
            form = chosen_form(self, request.POST.get("form", ""))
            invitation = requests.here(client=client, by=self.membership, form=form)
        except ValidationError as refused:
            for line in refused.messages:
                messages.error(request, line)
            return redirect(panels.record_url(client.pk, "intake"))
        # The practice knows who sits there: its tablet is not asked for the date of birth.
        return let_in(redirect("intake:start", links.sign(PURPOSE, invitation.pk)), invitation)


class RevokeIntake(StaffView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        invitation: IntakeRequest = self.get_or_404(IntakeRequest, pk)
        told(request, "The link no longer works.", lambda: requests.revoke(request=invitation, by=self.membership))
        return redirect(panels.record_url(invitation.client_id, "intake"))


class Conditions(ClinicianView):
    """What is known of every condition. POST answers one with its details, or those of the record's short list."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return self.page(self.get_client(pk))

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client, key = self.get_client(pk), request.POST.get("condition", "")
        if "short" in request.POST:
            return self.short_list(client)
        if key not in CONDITIONS:
            messages.error(request, "Choose one of the conditions on this page.")
            return self.page(client, status=422)
        form = ConditionForm(CONDITIONS[key], request.POST)
        if not form.is_valid():
            return self.page(client, refused={key: form}, status=422)
        conditions.answer(client=client, condition=key, answer=form.document(), by=self.membership)
        messages.success(request, f"{CONDITIONS[key].name.capitalize()}: answered.")
        return redirect(panels.record_url(client.pk, "intake"))

    def short_list(self, client: Client) -> HttpResponse:
        """Yes and no as ticked; with `rest`, no to what was left open on the list."""
        given, asked = self.request.POST, self.request.POST.getlist("short")
        rest = given.get("rest", "")
        answers = {key: said for key in asked if (said := given.get(f"answer-{key}") or rest)}
        if not set(answers) <= set(CONDITIONS) or not set(answers.values()) <= {"yes", "no"}:
            messages.error(self.request, "Choose yes or no for the conditions on this page.")
        elif not answers:
            messages.warning(self.request, "Nothing was ticked: choose yes or no first.")
        else:
            told(
                self.request,
                f"{len(answers)} condition{'' if len(answers) == 1 else 's'} answered.",
                lambda: conditions.answer_many(client=client, answers=answers, by=self.membership),
            )
        return redirect(panels.record_url(client.pk, "intake"))

    def page(self, client: Client, refused: Mapping[str, ConditionForm] = NONE, status: int = 200) -> HttpResponse:
        known = conditions_of(client)
        forms = {key: ConditionForm(item, known=known.get(key)) for key, item in CONDITIONS.items()}
        rows = [(told, refused.get(told.key, forms[told.key])) for told in document.conditions(known)]
        return render(self.request, "intake/conditions.html", {"client": client, "rows": rows}, status=status)


def signature_lines(strokes: Sequence[Sequence[Sequence[int]]] | None) -> list[str]:
    """The points of each stroke as SVG writes them, on a sheet of 1000 by 360."""
    return [" ".join(f"{x},{y * 0.36:g}" for x, y in stroke) for stroke in strokes or []]


class IntakePage(ClinicianView):
    """Every question of its own version with the answer."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        response = self.completed(pk)
        context = {
            "response": response,
            "client": response.client,
            "sections": document.sections(response),
            "scores": document.scores(response),
            "changes": changes.since_last_time(response),
            "signature": signature_lines(response.signature),
            "headline": HEADLINES[Level(response.referral_level)] if response.referral_because else "",
        }
        return render(request, "intake/intake.html", context)

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Read."""
        response = self.completed(pk)
        told(request, "Marked as read.", lambda: responses.mark_read(response=response, by=self.membership))
        return redirect("intake:intake", response.pk)

    def completed(self, pk: uuid.UUID) -> IntakeResponse:
        rows = self.visible(IntakeResponse).completed()
        rows = rows.select_related("client__practice", "form_version", "read_by", "filled_from")
        response: IntakeResponse = get_object_or_404(rows, pk=pk)
        return response
