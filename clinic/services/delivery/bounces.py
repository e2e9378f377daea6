"""A message of the bounce mailbox as a report: delivery reports (RFC 3464), complaints (RFC 5965), plain bounces.

Anybody can write to that mailbox, and much that comes there is no report: holiday notes, receipts, advertising. Only
what carries one of our tokens counts, and says nothing but what its status says.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.message import Message
from email.parser import HeaderParser
from email.utils import parseaddr, parsedate_to_datetime

from clinic.models import Delivery
from clinic.services.delivery.addresses import read_token
from clinic.services.delivery.codes import code_in, is_permanent
from clinic.services.delivery.events import Report

MAILBOX = "mailbox"
OLDEST = datetime.timedelta(days=30)
STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
ACTIONS = {"failed": Delivery.BOUNCED, "delayed": Delivery.DEFERRED, "delivered": Delivery.DELIVERED}
COMPLAINTS = ("abuse", "fraud")
MAIL_SYSTEMS = ("mailer-daemon", "postmaster")
REPLY_CODE = re.compile(r"(?<![\d.])([45]\d\d)[ -]")

Told = tuple[Delivery, str]  # what happened, and the status code


def read(raw: bytes, now: datetime.datetime) -> Report | None:
    """None for what is no report about a mail of ours. Never raises."""
    sent = read_token(raw)
    if sent is None:
        return None
    message = message_from_bytes(raw)
    told = _told(message)
    if told is None:
        return None
    what, code = told
    return Report(
        what=what,
        permanent=what == Delivery.BOUNCED and is_permanent(code),
        code=code,
        source=MAILBOX,
        reminder=sent.reminder,
        sent_to=sent.sent_to,
        event_id=_header(message, "Message-ID") or hashlib.sha256(raw).hexdigest(),
        happened_at=_date(message, now),
    )


def _told(message: Message) -> Told | None:
    parts = {part.get_content_type(): part for part in _outer_parts(message)}
    for kind in STATUS_PARTS:
        if kind in parts:
            return _of_recipients(_fields(parts[kind]))
    if "message/feedback-report" in parts:
        kinds = [_header(block, "Feedback-Type").lower() for block in _fields(parts["message/feedback-report"])]
        return (Delivery.COMPLAINED, "") if set(kinds) & set(COMPLAINTS) else None
    return _of_plain_text(message) if _is_from_a_mail_system(message) else None


def _outer_parts(message: Message) -> Iterator[Message]:
    """The parts of a message, without what stands in a message that is attached."""
    yield message
    if message.get_content_maintype() == "multipart" and isinstance(message.get_payload(), list):
        for part in message.get_payload():
            yield from _outer_parts(part)  # type: ignore[arg-type]


def _fields(part: Message) -> list[Message]:
    """The blocks of `Name: value` lines of a report, whether Python has taken them apart or not."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return [block for one in payload for block in _fields_of_text(one.as_string())]  # type: ignore[union-attr]
    return _fields_of_text(str(payload))


def _fields_of_text(text: str) -> list[Message]:
    blocks = re.split(r"\r?\n[ \t]*\r?\n", text.strip())
    return [HeaderParser().parsestr(block) for block in blocks if block.strip()]


def _of_recipients(blocks: Iterable[Message]) -> Told | None:
    """The worst of what is said about each recipient; a mail of ours has one."""
    order = [Delivery.BOUNCED, Delivery.DELIVERED, Delivery.DEFERRED]
    found = [(ACTIONS[action], _code(block)) for block in blocks if (action := _action(block)) in ACTIONS]
    return min(found, key=lambda told: order.index(told[0]), default=None)


def _action(block: Message) -> str:
    words = _header(block, "Action").lower().split()
    return words[0] if words else ""


def _code(block: Message) -> str:
    """The status; where it says nothing (5.0.0), the one that the other server gave."""
    status, diagnostic = code_in(_header(block, "Status")), code_in(_header(block, "Diagnostic-Code"))
    return diagnostic if diagnostic and (not status or status.endswith(".0.0")) else status


# --- plain bounces ----------------------------------------------------------------------------------------------------


def _is_from_a_mail_system(message: Message) -> bool:
    """A holiday note, too, comes from nobody (`<>`), but not from a mail system's own address."""
    if _header(message, "Auto-Submitted").lower().startswith("auto-replied"):
        return False
    local = parseaddr(_header(message, "From"))[1].rpartition("@")[0] or parseaddr(_header(message, "From"))[1]
    return local.lower() in MAIL_SYSTEMS


def _of_plain_text(message: Message) -> Told | None:
    """By the first code in the text; without one nothing is known."""
    text = next((_text(part) for part in _outer_parts(message) if part.get_content_type() == "text/plain"), "")
    code = code_in(text)
    reply = REPLY_CODE.search(text)
    said = code or (reply.group(1) if reply else "")
    if not said:
        return None
    return (Delivery.BOUNCED if said.startswith("5") else Delivery.DEFERRED), said


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("ascii", errors="replace") if isinstance(payload, bytes) else ""


# --- headers ----------------------------------------------------------------------------------------------------------


def _header(message: Message, name: str) -> str:
    return str(message.get(name, "")).strip()


def _date(message: Message, now: datetime.datetime) -> datetime.datetime:
    """When it was written; now, where that is not said or cannot be."""
    try:
        written = parsedate_to_datetime(_header(message, "Date"))
        written = written if written.tzinfo else written.replace(tzinfo=datetime.UTC)
        return written if now - OLDEST < written < now else now
    except (ValueError, TypeError, OverflowError):
        return now
