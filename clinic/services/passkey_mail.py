"""The mail that a passkey was added: whoever held the client's link once could add one, and it outlasts every link."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from clinic import links
from clinic.mail import letter
from clinic.models import Reminder
from clinic.queries.logins import Added, added
from clinic.reminders import Letter, ReminderKind
from clinic.services.logins import ADDED

PURPOSE = "passkey_added"
SUBJECT = _("A passkey was added to your page")


class PasskeyAdded(ReminderKind):
    """It leaves at once, at night too: who did it is awake, and who did not should know. The subject of a row is the
    entry of the audit that says so. A second copy does no harm."""

    key = ADDED
    label = "A passkey was added"
    requested = True
    counts = False
    waits_for_answers = False
    resend_uncertain = True

    def unwanted(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, str]:
        told = added([row.subject for row in reminders])
        gone = [row for row in reminders if row.subject not in told or told[row.subject].passkey is None]
        return {row.pk: "The passkey is removed already." for row in gone}

    def compose(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, Letter]:
        told = added([row.subject for row in reminders])
        return {row.pk: compose(row, told[row.subject]) for row in reminders}


def compose(row: Reminder, what: Added) -> Letter:
    """When, on the client's clock, and on what. Its link removes that passkey and opens nothing."""
    href = links.absolute("clinic:passkey_added", links.sign(PURPOSE, row.subject))
    at = what.at.astimezone(row.client.zone)
    return letter(row, "clinic/mail/passkey_added", subject=SUBJECT, at=at, device=what.device, href=href)
