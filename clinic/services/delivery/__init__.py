"""What becomes of our mail after it left: reports of mail services, of a bounce mailbox and of SMTP replies.

1 `addresses` tells which mail a report is about, and which address it went to · 2 `webhooks` and `mailbox` (with
`bounces`) read reports · 3 `events` stores each one once · 4 `effects` follow from all that are stored, not from the
order in which they came.
"""

from __future__ import annotations

from clinic.services.delivery.addresses import return_path
from clinic.services.delivery.effects import dissolve_uncertain
from clinic.services.delivery.events import Report, note, refused_at_once
from clinic.services.delivery.mailbox import Unreachable, read_mailbox

__all__ = [
    "Report", "Unreachable", "dissolve_uncertain", "note", "read_mailbox", "refused_at_once", "return_path",
]  # fmt: skip
