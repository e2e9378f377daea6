"""Finds the browser of the journeys. `python -m tests.chromium --install` gets one where it can and says which."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "No Chromium found: install one (Debian: apt-get install chromium) or set CHROMIUM to its path."


def find() -> str | None:
    """CHROMIUM, one on the PATH, or Playwright's own. None where there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    found = sorted(cache.glob("chromium-*/chrome-linux*/chrome"))
    return str(found[-1]) if found else None


def install() -> None:
    """Only where it disturbs nobody: root on a Debian (a container, a build machine)."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Chromium for the browser tests …", flush=True)
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            print("That did not work.", flush=True)
            return


if __name__ == "__main__":
    if not find() and "--install" in sys.argv:
        install()
    print(find() or MISSING)
