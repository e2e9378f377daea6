"""Why did, or didn't, this mail go out? One sentence, or a few, from the row and what is known about it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from clinic.models import Client, Delivery, DeliveryEvent, MailServer, State, counts_for
from clinic.models.reminder import ReminderRow
from clinic.queries.engine import resting_server
from clinic.reminders import kinds

SENTENCES = {
    State.CLAIMED: "Is leaving right now.",
    State.SENT: "Sent on {when}.",
    State.SKIPPED: "Not sent.",
    State.FAILED: "Failed on {when}.",
    State.UNCERTAIN: "Uncertain since {when}.",
}
REPORTS = {
    Delivery.DEFERRED: "On {when} the receiving mail server had not taken it yet.",
    Delivery.DELIVERED: "Delivered on {when}.",
    Delivery.REJECTED: "Refused by the mail service on {when}.",
    Delivery.BOUNCED: "Came back on {when}: {why}.",
    Delivery.COMPLAINED: "Marked as unwanted on {when}.",
}
CODES = {  # subject and detail of RFC 3463, the more exact first
    "1.": "no such address",
    "2.2": "the mailbox is full",
    "2.": "the mailbox takes no mail",
    "7.": "the receiving mail server refuses it",
}
STATUS = {
    State.PLANNED: "waiting",
    State.CLAIMED: "waiting",
    State.SENT: "fine",
    State.SKIPPED: "quiet",
    State.FAILED: "needs-you",
    State.UNCERTAIN: "needs-you",
}
RANK = list(Delivery)


@dataclass(frozen=True)
class Known:
    """What rows don't say themselves: the report that counts by reminder id, and the mail server that rests."""

    now: datetime.datetime = field(default_factory=timezone.now)
    reports: Mapping[uuid.UUID, DeliveryEvent] = field(default_factory=dict)
    resting: MailServer | None = None


def known_about(rows: Sequence[ReminderRow]) -> Known:
    """At most two queries for all of them."""
    now, gone = timezone.now(), [row for row in rows if row.state in (State.SENT, State.UNCERTAIN)]
    waits = any(row.state == State.PLANNED for row in rows)
    return Known(now, reports_about(gone) if gone else {}, resting_server(now) if waits else None)


def reports_about(rows: Iterable[ReminderRow]) -> dict[uuid.UUID, DeliveryEvent]:
    """Of each mail the report about its latest try that counts most, whatever came first."""
    of_mail = {row.pk: row for row in rows}
    practices = {row.practice_id for row in of_mail.values()}
    told = DeliveryEvent.objects.filter(practice__in=practices, reminder__in=of_mail)
    events = [event for event in told if counts_for(of_mail[event.reminder], event)]
    return {event.reminder: event for event in sorted(events, key=lambda event: (_rank(event), event.happened_at))}


def _rank(event: DeliveryEvent) -> int:
    return RANK.index(Delivery(event.what))


def sentence(row: ReminderRow, known: Known) -> str:
    """What became of it and why, in the client's local time."""
    if row.state == State.PLANNED:
        return _plan(row, known)
    said = SENTENCES[State(row.state)].format(when=_local(row, row.settled_at or row.due_at))
    parts = [said, row.reason, _reported(row, known), _way_out(row, known)]
    return " ".join(part for part in parts if part)


def _plan(row: ReminderRow, known: Known) -> str:
    """When it leaves, or what it waits for."""
    when, server = _local(row, row.not_before), known.resting
    if row.kind not in kinds:
        return f"Due on {when}, but nothing here sends this kind of mail any more."
    if server and server.rest_until and row.not_before < server.rest_until:
        until = f"{server.rest_until.astimezone(row.client.zone):%H:%M}"
        return f"Due on {when}. The mail server is resting until {until} {after_failures(server)}"
    tried = f"Tried {times(row.attempts)} without success. " if row.attempts else ""
    if row.not_before <= known.now:
        plan = f"Due since {when}; leaves as soon as its turn comes."
    else:
        plan = f"Next try on {when}." if tried else f"Will leave on {when}."
    return f"{tried}{plan} {row.reason}".strip()


def after_failures(server: MailServer) -> str:
    return f"after {counted(server.failures, 'failure')}: {server.reason}"


def _reported(row: ReminderRow, known: Known) -> str:
    event = known.reports.get(row.pk)
    if event is None:
        return ""
    return REPORTS[Delivery(event.what)].format(when=_local(row, event.happened_at), why=_why(event))


def _why(event: DeliveryEvent) -> str:
    _, _, detail = event.code.partition(".")
    why = next((words for code, words in CODES.items() if detail.startswith(code)), "it could not be delivered")
    return f"{why} ({event.code})" if event.code else why


def _way_out(row: ReminderRow, known: Known) -> str:
    """What a person can do about a mail of which nobody knows whether it arrived."""
    if row.state != State.UNCERTAIN or row.seen_at or row.pk in known.reports:
        return ""
    if may_be_sent_again(row, known.now):
        return "Ask the client, and send it again if it has not arrived."
    return "It is not sent a second time; mark it as seen."


def _local(row: ReminderRow, at: datetime.datetime) -> str:
    return f"{at.astimezone(row.client.zone):%-d %B %Y, %H:%M}"


def times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


# --- what a person can do, and how it looks ---------------------------------------------------------------------------


def needs_a_person(row: ReminderRow) -> bool:
    return row.state in (State.FAILED, State.UNCERTAIN) and row.seen_at is None


def unreachable(client: Client) -> bool:
    return bool(client.email_bounced_at or client.email_refused_at or client.archived_at or not client.email)


def may_be_sent_again(row: ReminderRow, now: datetime.datetime | None = None) -> bool:
    """Only what still makes sense: the kind allows it, the address is good, and the client's day is not over."""
    if not needs_a_person(row) or row.kind not in kinds or unreachable(row.client):
        return False
    kind, now = kinds[row.kind], now or timezone.now()
    on_time = kind.requested or now.astimezone(row.client.zone).date() <= row.local_date
    return on_time and (row.state == State.FAILED or kind.resend_uncertain)


def action(row: ReminderRow, known: Known) -> str:
    """The one thing to do about it: "address", "resend", "seen", or nothing."""
    if row.client.email_bounced_at and not row.client.archived_at and (needs_a_person(row) or _came_back(row, known)):
        return "address"
    if may_be_sent_again(row, known.now):
        return "resend"
    return "seen" if needs_a_person(row) else ""


def _came_back(row: ReminderRow, known: Known) -> bool:
    event = known.reports.get(row.pk)
    return event is not None and event.what in (Delivery.REJECTED, Delivery.BOUNCED)


def badge(row: ReminderRow, known: Known) -> tuple[str, str]:
    """Colour and word of its state."""
    event = known.reports.get(row.pk)
    if row.state != State.SENT or event is None:
        return ("quiet" if row.seen_at else STATUS[State(row.state)]), row.get_state_display()
    word = Delivery(event.what).label
    if _came_back(row, known):
        return ("needs-you" if row.client.email_bounced_at else "quiet"), word
    return ("fine" if event.what == Delivery.DELIVERED else "waiting"), word
