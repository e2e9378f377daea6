"""A form as a client sees it on a phone, conditions and refusals included. Nothing that is typed here is kept."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from csp.decorators import csp_replace, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
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
from intake.screening.shipping import SHIPPED

FRAMED = {"frame-ancestors": ["'self'"]}


class Previewed(StaffView):
    """A draft, or a form that comes along, as if it were published."""

    draft: PracticeForm | None
    version: FormVersion

    def open(self, pk: uuid.UUID | None = None, shipped: str = "") -> None:
        self.draft = self.get_or_404(PracticeForm, pk) if pk else None
        if self.draft is None and shipped not in SHIPPED:
            raise Http404
        self.version = queries.as_version(self.draft) if self.draft else queries.as_shipped(self.practice, shipped)
        self.asked = self.version.form_in(self.language())

    def language(self) -> str:
        given = self.request.POST.get("language", self.request.GET.get("language", ""))
        return given if given in [code for code, _ in queries.other_languages()] else ""

    def address(self, page: str) -> str:
        """Of one page as a client sees it."""
        if self.draft:
            return reverse("intake:preview_form_page", args=[self.draft.pk, page])
        return reverse("intake:preview_shipped_page", args=[self.version.key, page])


@method_decorator(csp_update({"frame-src": ["'self'"]}), name="dispatch")
class Preview(Previewed):
    def get(self, request: HttpRequest, pk: uuid.UUID | None = None, shipped: str = "") -> HttpResponse:
        self.open(pk, shipped)
        page = self.asked.page(request.GET.get("page", "")) or self.asked.pages[0]
        context = {
            "form": self.draft or self.version,
            "shipped": shipped,
            "page": page,
            "page_url": f"{self.address(page.key)}?language={self.language()}",
            "pages": self.version.form.pages,
            "languages": [("", "English"), *queries.other_languages()],
            "chosen": self.language(),
            "builds": self.membership.role in CLINICIANS,
        }
        return render(request, "intake/builder/preview.html", context)


@method_decorator(csp_replace(FRAMED), name="dispatch")
@method_decorator(xframe_options_sameorigin, name="dispatch")
class PreviewPage(Previewed):
    """What was answered travels in the page itself."""

    def get(self, request: HttpRequest, page: str, pk: uuid.UUID | None = None, shipped: str = "") -> HttpResponse:
        self.open(pk, shipped)
        return self.show(self.number_of(page), {})

    def post(self, request: HttpRequest, page: str, pk: uuid.UUID | None = None, shipped: str = "") -> HttpResponse:
        self.open(pk, shipped)
        number, answers = self.number_of(page), self.answers()
        with translation.override(self.language() or "en"):
            form = self.form(number, answers, request.POST)
            answers = over(answers, form.document())
            if request.POST.get("go") == "back":
                return self.show(max(0, number - 1), answers)
            if not form.is_valid():
                return self.show(number, answers, form)
        return self.show(number + 1, answers)

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
                first = {"first_url": f"{self.address(self.asked.pages[0].key)}?language={self.language()}"}
                return render(self.request, "intake/builder/preview_end.html", first | self.frame())
            context = {
                "asked": self.asked.pages[number],
                "here_url": self.address(self.asked.pages[number].key),
                "form": form or self.form(number, answers),
                "answers": json.dumps(answers),
                "number": number + 1,
                "count": count,
                "last": number + 1 == count,
                "consent": consent_of(self.asked),
            }
            return render(self.request, "intake/builder/preview_page.html", context | self.frame())

    def frame(self) -> dict[str, Any]:
        return {
            "practice": self.practice,
            "practice_name": self.practice.name,
            "chosen": self.language(),
            "title": self.version.title,
        }
