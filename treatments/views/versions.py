"""Giving a draft to the client, and what was given before."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from clinic.access import ClinicianView
from clinic.forms import attempt
from treatments.forms import PublishForm
from treatments.models import Programme, State
from treatments.queries import local_today, locked_because
from treatments.queries.load import load_of
from treatments.queries.versions import Version, difference, running_version, versions
from treatments.services import programmes
from treatments.views.programmes import ProgrammeView, as_uuid


class Publish(ProgrammeView):
    """What changes for the client, from when, and a word to them. A POST without fields publishes it as it stands."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        programme = self.programme(pk)
        if programme.state != State.DRAFT:
            return redirect("treatments:programme", programme.pk)
        programme.starts_on = max(programme.starts_on, local_today(programme.client))
        return self.page(programme, PublishForm(instance=programme))

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        programme = self.programme(pk)
        if "starts_on" not in request.POST:
            return self.as_it_stands(programme)
        form = PublishForm(request.POST, instance=programme)
        done = attempt(form, lambda: programmes.publish(programme=programme, by=self.membership, **form.cleaned_data))
        return self.page(self.programme(pk), form, status=422) if done is None else self.published(programme)

    def as_it_stands(self, programme: Programme) -> HttpResponse:
        try:
            programmes.publish(programme=programme, by=self.membership)
        except ValidationError as error:
            for line in error.messages:
                messages.warning(self.request, line)
            return redirect("treatments:programme", programme.pk)
        return self.published(programme)

    def published(self, programme: Programme) -> HttpResponse:
        since = "now" if programme.starts_on <= local_today(programme.client) else f"from {programme.starts_on:%-d %B}"
        messages.success(self.request, f"{programme.client} can see it {since}, until {programme.until:%-d %B}.")
        return redirect("treatments:programme", programme.pk)

    def page(self, programme: Programme, form: PublishForm, status: int = 200) -> HttpResponse:
        running = running_version(programme)
        items = list(programme.items.all())
        context = {
            "programme": programme,
            "client": programme.client,
            "form": form,
            "items": items,
            "load": load_of(items),
            "running": running,
            "difference": difference(running, programme) if running else None,
            "locked_because": locked_because(programme.client),
            "problems": programmes.publish_problems(programme),
        }
        return render(self.request, "treatments/builder/publish.html", context, status=status)


class Versions(ClinicianView):
    """Every programme that the client was given; two of them may be compared."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        rows = versions(client)
        before, after = (self.chosen(rows, name) for name in ("before", "after"))
        context = {
            "client": client,
            "versions": rows,
            "draft": self.visible(Programme).filter(client=client, state=State.DRAFT).first(),
            "before": before,
            "after": after,
            "difference": difference(before.programme, after.programme) if before and after else None,
        }
        return render(request, "treatments/builder/versions.html", context)

    def chosen(self, rows: list[Version], name: str) -> Version | None:
        """The version that the address names; an unknown one is 404."""
        if name not in self.request.GET:
            return None
        pk = as_uuid(self.request.GET[name])
        for row in rows:
            if row.programme.pk == pk:
                return row
        raise Http404
