"""An emergency answer: what to do now, full screen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from intake.models import State
from intake.services import completeness, responses
from intake.views.public.link import LinkView, kept, stop_cookie


class Stop(LinkView):
    """The answers so far are saved, the practice knows. The form goes on only after “I have read this”."""

    states = (State.OPEN, State.COMPLETED)

    def get(self, request: HttpRequest, page: str) -> HttpResponse:
        number = self.number_of(page)
        if not self.is_emergency:
            return redirect("intake:start", self.token)
        return self.page("intake/stop.html", message=self.message("emergency"), asked=self.pages[number])

    def post(self, request: HttpRequest, page: str) -> HttpResponse:
        """Read. On to what is still open on that page, or to the next one."""
        number = self.number_of(page)
        if self.draft is None or self.intake.state != State.OPEN or not self.is_emergency:
            return redirect("intake:start", self.token)
        responses.note_warning_read(response=self.draft, by=self.intake.client)
        done = not any(completeness.open_on(self.pages[number], self.form_asked, self.answers))
        onward = self.pages[min(number + done, len(self.pages) - 1)]
        response = redirect("intake:page", self.token, onward.key)
        response.set_cookie(stop_cookie(self.intake), self.stop_mark, **kept(self.intake))
        return response
