"""The mail that says that a questionnaire waits on the client's page, once; what is asked, and why, stands only there.

It is planned when a clinician asks, for the next day on which the client wants mail. What did not leave then, because
of a pause, a red flag or another mail of that day, is looked for every hour, and so is what was asked for a later day:
requests that are open and in no mail, which are few. So a change of the client's days or a pause needs no row changed.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Mapping, Sequence
from itertools import groupby

from django.utils import translation
from django.utils.translation import gettext as _

from assessments.models import QuestionnaireRequest
from assessments.queries.asked import OFFERED, Sheet
from assessments.queries.asked_mail import KIND, leaves_at, minutes, not_said
from clinic import links
from clinic.mail import letter, portal_token
from clinic.models import Client, Reminder
from clinic.queries import holding
from clinic.reminders import Letter, ReminderKind
from clinic.services import clock

logger = logging.getLogger(__name__)


def plan_for(client: Client, waits: Sequence[QuestionnaireRequest], now: datetime.datetime) -> int:
    """One mail for all of them, unless something speaks against it now. Returns how many rows that made."""
    at = leaves_at(client, min(row.due_on for row in waits), now) if waits else None
    if at is None or holding.unreachable(client):
        return 0
    first = waits[0]
    row = Reminder(
        practice_id=client.practice_id, client=client, kind=KIND, subject=first.pk,
        local_date=at.astimezone(client.zone).date(), due_at=at, not_before=at,
    )  # fmt: skip
    return len(Reminder.objects.bulk_create([row], ignore_conflicts=True))


def plan_after_asking(client: Client) -> int:
    now = clock.now()
    return plan_for(client, list(not_said(now, client)), now)


class QuestionnaireAsked(ReminderKind):
    """The client's one message of the day; a stop, a pause and an open red flag hold it back. The subject of a row is
    the first request that waits, and the mail leads to all of them."""

    key = KIND
    label = "Questions on the client's page"

    def plan(self, *, now: datetime.datetime, until: datetime.datetime) -> int:
        """Once an hour."""
        at = clock.now()
        if at.replace(minute=0, second=0, microsecond=0) <= now:
            return 0
        made = 0
        for client, rows in groupby(not_said(at), key=lambda row: row.client):
            try:
                made += plan_for(client, list(rows), at)
            except (LookupError, ValueError):  # a zone that this machine does not know is no reason to forget others
                logger.exception("The mail about questions to client %s cannot be planned.", client.pk)
        return made

    def unwanted(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, str]:
        """One query for a batch."""
        waiting = sheets_of(reminders)
        reasons = {row.pk: reason(row, waiting[row.pk]) for row in reminders}
        return {pk: text for pk, text in reasons.items() if text}

    def compose(self, reminders: Sequence[Reminder]) -> Mapping[uuid.UUID, Letter]:
        """One query for a batch."""
        waiting = sheets_of(reminders)
        return {row.pk: compose(row, waiting[row.pk]) for row in reminders}


def sheets_of(reminders: Sequence[Reminder]) -> dict[uuid.UUID, list[Sheet]]:
    """What each mail is about: all that waits for that client on its day."""
    clients = {row.client_id for row in reminders}
    found = QuestionnaireRequest.objects.open().filter(client__in=clients, questionnaire__in=list(OFFERED))
    rows = list(found.order_by("due_on", "id"))
    return {
        mail.pk: [Sheet(row) for row in rows if row.client_id == mail.client_id and row.due_on <= mail.local_date]
        for mail in reminders
    }


def reason(row: Reminder, waiting: list[Sheet]) -> str:
    """Why this mail is not wanted any more, in plain words; empty when it is."""
    if not waiting:
        return "It is answered already, or not asked for any more."
    return holding.unwished_by(row.client, row.local_date)


def compose(row: Reminder, waiting: list[Sheet]) -> Letter:
    """How long it takes; not what is asked. What was begun comes first, as on the page of today."""
    first = next((sheet for sheet in waiting if sheet.begun), waiting[0])
    token = portal_token(row)
    href = links.absolute("assessments:portal_questionnaire", token, first.request.pk)
    with translation.override(row.client.speaks):
        subject = _("A few questions from %(practice)s") % {"practice": row.practice.name}
    return letter(
        row, "assessments/mail/asked", subject=subject, href=href, minutes=minutes(waiting),
        today_url=links.absolute("treatments:portal", token),
    )  # fmt: skip
