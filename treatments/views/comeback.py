"""What came back from home, answered by a clinician in one tap."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from clinic import asked
from clinic.access import ClinicianView
from treatments.models import HomeLog, Programme
from treatments.services import holds, smaller, too_painful


class _OneTap(ClinicianView):
    http_method_names = ["post"]

    def done(self, act: Callable[[], object], said: str) -> HttpResponse:
        """Back to where the button was, with what happened or what stands in the way."""
        try:
            act()
        except ValidationError as problem:
            messages.warning(self.request, " ".join(problem.messages))
        else:
            messages.success(self.request, said)
        return redirect(asked.way_back(self.request, reverse("clinic:dashboard")))


class Release(_OneTap):
    """A clinician looked at a programme that waits because of pain: it goes on."""

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        programme = get_object_or_404(self.visible(Programme).select_related("client"), pk=pk)
        act = lambda: holds.release(programme=programme, by=self.membership)  # noqa: E731
        return self.done(act, f"The programme of {programme.client} goes on from today.")


class DecidePainful(_OneTap):
    """`what`: restart goes on with the exercise, easier takes its neighbour instead."""

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        rows = self.visible(HomeLog).select_related("client", "item__programme")
        answer = get_object_or_404(rows, pk=pk)
        if request.POST.get("what") == "easier":
            said = f"{answer.client} has a new version with the easier exercise, from today."
            return self.done(lambda: too_painful.make_easier(answer=answer, by=self.membership), said)
        said = f"{answer.client} goes on with it from today, in a new version."
        return self.done(lambda: too_painful.restart(answer=answer, by=self.membership), said)


class GiveBack(_OneTap):
    """The whole programme again, for a client who took a smaller one."""

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        programme = get_object_or_404(self.visible(Programme).select_related("client__practice", "assessment"), pk=pk)
        said = f"{programme.client} has the whole programme again, from today."
        return self.done(lambda: smaller.give_back(programme=programme, by=self.membership), said)
