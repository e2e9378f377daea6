"""Every report is stored once, whoever sends it how often. Practice and client come from the reminder."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from clinic.models import ArchivedReminder, Client, Delivery, DeliveryEvent, Reminder
from clinic.services import clock
from clinic.services.delivery.addresses import fingerprint
from clinic.services.delivery.effects import follow

SMTP = "smtp"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody says about one mail.

    The mail: `reminder`, or what the mail service calls it (`provider_id`). The address it went to: `recipient`, which
    is not stored, or its fingerprint `sent_to`. `event_id`: the source's name of this report, where it has one.
    """

    what: Delivery
    source: str
    reminder: uuid.UUID | None = None
    provider_id: str = ""
    recipient: str = ""
    sent_to: str = ""
    permanent: bool = False
    code: str = ""
    event_id: str = ""
    happened_at: datetime.datetime | None = None


@transaction.atomic
def note(report: Report) -> bool:
    """Store a report, and do what follows from it. False for one we have, and for mail that is not ours."""
    mail = _find(report)
    if mail is None:
        return False
    # One report about a client after the other: each sees what the one before it left.
    locked = Client.objects.select_for_update(of=("self",), no_key=True).select_related("practice")
    client = locked.get(pk=mail.client_id)
    event, is_new = DeliveryEvent.objects.get_or_create(
        source=report.source,
        event_id=_name(report, mail.pk),
        defaults={
            "practice_id": mail.practice_id,
            "client": client,
            "reminder": mail.pk,
            "what": report.what,
            "permanent": report.permanent,
            "code": report.code[:20],
            "sent_to": report.sent_to or fingerprint(client.pk, report.recipient),
            "happened_at": min(report.happened_at or timezone.now(), timezone.now()),
        },
    )
    if is_new:
        follow(event, client)
    return is_new


def refused_at_once(*, row: Reminder, code: str, permanent: bool) -> bool:
    """The mail server refused the recipient while it was given the mail. Needs `row.client`."""
    now = clock.now()
    report = Report(
        what=Delivery.BOUNCED, source=SMTP, reminder=row.pk, recipient=row.client.email,
        permanent=permanent, code=code, event_id=now.isoformat(), happened_at=now,
    )  # fmt: skip
    return note(report)


def _find(report: Report) -> Reminder | ArchivedReminder | None:
    if report.reminder is not None:
        rows = Reminder.objects.filter(pk=report.reminder)
        return rows.first() or ArchivedReminder.objects.filter(pk=report.reminder).first()
    # Reports come within days; what is archived is older.
    known = report.provider_id and report.provider_id.isprintable()
    rows = Reminder.objects.filter(provider_id=report.provider_id).exclude(provider_id="")
    return rows.order_by().first() if known else None


def _name(report: Report, reminder: uuid.UUID) -> str:
    """The same for the same report. Some services give theirs no name; then its time tells it from another."""
    own = report.event_id or (report.happened_at.isoformat() if report.happened_at else "")
    return hashlib.sha256(f"{reminder} {report.what} {own}".encode(errors="replace")).hexdigest()
