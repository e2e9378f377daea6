"""Exactly what the client gets: their page, their mail, their paper. Looking at it changes nothing."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin

from clinic import paper
from clinic.mail import SHOWN_ALONE, as_page
from clinic.portal import PortalView
from clinic.services import mail_sample
from treatments.forms.sample import SampleForm
from treatments.queries import blank_day, local_today, portal_day
from treatments.queries.paper import programme_pdf
from treatments.services import programmes
from treatments.views.programmes import ProgrammeView

#: What the preview shows in a frame of ours.
FRAMED = {"frame-ancestors": ["'self'"]}
NAME = "home-programme"


@method_decorator(csp_update({"frame-src": ["'self'"]}), name="dispatch")
class Preview(ProgrammeView):
    """Three tabs: the page, the mail and the PDF, each in a frame as the client will see it."""

    WAYS = ("page", "mail", "paper")

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        programme = self.programme(pk)
        way = request.GET.get("as", "page")
        form = SampleForm(request.GET, client=programme.client)
        context = {
            "programme": programme,
            "client": programme.client,
            "practice": self.practice,
            "way": way if way in self.WAYS else "page",
            "form": form,
            "letter": programmes.letter_of(programme, **form.chosen()) if way == "mail" else None,
            "no_paper": paper.obstacle() if way == "paper" else "",
        }
        return render(request, "treatments/builder/preview.html", context)


@method_decorator(csp_replace(FRAMED), name="dispatch")
@method_decorator(xframe_options_sameorigin, name="dispatch")
class PreviewPage(ProgrammeView):
    """The client's page of the first day that has something to do, without its buttons."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        programme = self.programme(pk)
        context = {
            "programme": programme,
            "client": programme.client,
            "practice": self.practice,
            "preview": True,
            "day": blank_day(programme),
        }
        return render(request, "treatments/portal/preview.html", context)


@method_decorator(csp_replace(SHOWN_ALONE), name="dispatch")
@method_decorator(xframe_options_sameorigin, name="dispatch")
class PreviewMail(ProgrammeView):
    """`?detail=` and `?language=`: as it would be, were that the client's choice."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        programme = self.programme(pk)
        chosen = SampleForm(request.GET, client=programme.client).chosen()
        return HttpResponse(as_page(programmes.letter_of(programme, **chosen)))


class SendSample(ProgrammeView):
    """This very mail to whoever asks for it, over the line that the reminders leave by."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        programme = self.programme(pk)
        chosen = SampleForm(request.POST, client=programme.client).chosen()
        outcome = mail_sample.send(
            to=self.membership, by=self.membership, letter=programmes.letter_of(programme, **chosen)
        )
        to = self.membership.user.email
        if outcome.state == "sent":
            messages.success(request, f"The mail is on its way to {to}. Its links lead nowhere.")
        else:
            messages.warning(request, f"The mail to {to} did not leave. {outcome.reason}".strip())
        return redirect(reverse("treatments:preview", args=[pk]) + "?" + urlencode({"as": "mail", **chosen}))


@method_decorator(csp_replace(FRAMED), name="dispatch")
@method_decorator(xframe_options_sameorigin, name="dispatch")
class ProgrammePaper(ProgrammeView):
    """The PDF; `?show` for looking at it in the page."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        programme = self.programme(pk)
        try:
            return paper.answer(programme_pdf(programme), NAME, inline="show" in request.GET)
        except paper.NoPaper as why:
            context = {"programme": programme, "client": programme.client, "no_paper": str(why)}
            return render(request, "treatments/builder/no_paper.html", context, status=503)


class PortalPaper(PortalView):
    """The client's own programme as a PDF; where there is none to do now, their page says why."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        day = portal_day(self.client, local_today(self.client))
        if day.state in ("locked", "none", "ended") or day.programme is None:
            return self.show(f"treatments/portal/{day.state}.html", day=day)
        try:
            return paper.answer(programme_pdf(day.programme), NAME)
        except paper.NoPaper:
            return self.show("treatments/portal/no_paper.html", day=day, status=503)
