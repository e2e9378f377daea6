"""A form as a client sees it on a phone, conditions and refusals included. Nothing that is typed here is kept."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from csp.decorators import csp_replace, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin

from clinic.access import StaffView
from clinic.models import CLINICIANS
from intake.forms import PageForm
from intake.forms.page import over
from intake.models import FormVersion, PracticeForm
from intake.queries import consent_of
from intake.queries import practice_forms as queries
from intake.screening import read_intake
from intake.screening.shipping import DEFAULT

FRAMED = {"frame-ancestors": ["'self'"]}


@method_decorator(csp_update({"frame-src": ["'self'"]}), name="dispatch")
class Preview(StaffView):
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        form: PracticeForm = self.get_or_404(PracticeForm, pk)
        asked = queries.as_version(form).form
        page = asked.page(request.GET.get("page", "")) or asked.pages[0]
        languages = [("", "English"), *queries.other_languages()]
        context = {
            "form": form,
            "page": page,
            "pages": asked.pages,
            "languages": languages,
            "language": self.language(),
            "builds": self.membership.role in CLINICIANS,
        }
        return render(request, "intake/builder/preview.html", context)

    def language(self) -> str:
        known = [code for code, _ in queries.other_languages()]
        given = self.request.GET.get("language", "")
        return given if given in known else ""


@method_decorator(csp_replace(FRAMED), name="dispatch")
@method_decorator(xframe_options_sameorigin, name="dispatch")
class PreviewPage(Preview):
    """What was answered travels in the page itself."""

    def get(self, request: HttpRequest, pk: uuid.UUID, page: str = "") -> HttpResponse:
        self.open(pk)
        return self.show(self.number_of(page), {})

    def post(self, request: HttpRequest, pk: uuid.UUID, page: str = "") -> HttpResponse:
        self.open(pk)
        number, answers = self.number_of(page), self.answers()
        with translation.override(self.language() or "en"):
            form = self.form(number, answers, request.POST)
            answers = over(answers, form.document())
            if request.POST.get("go") == "back":
                return self.show(max(0, number - 1), answers)
            if not form.is_valid():
                return self.show(number, answers, form)
        return self.show(number + 1, answers)

    def open(self, pk: uuid.UUID) -> None:
        self.version = queries.as_version(get_object_or_404(self.visible(PracticeForm), pk=pk))
        self.asked = self.version.form_in(self.language())

    def language(self) -> str:
        given = self.request.POST.get("language", self.request.GET.get("language", ""))
        return given if given in [code for code, _ in queries.other_languages()] else ""

    def number_of(self, key: str) -> int:
        keys = [page.key for page in self.asked.pages]
        if key not in keys:
            raise Http404
        return keys.index(key)

    def answers(self) -> dict[str, Any]:
        """As far as they can be read: whoever changed them in between only sees the page."""
        try:
            given = json.loads(self.request.POST.get("answers", "{}"))
        except (ValueError, RecursionError):
            return {}
        return given if isinstance(given, dict) and not read_intake(given, form=self.asked)[1] else {}

    def form(self, number: int, answers: Mapping[str, Any], data: Any = None) -> PageForm:
        page = self.asked.pages[number]
        return PageForm(data, version=self.version, page=page, answers=answers, form=self.asked)

    def show(self, number: int, answers: dict[str, Any], form: PageForm | None = None) -> HttpResponse:
        with translation.override(self.language() or "en"):
            count = len(self.asked.pages)
            if number >= count:
                return render(
                    self.request, "intake/builder/preview_end.html", {"first": self.asked.pages[0]} | self.frame()
                )
            context = {
                "asked": self.asked.pages[number],
                "form": form or self.form(number, answers),
                "answers": json.dumps(answers),
                "number": number + 1,
                "count": count,
                "last": number + 1 == count,
                "consent": consent_of(self.asked),
            }
            return render(self.request, "intake/builder/preview_page.html", context | self.frame())

    def frame(self) -> dict[str, Any]:
        version: FormVersion = self.version
        return {
            "practice": self.practice,
            "practice_name": self.practice.name,
            "language": self.language(),
            "pk": self.kwargs["pk"],
            "title": version.title,
            "default": DEFAULT,
        }
