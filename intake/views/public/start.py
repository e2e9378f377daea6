"""The first page and the last one, and what to do with a link that does not work any more."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intake.models import State
from intake.queries.pages import resume_at
from intake.services import completeness, door, requests
from intake.views.public.link import LinkView, let_in

TYPED = ("day", "month", "year")


class Start(LinkView):
    """Who is there, where that is asked; then what this is, how long it takes, and where the client left off."""

    shown_to_strangers = True

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.is_known:
            return self.ask()
        asked, at = self.form_asked, self.resume()
        return self.page(
            "intake/start.html",
            form_title=asked.title,
            at=asked.pages[at],
            resumed=bool(self.answers),
            known=self.is_proved and bool(self.draft and self.draft.filled_from),
            count=len(asked.pages),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """The date of birth."""
        typed = " ".join(request.POST.get(name, "")[:20] for name in TYPED)
        if self.is_known or door.is_shut(self.intake):
            return redirect("intake:start", self.token)
        try:
            right = door.open_by_birth_date(request=self.intake, typed=typed, by=self.intake.client)
        except ValidationError:
            return self.ask(_("Please give day, month and year as numbers, such as 2 3 1978."), status=422)
        if right:
            return let_in(redirect("intake:start", self.token), self.intake)
        return self.ask(self.wrong(), status=422)

    def ask(self, problem: str = "", status: int = 200) -> HttpResponse:
        if door.is_shut(self.intake):
            return self.page("intake/link_shut.html", status=403)
        given = {name: self.request.POST.get(name, "")[:20] for name in TYPED}
        return self.page("intake/door.html", status=status, problem=problem, given=given)

    def wrong(self) -> str:
        left = door.tries_left(self.intake)
        practice = self.intake.client.practice.name
        return ngettext(
            "This is not the date of birth that %(practice)s has. You can try %(left)s more time.",
            "This is not the date of birth that %(practice)s has. You can try %(left)s more times.",
            left,
        ) % {"practice": practice, "left": left}

    def resume(self) -> int:
        form, answers = self.form_asked, self.answers
        still_open = [any(completeness.open_on(page, form, answers)) for page in form.pages]
        return resume_at(form.pages, answers, still_open)


class Thanks(LinkView):
    """After signing. What has to be said about safety is said here, calmly, or at full screen in an emergency."""

    states = (State.COMPLETED,)

    def get(self, request: HttpRequest) -> HttpResponse:
        emergency = self.draft is not None and self.draft.referral_level == "emergency"
        template = "intake/stop.html" if emergency else "intake/thanks.html"
        return self.page(template, message=self.message(), asked=None)


class NewLink(LinkView):
    """One tap asks the practice for a new link. Says nothing about anybody, so nobody is asked who they are."""

    states = tuple(State)
    shown_to_strangers = True
    http_method_names = ["post"]

    def answer(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST":
            return self.http_method_not_allowed(request)
        if self.intake.state in (State.OPEN, State.COMPLETED) and not door.is_shut(self.intake):
            return redirect("intake:start", self.token)
        requests.ask_for_new_link(client=self.intake.client, by=self.intake.client)
        return self.page("intake/link_asked.html")
