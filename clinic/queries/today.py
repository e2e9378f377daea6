"""Who comes today, in order of time, with what to know before the door opens."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from clinic import panels
from clinic.models import CLINICIANS, Membership, Visit, VisitState

MOST = 60  # more belong into the diary
GRAVITY = {"needs": 0, "waiting": 1, "fine": 2, "": 3}


@dataclass(frozen=True)
class Button:
    label: str
    icon: str
    url: str
    post: bool


@dataclass(frozen=True)
class Coming:
    """One visit of the day. `place`: past, next (there is at most one) or later. `lines`: the gravest first."""

    visit: Visit
    place: str
    lines: Sequence[panels.Line]
    buttons: Sequence[Button]

    @property
    def gravest(self) -> str:
        """The status that its closed line shows; "" where nothing needs anybody."""
        return next((line.status for line in self.lines if line.status in ("needs", "waiting")), "")


@dataclass(frozen=True)
class Day:
    """The visits of a day; `more`: there are others that are not listed."""

    past: Sequence[Coming]
    ahead: Sequence[Coming]
    more: bool

    @property
    def is_empty(self) -> bool:
        return not self.past and not self.ahead


def mine_by_default(membership: Membership) -> bool:
    """Whoever treats begins with their own day, reception with everybody's."""
    return membership.role in CLINICIANS


def day_of(membership: Membership, now: datetime.datetime, *, mine: bool) -> Day:
    """On the clocks of the practice. As many queries for one visit as for sixty."""
    visits = _visits(membership, now, mine)
    shown, lines = visits[:MOST], briefs_of(membership, visits[:MOST])
    following = next((visit for visit in shown if not _is_over(visit, now)), None)
    coming = [
        Coming(
            visit,
            "past" if _is_over(visit, now) else "next" if visit is following else "later",
            lines.get(visit.pk, []),
            buttons_of(membership, visit),
        )
        for visit in shown
    ]
    past = [one for one in coming if one.place == "past"]
    return Day(past, [one for one in coming if one.place != "past"], len(visits) > MOST)


def _visits(membership: Membership, now: datetime.datetime, mine: bool) -> list[Visit]:
    zone = membership.practice.zone
    midnight = datetime.datetime.combine(now.astimezone(zone).date(), datetime.time(), zone)
    tomorrow = datetime.datetime.combine(midnight.date() + datetime.timedelta(days=1), datetime.time(), zone)
    rows = Visit.objects.filter(practice=membership.practice_id, starts_at__gte=midnight, starts_at__lt=tomorrow)
    rows = rows.exclude(state=VisitState.CANCELLED)
    rows = rows.filter(therapist=membership) if mine else rows
    return list(
        rows.select_related("practice", "client__practice", "therapist", "room").order_by("starts_at", "id")[: MOST + 1]
    )


def _is_over(visit: Visit, now: datetime.datetime) -> bool:
    """Whoever came stays on top for as long as the visit takes: now is when the record is needed."""
    return visit.ends_at <= now or visit.state == VisitState.NO_SHOW


def briefs_of(membership: Membership, visits: Sequence[Visit]) -> dict[object, list[panels.Line]]:
    """Visit id → its lines, the gravest first and in the order of the briefs."""
    clients = list({visit.client_id: visit.client for visit in visits}.values())
    if not clients:
        return {}
    told = [
        brief.lines(membership, clients)
        for brief in sorted(panels.briefs, key=lambda brief: brief.order)
        if membership.role in brief.roles
    ]
    return {
        visit.pk: sorted(
            (line for lines in told for line in lines.get(visit.client_id, ())),
            key=lambda line: GRAVITY.get(line.status, len(GRAVITY)),
        )
        for visit in visits
    }


def buttons_of(membership: Membership, visit: Visit) -> list[Button]:
    actions = sorted(panels.visit_actions, key=lambda action: action.order)
    seen = [(action, action.url(visit)) for action in actions if membership.role in action.roles]
    return [Button(action.label, action.icon, url, action.post) for action, url in seen if url]
