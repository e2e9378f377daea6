"""Phrases: one's own, and the practice's."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from clinic import undo
from clinic.access import ClinicianView
from clinic.forms import attempt
from treatments.forms.sessions import SnippetForm
from treatments.models import Snippet
from treatments.queries import sessions as read
from treatments.services import sessions

#: The session's word for what was removed last.
REMOVED = "removed_phrase"


class SnippetView(ClinicianView):
    def mine(self, pk: uuid.UUID) -> Snippet:
        """One's own or the practice's; 404 for somebody else's."""
        rows = self.visible(Snippet).filter(Q(owner=self.membership) | Q(owner=None))
        snippet: Snippet = get_object_or_404(rows, pk=pk)
        return snippet

    def page(self, form: SnippetForm, changing: Snippet | None = None) -> HttpResponse:
        context = {"form": form, "changing": changing, "snippets": read.snippets_for(self.membership)}
        status = 422 if form.errors else 200
        return render(self.request, "treatments/sessions/snippets.html", context, status=status)


class Snippets(SnippetView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(SnippetForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SnippetForm(request.POST)
        added = attempt(form, lambda: sessions.add_snippet(by=self.membership, **form.cleaned_data))
        if added is None:
            return self.page(form)
        messages.success(request, f"Type ;{added.label} and a space in a note, and it stands there.")
        return redirect("treatments:snippets")


class ChangeSnippet(SnippetView):
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        snippet = self.mine(pk)
        return self.page(self.form(snippet), snippet)

    def form(self, snippet: Snippet, data: Any = None) -> SnippetForm:
        form = SnippetForm(data, instance=snippet)
        del form.fields["shared"]
        return form

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        snippet = self.mine(pk)
        form = self.form(snippet, request.POST)
        fresh = self.mine(pk)
        changed = attempt(form, lambda: sessions.change_snippet(snippet=fresh, by=self.membership, **form.cleaned_data))
        if changed is None:
            return self.page(form, snippet)
        messages.success(request, "Saved.")
        return redirect("treatments:snippets")


class RemoveSnippet(SnippetView):
    """Notes in which it was used keep their words. Until the next one is removed, its words wait in the session."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        snippet = self.mine(pk)
        kept = {"label": snippet.label, "text": snippet.text, "section": snippet.section}
        sessions.remove_snippet(snippet=snippet, by=self.membership)
        request.session[REMOVED] = {"phrase": str(pk), "as": kept | {"shared": snippet.owner_id is None}}
        said = f"The phrase ;{snippet.label} is gone."
        undo.offer(request, said, url=reverse("treatments:put_back_snippet"), fields={"phrase": str(pk)})
        return redirect("treatments:snippets")


class PutBackSnippet(SnippetView):
    """The phrase that was removed last, in this session."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        removed = request.session.get(REMOVED, {})
        if not removed or request.POST.get("phrase") != removed["phrase"]:
            messages.warning(request, "There is nothing to put back.")
            return redirect("treatments:snippets")
        try:
            back = sessions.add_snippet(by=self.membership, **removed["as"])
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            del request.session[REMOVED]
            messages.success(request, f"The phrase ;{back.label} is there again.")
        return redirect("treatments:snippets")
