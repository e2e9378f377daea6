"""Which mail a report is about: a signed token in the envelope sender. Which address it went to: a fingerprint.

The fingerprint tells whether a client still has the address that a mail went to, and keeps no address. Tokens survive
mail systems that write addresses in capitals, and fit into the 64 letters of a local part.
"""

from __future__ import annotations

import base64
import contextlib
import re
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from clinic.models import Reminder

ID, FINGERPRINT, SIGNATURE = 26, 8, 13  # letters of base 32: five bits each
LONGEST_LOCAL_PART = 64 - (1 + ID + FINGERPRINT + SIGNATURE)
TOKEN = re.compile(rb"\+([a-z2-7]{34})([a-z2-7]{13})@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SentMail:
    """What a genuine token says."""

    reminder: uuid.UUID
    sent_to: str


def return_path(reminder: Reminder, *, otherwise: str) -> str:
    """The envelope sender of this mail; `otherwise` where nobody reads a bounce mailbox. Needs `reminder.client`."""
    address: str = getattr(settings, "MAIL_BOUNCE_ADDRESS", "")
    if not address:
        return otherwise
    local, _, domain = address.rpartition("@")
    return f"{local}+{token(reminder)}@{domain}"


def token(reminder: Reminder) -> str:
    named = _base32(reminder.pk.bytes)[:ID] + fingerprint(reminder.client_id, reminder.client.email)
    return named + _mac("token", named, settings.SECRET_KEY)[:SIGNATURE]


def read_token(text: bytes) -> SentMail | None:
    """The first genuine token in `text`, wherever it stands: nobody else can have made it."""
    for found in TOKEN.finditer(text):
        named, signature = (part.decode().lower() for part in found.groups())
        if any(constant_time_compare(_mac("token", named, key)[:SIGNATURE], signature) for key in _keys()):
            packed = base64.b32decode(named[:ID].upper() + "======")
            return SentMail(uuid.UUID(bytes=packed), named[ID:])
    return None


def fingerprint(client_id: uuid.UUID, address: str) -> str:
    """Of an address among those of one client; empty for none."""
    return (
        _mac("address", f"{client_id} {_written_alike(address)}", settings.SECRET_KEY)[:FINGERPRINT] if address else ""
    )


def _written_alike(address: str) -> str:
    """As people mean it: capitals say nothing, and a domain has one spelling."""
    local, _, domain = address.strip().casefold().rpartition("@")
    with contextlib.suppress(UnicodeError):  # no domain of the mail system: it is like itself only
        domain = domain.encode("idna").decode()
    return f"{local}@{domain}"


def _mac(purpose: str, text: str, key: str | bytes) -> str:
    return _base32(salted_hmac(f"clinic.delivery.{purpose}", text, secret=key, algorithm="sha256").digest())


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().lower()


def _keys() -> list[str | bytes]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
