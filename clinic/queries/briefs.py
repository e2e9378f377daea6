"""What to know before the door opens, of everybody who comes on a day; the part that `clinic` knows by itself."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from clinic.models import Client, Membership, SafetyAlert
from clinic.panels import Line

Lines = dict[uuid.UUID, list[Line]]


def red_flags(membership: Membership, clients: Sequence[Client]) -> Lines:
    """Questions that nobody has answered yet. One query."""
    rows = SafetyAlert.objects.filter(practice=membership.practice_id, client__in=clients).open()
    found: Lines = {}
    for alert in rows.order_by("-created_at"):
        text = f"{alert.get_level_display()}: {' '.join(alert.because)}"
        line = Line(text, "needs" if alert.locks_programme else "waiting", "flag")
        found.setdefault(alert.client_id, []).append(line)
    return found
