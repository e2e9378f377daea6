from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from assessments.models import Assessment
from assessments.queries import accepted_findings, latest_signed
from clinic import asked, undo
from clinic.access import ClinicianView
from clinic.forms import attempt
from clinic.models import Client
from treatments.forms import EndForm, ItemForm, ProgrammeForm
from treatments.models import HomeLog, Programme, ProgrammeItem, State
from treatments.queries import adherence, local_today, locked_because, weeks
from treatments.queries.load import load_of
from treatments.queries.offers import Offers, removed
from treatments.services import home_logs, programmes


class NewProgramme(ClinicianView):
    """Accepted findings, and one button: suggest a programme."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        assessment = self.assessment(client)
        context = {
            "client": client,
            "assessment": assessment,
            "findings": accepted_findings(assessment) if assessment else [],
            "locked_because": locked_because(client),
        }
        return render(request, "treatments/new_programme.html", context)

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        assessment = self.assessment(client)
        if assessment is None:
            messages.warning(request, "A programme starts from an assessment: sign one first.")
            return redirect("treatments:new_programme", client.pk)
        try:
            programme = programmes.draft(client=client, assessment=assessment, by=self.membership)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
            return redirect("treatments:new_programme", client.pk)
        return redirect("treatments:programme", programme.pk)

    def assessment(self, client: Client) -> Assessment | None:
        """The one that the address or the form names, else the latest signed one."""
        chosen = self.request.POST.get("assessment") or self.request.GET.get("assessment")
        if not chosen:
            return latest_signed(client)
        mine = self.visible(Assessment).filter(client=client).exclude(state="entered_in_error")
        return get_object_or_404(mine, pk=as_uuid(chosen))


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class ProgrammeView(ClinicianView):
    def programme(self, pk: uuid.UUID) -> Programme:
        rows = self.visible(Programme).select_related("client__practice", "client__therapist", "assessment")
        programme: Programme = get_object_or_404(rows, pk=pk)
        return programme

    def item(self, pk: uuid.UUID) -> ProgrammeItem:
        rows = self.visible(ProgrammeItem).select_related("programme__client__practice", "programme__assessment")
        item: ProgrammeItem = get_object_or_404(rows, pk=pk)
        return item

    def back(self, programme: Programme) -> HttpResponse:
        """To the programme, with the words that were searched for; htmx gets its page at once."""
        if self.request.headers.get("HX-Request"):
            return self.edit_page(self.programme(programme.pk))
        address = reverse("treatments:programme", args=[programme.pk])
        words = self.request.POST.get("q", "")
        return redirect(f"{address}?{urlencode({'q': words})}" if words else address)

    def edit_page(self, programme: Programme, *, status: int = 200, **forms: Any) -> HttpResponse:
        """The draft with a form for everything; `forms` are those that were refused."""
        refused = forms.get("item_forms", {})
        items = list(programme.items.all())
        for item in items:
            item.programme = programme
        offers = Offers(programme, items)
        words = (self.request.GET.get("q") or self.request.POST.get("q", "")).strip()
        context = {
            "programme": programme,
            "client": programme.client,
            "rows": [(item, refused.get(item.pk) or ItemForm(item=item)) for item in items],
            "load": load_of(items),
            "groups": offers.groups(),
            "q": words,
            "found": offers.found(words) if words else None,
            "removed": removed(programme),
            "form": forms.get("form") or ProgrammeForm(instance=programme),
            "add_form": forms.get("add_form"),
            "locked_because": locked_because(programme.client),
            "problems": programmes.publish_problems(programme),
        }
        return render(self.request, "treatments/draft.html", context, status=status)


class ProgrammePage(ProgrammeView):
    """A draft to work on; a published or ended programme to read, with what was done."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        programme = self.programme(pk)
        if programme.state == State.DRAFT:
            return self.edit_page(programme)
        today = local_today(programme.client)
        context = {
            "programme": programme,
            "client": programme.client,
            "items": programme.items.all(),
            "adherence": adherence(programme, today),
            "weeks": weeks(programme, today),
            "words": self.words(programme),
            "form": EndForm(),
        }
        return render(request, "treatments/programme.html", context)

    def words(self, programme: Programme) -> list[HomeLog]:
        """What the client wrote, the newest first."""
        rows = self.visible(HomeLog).filter(item__programme=programme).exclude(word="")
        return list(rows.select_related("item")[:10])

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        programme = self.programme(pk)
        form = ProgrammeForm(request.POST, instance=programme)
        done = attempt(form, lambda: programmes.change(programme=programme, by=self.membership, **form.cleaned_data))
        if done is None:
            return self.edit_page(self.programme(pk), form=form, status=422)
        messages.success(request, "Saved.")
        return redirect("treatments:programme", programme.pk)


class End(ProgrammeView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        programme, form = self.programme(pk), EndForm(request.POST)
        if attempt(form, lambda: programmes.end(programme=programme, by=self.membership, **form.cleaned_data)) is None:
            for line in form.non_field_errors() or ["At most 200 letters."]:
                messages.warning(request, str(line))
        else:
            messages.success(request, "The programme has ended; what was done stays here.")
        return redirect("treatments:programme", programme.pk)


class MarkSeen(ClinicianView):
    """A clinician dealt with a too-painful answer; with `undo` they did not yet."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        answer = get_object_or_404(self.visible(HomeLog).select_related("client"), pk=pk)
        back = asked.way_back(request, reverse("clinic:dashboard"))
        if "undo" in request.POST:
            home_logs.mark_unseen(answer=answer, by=self.membership)
            messages.success(request, f"The answer of {answer.client} needs you again.")
        else:
            home_logs.mark_seen(answer=answer, by=self.membership)
            said = f"Noted for {answer.client}. The exercise stays stopped."
            undo.offer(request, said, url=request.path, fields={"undo": "1", "next": back})
        return redirect(back)
