"""Port: what an app shows on the frames that `clinic` owns (the navigation, the dashboard, the client record).

Register in the app's `clinic_hooks.py`. `clinic` draws the panels in order and knows nothing about what is in them.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from clinic.models import CLINICIANS, STAFF, Client, Membership, Role, Visit
from clinic.registry import Registry


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation; `view` is the name of a page without arguments.

    `within`: the key of an entry whose page lists this one too, with what it is `about`. On a phone only that page
    does: there is room for five.
    """

    key: str
    order: int
    label: str
    icon: str
    view: str
    roles: frozenset[Role] = STAFF
    shortcut: str = ""  # such as "g c"; shown on the sheet of shortcuts
    within: str = ""
    about: str = ""


@dataclass(frozen=True)
class DashboardPanel:
    """`context(membership)` gives the template's values, or None to show nothing."""

    key: str
    order: int
    template: str
    context: Callable[[Membership], Mapping[str, Any] | None]
    roles: frozenset[Role] = STAFF
    first: bool = False  # above what needs somebody, instead of below it


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
    """Something that happened to a client, in one line. `status`: needs, waiting, fine or empty, as of a badge.

    `span`: what is said instead of the time of day, where a whole day or week is meant; `at` is then its beginning.
    `news`: worth saying first until somebody has seen the client again. `known`: since when one could know of it,
    where that is another instant than `at`. `met`: until when somebody of the practice saw the client, where they did.
    """

    at: datetime.datetime
    icon: str
    title: str
    text: str = ""
    url: str = ""
    by: str = ""
    status: str = ""
    span: str = ""
    news: bool = False
    known: datetime.datetime | None = None
    met: datetime.datetime | None = None


@dataclass(frozen=True)
class Timeline:
    """`events(membership, client, before, limit)`: the newest `limit` before that instant (None: all), newest first.

    `news(membership, client, since)`: what is worth saying first because it changed since then and is none of the
    newest `events` (those say so by themselves); at most a handful.
    `last_met(client, before)`: when somebody of the practice last saw the client, before that instant; asked where the
    newest `events` are not enough to know.
    """

    key: str
    order: int
    events: Callable[[Membership, Client, datetime.datetime | None, int], Sequence[Event]]
    news: Callable[[Membership, Client, datetime.datetime], Sequence[Event]] | None = None
    roles: frozenset[Role] = STAFF
    label: str = ""
    last_met: Callable[[Client, datetime.datetime], datetime.datetime | None] | None = None

    @property
    def name(self) -> str:
        """Word of the filter."""
        return self.label or self.key.replace("_", " ").capitalize()


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


@dataclass(frozen=True)
class ClientAction:
    """A button at the top of the record: `view` is a page whose only argument is the client's id."""

    key: str
    order: int
    label: str
    icon: str
    view: str
    roles: frozenset[Role] = STAFF
    shortcut: str = ""


@dataclass(frozen=True)
class Caution:
    """What stands in the banner of every page about a client, in few words: conditions that forbid something."""

    key: str
    order: int
    lines: Callable[[Membership, Client], Sequence[str]]
    roles: frozenset[Role] = CLINICIANS


@dataclass(frozen=True)
class VisitAction:
    """A button beside a visit. `url(visit)`: its address, "" where it makes no sense; `post`: it does it at once."""

    key: str
    order: int
    label: str
    icon: str
    url: Callable[[Visit], str]
    post: bool = False
    roles: frozenset[Role] = STAFF


@dataclass(frozen=True)
class CaseloadColumn:
    """One more column of the list of clients. `cells`: client id → the template's `cell`. A few queries for a page."""

    key: str
    order: int
    label: str
    template: str
    cells: Callable[[Membership, Sequence[Client]], Mapping[uuid.UUID, Any]]
    roles: frozenset[Role] = STAFF


@dataclass(frozen=True)
class CaseloadFilter:
    """One more way to narrow the list of clients. `choices`: (value, label); `narrow(clients, value)` by an index."""

    key: str
    order: int
    label: str
    choices: tuple[tuple[str, str], ...]
    narrow: Callable[[QuerySet[Client], str], QuerySet[Client]]
    roles: frozenset[Role] = STAFF


nav: Registry[NavItem] = Registry(NavItem)
dashboard: Registry[DashboardPanel] = Registry(DashboardPanel)
tabs: Registry[ClientTab] = Registry(ClientTab)
client: Registry[ClientPanel] = Registry(ClientPanel)
timelines: Registry[Timeline] = Registry(Timeline)
briefs: Registry[Brief] = Registry(Brief)
visit_actions: Registry[VisitAction] = Registry(VisitAction)
caseload_columns: Registry[CaseloadColumn] = Registry(CaseloadColumn)
caseload_filters: Registry[CaseloadFilter] = Registry(CaseloadFilter)
cautions: Registry[Caution] = Registry(Caution)
client_actions: Registry[ClientAction] = Registry(ClientAction)


def on_dashboard(request: HttpRequest, membership: Membership, *, first: bool) -> Iterator[str]:
    """The rendered panels of the dashboard that this role may see: those that come first, or the others."""
    for panel in sorted((panel for panel in dashboard if panel.first is first), key=lambda panel: panel.order):
        if membership.role in panel.roles and (values := panel.context(membership)) is not None:
            yield render_to_string(panel.template, {**values, "membership": membership}, request)


def on_client(request: HttpRequest, membership: Membership, of: Client, tab: str = "overview") -> Iterator[str]:
    """The rendered panels of one tab of a client's record that this role may see; of other tabs nothing is read."""
    for panel in sorted(client, key=lambda panel: panel.order):
        if panel.tab != tab or membership.role not in panel.roles:
            continue
        if (values := panel.context(membership, of)) is not None:
            yield render_to_string(panel.template, {**values, "membership": membership, "client": of}, request)


def tabs_for(role: Role | str) -> list[ClientTab]:
    """The first tab, and those that hold a panel for this role."""
    filled = {panel.tab for panel in client if role in panel.roles}
    in_order = sorted(tabs, key=lambda tab: tab.order)
    return [tab for place, tab in enumerate(in_order) if place == 0 or tab.key in filled]


def actions_for(role: Role | str, of: Client) -> list[tuple[ClientAction, str]]:
    """What this role can begin with a client in care, and its address."""
    if of.archived_at:
        return []
    in_order = sorted(client_actions, key=lambda action: action.order)
    return [(action, reverse(action.view, args=[of.pk])) for action in in_order if role in action.roles]


def record_url(client_id: uuid.UUID, tab: str) -> str:
    """The address of a tab of a client's record."""
    return f"{reverse('clinic:client', args=[client_id])}?tab={tab}"


def cautions_about(membership: Membership, of: Client) -> list[str]:
    """What must not be done to this client, as far as this role may know."""
    asked = [each for each in sorted(cautions, key=lambda each: each.order) if membership.role in each.roles]
    return [line for each in asked for line in each.lines(membership, of)]
