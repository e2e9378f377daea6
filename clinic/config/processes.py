"""Child processes that live and end together with this one.

They run in sessions of their own, so that Ctrl-C reaches only this process, which then stops them in order.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

STOP_SECONDS = 15
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class DemoStopped(Exception):
    """The demo cannot go on; the text is one sentence for the person at the keyboard."""


class Interrupted(BaseException):
    """Ctrl-C or a request to end."""


@dataclass(frozen=True)
class Children:
    """Python programs, one log file each in `logs`."""

    logs: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, commands: Mapping[str, list[str]], *, cwd: Path, environment: Mapping[str, str]) -> None:
        """`commands`: name -> arguments of the Python interpreter."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with _signals_wait():  # a child that was started and not yet noted would be forgotten
            for name, arguments in commands.items():
                with self.log(name).open("wb") as log:
                    self.running[name] = subprocess.Popen(
                        [sys.executable, *arguments],
                        cwd=cwd,
                        env=environment,
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def all_alive(self) -> None:
        """Raises DemoStopped for one that ended by itself."""
        for name, process in self.running.items():
            if process.poll() is not None:
                raise DemoStopped(
                    f"'{name}' ended by itself (status {process.returncode}), so the demo stops: see {self.log(name)}."
                )

    def watch(self) -> None:
        while True:
            self.all_alive()
            time.sleep(0.5)

    def stop(self) -> None:
        """Ask politely, then insist: after this no child lives, nor a child of one."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Inside, the usual signals to end raise Interrupted."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise Interrupted

    before = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_signals() -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def _signals_wait() -> Iterator[None]:
    """What arrives meanwhile is delivered afterwards. (Blocking them instead would be inherited by the children.)"""
    arrived: list[int] = []
    before = {number: signal.signal(number, lambda got, _: arrived.append(got)) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for got in arrived:
        signal.raise_signal(got)
