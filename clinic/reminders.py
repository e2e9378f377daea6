"""Port: what an app wants said to a client, and whether it is still wanted.

Register a kind in the app's `clinic_hooks.py`. The engine (`clinic.services.reminders`) plans, claims, re-checks,
sends, settles and sweeps; a kind only answers questions about its own rows.
"""

from __future__ import annotations

import datetime
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clinic.models import Reminder
from clinic.registry import Registry


@dataclass(frozen=True)
class Letter:
    """One mail. Subject and preheader are neutral: no diagnosis, no body part, no exercise."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)


class ReminderKind(ABC):
    """One kind of message. `requested` mail (an intake link somebody just asked for) ignores quiet hours and the daily
    cap and a stop of reminders; `resend_uncertain` says whether a person may send an uncertain one again."""

    key: str
    label: str
    requested: bool = False
    resend_uncertain: bool = False

    def plan(self, *, now: datetime.datetime, until: datetime.datetime) -> int:
        """Insert the rows that fall due in the window, set-based, ignoring those that exist. Returns how many."""
        return 0

    @abstractmethod
    def unwanted(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, str]:
        """Of rows about to be sent, those that current state speaks against: reminder id → reason, in plain words."""

    @abstractmethod
    def compose(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, Letter]:
        """The mail of each row, by reminder id. Rows come with `client` and `practice` loaded."""


kinds: Registry[ReminderKind] = Registry(ReminderKind)  # type: ignore[type-abstract]
