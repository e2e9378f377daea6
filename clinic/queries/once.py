"""What several parts of one page read of the same client, read once.

A page that only shows a client calls `begin` with it; what is then read by `of`, or told by `keep`, stays on that very
object. Anywhere else nothing stays: whoever writes in between reads anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from clinic.models import Client

Found = TypeVar("Found")


def begin(client: Client) -> None:
    client.__dict__["_read_once"] = {}


def of(client: Client, what: str, read: Callable[[], Found]) -> Found:
    """`read()`, or what it said before."""
    found: Found | None = known(client, what)
    return keep(client, what, read()) if found is None else found


def keep(client: Client, what: str, found: Found) -> Found:
    client.__dict__.get("_read_once", {})[what] = found
    return found


def known(client: Client, what: str) -> Any:
    """None for what was not read on this page."""
    return client.__dict__.get("_read_once", {}).get(what)
