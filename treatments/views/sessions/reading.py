"""A note as it is read, and what may still be done with it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from clinic.access import ClinicianView
from clinic.figure.chart import VIEWS, in_words
from treatments.forms.sessions import WordForm
from treatments.models import NoteState, SessionNote
from treatments.queries import sessions as read
from treatments.services import sessions

A_PAGE = 20


class OneNote(ClinicianView):
    def find(self, pk: uuid.UUID) -> SessionNote:
        note: SessionNote = get_object_or_404(read.with_parts(self.visible(SessionNote)), pk=pk)
        return note

    def page(
        self, note: SessionNote, *, lines: list[str] | None = None, typed: dict[str, str] | None = None
    ) -> HttpResponse:
        """`lines`: why something was refused; `typed`: what was typed for it, by the name of its form."""
        by, given = self.membership, typed or {}
        words = {
            "amend": "What is to be added",
            "give_back": "What is to be changed",
            "in_error": "Why it was entered in error",
        }
        context = {
            "note": note,
            "client": note.client,
            "lines": lines or [],
            "typed": dict.fromkeys(words, "") | given,
            "forms": {
                name: WordForm({"text": given[name]} if name in given else None, label=label, auto_id=f"{name}_%s")
                for name, label in words.items()
            },
            "beside": read.words_beside(note),
            "chart_words": in_words(note.chart),
            "drawn": [view for view in VIEWS.values() if any(stroke["view"] == view.key for stroke in note.chart)],
            "changes": read.measured_changes(note),
            "pain": read.pain_words(note),
            "may_cosign": sessions.may_cosign(note, by),
            "may_mark": by.role == "owner" or by.pk in (note.author_id, note.cosigned_by_id),
            "in_error": note.state == NoteState.ENTERED_IN_ERROR,
        }
        return render(self.request, "treatments/sessions/note.html", context, status=422 if lines else 200)


class NotePage(OneNote):
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return self.page(self.find(pk))


class Act(OneNote):
    """One button of the page. `name` is that of its form; `done` is said afterwards."""

    http_method_names = ["post"]
    name = ""
    done = ""

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        note, text = self.find(pk), request.POST.get("text", "")
        try:
            self.act(note, text)
        except ValidationError as error:
            return self.page(note, lines=error.messages, typed={self.name: text} if self.name else None)
        messages.success(request, self.done)
        return redirect("treatments:note", note.pk)

    def act(self, note: SessionNote, text: str) -> object:
        raise NotImplementedError


class Amend(Act):
    name, done = "amend", "Added, with today’s date and your name. The note itself stays as it was."

    def act(self, note: SessionNote, text: str) -> object:
        return sessions.amend(note=note, text=text, by=self.membership)


class InError(Act):
    name, done = "in_error", "Marked as entered in error. It stays on record and counts for nothing."

    def act(self, note: SessionNote, text: str) -> object:
        return sessions.mark_entered_in_error(note=note, reason=text, by=self.membership)


class Cosign(Act):
    done = "Co-signed."

    def act(self, note: SessionNote, text: str) -> object:
        return sessions.cosign(note=note, by=self.membership)


class Return(Act):
    name, done = "give_back", "Given back; your word stands beside the note."

    def act(self, note: SessionNote, text: str) -> object:
        return sessions.give_back(note=note, word=text, by=self.membership)


class Discard(OneNote):
    """Throws a draft away."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        note = self.find(pk)
        client = note.client_id
        try:
            sessions.discard(note=note, by=self.membership)
        except ValidationError as error:
            return self.page(note, lines=error.messages)
        messages.success(request, "The draft is gone.")
        return redirect(f"{reverse('clinic:client', args=[client])}?tab=sessions")


class Notes(ClinicianView):
    """Every session of a client, newest first."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        rows = read.with_parts(self.visible(SessionNote).filter(client=client))
        page: Any = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
        notes = [(note, read.in_short(note)) for note in page]
        return render(request, "treatments/sessions/list.html", {"client": client, "page": page, "notes": notes})
