"""The server's side of `clinic/js/keep.js`: what an autosave answers, in one place for every form that keeps itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

#: How long the browser may take to show the next page, in seconds.
NEXT_PAGE = 300


def key(user: Any, what: str, pk: object) -> str:
    """The name under which a browser keeps a form: whose it is, and of what."""
    return f"{user.pk}.{what}.{pk}"


def tab_of(request: HttpRequest) -> str:
    """Which open page sends this; empty without the script."""
    return request.headers.get("X-Keep-Tab", "")[:40]


def somebody_else(request: HttpRequest) -> JsonResponse | None:
    """The refusal of what another person typed: on a shared tablet somebody else may have logged in meanwhile."""
    if request.headers.get("X-Keep-User", "") in ("", str(request.user.pk)):
        return None
    return JsonResponse({"other": True}, status=401)


def saved(*, revision: int | str, at: datetime | None = None, lines: Sequence[str] = (), **more: str) -> JsonResponse:
    """Stored. `more`: the new `url`, `action`, `key` and `page` of a row that came into being; `lines` are told."""
    moment = (at or timezone.now()).isoformat()
    return JsonResponse({"revision": revision, "saved_at": moment, "lines": list(lines), **more})


def changed(merge: str) -> JsonResponse:
    """Somebody else saved in between. The form can be sent to `merge` by POST, which shows both."""
    return JsonResponse({"merge": merge}, status=409)


def refused(lines: Sequence[str]) -> JsonResponse:
    """Not stored; one clear line for each thing that is in the way."""
    return JsonResponse({"lines": list(lines)}, status=422)


def done(response: HttpResponse, *keys: str) -> HttpResponse:
    """After a real save: the browser may forget what it kept under these keys."""
    response.set_cookie("keep_done", quote("|".join(keys)), max_age=NEXT_PAGE, samesite="Lax")
    return response
