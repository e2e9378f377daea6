"""Finds the browser of the journeys and what drives it. `tests.machine` installs them."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

#: The first has no window, not even a hidden one: a third of the work for each person who opens a page.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium-headless-shell", "libatomic1")  # Playwright's driver is linked to the second
MISSING = "No Chromium found: install one (Debian: apt-get install chromium-headless-shell) or name it in CHROMIUM."
NO_DRIVER = "Playwright's driver does not start: install its library (Debian: apt-get install libatomic1)."


def find() -> str | None:
    """CHROMIUM, one on the PATH, or Playwright's own. None where there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None) or _playwrights_own()


@cache
def obstacle() -> str:
    """Why no browser test can run here; empty when they can."""
    if not find():
        return MISSING
    return "" if _driver_starts() else NO_DRIVER


def _driver_starts() -> bool:
    node = compute_driver_executable()[0]
    return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0


def _playwrights_own() -> str | None:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    found = sorted(folder.glob("chromium_headless_shell-*/*/*headless*shell")) or sorted(
        folder.glob("chromium-*/chrome-linux*/chrome")
    )
    return str(found[-1]) if found else None
