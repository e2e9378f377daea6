"""Building a form: one page of it at a time. What was typed is saved with everything that is done to the page."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from clinic import keeping, undo
from clinic.access import ClinicianView
from clinic.problems import InvalidInput
from intake.forms.builder import FieldEditor, PageEditor
from intake.models import PracticeForm
from intake.queries import practice_forms as queries
from intake.screening import editing
from intake.screening.kinds import LIBRARY
from intake.screening.seen import Seen
from intake.screening.shipping import fields_of, known_fields
from intake.services import practice_forms
from intake.views.builder.changes import Done, change_of


class Builder(ClinicianView):
    """A page of a draft with what somebody typed into it."""

    form: PracticeForm
    page: dict[str, Any]

    def open(self, pk: uuid.UUID, page: str) -> None:
        self.form = self.get_or_404(PracticeForm, pk)
        found = [each for each in self.form.body["pages"] if each["key"] == page]
        if not found:
            raise Http404
        self.page = found[0]

    def address(self, page: str = "", **query: str) -> str:
        url = reverse("intake:form_page", args=[self.form.pk, page or self.page["key"]])
        return f"{url}?{urlencode(query)}" if query else url

    # --- what was sent ------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Editors of the page and of the questions that were sent, also of one that is gone or elsewhere by now."""
        sent = self.request.POST
        self.head = PageEditor(self.page, self.form.title, sent)
        known = {field["key"]: field for field in fields_of(self.form.body)}
        keys = [key for key in sent.getlist("field") if key in known or self.is_new(key)]
        rows = [known.get(key) or {"key": key, "type": sent.get(f"kind-{key}", "")} for key in dict.fromkeys(keys)]
        self.editors = [FieldEditor(raw, self.earlier(raw["key"]), sent) for raw in rows]

    def is_new(self, key: str) -> bool:
        """Somebody else removed it meanwhile; it may come back with what was typed."""
        return self.request.POST.get(f"kind-{key}", "") in editing.NEW and len(key) <= 60 and key.isascii()

    def earlier(self, key: str) -> list[dict[str, Any]]:
        fields = fields_of(self.form.body)
        keys = [field["key"] for field in fields]
        return fields[: keys.index(key)] if key in keys else []

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), *(editor.is_valid() for editor in self.editors)])

    def lines(self) -> list[str]:
        """What is wrong with what was sent, for a place where the fields are not shown."""
        said = [str(line) for lines in self.head.errors.values() for line in lines]
        for editor in self.editors:
            named = editor["label"].value() or editor.kind
            said += [f"{named}: {line}" for lines in editor.errors.values() for line in lines]
        return said

    def seen(self) -> Seen:
        return Seen.read(self.request.POST.get("revision", ""))

    def parts(self, form: PracticeForm) -> dict[str, Any]:
        """What is stored of the page; a question of it may have been moved to another page."""
        there = next((each for each in form.body["pages"] if each["key"] == self.page["key"]), self.page)
        return {field["key"]: field for field in fields_of(form.body)} | editing.parts(there)

    def token(self, both: list[str], typed: bool) -> str:
        """What the page that is shown goes by."""
        if typed:
            return str(self.seen().shown(self.parts(self.form), both))
        return str(Seen.of(editing.parts(self.page), self.form.revision))

    def save(self, change: Callable[[editing.Body], editing.Body] | None = None) -> PracticeForm:
        return practice_forms.save(
            form=self.form,
            by=self.membership,
            title=self.head.cleaned_data["form_title"],
            page=self.page["key"],
            head=self.head.head(),
            fields={editor.raw["key"]: editor.document() for editor in self.editors},
            seen=self.seen(),
            change=change,
            tab=keeping.tab_of(self.request),
        )

    # --- what is shown ------------------------------------------------------------------------------------------------

    def show(self, *, status: int = 200, both: list[str] | None = None, typed: bool = False) -> HttpResponse:
        if not typed:
            self.head = PageEditor(self.page, self.form.title)
            self.editors = [FieldEditor(raw, self.earlier(raw["key"])) for raw in self.page["fields"]]
        pages, faults = self.form.body["pages"], queries.faults(self.form)
        number = pages.index(self.page)
        context = {
            "form": self.form,
            "page": self.page,
            "pages": pages,
            "number": number + 1,
            "why_page_stays": editing.staying(self.page),
            "movable": [each for each in pages if each is not self.page],
            "head": self.head,
            "editors": self.rows(both or []),
            "both": both or [],
            "theirs_of_page": editing.head_of(self.page),
            "token": self.token(both or [], typed),
            "keep_key": keeping.key(self.request.user, "form", f"{self.form.pk}.{self.page['key']}"),
            "faults": faults,
            "here": {fault.field for fault in faults},
            "library": LIBRARY.values(),
            "known": known_questions(self.form.body),
            "typed": typed,
        }
        return render(self.request, "intake/builder/form.html", context, status=status)

    def rows(self, both: list[str]) -> list[dict[str, Any]]:
        opened = self.request.GET.get("open", "")
        stored = {field["key"]: field for field in fields_of(self.form.body)}
        return [
            {
                "editor": editor,
                "key": (key := editor.raw["key"]),
                "open": key == opened
                or bool(editor.is_bound and editor.errors)
                or key in both
                or not stored[key]["label"]
                if key in stored
                else True,
                "theirs": FieldEditor(stored[key], self.earlier(key)) if key in both and key in stored else None,
            }
            for editor in self.editors
        ]


class Form(Builder):
    """The builder at its first page."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        form: PracticeForm = self.get_or_404(PracticeForm, pk)
        return redirect("intake:form_page", form.pk, form.body["pages"][0]["key"])


class FormPage(Builder):
    def get(self, request: HttpRequest, pk: uuid.UUID, page: str) -> HttpResponse:
        self.open(pk, page)
        return self.show()

    def post(self, request: HttpRequest, pk: uuid.UUID, page: str) -> HttpResponse:
        self.open(pk, page)
        self.read()
        if not self.is_valid():
            return self.show(status=422, typed=True)
        done = Done(page)
        try:
            self.form = self.save(change_of(request.POST, page, done))
        except practice_forms.Both as conflict:
            self.form = conflict.form
            self.open(pk, page)
            return self.show(status=409, both=conflict.keys, typed=True)
        except InvalidInput as refused:
            for problem in refused.problems:
                messages.error(request, str(problem))
            return self.show(status=422, typed=True)
        except ValidationError as refused:
            for line in refused.messages:
                messages.error(request, line)
            return self.show(status=422, typed=True)
        return self.onward(done)

    def onward(self, done: Done) -> HttpResponse:
        if done.removed:
            url = reverse("intake:put_back", args=[self.form.pk])
            undo.offer(self.request, done.said, url=url, fields={"what": json.dumps(done.removed)})
        elif done.publishing:
            return self.saved(redirect("intake:publish_form", self.form.pk))
        elif done.said:
            messages.success(self.request, done.said)
        pages = [page["key"] for page in self.form.body["pages"]]
        page = done.page if done.page in pages else pages[0]
        url = self.address(page, **({"open": done.field} if done.field else {}))
        return self.saved(redirect(f"{url}#{done.focus}" if done.focus else url))

    def saved(self, answer: HttpResponse) -> HttpResponse:
        return keeping.done(answer, keeping.key(self.request.user, "form", f"{self.form.pk}.{self.page['key']}"))


class KeepPage(Builder):
    """What the browser sends while somebody types."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID, page: str) -> HttpResponse:
        if refusal := keeping.somebody_else(request):
            return refusal
        self.open(pk, page)
        self.read()
        if not self.is_valid():
            return keeping.refused(self.lines())
        try:
            form = self.save()
        except practice_forms.Both:
            return keeping.changed(self.address())
        except InvalidInput as refused:
            return keeping.refused([str(problem) for problem in refused.problems])
        except ValidationError as refused:
            return keeping.refused(refused.messages)
        return keeping.saved(revision=str(self.has_seen(form)), at=form.changed_at)

    def has_seen(self, form: PracticeForm) -> Seen:
        """What the open page goes by from now on."""
        mine = {"": self.head.head()} | {editor.raw["key"]: editor.document() for editor in self.editors}
        return self.seen().after(self.parts(form), mine, form.revision)


class PutBack(Builder):
    """Undo of a removal."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.form = self.get_or_404(PracticeForm, pk)
        try:
            what = json.loads(request.POST.get("what", ""))
            done = Done(what["page"], field=what["field"]["key"]) if "field" in what else Done(what["page"]["key"])
            self.form = practice_forms.save(
                form=self.form, by=self.membership, change=lambda body: editing.put_back(body, what)
            )
        except (InvalidInput, ValidationError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            messages.error(request, "This can’t be put back any more: the form was changed meanwhile.")
            return redirect("intake:form", self.form.pk)
        messages.success(request, "It is back.")
        return redirect(self.address(done.page, open=done.field) + (f"#f-{done.field}" if done.field else ""))


def known_questions(body: editing.Body) -> list[dict[str, Any]]:
    """Questions that rules read and that this form does not ask yet."""
    asked = {field["key"] for field in fields_of(body)}
    return [field for field in known_fields().values() if field["key"] not in asked]
