"""What stands where a page should be. Clients meet these, too: said in the first language of their browser we have."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views import csrf, defaults


def spoken(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(translation.get_language_from_request(request)):
            return view(request, *args, **kwargs)

    return answer


bad_request = spoken(defaults.bad_request)
permission_denied = spoken(defaults.permission_denied)
page_not_found = spoken(defaults.page_not_found)
server_error = spoken(defaults.server_error)
csrf_failure = spoken(csrf.csrf_failure)
