"""What a request asks for, in one place for every page: where to go back to, and which revision was seen."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest, otherwise: str = "") -> str:
    """`next` of a form or an address, where that is a page of ours."""
    page = request.POST.get("next") or request.GET.get("next") or ""
    ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return page if ours else otherwise


def revision(request: HttpRequest) -> int:
    """What the editor saw; 0 for a form without it, which saw nothing. In the address where it is a button of another
    page."""
    text = request.POST.get("revision") or request.GET.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
