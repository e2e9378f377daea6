"""One topic a page: saved with every answer where a script runs, with every page where none does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import keeping
from clinic.problems import InvalidInput
from intake.forms import PageForm
from intake.forms.page import in_words, over
from intake.queries import consent_of
from intake.queries.pages import asks_afresh, emergencies, is_answered, known_for, part_of
from intake.queries.told import known as told_again
from intake.screening import RED_FLAGS, Page
from intake.services import completeness, merging, responses
from intake.views.public.link import LinkView


@dataclass(frozen=True)
class OpenPage:
    """A page with questions that are still open; `place` is where the first of them stands."""

    page: Page
    count: int
    place: str


class PageView(LinkView):
    """A page of the form, and what was sent of it."""

    def form(self, page: Page, data: Any = None) -> PageForm:
        known = self.known(page)
        answers = self.answers if is_answered(page, self.answers) else over(known, self.answers)
        return PageForm(data, version=self.intake.form_version, page=page, answers=answers, form=self.form_asked)

    def known(self, page: Page) -> dict[str, Any]:
        """What was said last time, where it may be shown."""
        return known_for(page, self.form_asked, self.draft) if self.is_proved else {}

    def seen(self) -> dict[str, Any] | None:
        """That part of the answers which the page showed when it was drawn, as it says itself."""
        try:
            seen = json.loads(self.request.POST.get("revision", ""))
        except (ValueError, RecursionError):
            return None
        return seen if isinstance(seen, dict) else None

    def drawn_from(self, page: Page) -> str:
        return json.dumps(part_of(page, self.answers), separators=(",", ":"), ensure_ascii=False)

    def save(self, page: Page, said: Mapping[str, Any]) -> bool:
        """Whether another device had answered something here meanwhile. Raises as `responses.save_page` does."""
        before = self.seen()
        draft = responses.save_page(request=self.intake, answers=said, by=self.intake.client, seen=before)
        self.intake.response = draft
        sent = part_of(page, merging.merged({}, said))
        return before is not None and part_of(page, draft.answers) != sent


class AnswerPage(PageView):
    """One page of the form. POST keeps it and goes on; going back keeps what is there without asking for the rest."""

    def get(self, request: HttpRequest, page: str) -> HttpResponse:
        asked = self.pages[self.number_of(page)]
        if self.must_stop and not set(emergencies(self.answers)) & set(self.items_of(asked)):
            return redirect("intake:stop", self.token, self.where_it_stopped())
        if self.may_be_still_right(asked) and "change" not in request.GET:
            return self.ask_if_still_right(asked)
        return self.show(asked, self.form(asked))

    def post(self, request: HttpRequest, page: str) -> HttpResponse:
        number = self.number_of(page)
        return keeping.done(self.take(number), self.key(self.pages[number]))

    def take(self, number: int) -> HttpResponse:
        request, asked, last = self.request, self.pages[number], number == len(self.pages) - 1
        if request.POST.get("go") == "right" and self.may_be_still_right(asked):
            return self.keep_as_known(number)
        form = self.form(asked, request.POST)
        try:
            if self.save(asked, form.document()):
                messages.info(request, self.met())
        except InvalidInput as refused:
            form.refuse(refused.problems)
            return self.show(asked, form, status=422)
        except ValidationError:
            return redirect("intake:start", self.token)  # the link was withdrawn meanwhile; that page says so
        if last and not self.going_back and not self.must_stop:
            return self.finish(asked, form)
        return self.onward(number, form)

    def onward(self, number: int, form: PageForm | None = None) -> HttpResponse:
        """An emergency goes before everything else, also before what is missing."""
        if self.must_stop:
            return redirect("intake:stop", self.token, self.pages[number].key)
        if self.going_back:
            return self.to(number - 1)
        if form is not None and not form.is_valid():
            return self.show(self.pages[number], form, status=422)
        return self.to(number + 1)

    def finish(self, asked: Page, form: PageForm) -> HttpResponse:
        if not form.is_valid():
            return self.show(asked, form, status=422)
        try:
            ip = self.request.META.get("REMOTE_ADDR")
            responses.complete(request=self.intake, ip=ip, by=self.intake.client, **signed(form))
        except InvalidInput:
            return self.show(asked, form, status=422, open_pages=list(self.open_pages()))
        except ValidationError:
            return redirect("intake:start", self.token)
        return redirect("intake:thanks", self.token)

    # --- last time ----------------------------------------------------------------------------------------------------

    def may_be_still_right(self, asked: Page) -> bool:
        """Whether all that this page asks can be taken from last time by one tap."""
        fresh = asks_afresh(asked) or is_answered(asked, self.answers)
        return not fresh and bool(self.known(asked))

    def ask_if_still_right(self, asked: Page) -> HttpResponse:
        known = self.known(asked)
        told = told_again(asked, self.intake.form_version, known, self.intake.client.speaks)
        since = self.draft.filled_from.completed_at if self.draft and self.draft.filled_from else None
        return self.page("intake/still.html", told=told, since=since, **self.frame(asked))

    def keep_as_known(self, number: int) -> HttpResponse:
        asked = self.pages[number]
        try:
            self.save(asked, self.known(asked))
        except (InvalidInput, ValidationError):
            return redirect("intake:start", self.token)
        still_open = any(completeness.open_on(asked, self.form_asked, self.answers))
        return self.to(number) if still_open else self.onward(number)

    # --- drawing ------------------------------------------------------------------------------------------------------

    @property
    def going_back(self) -> bool:
        return self.request.POST.get("go") == "back"

    def to(self, number: int) -> HttpResponse:
        if number < 0:
            return redirect("intake:start", self.token)
        return redirect("intake:page", self.token, self.pages[number].key)

    def where_it_stopped(self) -> str:
        said = set(emergencies(self.answers))
        return next((page.key for page in self.pages if said & set(self.items_of(page))), self.pages[0].key)

    def items_of(self, page: Page) -> list[str]:
        return [item for field in page.fields if field.block == "red_flags" for item in field.items]

    def frame(self, asked: Page) -> dict[str, Any]:
        number, count = self.number_of(asked.key) + 1, len(self.pages)
        told = _("Page %(number)s of %(count)s") % {"number": number, "count": count}
        return {"asked": asked, "number": number, "count": count, "progress": told, "last": number == count}

    def show(self, asked: Page, form: PageForm, status: int = 200, open_pages: Any = ()) -> HttpResponse:
        stops = [key for key in self.items_of(asked) if key in RED_FLAGS and RED_FLAGS[key].level == "emergency"]
        return self.page(
            "intake/page.html",
            status=status,
            form=form,
            revision=self.drawn_from(asked),
            keep_key=self.key(asked),
            consent=consent_of(self.form_asked),
            stops=" ".join(f"red_flags-{key}" for key in stops),
            message=self.message("emergency") if stops else None,
            open_pages=open_pages,
            **self.frame(asked),
        )

    def key(self, asked: Page) -> str:
        """Under which this device keeps what it could not send yet."""
        return f"{self.intake.pk.hex}.{asked.key}"

    def met(self) -> str:
        return _("Something here was answered on another device, too. Of each answer, the latest counts.")

    def open_pages(self) -> Iterator[OpenPage]:
        for page in self.pages:
            missing = list(completeness.open_on(page, self.form_asked, self.answers))
            if missing:
                yield OpenPage(page, len(missing), completeness.place_of(missing[0]))


class Save(PageView):
    """What `keep.js` sends while somebody answers. `stop`: where an emergency answer leads at once."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, page: str) -> HttpResponse:
        asked = self.pages[self.number_of(page)]
        form = self.form(asked, request.POST)
        try:
            met = self.save(asked, form.document())
        except InvalidInput as refused:
            return keeping.refused([in_words(problem) for problem in refused.problems])
        except ValidationError:
            return JsonResponse({"lines": [_("This link does not work any more.")]}, status=410)
        lines = [_("Answered on another device, too; the latest answer counts.")] if met else []
        told: dict[str, Any] = {
            "revision": self.drawn_from(asked),
            "saved_at": timezone.now().isoformat(),
            "lines": [*lines, *misread(form)],
        }
        if self.must_stop:
            told["stop"] = reverse("intake:stop", args=[self.token, asked.key])
        return JsonResponse(told)


def signed(form: PageForm) -> dict[str, Any]:
    """What `responses.complete` needs of the last page."""
    signature = form.cleaned_data.get("signature") or {"name": "", "drawn": None}
    agreed = form.cleaned_data.get("consent") is True
    return {"signed_name": signature["name"], "drawn": signature["drawn"], "consent": agreed}


def misread(form: PageForm) -> Iterator[str]:
    """What was typed and not understood; what is only missing so far is no trouble yet."""
    for name, lines in form.errors.items():
        if name not in form.fields or name in ("consent", "signature"):
            continue
        if form.fields[name].widget.value_from_datadict(form.data, form.files, name):
            yield from (f"{form.fields[name].label}: {line}" for line in lines)
