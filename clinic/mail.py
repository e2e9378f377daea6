"""Letters from templates: `<template>.txt` and `<template>.html`, extending `clinic/mail/base.txt` and `base.html`."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise

from clinic import links
from clinic.models import Reminder
from clinic.reminders import Image, Letter, kinds
from clinic.services import logos
from clinic.services.reminders.message import unsubscribe_link

#: A page that shows a mail as mail programs do: its own styles and the pictures inside it, and nothing else.
SHOWN_ALONE = {
    **dict.fromkeys(["script-src", "font-src", "connect-src", "manifest-src", "form-action"]),
    "img-src": ["data:"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "sandbox": [""],
}


def letter(
    row: Reminder, template: str, *, subject: str | Promise, images: tuple[Image, ...] = (), **context: Any
) -> Letter:
    """The mail of one row, in the client's language: a lazy `subject` too. The templates see `practice`, `client`,
    `subject`, `settings_url`, `unsubscribe_url` and `context`; `images` are shown as `cid:`."""
    with translation.override(row.client.speaks):
        return _letter(row, template, str(subject), images, context)


def _letter(row: Reminder, template: str, subject: str, images: tuple[Image, ...], context: dict[str, Any]) -> Letter:
    asked_for = kinds[row.kind].requested
    unsubscribe_url = "" if asked_for else unsubscribe_link(row.client)
    logo = logos.of(row.practice)
    values = {
        "practice": row.practice,
        "client": row.client,
        "subject": subject,
        "logo": logo,
        "settings_url": "" if asked_for else links.absolute("clinic:preferences", portal_token(row)),
        "unsubscribe_url": unsubscribe_url,
        **context,
    }
    text = render_to_string(f"{template}.txt", values)
    html = render_to_string(f"{template}.html", values)
    inside = (logo, *images) if logo else images
    return Letter(subject, text.strip() + "\n", html.strip() + "\n", unsubscribe_url=unsubscribe_url, images=inside)


def portal_token(row: Reminder) -> str:
    """Signed once a mail, however many of its links need it."""
    known: str | None = row.__dict__.get("_portal_token")
    if known is None:
        known = row.__dict__["_portal_token"] = links.sign("portal", row.client_id)
    return known


def as_page(made: Letter) -> str:
    """The HTML with its pictures inside, for a page of ours."""
    html = made.html
    for image in made.images:
        html = html.replace(f"cid:{image.cid}", logos.data_address(image))
    return html
