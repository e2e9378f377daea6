"""The log-in page in the language of the browser: clients, too, open it, and who they are is not known yet."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import translation


def at_the_door(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware. Every other page is English, or in the language of the client whom its link names."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path != reverse("account_login"):
            return get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            return get_response(request)

    return answer
