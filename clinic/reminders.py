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

from clinic.models import Client, Reminder
from clinic.registry import Registry


@dataclass(frozen=True)
class Image:
    """A picture that travels inside the mail: the HTML shows it as `cid:<cid>`, and nothing is fetched from anywhere.

    `cid` names what it shows, never whom: letters, digits, dots and dashes. `width`: as shown, in pixels.
    """

    cid: str
    media_type: str
    content: bytes
    width: int


@dataclass(frozen=True)
class Letter:
    """One mail. Subject and preheader are neutral: no diagnosis, no body part, no exercise.

    `unsubscribe_url`: the link that the bodies show, for the header; left out, the engine makes one.
    """

    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)
    unsubscribe_url: str = ""
    images: tuple[Image, ...] = ()


class ReminderKind(ABC):
    """One kind of message.

    `requested`: somebody just asked for this mail (an intake link), so a stop or pause of reminders, an open red flag,
    quiet hours and the daily cap do not hold it back. `counts`: it takes the client's one message of the day.
    `waits_for_answers`: an open red flag holds it back, as it asks the client to do something; a stop or pause always
    does. `resend_uncertain`: a person may send an uncertain one again.
    """

    key: str
    label: str
    requested: bool = False
    counts: bool = True
    waits_for_answers: bool = True
    resend_uncertain: bool = False

    def plan(self, *, now: datetime.datetime, until: datetime.datetime) -> int:
        """Insert the rows due from `now` to `until`, by `services.reminders.insert_occurrences`. Returns how many; a
        `Planned` of `services.reminders.plan`, where one call makes only a portion of them.

        Called again and again for windows that overlap; `now` lies in the past after an outage.
        """
        return 0

    @abstractmethod
    def unwanted(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, str]:
        """Of rows about to be sent, those that current state speaks against: reminder id → reason, a plain sentence.

        The whole staff reads it: no health data. Rows come with `client` and `practice` loaded; one query for all.
        """

    @abstractmethod
    def compose(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, Letter]:
        """The mail of each row, by reminder id, best made by `clinic.mail.letter`. Rows come as in `unwanted`."""

    def why_not(self, client: Client, day: datetime.date) -> str:
        """Why no row of this kind is there for that day of the client's calendar: a plain sentence; "" if unknown.

        The whole staff reads it: no health data. The client comes with `practice` loaded.
        """
        return ""

    def once_more(self, client: Client, at: datetime.datetime) -> bool:
        """The client wants today's mail of this kind (again) at `at`, later on their day: plan it. False where there
        is nothing to say today."""
        return False

    def not_now(self, client: Client) -> str:
        """Why none of these mails comes for the time being, as the client is told, in their language; "" where they
        come. What the client chose themself is known without."""
        return ""

    def sample(self, client: Client, detail: str) -> Letter | None:
        """How this mail looks to a client who lets it say so much (a `MailDetail`); None where it does not depend on
        that. Nothing is kept, and its links act for nobody."""
        return None

    @property
    def plans(self) -> bool:
        """Whether any of it comes due by itself: only then it is planned at each tick."""
        return type(self).plan is not ReminderKind.plan

    @property
    def takes_the_day(self) -> bool:
        return self.counts and not self.requested


kinds: Registry[ReminderKind] = Registry(ReminderKind)  # type: ignore[type-abstract]
