"""What a client chooses about their mails. Links lead to pages that show; only a POST acts."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from clinic.forms import attempt
from clinic.forms.preferences import DETAILS, PauseForm, PreferencesForm
from clinic.mail import SHOWN_ALONE, as_page
from clinic.models import MailDetail
from clinic.portal import PortalView
from clinic.queries.preferences import (
    how_reminders_are,
    how_today_is,
    not_now,
    usual_is_over,
    ways_to_put_off,
)
from clinic.reminders import kinds
from clinic.services import clients, clock, preferences


@method_decorator(csp_update({"frame-src": ["'self'"]}), name="dispatch")
class _Settings(PortalView):
    page_key = "settings"

    def page(self, *, form: PreferencesForm | None = None, status: int = 200, **more: Any) -> HttpResponse:
        now = clock.now()
        today = now.astimezone(self.client.zone).date()
        later = ways_to_put_off(self.client, now)
        until = self.client.snoozed_until
        context = {
            "form": form or PreferencesForm(client=self.client), "pause": PauseForm(today=today),
            "how": how_reminders_are(self.client, today), "today": how_today_is(self.client, now),
            "later": [way for way in later if not way.because],
            "not_later": next((way.because for way in later if way.because), ""), "details": DETAILS,
            "snoozed_at": until and until.astimezone(self.client.zone).time(),
            "at": self.client.reminder_time or self.practice.reminder_time,
            "over": usual_is_over(self.client, now), "not_now": not_now(self.client),
        }  # fmt: skip
        return self.show("clinic/portal/preferences/page.html", status=status, **{**context, **more})


class Preferences(_Settings):
    """Time, days, zone, language and how much a mail says, in one form; and the ways to be left alone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PreferencesForm(request.POST, client=self.client)
        done = attempt(form, lambda: clients.change(client=self.client, by=self.client, **form.given()))
        if done is None:
            self.client.refresh_from_db()  # what was refused does not hold
            return self.page(form=form, status=422)
        with translation.override(self.client.speaks):  # perhaps another one than a moment ago
            messages.success(request, _("Saved."))
        return redirect("clinic:preferences", self.token)


class _Act(_Settings):
    """One choice, by a POST; the page then says what it did, with the button that takes it back."""

    http_method_names = ["post"]

    def act(self) -> object:
        raise NotImplementedError

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            self.act()
        except ValidationError as refused:
            self.client.refresh_from_db()
            return self.page(status=422, refused=" ".join(refused.messages))
        return redirect("clinic:preferences", self.token)


class Later(_Act):
    def act(self) -> object:
        way = self.request.POST.get("way", "")
        return preferences.put_off(client=self.client, way=way, by=self.client)


class NotToday(_Act):
    def act(self) -> object:
        return preferences.skip_today(client=self.client, by=self.client)


class TodayAsUsual(_Act):
    def act(self) -> object:
        return preferences.as_usual(client=self.client, by=self.client)


class Pause(_Act):
    def act(self) -> object:
        form = PauseForm(self.request.POST, today=self.client.today)
        if not form.is_valid():
            raise ValidationError([line for lines in form.errors.values() for line in lines])
        return clients.pause_reminders(client=self.client, until=form.cleaned_data["until"], by=self.client)


class Stop(_Act):
    def act(self) -> object:
        return clients.stop_reminders(client=self.client, by=self.client)


class Start(_Act):
    def act(self) -> object:
        return clients.start_reminders(client=self.client, by=self.client)


@method_decorator(csp_replace(SHOWN_ALONE), name="dispatch")
@method_decorator(xframe_options_sameorigin, name="dispatch")
class MailSample(PortalView):
    """How the mail looks when it may say so much. Its links lead nowhere."""

    def get(self, request: HttpRequest, detail: str) -> HttpResponse:
        if detail not in MailDetail.values:
            raise Http404
        found = (kind.sample(self.client, detail) for kind in kinds)
        letter = next((one for one in found if one is not None), None)
        if letter is None:
            return self.show("clinic/portal/preferences/no_sample.html")
        return HttpResponse(as_page(letter))
