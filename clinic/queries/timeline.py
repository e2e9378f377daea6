"""What `clinic` itself knows of a client's history: mail, red flags, files, and what became of the record."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.urls import reverse

from clinic.models import (
    ArchivedReminder,
    AuditEntry,
    Client,
    ClientFile,
    Membership,
    Reminder,
    SafetyAlert,
    State,
)
from clinic.models.reminder import ReminderRow
from clinic.panels import Event
from clinic.queries import days, once
from clinic.queries.reminders import kind_label

TOLD = {  # verbs that change what everybody may do with this record
    "client.added": ("add", "Came into care"),
    "client.archived": ("lock", "Archived"),
    "client.restored": ("unlock", "Back in care"),
    "client.mail_refused": ("mail", "Withdrew their consent to mail"),
    "client.mail_allowed": ("mail", "Consented to mail again"),
    "client.passkey_added": ("key", "Can open their page with a passkey"),
    "client.wrong_birth_date": ("key", "A wrong date of birth was given on their page"),
    "client.passkey_removed": ("key", "Removed a passkey"),
    "client.passkeys_removed": ("key", "All their passkeys removed"),
    "reminders.stopped": ("reminders", "Reminders stopped"),
    "reminders.paused": ("reminders", "Reminders paused"),
    "reminders.started": ("reminders", "Reminders started again"),
}
UNDELIVERED = {State.FAILED: "did not go out", State.UNCERTAIN: "may not have gone out"}
Before = datetime.datetime | None


def newest(events: Iterable[Event], limit: int) -> list[Event]:
    return sorted(events, key=lambda event: event.at, reverse=True)[:limit]


def _of(client: Client) -> dict[str, Any]:
    return {"practice": client.practice_id, "client": client}


def _earlier(field: str, before: Before) -> Q:
    return Q(**{f"{field}__lt": before}) if before else Q()


# --- mail -------------------------------------------------------------------------------------------------------------


def mail(membership: Membership, client: Client, before: Before, limit: int) -> list[Event]:
    """Of what left, one line a week; each one that did not."""
    return newest(chain(_sent(client, before, limit), _unsent(client, _earlier("due_at", before), limit)), limit)


def _sent(client: Client, before: Before, limit: int) -> Iterator[Event]:
    zone, counts = client.practice.zone, Counter[datetime.date]()
    begun = Q(local_date__lte=days.end_of_week(days.last_begun(before, zone))) if before else Q()

    def weeks(model: type[ReminderRow]) -> Any:
        rows = model._default_manager.filter(begun, **_of(client), state=State.SENT).order_by()
        counted = rows.values(week=TruncWeek("local_date")).annotate(sent=Count("id"))
        return counted.values_list("week", "sent").order_by("-week")[:limit]

    for week, sent in weeks(Reminder).union(weeks(ArchivedReminder), all=True):
        counts[week] += sent
    for week in sorted(counts, reverse=True)[:limit]:
        mails = f"{counts[week]} mail{'' if counts[week] == 1 else 's'} sent"
        url = reverse("clinic:client_mail", args=[client.pk])
        yield Event(days.midnight(week, zone), "mail", mails, url=url, span=f"Week of {days.in_words(week)}")


def _unsent(client: Client, when: Q, limit: int) -> Iterator[Event]:
    def rows(model: type[ReminderRow]) -> Any:
        found = model._default_manager.filter(when, **_of(client), state__in=UNDELIVERED).order_by("-due_at")
        return found.values_list("kind", "state", "due_at", "reason", "seen_at", named=True)[:limit]

    yield from (_went_wrong(row, client) for row in rows(Reminder).union(rows(ArchivedReminder), all=True))


def _went_wrong(row: Any, client: Client) -> Event:
    title = f"{kind_label(row)} {UNDELIVERED[State(row.state)]}"
    url = reverse("clinic:client_mail", args=[client.pk])
    return Event(row.due_at, "mail", title, row.reason, url, status="" if row.seen_at else "needs", news=True)


# --- red flags --------------------------------------------------------------------------------------------------------


def alerts(membership: Membership, client: Client, before: Before, limit: int) -> list[Event]:
    """One line when it was raised, one when a clinician answered it."""
    rows = _alerts(client, before, limit)
    return newest((event for row in rows for event in _flag(row) if not before or event.at < before), limit)


def _alerts(client: Client, before: Before, limit: int) -> list[SafetyAlert]:
    rows = SafetyAlert.objects.filter(_earlier("created_at", before), **_of(client)).select_related("cleared_by")
    found = list(rows[:limit])
    return found if before or len(found) == limit else once.keep(client, "every alert", found)


def open_alerts(client: Client) -> list[SafetyAlert]:
    """The newest first. Without a query where the history on the same page has every alert."""
    every: list[SafetyAlert] | None = once.known(client, "every alert")
    if every is None:
        return list(SafetyAlert.objects.filter(**_of(client)).open())
    return [row for row in every if row.cleared_at is None]


def _flag(row: SafetyAlert) -> Iterator[Event]:
    status = "" if row.cleared_at else "needs"
    yield Event(row.created_at, "flag", row.headline, "; ".join(row.because), status=status)
    if row.cleared_at:
        yield Event(row.cleared_at, "unlock", "Red flag answered", row.cleared_note, by=str(row.cleared_by))


# --- files ------------------------------------------------------------------------------------------------------------


def files(membership: Membership, client: Client, before: Before, limit: int) -> list[Event]:
    rows = ClientFile.objects.filter(_earlier("created_at", before), **_of(client)).kept().select_related("added_by")
    return [_file(row) for row in rows[:limit]]


def _file(row: ClientFile) -> Event:
    url = reverse("clinic:download_file", args=[row.pk])
    by = str(row.added_by or "")
    return Event(row.created_at, "file", f"File added: {row.name}", row.about, url, by, news=True)


# --- the record itself ------------------------------------------------------------------------------------------------


def record(membership: Membership, client: Client, before: Before, limit: int) -> list[Event]:
    rows = AuditEntry.objects.filter(_earlier("created_at", before), **_of(client), verb__in=TOLD)
    return [_write(row, client) for row in rows.select_related("actor_user")[:limit]]


def _write(row: AuditEntry, client: Client) -> Event:
    """News is what the client did by themselves, by the link in a mail."""
    icon, words = TOLD[row.verb]
    until = f" until {days.in_words(datetime.date.fromisoformat(row.facts['until']))}" if "until" in row.facts else ""
    if row.actor_client_id:
        by = str(client)
    else:
        by = (row.actor_user.get_full_name() or "") if row.actor_user else row.actor_machine
    return Event(row.created_at, icon, f"{words}{until}", by=by, news=row.actor_client_id == client.pk)
