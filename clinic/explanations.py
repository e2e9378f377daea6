"""Port: what a finding leads to in the apps above, for the page that explains it.

Register in the app's `clinic_hooks.py`. The page of the findings asks by code and knows nothing about what it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clinic.registry import Registry


@dataclass(frozen=True)
class Consequence:
    """`of(code)` names what a finding of this code may lead to, empty for nothing. It reads no database."""

    key: str
    of: Callable[[str], Sequence[str]]


consequences: Registry[Consequence] = Registry(Consequence)


def of(code: str) -> list[str]:
    """What every app says, in order of registration."""
    return [name for consequence in consequences for name in consequence.of(code)]
