"""A row and its letter as a message with addresses and headers."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.utils import timezone

from clinic import links
from clinic.models import Client, Reminder
from clinic.reminders import Letter, ReminderKind

# The default of 78 makes Python encode a long link in a header as if it were foreign text.
POLICY = SMTP.clone(max_line_length=990)


@dataclass(frozen=True, slots=True)
class Mail:
    """What goes over the line: envelope, message, and the message as bytes."""

    sender: str
    to: str
    message: EmailMessage
    data: bytes


def build(row: Reminder, letter: Letter, kind: ReminderKind) -> Mail:
    """Raises ValueError for what no header can hold, such as a line break."""
    sender, to = ascii_address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1]), ascii_address(row.client.email)
    message = EmailMessage(policy=POLICY)
    message["Subject"] = letter.subject
    message["From"] = Address(row.practice.name, addr_spec=sender)
    message["To"] = Address(str(row.client), addr_spec=to)
    if row.practice.reply_to:
        message["Reply-To"] = Address(row.practice.name, addr_spec=ascii_address(row.practice.reply_to))
    message["Date"] = format_datetime(timezone.now())
    message["Message-ID"] = message_id(row, sender)
    message["Auto-Submitted"] = "auto-generated"
    headers = dict(letter.headers) if kind.requested else {**unsubscribe_headers(row.client), **letter.headers}
    for name, value in headers.items():
        message[name] = value
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return Mail(sender, to, message, message.as_bytes())


def message_id(row: Reminder, sender: str) -> str:
    """Always the same for a row: a copy that comes again can be told."""
    return f"<{row.pk}@{sender.rpartition('@')[2]}>"


def unsubscribe_link(client: Client) -> str:
    return links.absolute("clinic:unsubscribe", links.sign("unsubscribe", client.pk))


def unsubscribe_headers(client: Client) -> dict[str, str]:
    """One click in the mail program stops reminders (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_link(client)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def ascii_address(address: str) -> str:
    """The address with its domain as the mail system writes it (IDNA)."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"
