"""The pages of the diary: a day with a column for each therapist or room, and a week of one therapist."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from clinic.models import CLINICIANS, STANDING, Membership, Practice, Room, Visit, VisitState
from clinic.models.visit import VisitQuerySet
from clinic.queries.visits.columns import Column, column
from clinic.queries.visits.opening import DAY, Opening, Span, day_span, opening
from clinic.queries.visits.ruler import Mark, Ruler

MOST_COLUMNS = 24
FEW = 12  # so many therapists have a column each, whoever works that day
SHOWN_STATES = (*STANDING, VisitState.NO_SHOW)


@dataclass
class Diary:
    """`others`: therapists or rooms without a column. `gone`: what was cancelled or missed. `count`: what stands."""

    columns: list[Column]
    marks: list[Mark]
    rows: int
    now_row: int | None
    whole: bool
    count: int
    gone: list[Visit] = field(default_factory=list)
    others: list[Membership] = field(default_factory=list)
    closed: str = ""

    @property
    def hours(self) -> int:
        return self.rows // 12


def visits_of(practice: Practice, span: Span) -> VisitQuerySet:
    rows = Visit.objects.filter(practice=practice).between(span.starts_at, span.ends_at)
    return rows.select_related("client", "therapist", "room").order_by("starts_at", "id")


def day_of(
    practice: Practice,
    day: datetime.date,
    *,
    by_room: bool = False,
    whole: bool = False,
    me: Membership | None = None,
    also: Sequence[str] = (),
) -> Diary:
    """One day. `me` has the first column; `also`: ids of therapists who get one besides. Four queries, five by room."""
    known = opening(practice, day, day)
    visits = list(visits_of(practice, day_span(day, practice.zone)))
    standing = [visit for visit in visits if visit.state in STANDING]
    members = list(Membership.objects.filter(practice=practice).order_by("display_name", "id"))
    shown, others = _who(members, visits, known, day, me, also)
    spans = {member.pk: known.open_for(day, member.pk) for member in shown}
    everything = [span for open_spans in spans.values() for span in open_spans] if known.hours else []
    frame = [*everything, *(known.hours_of(day) or []), *(Span(v.starts_at, v.ends_at) for v in standing)]
    ruler = Ruler(practice.zone, by_clock=False).around([(day, frame)], whole=whole)
    if by_room:
        columns, others = _rooms(practice, day, visits, known, ruler), []
    else:
        columns = [
            column(
                str(member), day, ruler, spans[member.pk],
                [visit for visit in visits if visit.therapist_id == member.pk and visit.state != VisitState.CANCELLED],
                therapist=member.pk, away=known.away(member.pk),
            )
            for member in shown
        ]  # fmt: skip
    return _diary(columns, ruler, day, visits, whole, others, _closed(known, day, practice))


def week_of(practice: Practice, monday: datetime.date, member: Membership, *, whole: bool = False) -> Diary:
    """Seven days of one therapist. Three queries."""
    days = [monday + DAY * n for n in range(7)]
    known = opening(practice, days[0], days[-1])
    span = Span(day_span(days[0], practice.zone).starts_at, day_span(days[-1], practice.zone).ends_at)
    visits = list(visits_of(practice, span).filter(therapist=member))
    frames = []
    for day in days:
        of_day = day_span(day, practice.zone)
        taken = [Span(v.starts_at, v.ends_at) for v in visits if v.state in STANDING and _on(v, of_day)]
        frames.append((day, [*(known.open_for(day, member.pk) if known.hours else []), *taken]))
    ruler = Ruler(practice.zone, by_clock=True).around(frames, whole=whole)
    columns = []
    for day in days:
        of_day = day_span(day, practice.zone)
        todays = [v for v in visits if _on(v, of_day) and v.state != VisitState.CANCELLED]
        away = [row for row in known.away(member.pk) if of_day.meets(Span(row.starts_at, row.ends_at))]
        free = known.open_for(day, member.pk)
        columns.append(column("", day, ruler, free, todays, therapist=member.pk, away=away))
    return _diary(columns, ruler, monday, visits, whole, [], "")


def _on(visit: Visit, day: Span) -> bool:
    return day.meets(Span(visit.starts_at, visit.ends_at))


def _diary(
    columns: list[Column], ruler: Ruler, day: datetime.date, visits: list[Visit], whole: bool,
    others: list[Membership], closed: str,
) -> Diary:  # fmt: skip
    now = timezone.now()
    today = next((one for one in columns if one.today), None)
    now_row = ruler.row(now, today.day) if today and ruler.shows(now, today.day) else None
    gone = [visit for visit in visits if visit.state not in STANDING]
    count = len(visits) - len(gone)
    return Diary(columns, list(ruler.marks(day)), ruler.rows, now_row, whole, count, gone, others, closed)


def _who(
    members: list[Membership], visits: list[Visit], known: Opening, day: datetime.date, me: Membership | None,
    also: Sequence[str],
) -> tuple[list[Membership], list[Membership]]:  # fmt: skip
    """Who has a column: whoever has visits or hours that day, and who was asked for; everybody where they are few."""
    busy = {visit.therapist_id for visit in visits if visit.state in SHOWN_STATES}
    active = [m for m in members if m.pk in busy or (m.is_active and m.role in CLINICIANS)]
    asked = {member.pk for member in active if str(member.pk) in also}
    mine = {me.pk} if me else set()
    if len(active) > FEW:
        working = {m.pk for m in active if known.hours_of(day, m.pk) and known.open_for(day, m.pk)}
        wanted = busy | working | asked | mine
    else:
        wanted = {member.pk for member in active}
    first = sorted(active, key=lambda m: (m.pk not in mine, m.pk not in asked, m.pk not in busy, m.display_name))
    shown = [member for member in first if member.pk in wanted][:MOST_COLUMNS]
    if len(active) <= MOST_COLUMNS:
        shown.sort(key=lambda m: (m.pk not in mine, m.display_name))
    known_ids = {member.pk for member in shown}
    return shown, [member for member in active if member.pk not in known_ids]


def _rooms(practice: Practice, day: datetime.date, visits: list[Visit], known: Opening, ruler: Ruler) -> list[Column]:
    of_practice = known.open_for(day)
    kept = [visit for visit in visits if visit.state != VisitState.CANCELLED]
    used = {visit.room_id for visit in kept}
    rooms = Room.objects.filter(Q(is_active=True) | Q(pk__in=used - {None}), practice=practice)
    columns = [
        column(str(room), day, ruler, of_practice, [v for v in kept if v.room_id == room.pk], room=room.pk)
        for room in rooms.select_related("location").order_by("location__name", "name")[:MOST_COLUMNS]
    ]
    if None in used or not columns:
        without = [visit for visit in kept if visit.room_id is None]
        columns.append(column("No room", day, ruler, of_practice, without, no_room=True))
    return columns


def _closed(known: Opening, day: datetime.date, practice: Practice) -> str:
    """Why nobody comes on that day; "" on an ordinary one."""
    if known.open_for(day):
        return ""
    reasons = [row.reason for row in known.away() if row.reason]
    return f"{practice.name} is closed{f': {reasons[0]}' if reasons else ''}."
