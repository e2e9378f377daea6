"""What a mail server can answer, in the words of the row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from clinic.models import State
from clinic.services.delivery.codes import is_permanent

NO_SUCH_RECIPIENT = (550, 551, 552, 553, 556)
SENDERS = ("5.1.7", "5.1.8")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`bounced`: it came back because of the recipient, for good where `permanent`. `down`: the server, not the mail,
    is the trouble; stop for now. `provider_id`: what the mail service calls it. `code`: status of RFC 3463, or what the
    server replied."""

    state: State
    reason: str = ""
    bounced: bool = False
    permanent: bool = False
    down: bool = False
    provider_id: str = ""
    code: str = ""


SENT = Outcome(State.SENT)
BROKEN_OFF = Outcome(State.PLANNED, "The connection to the mail server broke before the mail had left.")
UNANSWERED = Outcome(
    State.UNCERTAIN, "The mail server took the mail but did not answer: it may or may not have arrived.", down=True
)


def server_down(code: int | None = None) -> Outcome:
    """Nothing has left, and no other mail would: tried again without this counting as an attempt."""
    said = f" ({code})" if code else ""
    return Outcome(State.PLANNED, f"The mail server did not take mail{said}.", down=True)


def refused(code: int, answer: bytes, *, recipient: bool) -> Outcome:
    """From an SMTP reply to the recipient or to the message. What else the server said may name a person: left out."""
    enhanced = re.match(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b", answer)
    status = enhanced.group(1).decode() if enhanced else ""
    said = f"{code} {status}".strip()
    if code < 500:
        return Outcome(State.PLANNED, f"The mail server asked to try again later ({said}).")
    bounced = recipient and code in NO_SUCH_RECIPIENT and _about_the_address(status)
    if bounced and is_permanent(status):
        reason = f"The mail server knows no such address ({said})."
        return Outcome(State.FAILED, reason, bounced=True, permanent=True, code=status)
    who = "the recipient" if recipient else "the message"
    reason = f"The mail server refused {who} ({said})."
    return Outcome(State.FAILED, reason, bounced=bounced, code=status or str(code))


def _about_the_address(status: str) -> bool:
    """Addresses and mailboxes, or no word about why. The rest may be our own fault, such as a log-in."""
    return not status or (status.startswith(("5.1.", "5.2.")) and status not in SENDERS)
