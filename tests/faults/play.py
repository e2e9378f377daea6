"""A process of a scenario: a bare worker, Celery's worker, or its beat."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
BARE = [sys.executable, "-u", "-m", "tests.faults.worker_process"]
CELERY = [sys.executable, "-m", "celery", "-A", "clinic.config"]
QUIET = ["--loglevel=INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]


class Unplayed(AssertionError):
    """The scenario did not take place as written, so it shows nothing."""


def celery_worker(pool: str, concurrency: int) -> list[str]:
    return [*CELERY, "worker", f"--pool={pool}", f"--concurrency={concurrency}", *QUIET]


def celery_beat(schedule: Path) -> list[str]:
    return [*CELERY, "beat", "--loglevel=INFO", f"--schedule={schedule}"]


class Process:
    """Started, in a process group of its own. `ready` in its output says that it is at work."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path, ready: str) -> None:
        self.log, self._ready = log, ready
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=dict(environment), stdout=out, stderr=out, start_new_session=True
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def text(self) -> str:
        return self.log.read_text(errors="replace")

    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait_ready(self, seconds: float = 60) -> Process:
        self._wait(lambda: self._ready in self.text() or not self.is_running(), seconds, "did not start")
        return self

    def wait_killed(self, seconds: float = 40) -> None:
        """Until it has killed itself. Raises Unplayed when it goes on living, or ends in another way."""
        self._wait(lambda: not self.is_running(), seconds, "was to die and did not")
        if self._process.returncode != -signal.SIGKILL:
            raise Unplayed(f"A process ended by itself ({self._process.returncode}): {self.text()[-2000:]}")

    def wait_frozen(self, seconds: float = 60) -> None:
        self._wait(lambda: psutil.Process(self.pid).status() == psutil.STATUS_STOPPED, seconds, "was to freeze")

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.pid).children(recursive=True)

    def kill_alone(self) -> None:
        """SIGKILL, and its children live on."""
        self._process.kill()
        self._process.wait(20)

    def freeze(self) -> None:
        os.killpg(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.killpg(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL for it and its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait(20)

    def stop(self, seconds: float = 30) -> None:
        """SIGTERM: it may finish what it is doing."""
        self._process.terminate()
        self._process.wait(seconds)

    def _wait(self, true, seconds: float, message: str) -> None:
        wait_until(true, seconds, f"A process {message}: {self.log.name}")


def wait_until(true, seconds: float = 60, message: str = "It never happened"):
    """Ask again and again; returns what `true()` gave. Raises Unplayed."""
    deadline = time.monotonic() + seconds
    while not (result := true()):
        if time.monotonic() > deadline:
            raise Unplayed(message)
        time.sleep(0.02)
    return result
