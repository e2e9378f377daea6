"""Door and port of the client's own pages, opened by a signed link instead of a log-in.

An app registers in its `clinic_hooks.py` what it adds: a page of its own in the portal's navigation, a card on the page
of today. `clinic` draws the frame and knows nothing about what is in them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from clinic import links
from clinic.models import Client, Logo, Practice
from clinic.registry import Registry

PURPOSE = "portal"
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
MAX_AGE = datetime.timedelta(days=30)


@dataclass(frozen=True)
class PortalPage:
    """One entry of the portal's navigation. `view` is a page whose only argument is the token. `news(client)`: how
    many things wait there, 0 for none; the page is left out where `shown(client)` is false."""

    key: str
    order: int
    label: str | Promise  # translated when it is drawn
    icon: str
    view: str
    news: Callable[[Client], int] | None = None
    shown: Callable[[Client], bool] | None = None


@dataclass(frozen=True)
class PortalCard:
    """Something on the page of today, above the exercises (`first`) or below. `context(client, token)` gives the
    template's values, or None to show nothing."""

    key: str
    order: int
    template: str
    context: Callable[[Client, str], Mapping[str, Any] | None]
    first: bool = False


pages: Registry[PortalPage] = Registry(PortalPage)
cards: Registry[PortalCard] = Registry(PortalCard)


@dataclass(frozen=True)
class Entry:
    """A page of the navigation as one client sees it."""

    key: str
    label: str
    icon: str
    url: str
    news: int


def navigation(client: Client, token: str) -> list[Entry]:
    in_order = sorted(pages, key=lambda page: page.order)
    return [
        Entry(
            page.key,
            str(page.label),
            page.icon,
            reverse(page.view, args=[token]),
            page.news(client) if page.news else 0,
        )
        for page in in_order
        if page.shown is None or page.shown(client)
    ]


def cards_for(request: HttpRequest, client: Client, token: str, *, first: bool) -> list[str]:
    """The rendered cards of the page of today: those above the exercises, or those below."""
    found: list[str] = []
    for card in sorted((card for card in cards if card.first is first), key=lambda card: card.order):
        if (values := card.context(client, token)) is not None:
            found.append(render_to_string(card.template, {**values, "client": client, "token": token}, request))
    return found


@method_decorator(never_cache, name="dispatch")
@method_decorator(csrf_exempt, name="dispatch")
class PortalView(View):
    """`self.client` is whom the link was made for, in whose language everything is said. A broken link is 404, an old
    one 410; both say what to do. Looking (GET) changes nothing: mail scanners follow links too.

    The signed link is the only authority: no page may look at `request.user`. Another site can make a browser post here
    only where it knows the link, and then it needs no browser; so a form that was kept on a phone needs no cookie.
    """

    client: Client
    token: str
    page_key: str = ""  # of the navigation's entry that this page belongs to

    def dispatch(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> HttpResponseBase:
        if request.method not in SAFE and request.headers.get("Sec-Fetch-Site") == "cross-site":
            raise PermissionDenied  # as browsers say it of themselves; no page of ours posts here from elsewhere
        try:
            client_id = links.read(PURPOSE, token, max_age=MAX_AGE)
        except links.ExpiredLink:
            return no_client(request, "clinic/portal/expired.html", status=410)
        except links.BadLink:
            return no_client(request, "clinic/portal/unknown.html", status=404)
        logo = Logo.objects.filter(practice=OuterRef("practice")).values("pk")
        active = Client.objects.active().select_related("practice").annotate(logo=Subquery(logo))
        client = active.behind(client_id).first()
        if client is None:
            return no_client(request, "clinic/portal/unknown.html", status=404)
        self.client, self.token = client, token
        with translation.override(client.speaks):
            return self.answer(request, *args, **kwargs)

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)

    @property
    def practice(self) -> Practice:
        return self.client.practice

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        """`template` is its full name."""
        frame = {
            "token": self.token, "client": self.client, "practice": self.practice, "preview": False,
            "practice_name": self.practice.name, "logo": self.client.logo,  # type: ignore[attr-defined]
            "portal_pages": navigation(self.client, self.token),
            "portal_page": self.page_key, "unsubscribe_token": links.sign("unsubscribe", self.client.pk),
        }  # fmt: skip
        return render(self.request, template, {**frame, **context}, status=status)


def no_client(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    """A page for somebody whom the link does not name: in the first language of their browser that we have."""
    with translation.override(translation.get_language_from_request(request)):
        return render(request, template, status=status)
