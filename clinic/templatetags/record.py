"""The banner that stands on every page about a client."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from clinic.access import current_membership
from clinic.models import Client
from clinic.queries import record, reminders

register = template.Library()
UNREMARKABLE = ("fine", "waiting")


@register.simple_tag(takes_context=True)
def banner_of(context: Context, client: Client) -> record.Banner | None:
    """Whose record this is, as far as the one who looks may know. Read once a request; None outside of one."""
    request = context.get("request")
    membership = current_membership(request) if request is not None else None
    if membership is None:
        return None
    known: dict[Any, record.Banner] = request.__dict__.setdefault("_banners", {})
    if client.pk not in known:
        known[client.pk] = record.banner_of(membership, client)
    return known[client.pk]


@register.simple_tag
def reminders_worth_saying(client: Client) -> dict[str, str] | None:
    """`status` and `words` where reminders do not go out, without a query; an open question says so by itself."""
    status, words = reminders.reminders_of(client, locked=False)
    return None if client.archived_at or status in UNREMARKABLE else {"status": status, "words": words}
