"""Port: what becomes of an app's rows when a person who was here twice becomes one.

Every model that refers to a client is registered by its app in `clinic_hooks.py`; a merge refuses to begin where one is
not. All rows move to the client who goes on. What can't simply move is settled before: `settle` ends, joins or drops it
on either side, and `told` says so on the page where somebody confirms the merge, without changing anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from clinic.models import Client, Membership
from clinic.registry import Registry


@dataclass(frozen=True)
class Part:
    """`key`: the model's label. `one`, `many`: what people call its rows. The two clients are always given in this
    order: who goes on, who ends."""

    key: str
    one: str
    many: str
    told: Callable[[Client, Client], Iterable[str]] | None = None
    settle: Callable[[Client, Client, Membership], None] | None = None


parts: Registry[Part] = Registry(Part)
