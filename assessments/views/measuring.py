"""The measuring screen: new, edit, the findings beside it while typing, and the page for a second editor."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from assessments import queries
from assessments.forms import MeasuringForm
from assessments.models import Assessment
from assessments.services import drafts, evaluation
from assessments.services.assessments import EditConflict
from assessments.views.contradictions import contradictions_shown
from assessments.views.merging import differences
from clinic import asked, keeping
from clinic.access import ClinicianView
from clinic.models import Client
from clinic.problems import InvalidInput


class Sheet(ClinicianView):
    """What the pages of the measuring sheet have in common; `assessment` is None for a new one."""

    client: Client
    assessment: Assessment | None = None

    def for_client(self, pk: uuid.UUID) -> None:
        self.client = self.get_client(pk)

    def for_assessment(self, pk: uuid.UUID) -> Assessment:
        assessment: Assessment = get_object_or_404(queries.with_parts(self.visible(Assessment)), pk=pk)
        self.assessment, self.client = assessment, assessment.client
        return assessment

    def form(self, data: Any = None) -> MeasuringForm:
        saved = self.assessment
        return MeasuringForm(
            data,
            client=self.client,
            examiner=self.membership.display_name,
            readings=queries.readings_of(saved) if saved else (),
            previous=queries.previous_readings(self.client, before=saved),
            initial={"assessed_on": saved.assessed_on, "note": saved.note, "revision": saved.revision} if saved else {},
            typed=saved.typed["values"] if saved and saved.typed else None,
            ways=self.practice.measuring.get("ways"),
            pack=queries.packs.pack_of(self.practice.pk),
        )

    def page(self, form: MeasuringForm, *, status: int = 200, ask: bool = False) -> HttpResponse:
        """With findings where the form was sent already; they are looked up while typing otherwise."""
        context = {**self.context(form), "ask": ask}
        return render(self.request, "assessments/measuring.html", context, status=status)

    def context(self, form: MeasuringForm) -> dict[str, Any]:
        saved = self.assessment
        return {
            "form": form,
            "parts": form.layout(),
            "client": self.client,
            "assessment": saved,
            "back_url": self.next
            or (
                reverse("assessments:assessment", args=[saved.pk])
                if saved
                else reverse("clinic:client", args=[self.client.pk])
            ),
            "next": self.next,
            **self.addresses(saved),
            **found(form),
        }

    def addresses(self, saved: Assessment | None) -> dict[str, str]:
        """Where the sheet is looked at, saved and kept, and the name it is kept under; `None` for a new one."""
        place, suffix = ([saved.pk], "") if saved else ([self.client.pk], "_new")
        return {
            "preview_url": reverse("assessments:preview_new" if suffix else "assessments:preview_edit", args=place),
            "save_url": reverse("assessments:new" if suffix else "assessments:edit", args=place),
            "keep_url": reverse(f"assessments:autosave{suffix}", args=place),
            "keep_key": keeping.key(self.request.user, "new-sheet" if suffix else "sheet", place[0]),
        }

    @property
    def next(self) -> str:
        """The page of ours that sent somebody here and is gone back to; empty for none."""
        return asked.way_back(self.request)

    def save(self, form: MeasuringForm) -> HttpResponse:
        valid = form.is_valid()
        if self.assessment and self.assessment.is_draft and self.assessment.revision != self.revision:
            return self.merge(form, self.assessment)  # both are shown, whatever else is wrong
        if not valid:
            return self.page(form, status=422)
        if form.unconfirmed:
            return self.page(form, status=422, ask=True)
        try:
            saved = self.write(form)
        except EditConflict as conflict:
            return self.merge(form, conflict.current)
        except InvalidInput as error:
            form.add_error(None, [str(problem) for problem in error.problems])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return self.saved(saved)
        return self.page(form, status=422)

    def saved(self, saved: Assessment) -> HttpResponse:
        if saved.is_signed:
            messages.success(self.request, "Signed. Nobody can change it from now on.")
        else:
            messages.success(self.request, "Saved as a draft. It counts once you sign it.")
        target = reverse("assessments:assessment", args=[saved.pk])
        if self.next:
            target = f"{self.next}{'&' if '?' in self.next else '?'}{urlencode({'assessment': str(saved.pk)})}"
        keys = (self.addresses(row)["keep_key"] for row in (saved, self.assessment))
        return keeping.done(redirect(target), *dict.fromkeys(keys))

    @property
    def revision(self) -> int:
        """What the page was drawn from."""
        return asked.revision(self.request)

    def write(self, form: MeasuringForm) -> Assessment:
        return drafts.save(
            client=self.client,
            assessment=self.assessment,
            assessed_on=form.cleaned_data["assessed_on"],
            measurements=form.measurements,
            note=form.cleaned_data["note"],
            revision=self.revision,
            by=self.membership,
            sign=self.request.POST.get("then") == "sign",
        )

    def merge(self, mine: MeasuringForm, current: Assessment) -> HttpResponse:
        """Both versions side by side; nothing is overwritten."""
        self.assessment = queries.with_parts(Assessment.objects.filter(pk=current.pk)).get()
        rows, same = differences(self.form(), mine)
        context = {**self.context(mine), "rows": rows, "same": same, "current": self.assessment}
        return render(self.request, "assessments/merge.html", context, status=409)


class NewAssessment(Sheet):
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.for_client(pk)
        return self.page(self.form())

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.for_client(pk)
        return self.save(self.form(request.POST))


class EditAssessment(Sheet):
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        if not self.for_assessment(pk).is_draft:
            return redirect("assessments:assessment", pk)
        return self.page(self.form())

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.for_assessment(pk)
        return self.save(self.form(request.POST))


class Autosave(Sheet):
    """The sheet as it stands on the screen, after every pause in typing. Half a number is as welcome as a whole one."""

    http_method_names = ["post"]

    def answer(self) -> HttpResponse:
        refusal = keeping.somebody_else(self.request)
        if refusal:
            return refusal
        try:
            kept = self.keep(self.form(self.request.POST))
        except EditConflict:
            return keeping.changed(reverse("assessments:edit", args=[self.kwargs["pk"]]))
        except ValidationError as error:
            return keeping.refused(error.messages)
        moved = self.moved(kept) if bool(kept) != bool(self.assessment) else {}
        return keeping.saved(revision=kept.revision if kept else 0, **moved)

    def moved(self, kept: Assessment | None) -> dict[str, Any]:
        """A new sheet became a draft, or an empty draft a new sheet: where it is kept from now on."""
        to = self.addresses(kept)
        page = to["save_url"] + (f"?{urlencode({'next': self.next})}" if self.next else "")
        return {"url": to["keep_url"], "action": to["save_url"], "key": to["keep_key"], "page": page}

    def keep(self, form: MeasuringForm) -> Assessment | None:
        raise NotImplementedError


class AutosaveNew(Autosave):
    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.for_client(pk)
        return self.answer()

    def keep(self, form: MeasuringForm) -> Assessment | None:
        return drafts.begin(
            client=self.client, values=form.as_typed, assessed_on=form.day, tab=keeping.tab_of(self.request),
            by=self.membership,
        )  # fmt: skip


class AutosaveEdit(Autosave):
    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.draft = self.for_assessment(pk)
        return self.answer()

    def keep(self, form: MeasuringForm) -> Assessment | None:
        return drafts.keep(
            assessment=self.draft, values=form.as_typed, revision=self.revision,
            tab=keeping.tab_of(self.request), by=self.membership,
        )  # fmt: skip


class Preview(Sheet):
    """Findings of what stands on the screen. Writes nothing; without JavaScript the whole page comes back."""

    def show(self, data: QueryDict) -> HttpResponse:
        if data.get("more"):  # without JavaScript, another trial
            data = data.copy()
            data["lines"] = f"{data.get('lines', '')} {data['more']}"
        form = self.form(data)
        form.is_valid()
        if not self.request.htmx:  # type: ignore[attr-defined]
            return self.page(form)
        return render(self.request, "assessments/preview.html", self.context(form))


class PreviewNew(Preview):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.for_client(pk)
        return self.show(request.POST)


class PreviewEdit(Preview):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.for_assessment(pk)
        return self.show(request.POST)


def found(form: MeasuringForm) -> dict[str, Any]:
    """What the rules make of the accepted readings; nothing of a sheet that nobody has written on."""
    if not form.is_bound:
        return {"findings": None}
    form.is_valid()
    day = form.cleaned_data.get("assessed_on")
    if not form.readings or not day:
        return {"findings": []}
    reasoning = evaluation.reason_about(form.client, day, form.readings)
    contradictions = contradictions_shown(reasoning.contradictions, form.readings)
    return {"findings": reasoning.findings, "contradictions": contradictions, "ledger": reasoning.ledger}
