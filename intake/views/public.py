"""The form as a client sees it: by signed link, without an account. GET changes nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from clinic import links
from clinic.problems import InvalidInput, Problem
from intake.forms import PageForm
from intake.models import IntakeRequest, IntakeResponse, State
from intake.queries import consent_of
from intake.screening import ClientMessage, Page, client_message, read_intake, screen
from intake.services import responses

PURPOSE = "intake"
CLOSED = {State.REVOKED: 410, State.EXPIRED: 410, State.COMPLETED: 200}


@method_decorator(never_cache, name="dispatch")
class LinkView(View):
    """A page behind an intake link. A link that does not work any more gets its own page instead."""

    intake: IntakeRequest
    states: tuple[State, ...] = (State.OPEN,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.token = kwargs.pop("token")
        found = request_of(self.token)
        if found is None:
            return render(request, "intake/link_unknown.html", status=404)
        self.intake = found
        if found.state not in self.states:
            return self.closed()
        return super().dispatch(request, *args, **kwargs)

    def closed(self) -> HttpResponse:
        """Open once more: the thank-you page of a form that is not sent yet leads back to it."""
        state = self.intake.state
        if state == State.OPEN:
            return redirect("intake:start", self.token)
        return self.page(f"intake/link_{state}.html", status=CLOSED[state], message=self.message())

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        practice = self.intake.client.practice
        values = {"practice": practice, "practice_name": practice.name, "token": self.token, "intake": self.intake}
        return render(self.request, template, {**values, **context}, status=status)

    @property
    def pages(self) -> tuple[Page, ...]:
        return self.intake.form_version.form.pages

    @property
    def draft(self) -> IntakeResponse | None:
        return getattr(self.intake, "response", None)

    @property
    def answers(self) -> dict[str, Any]:
        return self.draft.answers if self.draft else {}

    def message(self) -> ClientMessage | None:
        """What the client has to be told about their safety, after signing."""
        level = self.draft.referral_level if self.draft else ""
        return client_message(level, emergency_number=self.intake.client.practice.emergency_number)

    def level(self) -> str:
        return screen(read_intake(self.answers)[0], age=self.intake.client.age).level

    def number_of(self, key: str) -> int:
        """Counting from 0; 404 for a page that this version does not have."""
        keys = [page.key for page in self.pages]
        if key not in keys:
            raise Http404
        return keys.index(key)


def request_of(token: str) -> IntakeRequest | None:
    try:
        pk = links.read(PURPOSE, token)
    except links.BadLink:
        return None
    rows = IntakeRequest.objects.select_related("client__practice", "form_version", "response")
    return rows.filter(pk=pk).first()


class Start(LinkView):
    """What this is, how long it takes, and where the client left off."""

    def get(self, request: HttpRequest) -> HttpResponse:
        at = self.resume()
        title, count = self.intake.form_version.title, len(self.pages)
        return self.page("intake/start.html", form_title=title, at=self.pages[at], resumed=at > 0, count=count)

    def resume(self) -> int:
        """The page after the last one with an answer."""
        seen = [number for number, page in enumerate(self.pages) if has_answers(page, self.answers)]
        return min(seen[-1] + 1, len(self.pages) - 1) if seen else 0


def has_answers(page: Page, answers: dict[str, Any]) -> bool:
    return any(field.key in answers or set(field.items) & set(answers.get(field.block, {})) for field in page.fields)


class AnswerPage(LinkView):
    """One topic. Whatever was understood is saved, also when something else on the page is missing."""

    def get(self, request: HttpRequest, page: str) -> HttpResponse:
        number = self.number_of(page)
        return self.show(number, self.form(number))

    def post(self, request: HttpRequest, page: str) -> HttpResponse:
        number = self.number_of(page)
        form = self.form(number, request.POST)
        if number == len(self.pages) - 1 and not self.going_back:
            return self.finish(number, form)
        said = form.document()
        try:
            responses.save_page(request=self.intake, answers=said, by=self.intake.client)
        except InvalidInput as refused:
            form.refuse(refused.problems)
            return self.show(number, form, status=422)
        except ValidationError:
            return redirect("intake:start", self.token)  # the link was withdrawn meanwhile; that page says so
        return self.onward(number, form, said)

    def onward(self, number: int, form: PageForm, said: dict[str, Any]) -> HttpResponse:
        """An emergency on this page goes before everything else, also before what is missing."""
        if screen(read_intake(said)[0], age=None).level == "emergency":
            return redirect("intake:stop", self.token, self.pages[number].key)
        if self.going_back:
            return self.to(number - 1)
        return self.to(number + 1) if form.is_valid() else self.show(number, form, status=422)

    def finish(self, number: int, form: PageForm) -> HttpResponse:
        if not form.is_valid():
            return self.show(number, form, status=422)
        signed = {"signed_name": form.cleaned_data["signature"], "consent": form.cleaned_data["consent"]}
        ip = self.request.META.get("REMOTE_ADDR")
        try:
            responses.complete(request=self.intake, ip=ip, by=self.intake.client, **signed)
        except InvalidInput as refused:
            return self.show(number, form, status=422, open_pages=self.open_pages(refused.problems))
        except ValidationError:
            return redirect("intake:start", self.token)
        return redirect("intake:thanks", self.token)

    @property
    def going_back(self) -> bool:
        return self.request.POST.get("go") == "back"

    def form(self, number: int, data: Any = None) -> PageForm:
        return PageForm(data, version=self.intake.form_version, page=self.pages[number], answers=self.answers)

    def to(self, number: int) -> HttpResponse:
        if number < 0:
            return redirect("intake:start", self.token)
        return redirect("intake:page", self.token, self.pages[number].key)

    def show(self, number: int, form: PageForm, status: int = 200, open_pages: Any = ()) -> HttpResponse:
        last = number == len(self.pages) - 1
        return self.page(
            "intake/page.html",
            status=status,
            asked=self.pages[number],
            form=form,
            last=last,
            consent=consent_of(self.intake.form_version) if last else None,
            number=number + 1,
            count=len(self.pages),
            progress=f"Page {number + 1} of {len(self.pages)}",
            open_pages=open_pages,
        )

    def open_pages(self, problems: list[Problem]) -> list[tuple[Page, int]]:
        """Pages with questions that are still open, and how many."""
        counted = Counter(problem.path.partition("[")[0].rpartition(".")[2] for problem in problems)
        asked = [(page, [key for field in page.fields for key in (field.key, *field.items)]) for page in self.pages]
        found = [(page, sum(counted[key] for key in keys)) for page, keys in asked]
        return [(page, count) for page, count in found if count]


class Stop(LinkView):
    """An emergency answer: what to do now, full screen. The answers so far are saved, the practice knows."""

    states = (State.OPEN, State.COMPLETED)

    def get(self, request: HttpRequest, page: str) -> HttpResponse:
        number = self.number_of(page)
        if self.level() != "emergency":
            return redirect("intake:start", self.token)
        after = self.pages[min(number + 1, len(self.pages) - 1)]
        message = client_message("emergency", emergency_number=self.intake.client.practice.emergency_number)
        return self.page("intake/stop.html", message=message, back=self.pages[number], after=after)


class Thanks(LinkView):
    """After signing. What has to be said about safety is said here, calmly, or at full screen in an emergency."""

    states = (State.COMPLETED,)

    def get(self, request: HttpRequest) -> HttpResponse:
        emergency = self.draft is not None and self.draft.referral_level == "emergency"
        template = "intake/stop.html" if emergency else "intake/thanks.html"
        return self.page(template, message=self.message(), back=None)
