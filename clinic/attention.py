"""Port: what needs somebody. An app registers kinds in `clinic_hooks.py`; `clinic` looks around, lists and puts off.

A kind is one statement that says for whom it is so, and words for the row that comes of it. The rows are found ahead
(`services.attention`), so that a page reads a few of them by an index however many clients there are.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import ClassVar

from clinic.models import STAFF, Attention, Role
from clinic.registry import Registry

ROUND = datetime.timedelta(minutes=2)


@dataclass(frozen=True)
class Action:
    """A thing to do about it. `post`: a button that does it; otherwise a link to where it is done."""

    label: str
    url: str
    post: bool = False
    fields: tuple[tuple[str, str], ...] = ()  # of the POST


class AttentionKind:
    """Why somebody may need a person.

    `so`: a SELECT of practice_id, client_id, subject, since (timestamptz) and facts (jsonb), one row for each subject
    of which it is so now. `{scope}` in it narrows to one practice or one client by the columns `of_practice` and
    `of_client`; %(now)s is the instant. Plain values only, so that rows change when something changed, and days as
    dates, so that no sentence ages. `parameters`: more values by name.
    """

    key: ClassVar[str]
    label: ClassVar[str]
    icon: ClassVar[str] = "info"
    rank: ClassVar[int]  # of this kind alone; lower comes first
    roles: ClassVar[frozenset[Role]] = STAFF
    every: ClassVar[datetime.timedelta] = ROUND  # how often all are looked at
    so: ClassVar[str]
    parameters: ClassVar[dict[str, object]] = {}
    of_practice: ClassVar[str] = "c.practice_id"
    of_client: ClassVar[str] = "c.id"

    def sentence(self, row: Attention) -> str:
        """Why it is here, in plain words with its numbers and dates."""
        raise NotImplementedError

    def action(self, row: Attention) -> Action:
        raise NotImplementedError

    def others(self, row: Attention) -> list[Action]:
        """What else can be done about it right here, in one tap each: few, most often nothing."""
        return []


kinds: Registry[AttentionKind] = Registry(AttentionKind)


def kinds_for(role: str) -> list[AttentionKind]:
    """What this role sees, the gravest first."""
    return sorted((kind for kind in kinds if role in kind.roles), key=lambda kind: kind.rank)


def day_of(row: Attention, name: str) -> datetime.date:
    """A day among the facts."""
    return datetime.date.fromisoformat(row.facts[name])
