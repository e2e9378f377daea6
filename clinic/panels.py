"""Port: what an app shows on the frames that `clinic` owns (the navigation, the dashboard, the client record).

Register in the app's `clinic_hooks.py`. `clinic` draws the panels in order and knows nothing about what is in them.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
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
class ClientTab:
    """One tab of the client record. The first one is `overview`; a tab without a panel for this role is not shown."""

    key: str
    order: int
    label: str


@dataclass(frozen=True)
class ClientPanel:
    """`context(membership, client)` gives the template's values, or None to show nothing."""

    key: str
    order: int
    template: str
    context: Callable[[Membership, Client], Mapping[str, Any] | None]
    roles: frozenset[Role] = STAFF
    tab: str = "overview"


@dataclass(frozen=True)
class Event:
    """Something that happened to a client, in one line. `status`: needs, waiting, fine or empty, as of a badge."""

    at: datetime.datetime
    icon: str
    title: str
    text: str = ""
    url: str = ""
    by: str = ""
    status: str = ""


@dataclass(frozen=True)
class Timeline:
    """`events(membership, client, before, limit)`: the newest `limit` before that instant (None: all), newest first.

    `news(membership, client, since)`: what is worth saying first because it changed since then; at most a handful.
    """

    key: str
    order: int
    events: Callable[[Membership, Client, datetime.datetime | None, int], Sequence[Event]]
    news: Callable[[Membership, Client, datetime.datetime], Sequence[Event]] | None = None
    roles: frozenset[Role] = STAFF


@dataclass(frozen=True)
class Line:
    """One thing to know before the door opens. `status` as of an event."""

    text: str
    status: str = ""
    icon: str = ""
    url: str = ""


@dataclass(frozen=True)
class Brief:
    """`lines(membership, clients)`: client id → what to know of them before a visit. A few queries for all of them."""

    key: str
    order: int
    lines: Callable[[Membership, Sequence[Client]], Mapping[uuid.UUID, Sequence[Line]]]
    roles: frozenset[Role] = STAFF


nav: Registry[NavItem] = Registry(NavItem)
dashboard: Registry[DashboardPanel] = Registry(DashboardPanel)
tabs: Registry[ClientTab] = Registry(ClientTab)
client: Registry[ClientPanel] = Registry(ClientPanel)
timelines: Registry[Timeline] = Registry(Timeline)
briefs: Registry[Brief] = Registry(Brief)


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
