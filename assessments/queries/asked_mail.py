"""The mail that says that a questionnaire waits: when it leaves, whether it did, and what keeps it."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessments.models import QuestionnaireRequest
from assessments.queries.asked import OFFERED, Sheet
from clinic.models import Client, Reminder, SafetyAlert, State
from clinic.queries import holding
from clinic.services.reminders.calendar import begin_of_day, end_of_quiet, local_instant

KIND = "questionnaire"
EARLY = datetime.timedelta(minutes=5)  # before the daily mail: it takes the one message of that day
DAY = datetime.timedelta(days=1)
AHEAD = 9  # days: they hold one of any weekday, and a day that is left out
GOOD_FOR = 14 * DAY  # after the day from which it is asked for; then it only stands on the page
SECONDS = {"one_item": 20, "ticks": 8, "own_items": 45}  # that a question takes


def minutes(sheets: Iterable[Sheet]) -> int:
    """About how long they take together."""
    own = ((sheet.questionnaire.own_items, sheet) for sheet in sheets)
    counted = ((named.least if named else len(sheet.questionnaire.items), sheet.scoring) for named, sheet in own)
    return max(1, math.ceil(sum(many * SECONDS[scoring] for many, scoring in counted) / 60))


def not_said(now: datetime.datetime, client: Client | None = None) -> QuerySet[QuestionnaireRequest]:
    """Open, due until tomorrow, and in no mail that left since they were asked for or is to leave; of clients whom no
    red flag keeps. With the client."""
    today = now.date()
    locked = SafetyAlert.objects.locking().filter(practice=OuterRef("practice"), client=OuterRef("client"))
    said = Reminder.objects.filter(
        Q(state__in=[State.PLANNED, State.CLAIMED]) | Q(settled_at__gte=OuterRef("created_at")),
        practice=OuterRef("practice"), client=OuterRef("client"), kind=KIND, local_date__gte=OuterRef("due_on"),
    ).exclude(state=State.SKIPPED)  # fmt: skip
    rows = QuestionnaireRequest.objects.open().filter(due_on__range=(today - GOOD_FOR, today + DAY))
    rows = rows.filter(practice=client.practice_id, client=client) if client else rows
    rows = rows.filter(~Exists(said), ~Exists(locked), questionnaire__in=list(OFFERED))
    return rows.select_related("client__practice").order_by("practice_id", "client_id", "due_on", "id")


def is_locked(client: Client) -> bool:
    return SafetyAlert.objects.locking().filter(practice=client.practice_id, client=client).exists()


def leaves_at(client: Client, since: datetime.date, now: datetime.datetime) -> datetime.datetime | None:
    """A little before the client's hour, on the first day from `since` on of which they want mail; None where none of
    the next days is one."""
    usual = client.reminder_time or client.practice.reminder_time
    first = max(since, now.astimezone(client.zone).date())
    for day in (first + step * DAY for step in range(AHEAD)):
        at = max(local_instant(day, usual, client.zone) - EARLY, begin_of_day(day, client.zone))
        at = end_of_quiet(at, client.zone, client.practice.quiet_from, client.practice.quiet_until) or at
        held = holding.held_back(client, day, locked=False) or holding.unwished_by(client, day)
        if at > now and not held and at.astimezone(client.zone).date() == day:
            return at
    return None


# --- as the staff reads it --------------------------------------------------------------------------------------------


def lines(client: Client, requests: Sequence[QuestionnaireRequest], now: datetime.datetime) -> list[str]:
    """What became, or becomes, of the mail about each open request: plain sentences. At most two queries."""
    if not requests:
        return []
    mails = list(
        Reminder.objects.filter(practice=client.practice_id, client=client, kind=KIND)
        .exclude(state=State.SKIPPED)
        .order_by("-due_at")[:20]
    )
    coming = before(client, now)
    return [_line(client, row, mails, coming, now) for row in requests]


def before(client: Client, now: datetime.datetime) -> str:
    """Why no mail goes out for now: a plain sentence; "" where one does."""
    today = now.astimezone(client.zone).date()
    reason = holding.unreachable(client) or holding.held_back(client, today, locked=is_locked(client))
    if not reason and client.reminder_days == []:
        reason = "The client wants no such mail on any day of the week."
    return f"No mail for now: {reason[0].lower()}{reason[1:]}" if reason else ""


def first_mail(client: Client, now: datetime.datetime) -> str:
    """What is said before anything is asked for."""
    at = leaves_at(client, now.astimezone(client.zone).date(), now)
    return before(client, now) or (f"A mail says so on {_when(at, client)}." if at else "No mail for now.")


def _line(client: Client, row: QuestionnaireRequest, mails: list[Reminder], held: str, now: datetime.datetime) -> str:
    for mail in (mail for mail in mails if _says(mail, row)):
        if mail.state in (State.PLANNED, State.CLAIMED):
            return held or f"A mail says so on {_when(mail.not_before, client)}."
        if mail.state == State.SENT:
            return f"A mail said so on {_when(mail.due_at, client)}."
        return "Its mail did not go out: see Reminders."
    at = leaves_at(client, row.due_on, now)
    if row.due_on + GOOD_FOR < now.date():
        return "No mail said so."
    return held or (f"A mail says so on {_when(at, client)}." if at else "No mail for now.")


def _says(mail: Reminder, row: QuestionnaireRequest) -> bool:
    """As `not_said` asks it of the database."""
    later = mail.state in (State.PLANNED, State.CLAIMED) or (mail.settled_at or mail.due_at) >= row.created_at
    return later and mail.local_date >= row.due_on


def _when(at: datetime.datetime, client: Client) -> str:
    return f"{at.astimezone(client.zone):%A %-d %B at %H:%M}"
