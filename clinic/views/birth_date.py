"""Pages of the client's own that a link alone does not open: the date of birth is asked first, once an hour."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.models import Client
from clinic.portal import PortalView
from clinic.services import birth_date

SALT = "clinic.birth_date"
GOOD_FOR = datetime.timedelta(hours=1)
TYPED = ("day", "month", "year")


class KnownView(PortalView):
    """A link that was passed on, or lies in an open mailbox, opens neither everything nor a way in for good."""

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.is_known():
            return super().answer(request, *args, **kwargs)
        if request.method == "POST" and "month" in request.POST:
            return self.take()
        return self.ask(status=200 if request.method in ("GET", "HEAD") else 403)

    def is_known(self) -> bool:
        if not birth_date.asks(self.client):
            return True
        name, seconds = cookie_of(self.client), int(GOOD_FOR.total_seconds())
        said = self.request.get_signed_cookie(name, default="", salt=SALT, max_age=seconds)
        return constant_time_compare(said or "", str(self.client.pk))

    def take(self) -> HttpResponse:
        typed = " ".join(self.request.POST.get(name, "")[:20] for name in TYPED)
        try:
            right = birth_date.is_theirs(client=self.client, typed=typed, by=self.client)
        except ValidationError:
            return self.ask(_("Please give day, month and year as numbers, such as 2 3 1978."), status=422)
        return let_in(redirect(self.request.path), self.client) if right else self.ask(self.wrong(), status=422)

    def ask(self, problem: str = "", status: int = 200) -> HttpResponse:
        given = {name: self.request.POST.get(name, "")[:20] for name in TYPED}
        shut = not birth_date.tries_left(self.client)
        template = "clinic/portal/birth_date/shut.html" if shut else "clinic/portal/birth_date/page.html"
        return self.show(template, 403 if shut else status, problem=problem, given=given, here=self.request.path)

    def wrong(self) -> str:
        left = birth_date.tries_left(self.client)
        return ngettext(
            "This is not the date of birth that %(practice)s has. You can try %(left)s more time.",
            "This is not the date of birth that %(practice)s has. You can try %(left)s more times.",
            left,
        ) % {"practice": self.practice.name, "left": left}


def cookie_of(client: Client) -> str:
    return f"born_{client.pk.hex}"


def let_in(response: HttpResponse, client: Client) -> HttpResponse:
    """This browser is not asked again for an hour."""
    response.set_signed_cookie(
        cookie_of(client), str(client.pk), salt=SALT, max_age=int(GOOD_FOR.total_seconds()), path="/p/",
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
    return response
