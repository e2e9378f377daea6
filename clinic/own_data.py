"""Port: what a client gets of an app's rows when they ask for everything about them.

Every model that refers to a client is registered by its app in `clinic_hooks.py`, in or out with a reason, and so is
every field of those that are in: `tests/clinic/test_own_data.py` fails where nobody decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise

from clinic.models import Client
from clinic.registry import Registry

Label = str | Promise  # translated when the document is made
BOOKKEEPING = frozenset({"id", "practice", "client"})


@dataclass(frozen=True)
class Part:
    """`key`: the model's label. Left out as a whole: `because`. Otherwise `fields` with their labels are given, and
    those of `without` are not, each with the reason; `rows(client)` narrows which rows, and `more(row)` adds in words
    what belongs to one, as pairs of label and value."""

    key: str
    title: Label = ""
    order: int = 50
    fields: Mapping[str, Label] = field(default_factory=dict)
    without: Mapping[str, str] = field(default_factory=dict)
    because: str = ""
    rows: Callable[[Client], Iterable[models.Model]] | None = None
    more: Callable[[Any], Iterable[tuple[Label, Any]]] | None = None


parts: Registry[Part] = Registry(Part)


def given() -> list[Part]:
    """What is not left out, in order."""
    return sorted((part for part in parts if not part.because), key=lambda part: part.order)
