"""The client record: whose it is, what changed since the last visit, and everything that happened, newest first."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from django.utils import timezone

from clinic import panels
from clinic.models import CLINICIANS, Client, ClientFile, Membership, SafetyAlert
from clinic.models.people import folded
from clinic.queries import timeline
from clinic.queries.neighbours import NEAR, neighbours

PAGE = 25
MOST_NEWS = 8
MOST_OF_ONE = 3  # of one source
MOST_ALIKE = 3
LIKE_AGE = datetime.timedelta(days=366)
MOST_FILES = 100
SHOWN_BY_A_BROWSER = ("application/pdf", "image/png", "image/jpeg")  # by itself, and it can't run
URGENCY = {"needs": 0, "waiting": 1}


# --- whose record this is ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Banner:
    """`alerts` and `cautions` are empty for those who may not see them. `alike`: who could be mistaken for them."""

    client: Client
    clinical: bool
    alerts: Sequence[SafetyAlert]
    cautions: Sequence[str]
    alike: Sequence[Client]

    @property
    def is_locked(self) -> bool:
        return any(alert.locks_programme for alert in self.alerts)


def banner_of(membership: Membership, client: Client) -> Banner:
    clinical = membership.role in CLINICIANS
    alerts = timeline.open_alerts(client) if clinical else ()
    banner = Banner(client, clinical, alerts, panels.cautions_about(membership, client), alike(client))
    if clinical:
        client.is_locked = banner.is_locked  # type: ignore[attr-defined]  # as lists annotate it
    return banner


def alike(client: Client) -> list[Client]:
    """In care at the same practice, and easily mistaken for this client: the same family name with the same initial
    or about the same age, or the same initials and born within three days."""
    found = [other for other in neighbours(client) if _alike(client, other)]
    return sorted(found, key=_distance(client))[:MOST_ALIKE]


def _alike(client: Client, other: Client) -> bool:
    initial = folded(client.given_name)[:1] == folded(other.given_name)[:1]
    if other.family_name == client.family_name:
        return initial or _days_apart(client, other) <= LIKE_AGE
    same_initials = initial and folded(client.family_name)[:1] == folded(other.family_name)[:1]
    return same_initials and _days_apart(client, other) <= NEAR


def _days_apart(client: Client, other: Client) -> datetime.timedelta:
    if client.date_of_birth and other.date_of_birth:
        return abs(client.date_of_birth - other.date_of_birth)
    return datetime.timedelta.max


def _distance(client: Client) -> Callable[[Client], tuple[bool, datetime.timedelta]]:
    return lambda other: (folded(other.given_name) != folded(client.given_name), _days_apart(client, other))


# --- since the last visit ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class News:
    """`since` None: nobody has seen this client before today."""

    since: datetime.datetime | None
    events: Sequence[panels.Event]


Told = Mapping[str, Sequence[panels.Event]]


def newest_of(membership: Membership, client: Client) -> Told:
    """Source → its newest events: read once for the news and for the first page of everything."""
    return {each.key: each.events(membership, client, None, PAGE + 1) for each in seen_by(membership)}


def news_of(membership: Membership, client: Client, newest: Told) -> News:
    """What changed since somebody last saw the client on an earlier day; what needs somebody first."""
    since = last_met(client, start_of_today(client), newest)
    if since is None:
        return News(None, [])
    told = [event for events in newest.values() for event in islice(_since(since, events), MOST_OF_ONE)]
    told += [event for each in seen_by(membership) if each.news for event in each.news(membership, client, since)]
    newest_first = sorted(told, key=lambda event: event.at, reverse=True)
    return News(since, sorted(newest_first, key=lambda event: URGENCY.get(event.status, 2))[:MOST_NEWS])


def _since(since: datetime.datetime, events: Sequence[panels.Event]) -> Iterator[panels.Event]:
    return (event for event in events if event.news and (event.known or event.at) > since)


def start_of_today(client: Client) -> datetime.datetime:
    here = timezone.now().astimezone(client.practice.zone)
    return here.replace(hour=0, minute=0, second=0, microsecond=0)


def last_met(client: Client, before: datetime.datetime, newest: Told) -> datetime.datetime | None:
    """The end of the last visit they came to, or what an app knows of later meetings."""
    told = (_last_met(each, client, before, newest) for each in panels.timelines if each.last_met)
    return max((at for at in told if at), default=None)


def _last_met(
    each: panels.Timeline, client: Client, before: datetime.datetime, newest: Told
) -> datetime.datetime | None:
    """The newest events tell, unless this role doesn't see them or the meetings lie further back."""
    events = newest.get(each.key)
    met = next((event.met for event in events or () if event.met and event.at < before), None)
    whole = events is not None and len(events) <= PAGE
    return met if met or whole or each.last_met is None else each.last_met(client, before)


# --- everything that happened -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    event: panels.Event
    kind: str


@dataclass(frozen=True)
class Page:
    """`months`: first day and entries of each, newest first. `older`: where the next page begins; None on the last."""

    months: Sequence[tuple[datetime.date, Sequence[Entry]]]
    older: datetime.datetime | None


def seen_by(membership: Membership) -> list[panels.Timeline]:
    in_order = sorted(panels.timelines, key=lambda each: each.order)
    return [each for each in in_order if membership.role in each.roles]


def timeline_of(
    membership: Membership,
    client: Client,
    *,
    kind: str = "",
    before: datetime.datetime | None = None,
    size: int = PAGE,
    newest: Told | None = None,
) -> Page:
    """The newest `size` events before that instant, of all sources or of the one called `kind`.

    Each source gives at most that many, so a long history costs what a short one does. `newest`: what `newest_of` read,
    for a first page of the usual size.
    """

    def events_of(each: panels.Timeline) -> Sequence[panels.Event]:
        if newest is not None and before is None:
            return newest[each.key]
        return each.events(membership, client, before, size + 1)

    sources = [each for each in seen_by(membership) if kind in ("", each.key)]
    told = [Entry(event, each.name) for each in sources for event in events_of(each)]
    in_order = sorted(told, key=lambda entry: entry.event.at, reverse=True)
    shown = _whole_instants(in_order, size)
    older = shown[-1].event.at if len(in_order) > len(shown) else None
    return Page(list(_by_month(shown, client)), older)


def _whole_instants(newest: Sequence[Entry], size: int) -> Sequence[Entry]:
    """What happened at one instant stays on one page: the next page begins before an instant."""
    if len(newest) <= size:
        return newest
    edge = newest[size].event.at
    whole = [entry for entry in newest[:size] if entry.event.at > edge]
    return whole or [entry for entry in newest if entry.event.at == edge]


def _by_month(entries: Sequence[Entry], client: Client) -> Iterator[tuple[datetime.date, list[Entry]]]:
    def month(entry: Entry) -> datetime.date:
        return entry.event.at.astimezone(client.practice.zone).date().replace(day=1)

    for first_day, found in groupby(entries, key=month):
        yield first_day, list(found)


# --- files ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Files:
    files: Sequence[ClientFile]
    more: bool


def files_of(client: Client) -> Files:
    """Newest first, without what was removed; each knows (as `shows`) whether a browser may show it."""
    rows = ClientFile.objects.filter(practice=client.practice_id, client=client).kept().select_related("added_by")
    found = list(rows[: MOST_FILES + 1])
    for file in found:
        file.shows = file.media_type in SHOWN_BY_A_BROWSER
    return Files(found[:MOST_FILES], len(found) > MOST_FILES)
