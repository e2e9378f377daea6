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


def unwished_by(client: Client, day: datetime.date) -> str:
    """Why a client wants no mail on that day of theirs; what they put off comes as another row."""
    if client.reminders_skipped_on == day:
        return "The client wanted nothing more on that day."
    if client.snoozed_until and client.snoozed_until.astimezone(client.zone).date() == day:
        return "The client chose another time for that day."
    if client.reminder_days is not None and day.isoweekday() not in client.reminder_days:
        return "The client wants no such mail on that day of the week."
    return ""
