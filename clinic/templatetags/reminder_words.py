"""The state of a client's reminders, as every page words it."""

from __future__ import annotations

from django import template

from clinic.models import Client
from clinic.queries import reminders

register = template.Library()


@register.simple_tag
def reminders_of(client: Client, locked: bool | None = None) -> dict[str, str]:
    """`status` (the badge's colour) and `words`.

    `locked`: whether an open question holds them back; left out, it is what lists annotated (`with_locks`), else asked.
    """
    if locked is None:
        known = getattr(client, "is_locked", None)
        locked = reminders.is_locked(client) if known is None else known
    status, words = reminders.reminders_of(client, locked)
    return {"status": status, "words": words}
