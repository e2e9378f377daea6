"""Undo instead of “are you sure?”: what was just done is said, with a button beside it that takes it back.

The message lives until the next page, as every message does; the button is a form of its own and needs no JavaScript.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

MARK = "undo "


@dataclass(frozen=True)
class Undo:
    """A POST to `url` with `fields`, (name, value) one after the other."""

    url: str
    fields: tuple[tuple[str, str], ...]
    label: str


def offer(
    request: HttpRequest,
    text: str,
    *,
    url: str,
    fields: Mapping[str, str | Sequence[str]] | None = None,
    label: str = "Undo",
) -> None:
    """Say `text` on the next page, with a button that posts `fields` (a list: one field several times) to `url`.

    The message waits in the session, on the server, for the next page.
    """
    pairs = [
        (name, str(value))
        for name, given in (fields or {}).items()
        for value in ([given] if isinstance(given, str) else given)
    ]
    messages.success(request, text, extra_tags=MARK + json.dumps({"url": url, "fields": pairs, "label": label}))


def of_message(message: Message) -> Undo | None:
    """What takes back what this message says; None where nothing was offered."""
    tags = message.extra_tags or ""
    if not tags.startswith(MARK):
        return None
    told = json.loads(tags.removeprefix(MARK))
    return Undo(told["url"], tuple((name, value) for name, value in told["fields"]), told["label"])
