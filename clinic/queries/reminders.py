"""Why did, or didn't, this mail go out? Rows come with `client` and `practice` loaded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from clinic.models import Client, Membership, Reminder, State
from clinic.models.reminder import ReminderQuerySet
from clinic.reminders import kinds

SENTENCES = {
    State.PLANNED: "Will leave on {when}.",
    State.CLAIMED: "Is leaving right now.",
    State.SENT: "Sent on {when}.",
    State.SKIPPED: "Not sent.",
    State.FAILED: "Failed on {when}.",
    State.UNCERTAIN: "Uncertain since {when}.",
}


def with_people(rows: ReminderQuerySet) -> ReminderQuerySet:
    """Newest first, with what `sentence` and the pages need."""
    return rows.select_related("client__practice", "practice").order_by("-due_at", "-id")


def latest_of(client: Client, count: int) -> list[Reminder]:
    return list(with_people(Reminder.objects.filter(practice=client.practice_id, client=client))[:count])


def kind_label(row: Reminder) -> str:
    """What it is called; the bare key where the app that knew it is gone."""
    return kinds[row.kind].label if row.kind in kinds else row.kind


def sentence(row: Reminder) -> str:
    """What became of it and why, in the client's local time."""
    at = row.not_before if row.state == State.PLANNED else row.settled_at or row.due_at
    when = f"{at.astimezone(row.client.zone):%-d %B %Y, %H:%M}"
    return f"{SENTENCES[State(row.state)].format(when=when)} {row.reason}".strip()


def needs_a_person(row: Reminder) -> bool:
    return row.state in (State.FAILED, State.UNCERTAIN) and row.seen_at is None


def may_be_sent_again(row: Reminder) -> bool:
    """Only what still makes sense: the kind allows it, the address is good, and the client's day is not over."""
    if not needs_a_person(row) or row.kind not in kinds or row.client.email_bounced_at:
        return False
    kind = kinds[row.kind]
    on_time = kind.requested or timezone.now().astimezone(row.client.zone).date() <= row.local_date
    return on_time and (row.state == State.FAILED or kind.resend_uncertain)


@dataclass(frozen=True)
class Line:
    """One mail as a page shows it. `status` is the badge's colour; `action` is "resend", "seen" or nothing."""

    row: Reminder
    label: str
    sentence: str
    status: str
    action: str


STATUS = {
    State.PLANNED: "waiting",
    State.CLAIMED: "waiting",
    State.SENT: "fine",
    State.SKIPPED: "quiet",
    State.FAILED: "needs-you",
    State.UNCERTAIN: "needs-you",
}


def lines(rows: Iterable[Reminder]) -> list[Line]:
    return [Line(row, kind_label(row), sentence(row), _status(row), action(row)) for row in rows]


def action(row: Reminder) -> str:
    """The one thing to do about it."""
    if may_be_sent_again(row):
        return "resend"
    return "seen" if needs_a_person(row) else ""


def _status(row: Reminder) -> str:
    return "quiet" if row.seen_at else STATUS[State(row.state)]


def needing_a_person(membership: Membership, count: int) -> tuple[list[Line], int]:
    """The newest few that failed or are uncertain, and how many there are."""
    rows = Reminder.objects.filter(practice=membership.practice_id).needing_a_person()
    newest = list(with_people(rows)[:count])
    return lines(newest), rows.count() if len(newest) == count else len(newest)
