"""The mails of a practice and of a client, as pages and commands show them. Each one's why is in `sentences`."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from clinic.models import ArchivedReminder, AuditEntry, Client, Reminder, SafetyAlert, State
from clinic.models.reminder import ReminderQuerySet, ReminderRow
from clinic.queries import holding, sentences
from clinic.queries.engine import Engine, capped, read
from clinic.queries.sentences import Known, known_about
from clinic.reminders import kinds

MOST_COUNTED = 2000  # of the newest rows; where there are more, the counts say "+"
MOST_SHOWN = 1000
LATELY = datetime.timedelta(days=30)
FIRST_DAY, LAST_DAY = datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)  # that anybody may ask about
OTHER_DAYS = f"Choose a day between {FIRST_DAY.year} and {LAST_DAY.year}."


@dataclass(frozen=True)
class Line:
    """One mail as a page shows it: badge (`status` is its colour), and `action`: "resend", "seen", "address" or ""."""

    row: ReminderRow
    label: str
    sentence: str
    status: str
    word: str
    action: str


def lines(rows: Iterable[ReminderRow], engine: Engine | None = None) -> list[Line]:
    """At most five queries, however many rows; they come with `client__practice` loaded. `engine`: how it is, where
    that is known already."""
    rows = list(rows)
    known = known_about(rows, engine)
    return [_line(row, known) for row in rows]


def _line(row: ReminderRow, known: Known) -> Line:
    status, word = sentences.badge(row, known)
    return Line(row, kind_label(row), sentences.sentence(row, known), status, word, sentences.action(row, known))


def kind_label(row: ReminderRow) -> str:
    """What it is called; the bare key where the app that knew it is gone."""
    return kinds[row.kind].label if row.kind in kinds else row.kind


# --- newest first, page by page, without counting ---------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """Some rows, newest first. `older` is where the next page begins, "" on the last one."""

    rows: Sequence[ReminderRow]
    older: str


def page_of(sources: Sequence[QuerySet[Any]], before: str, size: int) -> Page:
    """The newest rows of all `sources` together that are older than `before` (an `older` of another page, or "")."""
    found: dict[uuid.UUID, ReminderRow] = {}
    for rows in sources:
        ordered = rows.select_related("client__practice", "practice").order_by("-due_at", "-id")
        for row in older_than(ordered, before)[: size + 1]:
            found.setdefault(row.pk, row)  # one that is archived in this moment stands in both
    newest = sorted(found.values(), key=lambda row: (row.due_at, row.pk), reverse=True)
    shown = newest[:size]
    return Page(shown, _mark(shown[-1]) if len(newest) > size else "")


def _mark(row: ReminderRow) -> str:
    return f"{row.due_at.isoformat()}_{row.pk}"


def older_than(rows: QuerySet[Any], mark: str) -> QuerySet[Any]:
    """All of them where the mark is none."""
    place = place_of(mark)
    if place is None:
        return rows
    due_at, id_ = place
    # The first condition is what an index can begin at.
    return rows.filter(due_at__lte=due_at).filter(Q(due_at__lt=due_at) | Q(id__lt=id_))


def place_of(mark: str) -> tuple[datetime.datetime, uuid.UUID] | None:
    """What `Page.older` says; None for anything else."""
    at, _, pk = mark.partition("_")
    try:
        due_at, id_ = datetime.datetime.fromisoformat(at), uuid.UUID(pk)
    except ValueError:
        return None
    return (due_at, id_) if due_at.tzinfo else None


# --- of one client ----------------------------------------------------------------------------------------------------


def history(client: Client, before: str, size: int) -> Page:
    """Every mail that was ever planned for a client, the archived ones too."""
    return page_of([rows.filter(practice=client.practice_id, client=client) for rows in _everything()], before, size)


def on_day(client: Client, day: datetime.date) -> list[Line]:
    """The mails of one day in the client's calendar."""
    mine = {"practice": client.practice_id, "client": client, "local_date": day}
    return lines(page_of([rows.filter(**mine) for rows in _everything()], "", 50).rows)


def _everything() -> tuple[QuerySet[Any], QuerySet[Any]]:
    return Reminder.objects.all(), ArchivedReminder.objects.all()


def nothing_planned(client: Client, day: datetime.date) -> str:
    """Why no mail was planned for that day, from each kind that can tell; and what would hold it back."""
    reasons = [reason for kind in kinds if (reason := kind.why_not(client, day))]
    if day < client.today:
        return " ".join([f"No mail was planned for {day:%A}, {day:%-d %B %Y}.", *reasons])
    return " ".join([f"No mail is planned for {day:%A}, {day:%-d %B %Y}.", *reasons, *_would_not_leave(client, day)])


def _would_not_leave(client: Client, day: datetime.date) -> list[str]:
    if held := holding.unreachable(client) or holding.held_back(client, day, locked=False):
        return [f"No reminder would leave that day: {sentences.lowered(held)}"]
    if held := holding.held_back(client, day, locked=is_locked(client)):
        free = [f"a {kind.label.lower()}" for kind in kinds if not (kind.waits_for_answers or kind.requested)]
        but = f" but {' or '.join(free)}" if free else ""
        return [f"No reminder{but} would leave that day: {sentences.lowered(held)}"]
    engine = read(timezone.now())
    return [f"Nothing may leave: {engine.silence_in(client.zone)}."] if engine.silence else []


# --- of a practice ----------------------------------------------------------------------------------------------------


def counts(rows: ReminderQuerySet) -> dict[str, str]:
    """How many in each state, among the newest (`attention`: needing a person, among all; "": all); "1,000+" for many.

    Two queries that read MOST_COUNTED rows at most.
    """
    number = Counter[str]()
    for state in rows.order_by("-due_at", "-id").values_list("state", flat=True)[:MOST_COUNTED]:
        number.update(["", state])
    more = number[""] >= MOST_COUNTED
    return {"attention": attention_count(rows), **{key: _about(number[key], more) for key in ["", *State.values]}}


def attention_count(rows: ReminderQuerySet) -> str:
    return _about(capped(rows.needing_a_person(), MOST_SHOWN), more=False)


def _about(count: int, more: bool) -> str:
    if count >= MOST_SHOWN:
        return f"{MOST_SHOWN:,}+"
    return f"{count}+" if more else str(count)


def stopped_by_complaint(client: Client) -> bool:
    """Whether reminders are stopped because the client marked a mail as unwanted. The engine stops for nothing else."""
    if client.reminders_stopped_at is None:
        return False
    stops = AuditEntry.objects.filter(practice=client.practice_id, client=client, verb="reminders.stopped")
    last = stops.order_by("-id").first()
    return last is not None and last.actor_machine == "reminders"


# --- the one word for a client's reminders ----------------------------------------------------------------------------


def with_locks(rows: QuerySet[Client]) -> QuerySet[Client]:
    """Clients that know (as `is_locked`) whether an open question holds their reminders back."""
    alerts = SafetyAlert.objects.locking().filter(practice=OuterRef("practice"), client=OuterRef("pk"))
    return rows.annotate(is_locked=Exists(alerts))


def is_locked(client: Client) -> bool:
    return SafetyAlert.objects.locking().filter(practice=client.practice_id, client=client).exists()


def reminders_of(client: Client, locked: bool) -> tuple[str, str]:
    """Colour and words. The order is that of the check before sending: the first that holds back is the one told."""
    if client.archived_at:
        return "quiet", "Ended: archived"
    if client.email_refused_at:
        return "quiet", "Consent withdrawn"
    if not client.email:
        return "quiet", "No e-mail address"
    if client.email_bounced_at:
        return "needs-you", "Address came back"
    if client.reminders_stopped_at:
        return "quiet", "Stopped"
    if client.reminders_paused_until and client.reminders_paused:
        return "waiting", f"Paused until {client.reminders_paused_until:%-d %b}"
    return ("waiting", "Paused: question open") if locked else ("fine", "On")
