"""Publishing a form, the words of its translations, and its scores."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from clinic import keeping
from clinic.access import ClinicianView
from clinic.problems import InvalidInput
from intake.forms.scores import ScoresForm
from intake.models import PracticeForm
from intake.queries import practice_forms as queries
from intake.services import form_words, practice_forms


class Publish(ClinicianView):
    """What is still missing, what has changed, and the button."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return self.show(self.get_or_404(PracticeForm, pk))

    def show(self, form: PracticeForm, status: int = 200) -> HttpResponse:
        published = queries.versions(form)
        context = {
            "form": form,
            "faults": queries.faults(form),
            "newest": published[0][0] if published else None,
            "changes": queries.changes(form, published[0][0]) if published else [],
            "languages": [(code, name, *queries.translated(form, code)) for code, name in queries.other_languages()],
        }
        return render(self.request, "intake/builder/publish.html", context, status=status)

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        form: PracticeForm = self.get_or_404(PracticeForm, pk)
        try:
            version = practice_forms.publish(form=form, by=self.membership)
        except InvalidInput:
            return self.show(form, status=422)
        except ValidationError as refused:
            for line in refused.messages:
                messages.error(request, line)
            return self.show(form, status=422)
        messages.success(request, f"Version {version.number} is published. It is what clients get from now on.")
        return redirect("intake:forms")


class Translate(ClinicianView):
    """Every text beside its translation."""

    def open(self, pk: uuid.UUID, language: str) -> PracticeForm:
        if language not in dict(queries.other_languages()):
            raise Http404
        form: PracticeForm = self.get_or_404(PracticeForm, pk)
        return form

    def get(self, request: HttpRequest, pk: uuid.UUID, language: str) -> HttpResponse:
        form = self.open(pk, language)
        told = queries.translation(form, language)
        context = {
            "form": form,
            "language": language,
            "name": dict(queries.other_languages())[language],
            "told": told,
            "missing": sum(not (each.own or each.known) for each in told),
            "token": form_words.token(form, language),
            "keep_key": keeping.key(request.user, "form-words", f"{form.pk}.{language}"),
        }
        return render(request, "intake/builder/translate.html", context)

    def post(self, request: HttpRequest, pk: uuid.UUID, language: str) -> HttpResponse:
        form = self.open(pk, language)
        try:
            self.save(form, language)
        except (InvalidInput, ValidationError) as refused:
            for line in lines_of(refused):
                messages.error(request, line)
        else:
            messages.success(request, "Saved.")
        answer = redirect("intake:translate_form", form.pk, language)
        return keeping.done(answer, keeping.key(request.user, "form-words", f"{form.pk}.{language}"))

    def save(self, form: PracticeForm, language: str) -> PracticeForm:
        sent = self.request.POST
        told = dict(zip(sent.getlist("path"), sent.getlist("text"), strict=False))
        seen = sent.get("revision", "")
        return form_words.translate(form=form, language=language, told=told, seen=seen, by=self.membership)


class KeepTranslation(Translate):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID, language: str) -> HttpResponse:
        if refusal := keeping.somebody_else(request):
            return refusal
        form = self.open(pk, language)
        try:
            saved = self.save(form, language)
        except (InvalidInput, ValidationError) as refused:
            return keeping.refused(lines_of(refused))
        return keeping.saved(revision=form_words.token(saved, language), at=saved.changed_at)


class Scores(ClinicianView):
    """Sums over questions: label, questions, bands."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        form: PracticeForm = self.get_or_404(PracticeForm, pk)
        return self.show(form, ScoresForm(form.body))

    def show(self, form: PracticeForm, scores: ScoresForm, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {"form": form, "scores": scores, "token": form_words.score_token(form)}
        return render(self.request, "intake/builder/score_list.html", context, status=status)

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        form: PracticeForm = self.get_or_404(PracticeForm, pk)
        scores = ScoresForm(form.body, request.POST)
        if not scores.is_valid():
            return self.show(form, scores, status=422)
        seen = request.POST.get("revision", "")
        try:
            form_words.set_scores(form=form, scores=scores.document(), seen=seen, by=self.membership)
        except (InvalidInput, ValidationError) as refused:
            for line in lines_of(refused):
                messages.error(request, line)
            return self.show(form, scores, status=422)
        messages.success(request, "Saved.")
        return redirect(reverse("intake:form_scores", args=[form.pk]))


def lines_of(refused: InvalidInput | ValidationError) -> list[str]:
    if isinstance(refused, InvalidInput):
        return [str(problem) for problem in refused.problems]
    return list(refused.messages)
