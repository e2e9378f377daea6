"""Several machines in one: each host is a network namespace with a cable of its own and a name of its own."""

import itertools
import os
import subprocess

_numbers = itertools.count(1)


class Host:
    """`here` is the address at which this machine is reached from the host.

    Processes run with the host's own name and see only this one link. `contained`: they have process numbers of their
    own. A context manager; end its processes before it.
    """

    def __init__(self, name: str, *, contained: bool = False) -> None:
        self.name = name
        self._apart = ["--uts", *(["--pid", "--fork", "--mount-proc"] if contained else [])]
        number = next(_numbers)
        self._space = f"clinic-{os.getpid()}-{number}"
        self._link = f"cl{os.getpid() % 100000}n{number}"  # at most 15 characters
        net = f"10.{200 + os.getpid() % 50}.{number}"
        self.here, self._there = f"{net}.1", f"{net}.2"

    def __enter__(self) -> "Host":
        _ip("netns", "add", self._space)
        _ip("link", "add", self._link, "type", "veth", "peer", "name", "eth0", "netns", self._space)
        _ip("address", "add", f"{self.here}/24", "dev", self._link)
        _ip("link", "set", self._link, "up")
        for command in (f"address add {self._there}/24 dev eth0", "link set eth0 up", "link set lo up"):
            _ip("-n", self._space, *command.split())
        return self

    def __exit__(self, *args: object) -> None:
        _ip("link", "del", self._link)
        _ip("netns", "del", self._space)

    def inside(self, command: list[str]) -> list[str]:
        """The command line that runs `command` on this host."""
        rename = 'hostname "$0" && exec "$@"'
        return ["ip", "netns", "exec", self._space, "unshare", *self._apart, "sh", "-c", rename, self.name, *command]

    def vanish(self) -> None:
        """The cable is pulled: its processes live on and hear nothing, nobody hears them."""
        _ip("link", "set", self._link, "down")

    def come_back(self) -> None:
        _ip("link", "set", self._link, "up")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
