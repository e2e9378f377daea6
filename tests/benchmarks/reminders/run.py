"""One run of one way: processes first, then the rows, then the clock; counted from outside by the sink."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.smtp_sink import Sink

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 120.0  # seconds for a run


@dataclass(frozen=True)
class Measured:
    """`cpu` of the way's own processes, in seconds; `memory` of the largest of them, in bytes."""

    mails: int
    seconds: float
    cpu: float
    memory: int

    @property
    def per_second(self) -> float:
        return self.mails / self.seconds

    @property
    def cpu_per_thousand(self) -> float:
        return self.cpu / self.mails * 1000


class Process:
    """A process of `process.py`: ready when made."""

    def __init__(self, function: str, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.reminders.process", function]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._read() == "ready"

    def go(self) -> None:
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def done(self) -> dict[str, float]:
        return json.loads(self._read())

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _read(self) -> str:
        line = self._process.stdout.readline().strip()
        assert line, f"a measured process ended early: {self._process.args}"
        return line


@contextlib.contextmanager
def processes(function: str, count: int, environment: dict[str, str]) -> Iterator[list[Process]]:
    started: list[Process] = []
    try:
        for _ in range(count):
            started.append(Process(function, environment))
        yield started
    finally:
        for one in started:
            one.end()


def measure(workers: Sequence[Process], sink: Sink, mails: int, helpers: Sequence[int] = ()) -> Measured:
    """Let go and wait until every mail has arrived exactly once. `helpers`: ids of more processes of this way."""
    before, cpu = sink.count(), cpu_of(helpers)
    start = time.perf_counter()
    for worker in workers:
        worker.go()
    said = [worker.done() for worker in workers]
    while sink.count() - before < mails:
        assert time.perf_counter() - start < PATIENCE, f"{sink.count() - before} of {mails} mails arrived"
        time.sleep(0.01)
    seconds = time.perf_counter() - start
    assert sink.count() - before == mails, "more mails arrived than were due"
    assert sink.duplicates() == 0
    used = sum(one["cpu"] for one in said) + cpu_of(helpers) - cpu
    return Measured(mails, seconds, used, int(max(one["memory"] for one in said)))


def cpu_of(helpers: Sequence[int]) -> float:
    """Seconds of these processes and their children."""
    tree = [one for pid in helpers for one in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))]
    return sum(sum(one.cpu_times()[:2]) for one in tree)
