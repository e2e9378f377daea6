"""What the browser sends while somebody writes (`clinic/js/keep.js`)."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from clinic import keeping
from clinic.problems import InvalidInput
from treatments.models import SessionNote
from treatments.services import sessions
from treatments.services.sessions import EditConflict
from treatments.views.sessions.sheet import SheetView, lines_of
from treatments.views.sessions.writing import note_id


class Keep(SheetView):
    http_method_names = ["post"]

    def keep(self, request: HttpRequest) -> HttpResponse:
        refusal = keeping.somebody_else(request)
        if refusal:
            return refusal
        sheet = self.sent(request)
        if not sheet.is_valid():
            return keeping.refused(sheet.lines())
        try:
            note = sessions.save(
                client=self.client,
                pk=self.pk,
                revision=sheet.form.cleaned_data["revision"] or 0,
                content=sheet.content(),
                by=self.membership,
                visit=self.visit_of(request.POST.get("visit", "")),
                tab=keeping.tab_of(request),
            )
        except EditConflict as conflict:
            return keeping.changed(reverse("treatments:merge_note", args=[conflict.current.pk]))
        except (InvalidInput, ValidationError) as error:
            return keeping.refused(lines_of(error))
        return self.answer(note)

    def answer(self, note: SessionNote | None) -> JsonResponse:
        if note is None:
            return keeping.saved(revision=0)
        edit = reverse("treatments:edit_note", args=[note.pk])
        url = reverse("treatments:keep_note", args=[note.pk])
        return keeping.saved(revision=note.revision, at=note.changed_at, url=url, action=edit, page=edit)


class KeepNew(Keep):
    """The first words of a note, or later ones of a page that never heard that there is a note now."""

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.client, self.pk = self.get_client(pk), note_id(request)
        return self.keep(request)


class KeepNote(Keep):
    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.for_note(pk)
        return self.keep(request)
