"""What current state says against a mail. The check right before sending asks this, and so do pages beforehand."""

from __future__ import annotations

import datetime

from clinic.models import Client


def unreachable(client: Client) -> str:
    """Why no mail of any kind goes to a client: a plain sentence, or ""."""
    if client.archived_at:
        return "The client is archived."
    if client.email_refused_at:
        return "The client withdrew their consent to mail."
    if not client.email:
        return "The client has no e-mail address."
    return "Mail to the client's address came back." if client.email_bounced_at else ""


def held_back(client: Client, day: datetime.date, *, locked: bool) -> str:
    """Why no reminder goes to a client on a day of theirs; `locked`: a question about them is open."""
    if client.reminders_stopped_at:
        return "The client stopped reminders."
    if client.reminders_paused_until and day < client.reminders_paused_until:
        return f"Reminders are paused until {client.reminders_paused_until:%-d %B %Y}."
    return "A clinician has to answer a question about this client first." if locked else ""
