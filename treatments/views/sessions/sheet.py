"""What the pages on which a note is written have in common."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from clinic import keeping
from clinic.access import ClinicianView
from clinic.figure.chart import KINDS, VIEWS, in_words
from clinic.models import Client, Visit
from treatments.forms.sessions import NoteSheet
from treatments.models import SessionNote
from treatments.planning.vocabulary import STRUCTURES, TECHNIQUES
from treatments.queries import sessions as read
from treatments.services.sessions import Content, content_of


@dataclass(frozen=True)
class Offered:
    """A word of the vocabulary as the page offers it. `words`: what else finds it."""

    name: str
    words: str
    hint: str
    recent: bool
    sided: bool = True


def offered(membership: Any) -> dict[str, list[Offered]]:
    """Both vocabularies, what this person used lately first."""
    recent_techniques, recent_structures = read.recent_words(membership)
    return {
        "techniques": [
            Offered(word.name, "|".join(word.synonyms), word.licence, word.key in recent_techniques)
            for word in in_order(TECHNIQUES, recent_techniques)
        ],
        "structures": [
            Offered(word.name, "|".join(word.synonyms), "", word.key in recent_structures, word.sided)
            for word in in_order(STRUCTURES, recent_structures)
        ],
    }


def in_order(words: Any, recent: list[str]) -> list[Any]:
    return [*(words[key] for key in recent), *(word for key, word in words.items() if key not in recent)]


class SheetView(ClinicianView):
    """`note` is None before the first save; `pk` is its id from the beginning."""

    client: Client
    note: SessionNote | None = None
    pk: uuid.UUID

    def for_note(self, pk: uuid.UUID) -> SessionNote:
        note: SessionNote = get_object_or_404(read.with_parts(self.visible(SessionNote)), pk=pk)
        self.note, self.client, self.pk = note, note.client, note.pk
        return note

    def visit_of(self, text: str) -> Visit | None:
        """A visit of this client; 404 for any other."""
        try:
            return get_object_or_404(self.visible(Visit), pk=uuid.UUID(text), client=self.client) if text else None
        except ValueError:
            return None

    def day_of(self, visit: Visit | None) -> datetime.date:
        """Of the visit as the practice's clocks had it; today without one, and for one that is still to come."""
        today: datetime.date = self.client.today
        return min(visit.starts_at.astimezone(self.practice.zone).date(), today) if visit else today

    def sheet(self, findings: list[tuple[str, str]], content: Content, **initial: Any) -> NoteSheet:
        note = self.note
        initial |= {"note": self.pk, "revision": note.revision if note else 0}
        return NoteSheet.shown(
            content, findings=findings, initial=initial, client=self.client, measured=self.measured()
        )

    def sent(self, request: HttpRequest, findings: list[tuple[str, str]] | None = None) -> NoteSheet:
        return NoteSheet.sent(request.POST, findings=findings or [], client=self.client, measured=self.measured())

    def measured(self) -> list[Any]:
        """Of the note's day; of today before there is a note."""
        return read.measured_on_the_day(self.note) if self.note else read.measured_on(self.client, self.client.today)

    def with_measured(self, content: Content, chosen: str) -> Content:
        """What was just measured for this session, or the one thing that was measured that day, is offered."""
        there = [row.pk for row in self.measured() if row.assessed_on == content.held_on]
        wanted = [pk for pk in there if str(pk) == chosen] or (there if len(there) == 1 else [])
        return replace(content, assessment=content.assessment or (wanted[0] if wanted else None))

    def page(
        self,
        *,
        content: Content | None = None,
        sheet: NoteSheet | None = None,
        lines: list[str] | None = None,
        visit: Visit | None = None,
    ) -> HttpResponse:
        """Of a note with `content` (its own by default), or a sheet that was refused, with the lines that say why."""
        hand = read.at_hand(self.client, self.pk)
        findings = read.finding_choices(hand.judged)
        if sheet is None:
            content = content or (content_of(self.note) if self.note else Content(held_on=self.day_of(visit)))
            sheet = self.sheet(findings, content, visit=visit.pk if visit else None)
        else:
            sheet = self.sent(self.request, findings)
            sheet.is_valid()
        note = self.note
        chart = (content.chart if content else sheet.form.cleaned_data.get("chart")) or []
        context = {
            "client": self.client,
            "note": note,
            "mine": note is None or note.author_id == self.membership.pk,
            "others": [] if note else read.own_drafts(self.client, self.membership),
            "sheet": sheet,
            "unsaved": sheet.form.is_bound,
            "lines": lines or [],
            "hand": hand,
            "kinds": KINDS.values(),
            "views": VIEWS.values(),
            "chart": chart,
            "chart_words": in_words(chart) if sheet.form.is_bound is False or not sheet.form.errors else [],
            "changes": read.measured_changes(note) if note else [],
            "beside": read.words_beside(note) if note else None,
            "snippets": read.snippets_for(self.membership),
            "keep_key": keeping.key(self.request.user, "note", self.pk),
            "keep_url": reverse("treatments:keep_note", args=[self.pk])
            if note
            else reverse("treatments:keep_new_note", args=[self.client.pk]),
            "save_url": reverse("treatments:edit_note", args=[self.pk])
            if note
            else reverse("treatments:new_note", args=[self.client.pk]),
            **offered(self.membership),
        }
        return render(self.request, "treatments/sessions/write.html", context, status=422 if lines else 200)


def lines_of(error: Any) -> list[str]:
    """Of a ValidationError or InvalidInput: one line each, fit to be read."""
    if hasattr(error, "problems"):
        return [f"{problem.path.replace('_', ' ').capitalize()} {problem.message}" for problem in error.problems]
    return list(error.messages)
