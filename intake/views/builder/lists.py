"""The forms of a practice, and what becomes of one as a whole."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from clinic import undo
from clinic.access import ClinicianView, StaffView
from clinic.models import CLINICIANS
from intake.models import FormVersion, PracticeForm
from intake.queries import practice_forms as queries
from intake.screening import RED_FLAGS
from intake.screening.shipping import DEFAULT, title_of
from intake.services import practice_forms


def tell(request: HttpRequest, refused: ValidationError) -> None:
    for line in refused.messages:
        messages.error(request, line)


class Forms(StaffView):
    """The list; reception may look."""

    def get(self, request: HttpRequest) -> HttpResponse:
        listed = queries.rows(self.practice)
        context = {
            "own": [row for row in listed if row.form and not row.form.retired_at],
            "retired": [row for row in listed if row.form and row.form.retired_at],
            "shipped": [row for row in listed if not row.form],
            "builds": self.membership.role in CLINICIANS,
        }
        return render(request, "intake/builder/list.html", context)


class NewForm(ClinicianView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """From nothing, from a shipped form, or a copy of an own one."""
        try:
            form = practice_forms.create(
                practice=self.practice, title=request.POST.get("title", ""), start=self.start(), by=self.membership
            )
        except ValidationError as refused:
            tell(request, refused)
            return redirect("intake:forms")
        return redirect("intake:form", form.pk)

    def start(self) -> str | PracticeForm:
        given = self.request.POST.get("start", practice_forms.EMPTY)
        try:
            pk = uuid.UUID(given)
        except ValueError:
            return given
        found: PracticeForm = self.get_or_404(PracticeForm, pk)
        return found


class FormAct(ClinicianView):
    """One thing done to a form as a whole."""

    http_method_names = ["post"]

    def act(self, done: str, write: Callable[[], object], *, back: str = "") -> HttpResponse:
        try:
            write()
        except ValidationError as refused:
            tell(self.request, refused)
        else:
            undo.offer(self.request, done, url=back) if back else messages.success(self.request, done)
        return redirect("intake:forms")


class MakeDefault(FormAct):
    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        form: PracticeForm = self.get_or_404(PracticeForm, pk)
        write = lambda: practice_forms.make_default(form=form, practice=self.practice, by=self.membership)  # noqa: E731
        return self.act(f"“{form}” is sent from now on, unless another form is chosen.", write)


class MakeShippedDefault(FormAct):
    def post(self, request: HttpRequest) -> HttpResponse:
        write = lambda: practice_forms.make_default(form=None, practice=self.practice, by=self.membership)  # noqa: E731
        return self.act(f"“{title_of(DEFAULT)}” is sent from now on, unless another form is chosen.", write)


class Retire(FormAct):
    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        form: PracticeForm = self.get_or_404(PracticeForm, pk)
        back = reverse("intake:use_form_again", args=[form.pk])
        said = f"“{form}” is not sent any more. Links that are out still work."
        return self.act(said, lambda: practice_forms.retire(form=form, by=self.membership), back=back)


class UseAgain(FormAct):
    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        form: PracticeForm = self.get_or_404(PracticeForm, pk)
        return self.act(f"“{form}” can be sent again.", lambda: practice_forms.use_again(form=form, by=self.membership))


class Versions(StaffView):
    """What was published when, and how many answered it."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        form: PracticeForm = self.get_or_404(PracticeForm, pk)
        context = {"form": form, "versions": queries.versions(form), "builds": self.membership.role in CLINICIANS}
        return render(request, "intake/builder/versions.html", context)


class Version(StaffView):
    """One version, read as it was asked."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        version: FormVersion = self.get_or_404(FormVersion, pk)
        pages = [(page, [queries.read(field, version) for field in page.fields]) for page in version.form.pages]
        return render(
            request, "intake/builder/version.html", {"version": version, "pages": pages, "all": len(RED_FLAGS)}
        )
