"""Scenarios register themselves by a sentence. They fill a stage, start its processes, and do harm.

    @scenario("A worker is killed after it claimed", short=True)
    def _(stage): ...

The runner then waits until every row has its end, and draws up the account.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults.account import Account, Allowed
from tests.faults.stage import Stage

FOLDER = Path(__file__).parent / "scenarios"


@dataclass(frozen=True)
class Scenario:
    """`short`: runs with `make test` too. `seconds`: longer than this it may not take."""

    name: str
    play: Callable[[Stage], None]
    allowed: Allowed
    short: bool
    seconds: int
    group: str

    def run(self, folder: Path, *, without: str = "", patience: float = 90) -> Account:
        with Stage(folder, without=without, patience=patience) as stage:
            self.play(stage)
            stage.settle()
            return stage.account(self.allowed)


SCENARIOS: dict[str, Scenario] = {}


def scenario(
    name: str,
    *,
    short: bool = False,
    uncertain: int = 0,
    skipped: int | None = 0,
    failed: int | None = 0,
    seconds: int = 200,
) -> Callable[[Callable[[Stage], None]], Callable[[Stage], None]]:
    """`uncertain`: at most so many. `skipped`, `failed`: exactly so many, None for any number."""

    def register(play: Callable[[Stage], None]) -> Callable[[Stage], None]:
        if name in SCENARIOS:
            raise ValueError(f"Two scenarios are called {name!r}.")
        allowed = Allowed(uncertain, skipped, failed)
        group = play.__module__.rpartition(".")[2]
        SCENARIOS[name] = Scenario(name, play, allowed, short, seconds, group)
        return play

    return register


def load() -> dict[str, Scenario]:
    """All of them, in the order of the files' names and of their lines."""
    for path in sorted(FOLDER.glob("*.py")):
        importlib.import_module(f"tests.faults.scenarios.{path.stem}")
    return SCENARIOS
