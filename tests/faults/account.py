"""The law, for every scenario the same: every planned mail ends in one final state, none is lost, none comes twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

FINAL = ("sent", "skipped", "failed", "uncertain")


@dataclass(frozen=True)
class Row:
    """What the database says of one planned mail."""

    id: str
    state: str
    reason: str


@dataclass(frozen=True)
class Allowed:
    """`uncertain`: at most so many. `skipped`, `failed`: exactly so many, None for any number."""

    uncertain: int = 0
    skipped: int | None = 0
    failed: int | None = 0

    def __str__(self) -> str:
        exact = [f"{name} {count}" for name in ("skipped", "failed") if (count := getattr(self, name))]
        free = [f"any {name}" for name in ("skipped", "failed") if getattr(self, name) is None]
        return ", ".join([*([f"uncertain ≤ {self.uncertain}"] if self.uncertain else []), *exact, *free]) or "–"


@dataclass(frozen=True)
class Account:
    """`lost`: without an end, without a row, or called sent though no server took it. `strays`: taken by the server
    though the row says otherwise, or there is none. `mute`: not sent, and no reason given."""

    planned: int
    states: Counter[str]
    duplicates: int
    lost: int
    strays: int
    mute: int
    allowed: Allowed
    seen: tuple[str, ...] = ()  # what the scenario itself found wrong

    def breaches(self) -> list[str]:
        """What breaks the law, as sentences; empty when all is well."""
        told = [
            f"{count} {what}"
            for count, what in [
                (self.lost, "lost"),
                (self.duplicates, "came twice"),
                (self.strays, "arrived though the row says otherwise"),
                (self.mute, "without a reason"),
            ]
            if count
        ]
        if self.states["uncertain"] > self.allowed.uncertain:
            told.append(f"{self.states['uncertain']} uncertain, allowed are {self.allowed.uncertain}")
        for name in ("skipped", "failed"):
            wanted = getattr(self.allowed, name)
            if wanted is not None and self.states[name] != wanted:
                told.append(f"{self.states[name]} {name}, it should be {wanted}")
        return [*told, *self.seen]


def account(
    rows: Sequence[Row], accepted: Sequence[str], *, planned: int, allowed: Allowed, seen: Sequence[str] = ()
) -> Account:
    """`accepted`: the row ids of the Message-IDs that the mail server took, as often as it took them."""
    states = Counter(row.state for row in rows)
    copies = Counter(accepted)
    unfinished = sum(row.state not in FINAL for row in rows)
    not_there = sum(row.state == "sent" and row.id not in copies for row in rows)
    may_arrive = {row.id for row in rows if row.state in ("sent", "uncertain")}
    return Account(
        planned=planned,
        states=states,
        duplicates=sum(copies.values()) - len(copies),
        lost=unfinished + not_there + max(planned - len(rows), 0),
        strays=len(set(copies) - may_arrive) + max(len(rows) - planned, 0),
        mute=sum(row.state in FINAL and row.state != "sent" and not row.reason for row in rows),
        allowed=allowed,
        seen=tuple(seen),
    )
