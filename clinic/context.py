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
    items = [item for item in sorted(panels.nav, key=lambda item: item.order) if membership.role in item.roles]
    here = {item.key: is_here(reverse(item.view), request.path) for item in items}
    holding = {item.within for item in items if here[item.key]}
    return [entry(item, active=here[item.key], holds=item.key in holding) for item in items]


def entry(item: panels.NavItem, **state: bool) -> dict[str, Any]:
    shown = {"label": item.label, "icon": item.icon, "shortcut": item.shortcut, "within": item.within}
    return {**shown, "url": reverse(item.view), **state}


def is_here(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def practice_name(membership: Membership | None) -> str:
    return membership.practice.name if membership else ""


def person_name(membership: Membership | None) -> str:
    return membership.display_name if membership else ""
