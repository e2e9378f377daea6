"""What every frame shows: where one can go, which practice this is, who is logged in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from clinic import panels
from clinic.access import current_membership
from clinic.models import Membership


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Everything is read only when a template asks for it."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {}
    return {
        "nav": SimpleLazyObject(lambda: navigation(request, current_membership(request))),
        "practice_name": SimpleLazyObject(lambda: practice_name(current_membership(request))),
        "person_name": SimpleLazyObject(lambda: person_name(current_membership(request))),
    }


def navigation(request: HttpRequest, membership: Membership | None) -> list[dict[str, Any]]:
    if membership is None:
        return []
    items = sorted(panels.nav, key=lambda item: item.order)
    return [entry(item, request.path) for item in items if membership.role in item.roles]


def entry(item: panels.NavItem, path: str) -> dict[str, Any]:
    url = reverse(item.view)
    active = path == url or (url != "/" and path.startswith(url))
    return {"label": item.label, "icon": item.icon, "url": url, "active": active, "shortcut": item.shortcut}


def practice_name(membership: Membership | None) -> str:
    return membership.practice.name if membership else ""


def person_name(membership: Membership | None) -> str:
    return membership.display_name if membership else ""
