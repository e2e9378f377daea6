"""What mail services report by webhook. django-anymail checks who sends it and brings it into one form."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.utils.timezone import is_naive, make_aware

from clinic.models import Delivery
from clinic.services.delivery.codes import code_in, is_permanent
from clinic.services.delivery.events import Report, note

# What else there is (opened, clicked, queued, sent) is dropped unseen. Whoever presses the service's own "unsubscribe"
# wants what whoever complains wants.
KNOWN = {
    EventType.DELIVERED: Delivery.DELIVERED,
    EventType.DEFERRED: Delivery.DEFERRED,
    EventType.BOUNCED: Delivery.BOUNCED,
    EventType.REJECTED: Delivery.REJECTED,
    EventType.FAILED: Delivery.REJECTED,
    EventType.COMPLAINED: Delivery.COMPLAINED,
    EventType.UNSUBSCRIBED: Delivery.COMPLAINED,
}
NO_SUCH_ADDRESS = (RejectReason.INVALID, RejectReason.BOUNCED)  # of a refusal; a bounce has it for every cause

# Where a service itself says whether a bounce is for good: the way through its report, and the words for "yes".
# Services that give codes only are judged by the code.
FOR_GOOD: dict[str, tuple[tuple[str, ...], tuple[object, ...]]] = {
    "Postmark": (("Type",), ("HardBounce",)),
    "Amazon SES": (("bounce", "bounceType"), ("Permanent",)),
    "SendGrid": (("type",), ("bounce",)),
    "Brevo": (("event",), ("hard_bounce", "invalid_email")),
    "Mailjet": (("hard_bounce",), (True,)),
    "Mandrill": (("event",), ("hard_bounce",)),
    "Resend": (("data", "bounce", "type"), ("Permanent",)),
    "MailerSend": (("data", "type"), ("hard_bounced",)),
    "Mailtrap": (("event",), ("bounce",)),
    "SparkPost": (("msys", "message_event", "bounce_class"), ("10", "30", "90")),
    "Unisender Go": (("event_data", "status"), ("hard_bounced",)),
}
CODED = (("bounce", "bouncedRecipients", "status"), ("event-data", "delivery-status", "enhanced-code"), ("status",))

UUID_IN = re.compile(r"<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:@|$)", re.IGNORECASE)


def receive(sender: object, event: AnymailTrackingEvent, esp_name: str, **more: object) -> None:
    """Receiver of anymail's `tracking` signal. An error reaches the service, which then tries again."""
    if report := as_report(event, esp_name):
        note(report)


def as_report(event: AnymailTrackingEvent, service: str) -> Report | None:
    """None for what nobody needs to know."""
    what = KNOWN.get(event.event_type)
    if what is None:
        return None
    code = _code(event)
    message_id = str(event.message_id or "")
    return Report(
        what=what,
        source=service,
        reminder=_reminder(event, message_id),
        provider_id=message_id,
        recipient=str(event.recipient or ""),
        permanent=_is_for_good(event, service, what, code),
        code=code,
        event_id=str(event.event_id or ""),
        happened_at=make_aware(event.timestamp) if event.timestamp and is_naive(event.timestamp) else event.timestamp,
    )


def _reminder(event: AnymailTrackingEvent, message_id: str) -> uuid.UUID | None:
    """From what we gave along: metadata; a tag, where a service knows no metadata; our own Message-ID."""
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    tags = event.tags if isinstance(event.tags, list) else []
    found = (UUID_IN.match(str(text)) for text in (metadata.get("reminder"), *tags, message_id))
    return next((uuid.UUID(one.group(1)) for one in found if one), None)


def _is_for_good(event: AnymailTrackingEvent, service: str, what: Delivery, code: str) -> bool:
    if what == Delivery.REJECTED:
        return event.reject_reason in NO_SUCH_ADDRESS
    if what != Delivery.BOUNCED:
        return False
    way, yes = FOR_GOOD.get(service, ((), ()))
    said = list(_values(event.esp_event, way)) if way else []
    return said[0] in yes if said else is_permanent(code)


def _code(event: AnymailTrackingEvent) -> str:
    said = [str(value) for way in CODED for value in _values(event.esp_event, way)]
    return next((code for text in [*said, str(event.mta_response or "")] if (code := code_in(text))), "")


def _values(data: Any, way: Iterable[str]) -> list[Any]:
    """What stands at the end of the way, in each item where lists are met; nothing where the way ends before."""
    found = [data]
    for name in way:
        items = [item for one in found for item in (one if isinstance(one, list) else [one])]
        found = [item[name] for item in items if isinstance(item, dict) and name in item]
    return found
