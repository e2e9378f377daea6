"""The client's way out of reminders, by the link in each mail. It never expires, so it opens nothing else."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from clinic import links
from clinic.forms.preferences import PauseForm
from clinic.models import Client
from clinic.portal import no_client
from clinic.queries.preferences import how_reminders_are
from clinic.services import clients, logos

A_WEEK = datetime.timedelta(days=7)
ONE_CLICK = "One-Click"


@method_decorator(csrf_exempt, name="dispatch")  # the signed link is the proof; mail programs post without a cookie
@method_decorator(never_cache, name="dispatch")
class UnsubscribeView(View):
    """GET shows the choice; only POST stops, pauses or starts again."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            pk = links.read("unsubscribe", kwargs.pop("token"))
        except links.BadLink:
            return no_client(request, "clinic/reminders/bad_link.html", status=404)
        self.client = get_object_or_404(Client.objects.select_related("practice").behind(pk))
        with translation.override(self.client.speaks):
            return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        """From the page, or from a mail program (`List-Unsubscribe=One-Click`, RFC 8058): 200 and no redirect."""
        pause = PauseForm(request.POST, today=self.client.today)
        if request.POST.get("List-Unsubscribe") == ONE_CLICK or "stop" in request.POST:
            clients.stop_reminders(client=self.client, by=self.client)
        elif "start" in request.POST:
            clients.start_reminders(client=self.client, by=self.client)
        elif "pause" in request.POST:
            clients.pause_reminders(client=self.client, until=self.client.today + A_WEEK, by=self.client)
        elif pause.is_valid():
            clients.pause_reminders(client=self.client, until=pause.cleaned_data["until"], by=self.client)
        else:
            return self._page(pause, status=422)
        return self._page()

    def _page(self, pause: PauseForm | None = None, *, status: int = 200) -> HttpResponse:
        today, logo = self.client.today, logos.row_of(self.client.practice)
        context = {
            "client": self.client, "practice": self.client.practice, "practice_name": self.client.practice.name,
            "logo": logo and logo.pk, "how": how_reminders_are(self.client, today),
            "pause": pause or PauseForm(today=today),
        }  # fmt: skip
        return render(self.request, "clinic/reminders/unsubscribe.html", context, status=status)
