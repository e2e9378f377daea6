"""Port: what an app tells of how the whole practice does. No names of clients, only numbers.

Register in the app's `clinic_hooks.py`. Parts of one title stand together; `clinic` draws them, and writes them as CSV
and JSON.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from clinic.models import STAFF, Practice, Role
from clinic.registry import Registry


@dataclass(frozen=True)
class Row:
    """One line of numbers: `counts` is word → number, in the order in which they are shown."""

    label: str
    counts: Mapping[str, int]
    note: str = ""

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class ReportPart:
    """`rows(practice, since, until)`: days of the practice's calendar, both included. A few statements, no client.

    `about`: what was counted, in words. `shares`: the numbers of a row are parts of a whole. `now`: it tells how things
    stand at this moment, whatever the days. `slow`: it reads what every client did or was measured; where there are
    very many, the page does not wait for it.
    """

    key: str
    order: int
    title: str
    rows: Callable[[Practice, datetime.date, datetime.date], Sequence[Row]]
    about: str = ""
    roles: frozenset[Role] = field(default=STAFF)
    shares: bool = False
    now: bool = False
    slow: bool = False


parts: Registry[ReportPart] = Registry(ReportPart)
