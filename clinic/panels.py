"""Port: what an app shows on the frames that `clinic` owns (the navigation, the dashboard, the client record).

Register in the app's `clinic_hooks.py`. `clinic` draws the panels in order and knows nothing about what is in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from clinic.models import STAFF, Client, Membership, Role
from clinic.registry import Registry


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation; `view` is the name of a page without arguments."""

    key: str
    order: int
    label: str
    icon: str
    view: str
    roles: frozenset[Role] = STAFF


@dataclass(frozen=True)
class DashboardPanel:
    """`context(membership)` gives the template's values, or None to show nothing."""

    key: str
    order: int
    template: str
    context: Callable[[Membership], Mapping[str, Any] | None]
    roles: frozenset[Role] = STAFF


@dataclass(frozen=True)
class ClientPanel:
    """`context(membership, client)` gives the template's values, or None to show nothing."""

    key: str
    order: int
    template: str
    context: Callable[[Membership, Client], Mapping[str, Any] | None]
    roles: frozenset[Role] = STAFF


nav: Registry[NavItem] = Registry(NavItem)
dashboard: Registry[DashboardPanel] = Registry(DashboardPanel)
client: Registry[ClientPanel] = Registry(ClientPanel)


def on_dashboard(request: HttpRequest, membership: Membership) -> Iterator[str]:
    """The rendered panels of the dashboard that this role may see."""
    for panel in sorted(dashboard, key=lambda panel: panel.order):
        if membership.role in panel.roles and (values := panel.context(membership)) is not None:
            yield render_to_string(panel.template, {**values, "membership": membership}, request)


def on_client(request: HttpRequest, membership: Membership, of: Client) -> Iterator[str]:
    """The rendered panels of a client's record that this role may see."""
    for panel in sorted(client, key=lambda panel: panel.order):
        if membership.role in panel.roles and (values := panel.context(membership, of)) is not None:
            yield render_to_string(panel.template, {**values, "membership": membership, "client": of}, request)
