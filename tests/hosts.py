"""Several machines in one: each host is a network namespace with a cable of its own and a name of its own."""

import itertools
import os
import signal
import subprocess
from pathlib import Path

from tests.worker import ROOT

_numbers = itertools.count(1)


class Host:
    """`here` is the address at which this machine is reached from the host.

    Processes run with the host's own name and see only this one link. A context manager; leaving ends all of them.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        number = next(_numbers)
        self._space = f"clinic-{os.getpid()}-{number}"
        self._link = f"cl{os.getpid() % 100000}n{number}"  # at most 15 characters
        net = f"10.{200 + os.getpid() % 50}.{number}"
        self.here, self._there = f"{net}.1", f"{net}.2"
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Host":
        _ip("netns", "add", self._space)
        _ip("link", "add", self._link, "type", "veth", "peer", "name", "eth0", "netns", self._space)
        _ip("address", "add", f"{self.here}/24", "dev", self._link)
        _ip("link", "set", self._link, "up")
        for command in (
            f"address add {self._there}/24 dev eth0",
            "link set eth0 up",
            "link set lo up",
        ):
            _ip("-n", self._space, *command.split())
        return self

    def __exit__(self, *args: object) -> None:
        self.kill()
        _ip("link", "del", self._link)
        _ip("netns", "del", self._space)

    def start(self, command: list[str], *, env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
        rename = 'hostname "$0" && exec "$@"'
        inside = ["ip", "netns", "exec", self._space, "unshare", "--uts", "sh", "-c", rename, self.name]
        with log.open("ab") as out:
            process = subprocess.Popen(
                [*inside, *command], cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True
            )
        self.processes.append(process)
        return process

    def vanish(self) -> None:
        """The cable is pulled: its processes live on and hear nothing, nobody hears them."""
        _ip("link", "set", self._link, "down")

    def come_back(self) -> None:
        _ip("link", "set", self._link, "up")

    def kill(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)
        self.processes.clear()


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
