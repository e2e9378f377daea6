"""What became of every mail, for the practice; and the client's way out of reminders."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from clinic import links
from clinic.access import StaffView
from clinic.models import Client, Reminder, State
from clinic.queries import reminders as queries
from clinic.services import clients, reminders

PAGE = 50
PAUSE = datetime.timedelta(days=7)
ONE_CLICK = "One-Click"


class RemindersView(StaffView):
    """Every mail of the practice, newest first. `?state=` one of the states, or `attention`."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows, chosen = self.visible(Reminder), request.GET.get("state", "")
        if chosen == "attention":
            rows = rows.needing_a_person()
        elif chosen in State.values:
            rows = rows.filter(state=chosen)
        else:
            chosen = ""
        page = Paginator(queries.with_people(rows), PAGE).get_page(request.GET.get("page"))
        context = {"page": page, "lines": queries.lines(page), "tabs": state_tabs(chosen), "chosen": chosen}
        context["base"] = f"?state={chosen}&"
        return render(request, "clinic/reminders/list.html", context)


def state_tabs(chosen: str) -> list[dict[str, Any]]:
    """All, what needs a person, and each state."""
    choices = [("", "All"), ("attention", "Needs a person"), *State.choices]
    page = reverse("clinic:reminders")
    return [
        {"label": label, "href": f"{page}?state={key}" if key else page, "active": key == chosen}
        for key, label in choices
    ]


class _OneAction(StaffView):
    """A POST about one mail, then back to what needs a person."""

    done: str

    def act(self, reminder: Reminder) -> None:
        raise NotImplementedError

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        try:
            self.act(self.get_or_404(Reminder, pk))
            messages.success(request, self.done)
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
        return redirect(reverse("clinic:reminders") + "?state=attention")


class ResendView(_OneAction):
    done = "It is planned again and leaves within a minute, if nothing speaks against it."

    def act(self, reminder: Reminder) -> None:
        reminders.resend(reminder=reminder, by=self.membership)


class SeenView(_OneAction):
    done = "Noted."

    def act(self, reminder: Reminder) -> None:
        reminders.mark_seen(reminder=reminder, by=self.membership)


@method_decorator(csrf_exempt, name="dispatch")  # the signed link is the proof; mail programs post without a cookie
class UnsubscribeView(View):
    """The client's own choice by the link in a mail. GET shows the choice; only POST stops or pauses."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            pk = links.read("unsubscribe", kwargs.pop("token"))
        except links.BadLink:
            return render(request, "clinic/reminders/bad_link.html", status=404)
        self.client = get_object_or_404(Client.objects.select_related("practice"), pk=pk)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page("ask")

    def post(self, request: HttpRequest) -> HttpResponse:
        """From the page, or from a mail program (`List-Unsubscribe=One-Click`, RFC 8058): 200 and no redirect."""
        if request.POST.get("List-Unsubscribe") == ONE_CLICK or "stop" in request.POST:
            clients.stop_reminders(client=self.client, by=self.client)
            return self._page("stopped")
        if "pause" in request.POST:
            until = timezone.now().astimezone(self.client.zone).date() + PAUSE
            clients.pause_reminders(client=self.client, until=until, by=self.client)
            return self._page("paused")
        return self._page("ask", status=422)

    def _page(self, what: str, status: int = 200) -> HttpResponse:
        context = {"client": self.client, "practice": self.client.practice, "what": what}
        return render(self.request, "clinic/reminders/unsubscribe.html", context, status=status)
