"""The two tables: what became of each scenario, and which guard matters."""

from __future__ import annotations

import datetime
import json
import os
import platform
import subprocess
from pathlib import Path

from tests.faults.account import Account
from tests.faults.guards import GUARDS
from tests.faults.play import ROOT
from tests.faults.scenario import load

COLUMNS = ["planned", "sent", "skipped", "failed", "uncertain", "duplicates", "lost"]
HEAD = ["scenario", *COLUMNS, "allowed", "verdict"]
GUARD_HEAD = ["guard removed", "scenario that must break", "breaks", "how"]

INTRODUCTION = """
Every scenario runs real processes on a real PostgreSQL against a real SMTP server, which writes down what it accepted,
whoever was killed. *lost*: rows without an end, and rows called sent that the server never took. *duplicates*: the
same Message-ID accepted more than once. *allowed*: what the scenario itself makes unavoidable, at most one uncertain
mail for each killed process or each connection lost after the message left.
"""
GUARDS_MATTER = """## Each guard matters

The guard is taken out of the running processes (`tests/faults/guards.py`), and the scenario is played again.
"""


class Report:
    """Filled while tests run, in any order."""

    def __init__(self) -> None:
        self._accounts: dict[str, list[str]] = {}
        self._guards: dict[str, tuple[bool, str]] = {}

    def tell(self, scenario: str, account: Account | str) -> None:
        """The account, or a sentence why there is none."""
        self._accounts[scenario] = _row(scenario, account)

    def tell_guard(self, key: str, breaks: bool, how: str) -> None:
        self._guards[key] = (breaks, how)

    def is_empty(self) -> bool:
        return not self._accounts and not self._guards

    def is_whole(self) -> bool:
        """Whether every scenario and every guard was tried."""
        return set(self._accounts) >= set(load()) and set(self._guards) >= set(GUARDS)

    def rows(self) -> list[list[str]]:
        return [self._accounts[name] for name in load() if name in self._accounts]

    def keep(self, file: Path) -> None:
        """What was not played this time stands as it was last time, so that a part can be played again."""
        before = json.loads(file.read_text()) if file.exists() else {"scenarios": {}, "guards": {}}
        self._accounts = {**before["scenarios"], **self._accounts}
        self._guards = {**before["guards"], **self._guards}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"scenarios": self._accounts, "guards": self._guards}))

    def guard_rows(self) -> list[list[str]]:
        tried = [(guard, *self._guards[key]) for key, guard in GUARDS.items() if key in self._guards]
        return [[guard.name, guard.breaks, "yes" if breaks else "NO", how] for guard, breaks, how in tried]

    def lines(self) -> list[str]:
        """Both tables for a terminal."""
        tables = [(HEAD, self.rows()), (GUARD_HEAD, self.guard_rows())]
        return [line for head, rows in tables if rows for line in [*_aligned([head, *rows]), ""]]

    def document(self) -> str:
        now = datetime.datetime.now(datetime.UTC)
        version = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
        ).stdout.strip()
        machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
        return "\n".join(
            [
                "# What faults do to reminders",
                "",
                f"Written by `make faults` on {now:%-d %B %Y, %H:%M} UTC, version {version or 'unknown'}, {machine}.",
                INTRODUCTION,
                *_markdown(HEAD, self.rows()),
                "",
                GUARDS_MATTER,
                *_markdown(GUARD_HEAD, self.guard_rows()),
                "",
            ]
        )


def _row(name: str, account: Account | str) -> list[str]:
    if isinstance(account, str):
        return [name, *[""] * len(COLUMNS), "", account]
    counts = [account.planned, *(account.states[state] for state in COLUMNS[1:5]), account.duplicates, account.lost]
    return [name, *map(str, counts), str(account.allowed), "; ".join(account.breaches()) or "fine"]


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _markdown(head: list[str], rows: list[list[str]]) -> list[str]:
    rule = ["--:" if name in COLUMNS else "---" for name in head]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in [head, rule, *rows]]
