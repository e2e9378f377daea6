"""What tests need of the machine beside Python. `python -m tests.machine --install` gets it where it can.

A test says `@pytest.mark.needs("redis")`. What is missing is named at the end of the run, and is a failure under CI.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests import chromium


@dataclass(frozen=True)
class Need:
    """`obstacle` is one sentence about what is missing, empty when nothing is."""

    packages: tuple[str, ...]
    obstacle: Callable[[], str]


RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"  # the one on the PATH changes to a user of its own


def _redis() -> str:
    if shutil.which("redis-server"):
        return ""
    return "No Redis found: install it (Debian: apt-get install redis-server)."


def _rabbitmq() -> str:
    if os.path.exists(RABBITMQ) and shutil.which("epmd"):
        return ""
    return "No RabbitMQ found: install it (Debian: apt-get install rabbitmq-server)."


@cache
def _pango() -> str:
    """Asked of a process of its own: one that failed to import it keeps half of it."""
    asked = subprocess.run([sys.executable, "-W", "error", "-c", "import weasyprint"], capture_output=True, check=False)
    return "" if asked.returncode == 0 else f"No Pango found: install it (Debian: apt-get install {' '.join(PANGO)})."


@cache
def _namespaces() -> str:
    if not shutil.which("ip") or not shutil.which("unshare"):
        return "No tool for network namespaces found: install it (Debian: apt-get install iproute2)."
    allowed = subprocess.run(["unshare", "--net", "--uts", "true"], capture_output=True, check=False).returncode == 0
    return "" if allowed else "This user may not make network namespaces: run the tests as root."


PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
NEEDS = {
    "browser": Need(chromium.PACKAGES, chromium.obstacle),
    "redis": Need(("redis-server",), _redis),
    "rabbitmq": Need(("rabbitmq-server",), _rabbitmq),
    "paper": Need(PANGO, _pango),
    "namespaces": Need(("iproute2",), _namespaces),
}


def obstacle(name: str) -> str:
    """Why tests that need `name` cannot run here; empty when they can."""
    return NEEDS[name].obstacle()


def skip_without(name: str) -> None:
    """Skips the running test where `name` is missing, and fails it under CI."""
    if why := obstacle(name):
        if os.environ.get("CI"):
            pytest.fail(why, pytrace=False)
        pytest.skip(why)


def install() -> None:
    """Only where it disturbs nobody: root on a Debian (a container, a build machine)."""
    missing = [need.packages for need in NEEDS.values() if need.obstacle()]
    if not missing or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    _apt_get("update", "-qq")
    with _no_service_starts():
        for packages in missing:
            print(f"Installing {packages[0]} for the tests …", flush=True)
            if not _apt_get("install", "-y", "-qq", *packages):
                print("That did not work.", flush=True)
    chromium.obstacle.cache_clear()
    _namespaces.cache_clear()
    _pango.cache_clear()


@contextlib.contextmanager
def _no_service_starts() -> Iterator[None]:
    """Debian starts what it installs; the tests start servers of their own, on ports of their own."""
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()


def _apt_get(*arguments: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", *arguments]
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    if "--install" in sys.argv:
        install()
    for name in NEEDS:
        print(f"{name}: {obstacle(name) or 'there'}")
