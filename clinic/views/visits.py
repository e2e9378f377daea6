"""One visit: booking it, its sheet, moving it, and what becomes of it. Every act can be undone."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from clinic import asked, undo
from clinic.access import StaffView
from clinic.forms.visits import TimesForm, VisitForm, matching, written
from clinic.models import CLINICIANS, Client, Purpose, Visit
from clinic.queries.visits import came_before, words
from clinic.services import visits
from clinic.services.visits import EditConflict


class VisitPage(StaffView):
    """What the pages about visits have in common."""

    def visit(self, pk: uuid.UUID) -> Visit:
        rows = self.visible(Visit).select_related(
            "client__practice", "client__therapist", "therapist", "room", "practice"
        )
        visit: Visit = get_object_or_404(rows, pk=pk)
        return visit

    def back_to(self, visit: Visit | None = None) -> str:
        """Where the person came from; else the day in the diary."""
        day = visit.starts_at.astimezone(self.practice.zone).date() if visit else None
        return asked.way_back(self.request, reverse("clinic:diary") + (f"?day={day}" if day else ""))

    def said(self, text: str, visit: Visit, url: str, **fields: str) -> None:
        address = reverse(url, args=[visit.pk])
        undo.offer(
            self.request,
            text,
            url=address,
            fields={"revision": str(visit.revision), "next": self.back_to(visit), **fields},
        )

    def sheet(self, visit: Visit, form: TimesForm | None = None, *, status: int = 200, **more: Any) -> HttpResponse:
        template = "clinic/visits/sheet_body.html" if self.request.htmx else "clinic/visits/sheet.html"  # type: ignore[attr-defined]
        started = visit.starts_at.astimezone(self.practice.zone).date() <= timezone.localdate(
            timezone=self.practice.zone
        )
        context = {
            "visit": visit, "client": visit.client, "form": form or self.times_form(visit), "next": self.back_to(visit),
            "when": words.when(visit.starts_at, self.practice.zone), "hours": words.hours_of(visit, self.practice.zone),
            "its_day": started, **more,
        }  # fmt: skip
        return render(self.request, template, context, status=status)

    def times_form(self, visit: Visit, data: Any = None) -> TimesForm:
        """`data`: what was sent; what it leaves out stays as it is."""
        standing = times_of(visit)
        if data is None:
            return TimesForm(practice=self.practice, visit=visit, initial=standing)
        return TimesForm({**standing, **data.dict()}, practice=self.practice, visit=visit)


def times_of(visit: Visit) -> dict[str, str]:
    starts = visit.starts_at.astimezone(visit.practice.zone)
    return {
        "date": f"{starts:%Y-%m-%d}", "start": f"{starts:%H:%M}", "minutes": str(visit.minutes),
        "therapist": str(visit.therapist_id), "room": str(visit.room_id or ""), "purpose": visit.purpose,
        "note": visit.note,
    }  # fmt: skip


class BookView(VisitPage):
    """A new visit; `at`, `therapist`, `room` and `client` of the address are filled in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(VisitForm(practice=self.practice, initial=self.initial()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = VisitForm(request.POST, practice=self.practice)
        visit = written(form, lambda: self.write(form))
        if visit is None:
            return self.page(form, status=422)
        when = words.when(visit.starts_at, self.practice.zone)
        self.said(f"{visit.client} is booked for {when}.", visit, "clinic:cancel_visit", because="Booked by mistake.")
        return redirect(self.back_to(visit))

    def write(self, form: VisitForm) -> Visit:
        if form.person:
            person = {**form.person, "therapist": form.cleaned_data["therapist"]}
            times = {**form.times, "purpose": Purpose.FIRST}
            return visits.book_somebody_new(practice=self.practice, person=person, by=self.membership, **times)
        return visits.book(client=form.cleaned_data["client"], by=self.membership, **form.times)

    def page(self, form: VisitForm, status: int = 200) -> HttpResponse:
        template = "clinic/visits/book_form.html" if self.request.htmx else "clinic/visits/book.html"  # type: ignore[attr-defined]
        found = getattr(form, "matches", [])
        context = {
            "form": form,
            "chosen": form.chosen,
            "found": found,
            "next": self.back_to(),
            "cancel": self.back_to(),
        }
        return render(self.request, template, context, status=status)

    def initial(self) -> dict[str, Any]:
        given = self.request.GET
        starts = self.at(given.get("at", ""))
        mine = self.membership.pk if self.membership.role in CLINICIANS else None
        client = self.visible(Client).filter(pk=as_uuid(given.get("client", ""))).first()
        therapist = as_uuid(given.get("therapist", "")) or (client and client.therapist_id) or mine
        return {
            "date": starts.date(), "start": starts.time(), "minutes": self.practice.visit_minutes,
            "therapist": therapist, "room": as_uuid(given.get("room", "")), "client": client,
            "purpose": Purpose.FOLLOW_UP if client is None or came_before(client) else Purpose.FIRST,
        }  # fmt: skip

    def at(self, text: str) -> datetime.datetime:
        """On the clocks of the practice; the next full hour where the address says nothing."""
        try:
            at = datetime.datetime.fromisoformat(text)
            return at.astimezone(self.practice.zone) if at.tzinfo else at
        except (ValueError, OverflowError):
            return timezone.now().astimezone(self.practice.zone).replace(minute=0) + datetime.timedelta(hours=1)


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class FindClients(StaffView):
    """Whom the words find, while they are typed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = request.GET.get("words", "")
        found = matching(self.visible(Client).active(), typed)
        return render(request, "clinic/visits/who.html", {"found": found, "asked": typed.strip()})


class VisitView(VisitPage):
    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return self.sheet(self.visit(pk))


class MoveView(VisitPage):
    """Another time, therapist, room, purpose or note. What a form leaves out stays as it is."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return redirect("clinic:visit", self.visit(pk).pk)

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        visit = self.visit(pk)
        before = times_of(visit)
        form = self.times_form(visit, request.POST)
        try:
            moved = written(form, lambda: self.write(visit, form))
        except EditConflict as conflict:
            return self.both(conflict.current, form)
        if moved is None:
            return self.sheet(visit, form, status=422)
        when = words.when(moved.starts_at, self.practice.zone)
        self.said(
            f"{moved.client}: now {when} with {moved.therapist}.", moved, "clinic:move_visit", **before, anyway="1"
        )
        return redirect(self.back_to(moved))

    def write(self, visit: Visit, form: TimesForm) -> Visit:
        return visits.move(visit=visit, revision=asked.revision(self.request), by=self.membership, **form.times)

    def both(self, current: Visit, mine: TimesForm) -> HttpResponse:
        """What stands now beside what was asked for; nothing is overwritten."""
        return self.sheet(current, self.times_form(current, self.request.POST), status=409, mine=mine)


class BecomesView(VisitPage):
    """POST only; Undo restores."""

    http_method_names = ["post"]
    write: ClassVar[Callable[..., Visit]]
    line: ClassVar[str]
    takes_reason: ClassVar[bool] = False

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        visit = self.visit(pk)
        more = {"because": request.POST["because"]} if self.takes_reason and request.POST.get("because") else {}
        try:
            changed = type(self).write(visit=visit, revision=asked.revision(request), by=self.membership, **more)
        except EditConflict as conflict:
            return self.sheet(conflict.current, status=409, stale=True)
        except ValidationError as error:
            return self.sheet(visit, status=422, refused=error.messages)
        when = words.when(changed.starts_at, self.practice.zone)
        self.after(changed, self.line.format(client=changed.client, when=when))
        return redirect(self.back_to(changed))

    def after(self, visit: Visit, text: str) -> None:
        self.said(text, visit, "clinic:restore_visit")


class CancelView(BecomesView):
    write = visits.cancel
    line = "The visit of {client} on {when} is cancelled."
    takes_reason = True


class NoShowView(BecomesView):
    write = visits.no_show
    line = "{client} did not come on {when}."
    takes_reason = True


class CameView(BecomesView):
    write = visits.came
    line = "{client} came on {when}."


class RestoreView(BecomesView):
    write = visits.restore
    line = "The visit of {client} on {when} is booked again."

    def after(self, visit: Visit, text: str) -> None:
        self.said(text, visit, "clinic:cancel_visit")
