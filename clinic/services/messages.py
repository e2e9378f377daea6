"""A few words between a client and the practice: written, read. Sent twice, a message is kept once."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.models import STAFF, Client, Membership, Message, Reminder, State
from clinic.queries.messages import asked_lately
from clinic.services import attention, audit, clock
from clinic.services.reminders.calendar import end_of_quiet
from clinic.services.reminders.plan import request

LONGEST = 2000
MOST_A_DAY = 40  # by a client: more is a script, or somebody who should call
ANSWER, FIRST = "message", "message_first"  # the mails that say so; see `message_mail`
BETWEEN_MAILS = datetime.timedelta(hours=1)
UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # no person types them, and no database keeps all


@transaction.atomic
def write(
    *, client: Client, text: str, sent_key: uuid.UUID, by: Membership | Client, read: Collection[uuid.UUID] = ()
) -> Message:
    """One message by the client or by somebody of the practice; `read`: the other side's, which they saw meanwhile.

    Raises ValidationError on `text`. A key that was used for other words is no second sending of them.
    """
    _require_side(client, by)
    said = _cleaned(text)
    Client.objects.select_for_update().get(pk=client.pk)  # two taps at once take turns
    author = by if isinstance(by, Membership) else None
    for key in (sent_key, uuid.uuid5(sent_key, said)):
        there = Message.objects.filter(practice_id=client.practice_id, client=client, sent_key=key).first()
        if there is None:
            break
        if (there.text, there.written_by_id) == (said, author and author.pk):
            return there
    else:
        key = uuid.uuid4()
    if author is None:
        _require_few(client)
    message = Message.objects.create(
        practice_id=client.practice_id, client=client, written_by=author, text=said, sent_key=key
    )
    audit.record("message.written", on=message, by=by, client=client)
    mark_read(client=client, messages=read, by=by)
    attention.look_at(client, "message")
    if isinstance(by, Membership):
        _tell(client, by)
    return message


@transaction.atomic
def mark_read(*, client: Client, messages: Collection[uuid.UUID], by: Membership | Client) -> int:
    """Of these messages those that the other side wrote and nobody has read. Returns how many that were."""
    _require_side(client, by)
    if not messages:
        return 0
    reader = by if isinstance(by, Membership) else None
    rows = Message.objects.filter(practice_id=client.practice_id, client=client, pk__in=list(messages)).unread()
    count = rows.filter(written_by__isnull=reader is not None).update(read_at=clock.now(), read_by=reader)
    if count:
        audit.record("message.read", on=client, by=by, client=client, messages=count)
        attention.look_at(client, "message")
    return count


def _require_side(client: Client, by: Membership | Client) -> None:
    if isinstance(by, Membership):
        mine = by.practice_id == client.practice_id and by.is_active and by.role in STAFF
    else:
        mine = by.pk == client.pk
    if not mine:
        raise ValidationError("Messages are between a client and their own practice.")
    if client.archived_at:
        raise ValidationError(f"{client} is archived and has no page to read it on. Bring them back into care first.")


def _require_few(client: Client) -> None:
    rows = Message.objects.filter(practice_id=client.practice_id, client=client).from_clients()
    if rows.filter(created_at__gt=clock.now() - datetime.timedelta(days=1)).count() >= MOST_A_DAY:
        raise ValidationError({"text": [_("That is a lot for one day. Please call your practice.")]})


def _cleaned(text: str) -> str:
    said = UNSPEAKABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not said:
        raise ValidationError({"text": [_("Write a few words first.")]})
    if len(said) > LONGEST:
        line = _("A message has at most %(most)s characters; this one has %(given)s. Send it in two parts.")
        raise ValidationError({"text": [line % {"most": LONGEST, "given": len(said)}]})
    return said


def _tell(client: Client, by: Membership) -> None:
    """One mail for what is written until it leaves; not more than one an hour, and none in the quiet hours."""
    now = clock.now()
    kind = ANSWER if asked_lately(client, now) else FIRST
    mails = Reminder.objects.filter(practice_id=client.practice_id, client=client, kind__in=[ANSWER, FIRST])
    if mails.filter(state=State.PLANNED, kind=kind).exists():
        return
    lately = mails.filter(local_date__gte=client.today - datetime.timedelta(days=2)).exclude(state=State.PLANNED)
    left = [row.settled_at or now for row in lately if row.state in (State.CLAIMED, State.SENT, State.UNCERTAIN)]
    at = max([now, *(moment + BETWEEN_MAILS for moment in left)])
    practice = client.practice
    at = end_of_quiet(at, client.zone, practice.quiet_from, practice.quiet_until) or at
    request(kind=kind, client=client, subject=client.pk, by=by, at=at)
