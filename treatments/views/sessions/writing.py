"""Writing a note: new, on, signed; with what a page without a script needs buttons for."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from clinic import keeping
from clinic.models import Visit
from clinic.models.base import uuid7
from clinic.problems import InvalidInput
from treatments.forms.sessions import NoteSheet
from treatments.models import NoteState, SessionNote
from treatments.queries import sessions as read
from treatments.services import sessions
from treatments.services.sessions import Content, EditConflict, content_of, repeated
from treatments.services.sessions.content import cleaned
from treatments.views.sessions.merging import merge_page, too_late
from treatments.views.sessions.sheet import SheetView, lines_of


class Write(SheetView):
    def save(self, request: HttpRequest) -> HttpResponse:
        """What the pressed button says: keep, sign, repeat the last session, mark a place, go and measure."""
        sheet, do = self.sent(request), request.POST.get("do", "save")
        if not sheet.is_valid():
            return self.page(sheet=sheet, lines=sheet.lines())
        content = self.wanted(sheet, do)
        visit = self.visit_of(request.POST.get("visit", ""))
        write = sessions.save_and_sign if do == "sign" else sessions.save
        try:
            note = write(
                client=self.client,
                pk=self.pk,
                revision=sheet.form.cleaned_data["revision"] or 0,
                content=content,
                by=self.membership,
                visit=visit,
            )
        except EditConflict as conflict:
            return merge_page(self, conflict.current, content)
        except (InvalidInput, ValidationError) as error:
            return self.refused(sheet, content, lines_of(error))
        return keeping.done(self.next(note, do), keeping.key(request.user, "note", self.pk))

    def wanted(self, sheet: NoteSheet, do: str) -> Content:
        content = sheet.content(mark=do == "mark")
        last = read.last_note(self.client, self.pk) if do == "repeat" else None
        return repeated(content, content_of(last)) if last else content

    def refused(self, sheet: NoteSheet, content: Content, lines: list[str]) -> HttpResponse:
        """What could be kept is kept, even where it can't be signed yet; the page says what is missing."""
        note = self.visible(SessionNote).filter(pk=self.pk).exists() and self.for_note(self.pk)
        return self.page(lines=lines) if note and is_kept(note, content) else self.page(sheet=sheet, lines=lines)

    def next(self, note: SessionNote | None, do: str) -> HttpResponse:
        record = f"{reverse('clinic:client', args=[self.client.pk])}?tab=sessions"
        if note is None:
            messages.info(self.request, "Nothing was written, so nothing was kept.")
            return redirect(record)
        edit = reverse("treatments:edit_note", args=[note.pk])
        if do == "sign":
            waits = note.state == NoteState.WAITING
            done = "Signed. It waits for a co-signature now." if waits else "Signed. Nobody can change it from now on."
            messages.success(self.request, done)
            return redirect("treatments:note", note.pk)
        if do == "measure":
            measure = reverse("assessments:new", args=[self.client.pk])
            return redirect(f"{measure}?{urlencode({'next': edit})}")
        if do in ("repeat", "mark"):
            return redirect(f"{edit}#{'techniques' if do == 'repeat' else 'chart'}")
        messages.success(self.request, "Kept as a draft; it counts once it is signed.")
        return redirect(record)


class NewNote(Write):
    """An empty sheet; the first word on it makes the note. `?visit=` says which visit it is of."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.client, self.pk = self.get_client(pk), uuid7()
        visit = self.visit_of(request.GET.get("visit", ""))
        there = self.note_of(visit)
        if there:
            return redirect("treatments:note", there.pk)
        return self.page(content=self.with_measured(Content(held_on=self.day_of(visit)), ""), visit=visit)

    def note_of(self, visit: Visit | None) -> SessionNote | None:
        if visit is None:
            return None
        found: SessionNote | None = self.visible(SessionNote).filter(visit=visit).standing().first()
        return found

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.client, self.pk = self.get_client(pk), note_id(request)
        if self.visible(SessionNote).filter(pk=self.pk, client=self.client).exists():
            self.for_note(self.pk)
        return self.save(request)


class EditNote(Write):
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        note = self.for_note(pk)
        if not note.is_draft:
            return redirect("treatments:note", pk)
        return self.page(content=self.with_measured(content_of(note), request.GET.get("assessment", "")))

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        note = self.for_note(pk)
        return self.save(request) if note.is_draft else too_late(self, note)


def is_kept(note: SessionNote, content: Content) -> bool:
    try:
        return content_of(note) == cleaned(content, note.client)
    except InvalidInput:
        return False


def note_id(request: HttpRequest) -> Any:
    """The id that the empty sheet came with; a new one where it was lost."""
    try:
        return uuid.UUID(request.POST.get("note", ""))
    except ValueError:
        return uuid7()
