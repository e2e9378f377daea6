"""Why did, or didn't, this mail go out? One sentence, or a few, from the row and what is known about it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from clinic import conf
from clinic.models import ArchivedReminder, Delivery, DeliveryEvent, MailServer, SafetyAlert, State, counts_for
from clinic.models.reminder import ReminderRow
from clinic.queries import holding
from clinic.queries.engine import Engine, read
from clinic.reminders import kinds

SENTENCES = {
    State.CLAIMED: "Is leaving right now.",
    State.SENT: "Sent on {when}.",
    State.SKIPPED: "Not sent.",
    State.FAILED: "Failed on {when}{tries}.",
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
    """What rows don't say themselves: the report that counts by reminder id, clients with an open question, and how
    the engine is."""

    now: datetime.datetime = field(default_factory=timezone.now)
    reports: Mapping[uuid.UUID, DeliveryEvent] = field(default_factory=dict)
    locked: Collection[uuid.UUID] = ()
    engine: Engine | None = None


def known_about(rows: Sequence[ReminderRow], engine: Engine | None = None) -> Known:
    """At most five queries for all of them, three less where somebody knows how the engine is."""
    now, gone = timezone.now(), [row for row in rows if row.state in (State.SENT, State.UNCERTAIN)]
    reports, waiting = reports_about(gone) if gone else {}, [row for row in rows if row.state == State.PLANNED]
    return Known(now, reports, locked_clients(waiting), engine or read(now)) if waiting else Known(now, reports)


def locked_clients(rows: Sequence[ReminderRow]) -> set[uuid.UUID]:
    """Those whom a clinician has to answer a question about first."""
    whose = {"practice__in": {row.practice_id for row in rows}, "client__in": {row.client_id for row in rows}}
    return set(SafetyAlert.objects.locking().filter(**whose).order_by().values_list("client", flat=True))


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
    tries = f" after {row.attempts} tries" if row.attempts > 1 else ""
    said = SENTENCES[State(row.state)].format(when=_local(row, row.settled_at or row.due_at), tries=tries)
    parts = [said, row.reason, _reported(row, known), _way_out(row, known)]
    return " ".join(part for part in parts if part)


def _plan(row: ReminderRow, known: Known) -> str:
    """When it leaves, or what it waits for."""
    when, server = _local(row, row.not_before), known.engine.resting if known.engine else None
    if row.kind not in kinds:
        return f"Due on {when}, but nothing here sends this kind of mail any more."
    if against := _against(row, known):
        return f"Due on {when}. Will not leave: {lowered(against)}"
    if known.engine and known.engine.silence:
        return f"Due on {when}. It may not leave: {known.engine.silence_in(row.client.zone)}."
    if server and server.rest_until and row.not_before < max(server.rest_until, known.now):
        return f"Due on {when}. {_rest(row, server, server.rest_until, known.now)} {after_failures(server)}"
    tried = f"Tried {times(row.attempts)} without success. " if row.attempts else ""
    if row.not_before <= known.now:
        plan = f"Due since {when}; leaves as soon as its turn comes."
    else:
        plan = f"Next try on {when}." if tried else f"Will leave on {when}."
    return f"{tried}{plan} {row.reason}".strip()


def _against(row: ReminderRow, known: Known) -> str:
    """What the check before sending would say of it, as things are now."""
    client, kind, leaves = row.client, kinds[row.kind], max(row.not_before, known.now)
    if why := holding.unreachable(client):
        return why
    if kind.requested:
        too_late = leaves - row.due_at > conf.reminders().requested_useful_for
        return "It was asked for too long ago." if too_late else ""
    day = leaves.astimezone(client.zone).date()
    held = holding.held_back(client, day, locked=kind.waits_for_answers and client.pk in known.locked)
    return held or ("It is too late for that day." if day > row.local_date else "")


def lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _rest(row: ReminderRow, server: MailServer, until: datetime.datetime, now: datetime.datetime) -> str:
    if until <= now:
        return "The mail server is tried again now"
    return f"The mail server is resting until {until.astimezone(row.client.zone):%H:%M}{_place(row, until)}"


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
    if row.state != State.UNCERTAIN or not needs_a_person(row) or row.pk in known.reports:
        return ""
    if may_be_sent_again(row, known.now):
        return "Ask the client, and send it again if it has not arrived."
    return "It is not sent a second time; mark it as seen."


def _local(row: ReminderRow, at: datetime.datetime) -> str:
    return f"{at.astimezone(row.client.zone):%-d %B %Y, %H:%M}{_place(row, at)}"


def _place(row: ReminderRow, at: datetime.datetime) -> str:
    """Whose time it is, where the practice's clock shows another."""
    zone = row.client.zone
    if at.astimezone(zone).utcoffset() == at.astimezone(row.client.practice.zone).utcoffset():
        return ""
    return f" ({zone.key.rpartition('/')[2].replace('_', ' ')} time)"


def times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


# --- what a person can do, and how it looks ---------------------------------------------------------------------------


def needs_a_person(row: ReminderRow) -> bool:
    """Nothing can be done any more about what was archived."""
    if isinstance(row, ArchivedReminder):
        return False
    return row.state in (State.FAILED, State.UNCERTAIN) and row.seen_at is None


def may_be_sent_again(row: ReminderRow, now: datetime.datetime | None = None) -> bool:
    """Only what still makes sense: the kind allows it, the address is good, and the client's day is not over."""
    if not needs_a_person(row) or row.kind not in kinds or holding.unreachable(row.client):
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
        over = row.seen_at or isinstance(row, ArchivedReminder)
        return ("quiet" if over and row.state != State.SENT else STATUS[State(row.state)]), row.get_state_display()
    word = Delivery(event.what).label
    if _came_back(row, known):
        return ("needs-you" if row.client.email_bounced_at else "quiet"), word
    return ("fine" if event.what == Delivery.DELIVERED else "waiting"), word
