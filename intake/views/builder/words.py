"""Translations and scores of a form: every text beside its translation, sums over questions. Two may do it at once."""

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
from intake.screening.seen import Seen
from intake.services import form_words
from intake.services.practice_forms import Both


class Laid(ClinicianView):
    """A page that lays something over a form. `saved_url` is where it goes on once it is saved."""

    form: PracticeForm
    saved_url: str
    keep_key: str

    def seen(self) -> Seen:
        return Seen.read(self.request.POST.get("revision", ""))

    def save(self) -> PracticeForm:
        raise NotImplementedError

    def parts(self, form: PracticeForm) -> dict[str, Any]:
        """What is stored of it."""
        raise NotImplementedError

    def mine(self) -> dict[str, Any]:
        """What was sent of it; None where it is taken away."""
        raise NotImplementedError

    def show(self, status: int = 200, both: tuple[str, ...] = (), typed: bool = False) -> HttpResponse:
        raise NotImplementedError

    def token(self, both: tuple[str, ...], typed: bool) -> str:
        """What the page that is shown goes by."""
        parts = self.parts(self.form)
        return str(self.seen().shown(parts, both) if typed else Seen.of(parts, self.form.revision))

    def frame(self, both: tuple[str, ...], typed: bool) -> dict[str, Any]:
        token = self.token(both, typed)
        shown = {"form": self.form, "both": both, "typed": typed, "token": token, "keep_key": self.keep_key}
        return {**shown, "here": self.saved_url, "keep_url": f"{self.saved_url}autosave/"}

    def send(self) -> HttpResponse:
        """The button: what can't be saved stays on the page as it was typed."""
        try:
            self.save()
        except Both as conflict:
            self.form = conflict.form
            return self.show(409, tuple(conflict.keys), typed=True)
        except (InvalidInput, ValidationError) as refused:
            for line in lines_of(refused):
                messages.error(self.request, line)
            return self.show(422, typed=True)
        messages.success(self.request, "Saved.")
        return keeping.done(redirect(self.saved_url), self.keep_key)

    def keep(self) -> HttpResponse:
        """What the browser sends while somebody types."""
        try:
            saved = self.save()
        except Both:
            return keeping.changed(self.saved_url)
        except (InvalidInput, ValidationError) as refused:
            return keeping.refused(lines_of(refused))
        seen = self.seen().after(self.parts(saved), self.mine(), saved.revision)
        return keeping.saved(revision=str(seen), at=saved.changed_at)


class Translate(Laid):
    """Every text beside its translation."""

    def open(self, pk: uuid.UUID, language: str) -> None:
        if language not in dict(queries.other_languages()):
            raise Http404
        self.form, self.language = self.get_or_404(PracticeForm, pk), language
        self.saved_url = reverse("intake:translate_form", args=[self.form.pk, language])
        self.keep_key = keeping.key(self.request.user, "form-words", f"{self.form.pk}.{language}")

    def get(self, request: HttpRequest, pk: uuid.UUID, language: str) -> HttpResponse:
        self.open(pk, language)
        return self.show()

    def post(self, request: HttpRequest, pk: uuid.UUID, language: str) -> HttpResponse:
        self.open(pk, language)
        return self.send()

    def show(self, status: int = 200, both: tuple[str, ...] = (), typed: bool = False) -> HttpResponse:
        told, mine = queries.translation(self.form, self.language), self.mine() if typed else {}
        context = {
            **self.frame(both, typed),
            "into": self.language,
            "name": dict(queries.other_languages())[self.language],
            "told": [(each, mine.get(each.path, each.own) or "", each.path in both) for each in told],
            "missing": sum(not (each.own or each.known) for each in told),
        }
        return render(self.request, "intake/builder/translate.html", context, status=status)

    def parts(self, form: PracticeForm) -> dict[str, Any]:
        return form_words.told_in(form, self.language)

    def mine(self) -> dict[str, str | None]:
        sent = self.request.POST
        told = zip(sent.getlist("path"), sent.getlist("text"), strict=False)
        return {path: text.replace("\r\n", "\n").strip() or None for path, text in told}

    def save(self) -> PracticeForm:
        return form_words.translate(
            form=self.form, language=self.language, told=self.mine(), seen=self.seen(), by=self.membership,
            tab=keeping.tab_of(self.request),
        )  # fmt: skip


class KeepTranslation(Translate):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID, language: str) -> HttpResponse:
        if refusal := keeping.somebody_else(request):
            return refusal
        self.open(pk, language)
        return self.keep()


class Scores(Laid):
    """Sums over questions: label, questions, bands."""

    def open(self, pk: uuid.UUID) -> None:
        self.form = self.get_or_404(PracticeForm, pk)
        self.saved_url = reverse("intake:form_scores", args=[self.form.pk])
        self.keep_key = keeping.key(self.request.user, "form-scores", self.form.pk)
        self.scores = ScoresForm(self.form.body, self.request.POST if self.request.method == "POST" else None)

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.open(pk)
        return self.show()

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        self.open(pk)
        if self.scores.is_valid():
            return self.send()
        for line in self.scores.non_field_errors():
            messages.error(request, str(line))
        return self.show(422, typed=True)

    def show(self, status: int = 200, both: tuple[str, ...] = (), typed: bool = False) -> HttpResponse:
        theirs = dict(ScoresForm(self.form.body).rows) if both else {}
        rows = [(fields, key in both, theirs.get(key)) for key, fields in self.scores.rows]
        context = {**self.frame(both, typed), "scores": self.scores, "rows": rows}
        return render(self.request, "intake/builder/score_list.html", context, status=status)

    def parts(self, form: PracticeForm) -> dict[str, Any]:
        return form_words.scores_in(form)

    def mine(self) -> dict[str, Any]:
        return self.scores.document()

    def save(self) -> PracticeForm:
        return form_words.set_scores(
            form=self.form, scores=self.mine(), seen=self.seen(), by=self.membership, tab=keeping.tab_of(self.request)
        )


class KeepScores(Scores):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        if refusal := keeping.somebody_else(request):
            return refusal
        self.open(pk)
        if not self.scores.is_valid():
            return keeping.refused([str(line) for lines in self.scores.errors.values() for line in lines])
        return self.keep()


def lines_of(refused: InvalidInput | ValidationError) -> list[str]:
    if isinstance(refused, InvalidInput):
        return [str(problem) for problem in refused.problems]
    return list(refused.messages)
