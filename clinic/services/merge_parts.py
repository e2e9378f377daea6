"""What of `clinic` itself can't simply move from one client to another."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from clinic.models import Attention, Client, Level, Membership, Message, Reminder, SafetyAlert, State
from clinic.models.base import uuid7

MERGED = "the client was merged with another row"


def mails_told(goes_on: Client, ends: Client) -> Iterator[str]:
    if Reminder.objects.filter(client=ends, state=State.PLANNED).exists():
        yield f"Mails that were planned for {ends.ref} do not leave; those for {goes_on.ref} do."


def settle_mails(goes_on: Client, ends: Client, by: Membership) -> None:
    """Raises ValidationError while a mail to one of the two is leaving: whose it is must not change under it."""
    rows = Reminder.objects.select_for_update().filter(practice_id=by.practice_id)
    if rows.filter(client__in=[goes_on, ends], state=State.CLAIMED).exists():
        raise ValidationError("A mail to one of the two is just leaving. Try again in a minute.")
    planned = rows.filter(client=ends, state=State.PLANNED)
    planned.update(state=State.SKIPPED, reason=MERGED, settled_at=timezone.now())
    days = Reminder.objects.filter(client=goes_on, counted=True).values("local_date")
    rows.filter(client=ends, counted=True, local_date__in=days).update(counted=False)


def settle_messages(goes_on: Client, ends: Client, by: Membership) -> None:
    """A page makes its key by chance: no two are the same unless somebody wanted it."""
    known = Message.objects.filter(client=goes_on).values("sent_key")
    for message in Message.objects.filter(client=ends, sent_key__in=known):
        Message.objects.filter(pk=message.pk).update(sent_key=uuid7())


def drop_attention(goes_on: Client, ends: Client, by: Membership) -> None:
    """Worked out anew for the one who goes on."""
    Attention.objects.filter(client=ends).delete()


def alerts_told(goes_on: Client, ends: Client) -> Iterator[str]:
    open_ones = SafetyAlert.objects.filter(client=ends).open().filter(~Q(level=Level.ASK))
    if open_ones.exists():
        yield f"An open red flag of {ends.ref} locks the programme of {goes_on} until a clinician has answered it."


def logins_told(goes_on: Client, ends: Client) -> Iterator[str]:
    if goes_on.user and ends.user:
        yield f"The log-in of {ends.ref} opens nothing any more; the one of {goes_on.ref} opens everything."
    for name, said in SAID.items():
        if getattr(ends, name) and not getattr(goes_on, name):
            yield f"{goes_on} {said}, as was so for {ends.ref}."


SAID = {
    "email_refused_at": "gets no mail of any kind",
    "reminders_stopped_at": "gets no reminders",
    "reminders_paused_until": "gets no reminders for a while",
}
