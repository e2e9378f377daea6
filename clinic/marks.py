"""Port: what was done for a client on a day, to be marked beside what was measured.

`assessments` draws what changed and knows nothing of sessions and programmes; the app that knows them registers here.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clinic.models import Client, Membership
from clinic.registry import Registry


@dataclass(frozen=True)
class Mark:
    """`kind`: session, or programme. `text`: what was done, in a few words."""

    day: datetime.date
    kind: str
    text: str


@dataclass(frozen=True)
class Provider:
    """`of(membership, client)`: everything that was done, as far as this member may know it."""

    key: str
    of: Callable[[Membership, Client], Sequence[Mark]]


providers: Registry[Provider] = Registry(Provider)


def of(membership: Membership, client: Client) -> list[Mark]:
    """Oldest first."""
    return sorted((mark for each in providers for mark in each.of(membership, client)), key=lambda mark: mark.day)
