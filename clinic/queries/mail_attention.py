"""What needs somebody about mail: addresses that came back, and mail that failed or may not have arrived."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.urls import reverse
from django.utils import timezone

from clinic.attention import Action, AttentionKind, day_of
from clinic.models import Attention, State
from clinic.queries.holding import unreachable
from clinic.queries.reminders import LATELY
from clinic.reminders import kinds as mails

DAY = "%-d %B %Y"


class MailBounced(AttentionKind):
    """Mail to the address came back, and somebody would have got some lately."""

    key = "mail_bounced"
    label = "Address to correct"
    icon = "mail"
    rank = 30
    every = datetime.timedelta(minutes=10)
    parameters: ClassVar[dict[str, object]] = {"lately": LATELY}
    so = """
        SELECT c.practice_id, c.id AS client_id, c.id AS subject, c.email_bounced_at AS since,
               jsonb_build_object('on', (c.email_bounced_at AT TIME ZONE p.timezone)::date, 'address', c.email) AS facts
          FROM clinic_client c JOIN clinic_practice p ON p.id = c.practice_id
         WHERE c.email_bounced_at IS NOT NULL AND c.archived_at IS NULL AND c.email_refused_at IS NULL AND {scope}
           AND EXISTS (SELECT FROM clinic_reminder r
                        WHERE r.practice_id = c.practice_id AND r.client_id = c.id
                          AND r.due_at >= %(now)s::timestamptz - %(lately)s::interval)
    """

    def sentence(self, row: Attention) -> str:
        return f"Mail to {row.facts['address']} came back on {day_of(row, 'on'):{DAY}}."

    def action(self, row: Attention) -> Action:
        return Action("Correct the address", reverse("clinic:change_client", args=[row.client_id]))


class MailUncertain(AttentionKind):
    """A mail failed, or nobody knows whether it arrived, and nobody has looked at it. A wrong address is told above."""

    key = "mail_uncertain"
    label = "Mail that failed or is uncertain"
    icon = "mail"
    rank = 40
    so = """
        SELECT r.practice_id, r.client_id, r.id AS subject, COALESCE(r.settled_at, r.due_at) AS since,
               jsonb_build_object('mail', r.kind, 'state', r.state, 'day', r.local_date, 'reason', r.reason) AS facts
          FROM clinic_reminder r JOIN clinic_client c ON c.id = r.client_id
         WHERE r.state IN ('failed', 'uncertain') AND r.seen_at IS NULL AND c.archived_at IS NULL
           AND c.email_bounced_at IS NULL AND {scope}
    """
    of_practice, of_client = "r.practice_id", "r.client_id"

    def sentence(self, row: Attention) -> str:
        facts, day = row.facts, f"{day_of(row, 'day'):{DAY}}"
        name = mails[facts["mail"]].label if facts["mail"] in mails else facts["mail"]
        if facts["state"] == State.FAILED:
            return f"{name} of {day} failed. {facts['reason']}".strip()
        return f"{name} of {day} may not have arrived: ask the client. {facts['reason']}".strip()

    def action(self, row: Attention) -> Action:
        if self.may_go_again(row):
            return Action("Send again", reverse("clinic:reminder_resend", args=[row.subject]), post=True)
        return Action("Seen", reverse("clinic:reminder_seen", args=[row.subject]), post=True)

    def may_go_again(self, row: Attention) -> bool:
        """As `sentences.may_be_sent_again` says of the mail itself, which is asked once more at the moment of it."""
        facts, client = row.facts, row.client
        if facts["mail"] not in mails or unreachable(client):
            return False
        kind = mails[facts["mail"]]
        on_time = kind.requested or timezone.now().astimezone(client.zone).date() <= day_of(row, "day")
        return on_time and (facts["state"] == State.FAILED or kind.resend_uncertain)
