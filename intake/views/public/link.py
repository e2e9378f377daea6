"""What every page behind an intake link has in common: whose it is, whether it still works, who may look."""

from __future__ import annotations

import uuid
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from clinic import links
from clinic.portal import no_client
from intake.models import IntakeRequest, IntakeResponse, State
from intake.queries.pages import emergencies
from intake.screening import ClientMessage, Form, Page, client_message, read_intake, screen
from intake.services import door

PURPOSE = "intake"
CLOSED = {State.REVOKED: 410, State.EXPIRED: 410, State.COMPLETED: 200}
DOOR_SALT = "intake.door"


@method_decorator(never_cache, name="dispatch")
class LinkView(View):
    """A page behind an intake link. A link that does not work any more gets its own page instead; where the date of
    birth is asked, nothing else is shown before it was answered in this browser."""

    intake: IntakeRequest
    token: str
    states: tuple[State, ...] = (State.OPEN,)
    shown_to_strangers = False  # whether the page itself asks who is there

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.token = kwargs.pop("token")
        found = request_of(self.token)
        if found is None:
            return no_client(request, "intake/link_unknown.html", status=404)
        self.intake = found
        with translation.override(found.client.speaks):
            return self.answer(request, *args, **kwargs)

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        gone = self.intake.state in (State.REVOKED, State.EXPIRED)
        if not gone and not self.is_known and not self.shown_to_strangers:
            return redirect("intake:start", self.token)
        if self.intake.state not in self.states and (gone or self.is_known):
            return self.closed()
        return super().dispatch(request, *args, **kwargs)

    def closed(self) -> HttpResponse:
        """Open once more: the thank-you page of a form that is not sent yet leads back to it."""
        state = self.intake.state
        if state == State.OPEN:
            return redirect("intake:start", self.token)
        return self.page(f"intake/link_{state}.html", status=CLOSED[state], message=self.message())

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        practice = self.intake.client.practice
        values = {"practice": practice, "practice_name": practice.name, "token": self.token, "intake": self.intake}
        return render(self.request, template, {**values, **context}, status=status)

    @cached_property
    def is_known(self) -> bool:
        """Whether this browser has answered the question at the door, or there is none."""
        return self.is_proved or not door.asks(self.intake)

    @cached_property
    def is_proved(self) -> bool:
        """Whether the date of birth was given in this browser, or it is the practice's own, which knows who sits there.
        Only here is it shown what the client said last time: a link alone may be in other hands."""
        said = self.request.get_signed_cookie(door_cookie(self.intake), default="", salt=DOOR_SALT)
        return constant_time_compare(said or "", str(self.intake.pk))

    @cached_property
    def form_asked(self) -> Form:
        """The form of the link's own version, in the client's language."""
        return self.intake.form_version.form_in(self.intake.client.speaks)

    @property
    def pages(self) -> tuple[Page, ...]:
        return self.form_asked.pages

    @property
    def draft(self) -> IntakeResponse | None:
        return getattr(self.intake, "response", None)

    @property
    def answers(self) -> dict[str, Any]:
        return self.draft.answers if self.draft else {}

    def message(self, level: str = "") -> ClientMessage | None:
        """What the client has to be told about their safety, by default after signing."""
        client = self.intake.client
        level = level or (self.draft.referral_level if self.draft else "")
        number = client.practice.emergency_number
        return client_message(level, emergency_number=number, language=client.speaks)

    def number_of(self, key: str) -> int:
        """Counting from 0; 404 for a page that this version does not have."""
        keys = [page.key for page in self.pages]
        if key not in keys:
            raise Http404
        return keys.index(key)

    # --- an emergency goes before everything else ---------------------------------------------------------------------

    @property
    def is_emergency(self) -> bool:
        return screen(read_intake(self.answers)[0], age=self.intake.client.age).level == "emergency"

    @property
    def stop_mark(self) -> str:
        """Stands for exactly these emergency answers, and says nothing about them."""
        said = ",".join(emergencies(self.answers))
        return salted_hmac("intake.stop", f"{self.intake.pk}:{said}", algorithm="sha256").hexdigest()

    @property
    def must_stop(self) -> bool:
        """Whether an emergency was answered of which this browser has not said “I have read this”."""
        read = self.request.COOKIES.get(stop_cookie(self.intake), "")
        return self.is_emergency and not constant_time_compare(read, self.stop_mark)


def request_of(token: str) -> IntakeRequest | None:
    try:
        pk: uuid.UUID = links.read(PURPOSE, token)
    except links.BadLink:
        return None
    rows = IntakeRequest.objects.select_related("client__practice", "form_version", "response__filled_from")
    return rows.filter(pk=pk).first()


def door_cookie(intake: IntakeRequest) -> str:
    return f"intake_{intake.pk.hex}"


def stop_cookie(intake: IntakeRequest) -> str:
    return f"intake_read_{intake.pk.hex}"


def let_in(response: HttpResponse, intake: IntakeRequest) -> HttpResponse:
    """This browser is not asked again for this form."""
    response.set_signed_cookie(door_cookie(intake), str(intake.pk), salt=DOOR_SALT, **kept(intake))
    return response


def kept(intake: IntakeRequest) -> dict[str, Any]:
    """How a cookie is kept: as long as the link works, and some days to read what was sent."""
    seconds = max(int((intake.expires_at - timezone.now()).total_seconds()), 0) + 7 * 86_400
    secure = settings.SESSION_COOKIE_SECURE
    return {"max_age": seconds, "path": "/i/", "secure": secure, "httponly": True, "samesite": "Lax"}
