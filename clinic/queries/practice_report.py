"""How the practice does: the parts that `clinic` knows itself, and all parts together."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone

from clinic import attention, report
from clinic.models import ArchivedReminder, Attention, Practice, Reminder, SafetyAlert, State, Visit, VisitState
from clinic.queries.visits.opening import day_span
from clinic.reminders import kinds
from clinic.report import ReportPart, Row

FRESH = 300  # seconds for which a part is not worked out again
MANY = 10_000  # clients; above, a slow part takes a second or more
USUAL_DAYS = 90
LONGEST_DAYS = 1830


@dataclass(frozen=True)
class Section:
    """One title with the rows of all its parts. `coming`: not counted yet, as that takes a while."""

    key: str
    title: str
    about: str
    rows: tuple[Row, ...]
    shares: bool
    now: bool
    coming: bool = False

    @property
    def words(self) -> list[str]:
        return list(dict.fromkeys(word for row in self.rows for word in row.counts))

    @property
    def most(self) -> int:
        return max((row.total for row in self.rows), default=0)


@dataclass(frozen=True)
class Report:
    since: datetime.date
    until: datetime.date
    as_of: datetime.datetime
    sections: tuple[Section, ...]


def made(
    practice: Practice, role: str, since: datetime.date, until: datetime.date, *, only: str = "", wait: bool = True
) -> Report:
    """What this role may see, or of it only the section of that key. Each part is worked out at most every five
    minutes: `as_of` is the oldest of them. Without `wait`, slow parts of a large practice come only where they are
    known already; the others are `coming`."""
    shown = sorted((part for part in report.parts if role in part.roles), key=lambda part: part.order)
    sections: list[Section] = []
    counted_at: list[datetime.datetime] = []
    for _title, together in groupby(shown, key=lambda part: part.title):
        of = list(together)
        if only not in ("", of[0].key):
            continue
        found = [_rows(part, practice, since, until, wait=wait) for part in of]
        known = [each for each in found if each]
        rows = tuple(row for _at, rows_of in known for row in rows_of)
        coming = len(known) < len(found)
        sections.append(Section(of[0].key, of[0].title, of[0].about, rows, of[0].shares, of[0].now, coming))
        counted_at += [at for at, _rows_of in known]
    return Report(since, until, min(counted_at, default=timezone.now()), tuple(sections))


def _rows(
    part: ReportPart, practice: Practice, since: datetime.date, until: datetime.date, *, wait: bool
) -> tuple[datetime.datetime, Sequence[Row]] | None:
    """None for what would take long and is not to be waited for."""
    key = f"clinic.report.{practice.pk}.{part.key}.{since}.{until}"
    if known := cache.get(key):
        return known
    if part.slow and not wait and practice.client_counter > MANY:
        return None
    worked_out = (timezone.now(), list(part.rows(practice, since, until)))
    cache.set(key, worked_out, FRESH)
    return worked_out


def document(practice: Practice, of: Report) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "practice": practice.name,
        "since": of.since.isoformat(),
        "until": of.until.isoformat(),
        "as_of": of.as_of.isoformat(timespec="seconds"),
        "parts": [
            {
                "key": part.key,
                "title": part.title,
                "about": part.about,
                "rows": [{"label": row.label, "counts": dict(row.counts), "note": row.note} for row in part.rows],
            }
            for part in of.sections
        ],
    }


def lines(of: Report) -> Iterator[tuple[str, str, str, int, str]]:
    """Part, line, what is counted, the number, the note: one for each number."""
    for part in of.sections:
        for row in part.rows:
            yield from ((part.title, row.label, word, number, row.note) for word, number in row.counts.items())


# --- what clinic counts itself ----------------------------------------------------------------------------------------


def visits(practice: Practice, since: datetime.date, until: datetime.date) -> list[Row]:
    start, end = instants(practice, since, until)
    rows = Visit.objects.filter(practice=practice, starts_at__gte=start, starts_at__lt=end)
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    over = {state: counts.get(state, 0) for state in (VisitState.DONE, VisitState.NO_SHOW, VisitState.CANCELLED)}
    open_ = rows.filter(state=VisitState.BOOKED, starts_at__lt=timezone.now()).count()
    found = [Row(state.label, {"Visits": number}) for state, number in over.items()]
    return [*found, Row("Nobody said yet", {"Visits": open_})]


SAID = {State.SENT: "Sent", State.SKIPPED: "Held back", State.FAILED: "Failed", State.UNCERTAIN: "Uncertain"}


def mail(practice: Practice, since: datetime.date, until: datetime.date) -> list[Row]:
    start, end = instants(practice, since, until)
    found: dict[str, dict[str, int]] = {}
    for model in (Reminder, ArchivedReminder):
        rows = model.objects.filter(practice=practice, due_at__gte=start, due_at__lt=end, state__in=list(SAID))
        for kind, state, number in rows.order_by().values_list("kind", "state").annotate(n=Count("pk")):
            counts = found.setdefault(kind, dict.fromkeys(SAID.values(), 0))
            counts[SAID[State(state)]] += number
    named = ((kinds[kind].label if kind in kinds else kind, counts) for kind, counts in found.items())
    return [Row(label, counts) for label, counts in sorted(named)]


def open_flags(practice: Practice, since: datetime.date, until: datetime.date) -> list[Row]:
    return [Row("Red flags nobody answered", {"Open": SafetyAlert.objects.filter(practice=practice).open().count()})]


def waiting(practice: Practice, since: datetime.date, until: datetime.date) -> list[Row]:
    """What needs somebody, as it was found last; what is put off stands apart."""
    today = timezone.now().astimezone(practice.zone).date()
    put_off = Q(put_off_until__gt=today)
    rows = Attention.objects.filter(practice=practice).order_by().values_list("kind")
    counted = rows.annotate(n=Count("pk", filter=~put_off | Q(put_off_until=None)), later=Count("pk", filter=put_off))
    counts = {kind: (number, later) for kind, number, later in counted}
    named = sorted(attention.kinds, key=lambda kind: kind.rank)
    words = ("Open", "Put off")
    return [Row(kind.label, dict(zip(words, counts.get(kind.key, (0, 0)), strict=True))) for kind in named]


def instants(
    practice: Practice, since: datetime.date, until: datetime.date
) -> tuple[datetime.datetime, datetime.datetime]:
    """From the beginning of the first day to the end of the last one, on the clocks of the practice."""
    return day_span(since, practice.zone).starts_at, day_span(until, practice.zone).ends_at
