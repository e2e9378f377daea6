"""Two people change one row: what each of them typed is kept, and where both typed, the second one is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

LONGEST_SHOWN = 60


def texts(row: models.Model, names: tuple[str, ...]) -> dict[str, str]:
    """The fields as plain text: what a form remembers that its reader saw."""
    return {name: row._meta.get_field(name).value_to_string(row) for name in names}  # type: ignore[union-attr]


def merge(current: models.Model, seen: Mapping[str, str], given: Mapping[str, Any]) -> list[str]:
    """Set on `current` (locked) what differs from what the editor saw; returns the fields that changed.

    Raises ValidationError by field where somebody else put another value there in between.
    """
    names = tuple(given)
    typed = type(current)(**given)
    mine, now = texts(typed, names), texts(current, names)
    touched = [name for name in names if mine[name] not in (seen.get(name), now[name])]
    if wrong := {name: [_line(current, name)] for name in touched if now[name] != seen.get(name)}:
        raise ValidationError(wrong)
    for name in touched:
        setattr(current, name, given[name])
    return sorted(touched)


def _line(current: models.Model, name: str) -> str:
    shown = getattr(current, f"get_{name}_display", None)
    value = shown() if shown else getattr(current, name)
    said = f"is now “{str(value)[:LONGEST_SHOWN]}”" if value not in (None, "") else "is empty now"
    return f"Somebody changed this in the meantime: it {said}. Save again to put yours in its place."
