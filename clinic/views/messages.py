"""What a client and the practice write to each other: the client's page, and the practice's. Looking marks nothing as
read: mail scanners and prefetches look, too."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages as flashes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import panels
from clinic.access import StaffView
from clinic.forms import attempt
from clinic.forms.messages import MessageForm, seen
from clinic.models import Client, Membership
from clinic.portal import PortalView
from clinic.queries import messages as queries
from clinic.queries.holding import unreachable
from clinic.services import messages


def mark_of(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("before", ""))
    except ValueError:
        return None


class PortalMessages(PortalView):
    """The client's page. `?before=` an older page."""

    page_key = "messages"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(MessageForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form, client = MessageForm(request.POST), self.client
        given: dict[str, Any] = {"client": client, "by": client, "read": seen(request.POST)}
        if attempt(form, lambda: messages.write(**given, **form.cleaned_data)) is None:
            return self.page(form, status=422)
        flashes.success(request, _("Your message is sent."))
        return redirect(reverse("clinic:portal_messages", args=[self.token]) + "#newest")

    def page(self, form: MessageForm, status: int = 200) -> HttpResponse:
        found = queries.thread(self.client, reads="client", zone=self.client.zone, before=mark_of(self.request))
        return self.show(
            "clinic/portal/messages/page.html", status, form=form, thread=found, zone=self.client.zone,
            today=self.client.today, days=queries.days_to_answer(self.practice), told=not unreachable(self.client),
        )  # fmt: skip


class PortalMessagesRead(PortalView):
    """The client has seen them: a button, or the page's script after the first touch."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        messages.mark_read(client=self.client, messages=seen(request.POST), by=self.client)
        if "X-By-Script" in request.headers:
            return HttpResponse(status=204)
        return redirect("clinic:portal_messages", self.token)


class Messages(StaffView):
    """The practice's page about one client, with older ones; POST answers."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        return self.page(self.get_client(pk), MessageForm())

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client, form = self.get_client(pk), MessageForm(request.POST)
        given: dict[str, Any] = {"client": client, "by": self.membership, "read": seen(request.POST)}
        if attempt(form, lambda: messages.write(**given, **form.cleaned_data)) is None:
            return self.page(client, form, status=422)
        flashes.success(request, f"Sent to {client}. {queries.heard_by(client, timezone.now())}")
        return redirect(panels.record_url(client.pk, "messages") + "#newest")

    def page(self, client: Client, form: MessageForm, status: int = 200) -> HttpResponse:
        context = {"client": client, **written(self.membership, client, mark_of(self.request)), "form": form}
        return render(self.request, "clinic/messages/page.html", context, status=status)


class MessagesRead(StaffView):
    """Nothing to answer."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        client = self.get_client(pk)
        messages.mark_read(client=client, messages=seen(request.POST), by=self.membership)
        return redirect(panels.record_url(client.pk, "messages"))


def written(membership: Membership, client: Client, before: uuid.UUID | None = None) -> dict[str, Any]:
    """What the practice's page and the tab of the record show."""
    zone = membership.practice.zone
    return {
        "thread": queries.thread(client, reads="practice", zone=zone, before=before),
        "zone": zone,
        "today": timezone.localdate(timezone=zone),
        "form": MessageForm(),
        "keep_key": f"{membership.user_id}.{client.pk}",
    }
