"""What became of every mail, for the practice."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from clinic import asked, undo
from clinic.access import StaffView
from clinic.forms import MailDayForm, MailFilterForm, MailsForm
from clinic.models import Client, Reminder, State
from clinic.queries import engine
from clinic.queries import reminders as queries
from clinic.queries.sentences import counted
from clinic.services import clock, reminders
from clinic.services.reminders import local_instant

PAGE = 50
MIDNIGHT = datetime.time(0)


class RemindersView(StaffView):
    """Every mail of the practice, newest first. `?state=` one of the states, or `attention`."""

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen, form = request.GET.get("state", ""), MailFilterForm(request.GET)
        chosen = chosen if chosen in ("attention", *State.values) else ""
        rows = self.narrowed(form)
        page = queries.page_of([of_state(rows, chosen)], request.GET.get("before", ""), PAGE)
        found = engine.read(clock.now(), self.practice)
        query = {key: value for key, value in form.data.items() if key in form.fields and value}
        context = {
            "form": form, "lines": queries.lines(page.rows, found), "chosen": chosen, "narrowed": bool(query),
            "tabs": state_tabs(chosen, query, queries.counts(rows)),
            "older": page.older and address(query, state=chosen, before=page.older),
            "newest": request.GET.get("before") and address(query, state=chosen),
            "trouble": engine.told(found, self.practice),
        }  # fmt: skip
        return render(request, "clinic/reminders/list.html", context, status=200 if form.is_valid() else 422)

    def narrowed(self, form: MailFilterForm) -> Any:
        """What the form asks for; nothing where the form cannot be understood."""
        if not form.is_valid():
            return Reminder.objects.none()
        rows, asked = self.visible(Reminder), form.cleaned_data
        if words := asked.get("q"):
            rows = rows.filter(client__in=self.visible(Client).matching(words).order_by())
        if asked.get("kind"):
            rows = rows.filter(kind=asked["kind"])
        if since := asked.get("since"):
            rows = rows.filter(due_at__gte=local_instant(since, MIDNIGHT, self.practice.zone))
        if until := asked.get("until"):
            after = until + datetime.timedelta(days=1)
            rows = rows.filter(due_at__lt=local_instant(after, MIDNIGHT, self.practice.zone))
        return rows


def of_state(rows: Any, chosen: str) -> Any:
    if chosen == "attention":
        return rows.needing_a_person()
    return rows.filter(state=chosen) if chosen else rows


def state_tabs(chosen: str, query: dict[str, Any], counts: dict[str, str]) -> list[dict[str, Any]]:
    """All, what needs a person, and each state, with how many there are."""
    choices = [("", "All"), ("attention", "Needs a person"), *State.choices]
    return [
        {"label": label, "href": address(query, state=key), "active": key == chosen, "count": counts[key]}
        for key, label in choices
    ]


def address(query: dict[str, Any], **more: str) -> str:
    """The list's own address with what is not empty."""
    wanted = urlencode({key: value for key, value in {**query, **more}.items() if value})
    return reverse("clinic:reminders") + (f"?{wanted}" if wanted else "")


class ClientMailView(StaffView):
    """Every mail that was ever planned for one client; `?date=` asks about one day, also one without mail."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client, form = self.get_client(pk), MailDayForm(request.GET)
        day = form.cleaned_data["date"] if form.is_valid() else None
        context = {"client": client, "form": form, "day": day, **(self.on(client, day) if day else self.all(client))}
        return render(request, "clinic/reminders/client_mail.html", context, status=200 if form.is_valid() else 422)

    def on(self, client: Client, day: datetime.date) -> dict[str, Any]:
        lines = queries.on_day(client, day)
        return {"lines": lines, "nothing": "" if lines else queries.nothing_planned(client, day)}

    def all(self, client: Client) -> dict[str, Any]:
        before = self.request.GET.get("before", "")
        page = queries.history(client, before, PAGE)
        older = page.older and "?" + urlencode({"before": page.older})
        return {"lines": queries.lines(page.rows), "older": older, "newest": before and ".", "nothing": ""}


class _OneAction(StaffView):
    """A POST about one mail, then back to where the button was."""

    done: str

    def act(self, reminder: Reminder) -> None:
        raise NotImplementedError

    def say(self, reminder: Reminder) -> None:
        messages.success(self.request, self.done)

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        reminder = self.get_or_404(Reminder, pk)
        try:
            self.act(reminder)
            self.say(reminder)
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
        return redirect(came_from(request))


def came_from(request: HttpRequest) -> str:
    """`next` of a form where that is a page of ours; otherwise what needs a person."""
    return asked.way_back(request, address({}, state="attention"))


class ResendView(_OneAction):
    done = "It is planned again and leaves within a minute, if nothing speaks against it."

    def act(self, reminder: Reminder) -> None:
        reminders.resend(reminder=reminder, by=self.membership)


class SeenView(_OneAction):
    done = "Noted."

    def act(self, reminder: Reminder) -> None:
        reminders.mark_seen(reminder=reminder, by=self.membership)

    def say(self, reminder: Reminder) -> None:
        offer_unseen(self.request, self.done, [reminder])


def offer_unseen(request: HttpRequest, text: str, rows: Iterable[Reminder]) -> None:
    fields = {"mail": [str(row.pk) for row in rows], "next": came_from(request)}
    undo.offer(request, text, url=reverse("clinic:reminders_unseen"), fields=fields)


class AllSeenView(StaffView):
    """A POST with the mails of one page (`mail`, their ids) that somebody has looked at."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = MailsForm({"mail": request.POST.getlist("mail")[:PAGE]}, rows=self.visible(Reminder))
        if form.is_valid():
            chosen = list(form.cleaned_data["mail"].needing_a_person())
            count = reminders.mark_all_seen(reminders=form.cleaned_data["mail"], by=self.membership)
            offer_unseen(request, f"Noted: {counted(count, 'mail')}.", chosen)
        else:
            messages.error(request, "Choose the mails that you have seen.")
        return redirect(came_from(request))


class UnseenView(StaffView):
    """Takes back that somebody had looked at these mails (`mail`, their ids)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = MailsForm({"mail": request.POST.getlist("mail")[:PAGE]}, rows=self.visible(Reminder))
        if form.is_valid():
            count = reminders.mark_unseen(reminders=form.cleaned_data["mail"], by=self.membership)
            messages.success(request, f"Needs a person again: {counted(count, 'mail')}.")
        return redirect(came_from(request))
