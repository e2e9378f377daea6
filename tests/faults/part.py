"""What one process of a scenario is told; it travels in the environment variable FAULTS_PART, as JSON."""

from __future__ import annotations

import dataclasses
import json
import os
from dataclasses import dataclass, field
from typing import Any

VARIABLE = "FAULTS_PART"


@dataclass(frozen=True)
class Part:
    """`at` names a step of `inside.STEPS`: the `nth` time it gets there the process does `act` to itself.

    `rules` are CLINIC["reminders"], durations in seconds. `without` is a guard of `guards.GUARDS` that is taken away.
    """

    at: str = ""
    nth: int = 1
    act: str = "kill"  # or "freeze": SIGSTOP, until somebody sends SIGCONT
    without: str = ""
    threads: int = 1  # of a bare worker: so many ticks at the same time
    email_timeout: float = 20  # seconds
    tick: float = 0.5  # seconds from one tick of beat to the next
    plan_until: float = 0  # seconds since 1970: the kind `hourly` has no mails after that
    broken_templates: bool = False  # no letter can be written in this process
    clock_good_for: float | None = None  # seconds, until this process asks for the database's time again
    rules: dict[str, Any] = field(default_factory=dict)

    def as_environment(self) -> dict[str, str]:
        return {VARIABLE: json.dumps(dataclasses.asdict(self))}


def mine() -> Part:
    return Part(**json.loads(os.environ.get(VARIABLE, "{}")))
