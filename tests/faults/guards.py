"""The engine's guards, each with the change that takes it away and the scenario that breaks without it.

`remove` runs in the processes of a scenario, never here: nothing of the product is changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    """`name` in words, `breaks` the scenario that is then outside the law."""

    key: str
    name: str
    breaks: str
    take_away: Callable[[], None]


GUARDS: dict[str, Guard] = {}


def guard(key: str, name: str, *, breaks: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def register(take_away: Callable[[], None]) -> Callable[[], None]:
        GUARDS[key] = Guard(key, name, breaks, take_away)
        return take_away

    return register


def remove(key: str) -> None:
    GUARDS[key].take_away()


def cut(module: str, name: str, what: str, instead: str) -> None:
    """Replace a part of a statement of the engine; it must be there."""
    from tests.faults.inside import engine

    where = engine(module)
    statement = getattr(where, name)
    if what not in statement:
        raise LookupError(f"{what!r} is not in {module}.{name}: the guard has changed, change its removal too.")
    setattr(where, name, statement.replace(what, instead))


@guard(
    "sweep-rule",
    "The sweep plans again only what was not handed over",
    breaks="A worker is killed after the dot, before the answer",
)
def _() -> None:
    cut("sweep", "SWEEP", "handing_over_at IS NULL", "true")
