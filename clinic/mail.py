"""Letters from templates: `<template>.txt` and `<template>.html`, extending `clinic/mail/base.txt` and `base.html`."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise

from clinic.models import Reminder
from clinic.reminders import Letter, kinds
from clinic.services.reminders.message import unsubscribe_link


def letter(row: Reminder, template: str, *, subject: str | Promise, **context: Any) -> Letter:
    """The mail of one row, in the client's language: a lazy `subject` too. The templates see `practice`, `client`,
    `subject`, `unsubscribe_url` and `context`."""
    with translation.override(row.client.speaks):
        return _letter(row, template, str(subject), context)


def _letter(row: Reminder, template: str, subject: str, context: dict[str, Any]) -> Letter:
    unsubscribe_url = "" if kinds[row.kind].requested else unsubscribe_link(row.client)
    values = {
        "practice": row.practice,
        "client": row.client,
        "subject": subject,
        "unsubscribe_url": unsubscribe_url,
        **context,
    }
    text = render_to_string(f"{template}.txt", values)
    html = render_to_string(f"{template}.html", values)
    return Letter(subject, text.strip() + "\n", html.strip() + "\n", unsubscribe_url=unsubscribe_url)
