"""The mail that says that something waits in the portal, and not what."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from clinic import links
from clinic.mail import letter
from clinic.models import Message, Reminder, State
from clinic.reminders import Letter, ReminderKind
from clinic.services.messages import ANSWER, FIRST


class MessageFirst(ReminderKind):
    """The practice wrote by itself: a stop, a pause and quiet hours hold it back like every mail; it gives nothing to
    do, so an open red flag does not. The subject of a row is the client: one mail, however many messages wait."""

    key = FIRST
    label = "Message from the practice"
    counts = False
    waits_for_answers = False
    resend_uncertain = True

    def unwanted(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, str]:
        clients = [row.client_id for row in reminders]
        waiting = set(
            Message.objects.filter(client__in=clients).from_practice().unread().values_list("client", flat=True)
        )
        reasons = {row.pk: "The client has read it already." for row in reminders if row.client_id not in waiting}
        return reasons | {row.pk: "Another mail says it." for row in self.said_by_another(reminders)}

    def said_by_another(self, reminders: Sequence[Reminder]) -> Sequence[Reminder]:
        clients = [row.client_id for row in reminders]
        answers = Reminder.objects.filter(client__in=clients, kind=ANSWER, state__in=[State.PLANNED, State.CLAIMED])
        told = set(answers.values_list("client", flat=True))
        return [row for row in reminders if row.client_id in told]

    def compose(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, Letter]:
        return {row.pk: compose(row) for row in reminders}


class MessageAnswer(MessageFirst):
    """The answer to what a client wrote: they asked for it, so a stop or pause of reminders does not hold it back.
    When it may leave at the earliest, after the quiet hours, stands in the row."""

    key = ANSWER
    label = "Answer to a message"
    requested = True

    def said_by_another(self, reminders: Sequence[Reminder]) -> Sequence[Reminder]:
        return ()


def compose(row: Reminder) -> Letter:
    with translation.override(row.client.speaks):
        subject = _("A message from %(practice)s") % {"practice": row.practice.name}
        href = links.absolute("clinic:portal_messages", links.sign("portal", row.client_id))
        return letter(row, "clinic/mail/message", subject=subject, href=href)
