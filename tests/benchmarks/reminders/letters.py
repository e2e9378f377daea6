"""What the compared ways have in common: a due row, written as Django's documentation would have a team write it.

By Django's own functions only: when the engine learns to write cheaper, the comparison stays what it was.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from email.utils import parseaddr

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from clinic.models import Client, Practice, Reminder, State
from clinic.reminders import kinds
from clinic.services.logos import without_logo
from clinic.services.reminders.message import build
from treatments.services.home_stretch import HomeStretch

SUBJECT = "Your part for today"
TEMPLATE = "treatments/mail/home_stretch"
AT_ONCE = 500


def due() -> Iterator[list[Reminder]]:
    """Due rows with client and practice, so many at once, one query each time."""
    rows = Reminder.objects.filter(state=State.PLANNED).order_by("not_before", "id")
    seen = 0
    while some := list(rows.select_related("client", "practice")[seen : seen + AT_ONCE]):
        yield some
        seen += len(some)


def link(view: str, purpose: str, row_id: uuid.UUID) -> str:
    token = signing.TimestampSigner(salt=f"clinic.links.{purpose}").sign(signing.b62_encode(row_id.int))
    return settings.PUBLIC_URL + reverse(view, args=[token])


def message(row: Reminder) -> EmailMultiAlternatives:
    """The same mail as the engine's: same templates, three links, unsubscribe headers, a Message-ID of the row."""
    stop = link("clinic:unsubscribe", "unsubscribe", row.client_id)
    values = {
        "practice": row.practice,
        "client": row.client,
        "subject": SUBJECT,
        "unsubscribe_url": stop,
        "settings_url": link("clinic:preferences", "portal", row.client_id),
        "url": link("treatments:portal", "portal", row.client_id),
    }
    made = EmailMultiAlternatives(
        SUBJECT,
        render_to_string(f"{TEMPLATE}.txt", values),
        sender(row),
        [f"{row.client} <{row.client.email}>"],
        reply_to=[f"{row.practice.name} <{row.practice.reply_to}>"],
        headers=headers(row, stop),
    )
    made.attach_alternative(render_to_string(f"{TEMPLATE}.html", values), "text/html")
    return made


def mark(rows: list[Reminder]) -> None:
    """All of them in one statement: nothing is accounted singly."""
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.SENT)


def sender(row: Reminder) -> str:
    return f"{row.practice.name} <{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}>"


def headers(row: Reminder, stop: str) -> dict[str, str]:
    return {
        "Message-ID": f"<{row.pk}@localhost>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def write_one(*, ours: bool) -> None:
    """A mail to nobody."""
    practice = without_logo(Practice(name="P", reply_to="p@practice.example"))
    client = Client(practice=practice, given_name="A", family_name="B", email="a@clients.example")
    row = Reminder(practice=practice, client=client, kind=HomeStretch.key, subject=uuid.uuid4())
    if ours:
        build(row, HomeStretch().compose([row])[row.pk], kinds[row.kind])
    else:
        message(row)
