"""What is remembered about the embedded PostgreSQL between two commands: private files and a lock."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from clinic.config.postgres_home import PostgresUnavailable

HOST = "127.0.0.1"
SUPERUSER = "postgres"
ROLE = "clinic"  # not superuser: row-level security would not bind one
DATABASE = "plumbline"


@dataclass(frozen=True)
class Server:
    """What is remembered about one cluster. `data` is relative to the state folder, or absolute when outside."""

    port: int
    superuser_password: str
    password: str
    data: str

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}:{self.password}@{HOST}:{self.port}/{DATABASE}"


def make_private_folder(state: Path) -> None:
    """Others may pass through (root's helper user has to) but not look around."""
    try:
        state.parent.mkdir(parents=True, exist_ok=True)
        if not state.exists():
            state.mkdir(exist_ok=True)
            state.chmod(0o711)
    except OSError as problem:
        raise PostgresUnavailable(f"Cannot write to {state}: {problem.strerror}.") from problem


@contextlib.contextmanager
def locked(state: Path) -> Iterator[None]:
    """One starter or stopper at a time; the system lets go of the lock when its holder dies."""
    try:
        handle = open_private(state / "lock", "ab")
    except PermissionError as problem:
        raise _someone_elses(state) from problem
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def remembered(state: Path) -> Server | None:
    try:
        return Server(**json.loads((state / "server.json").read_text()))
    except FileNotFoundError:
        return None
    except PermissionError as problem:
        raise _someone_elses(state) from problem


def remember(state: Path, server: Server) -> None:
    unfinished = state / "server.json.unfinished"
    write_private(unfinished, json.dumps(asdict(server)))
    unfinished.replace(state / "server.json")


def write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with open_private(path, "xb") as file:
        file.write(text.encode())


def open_private(path: Path, mode: str) -> IO[bytes]:
    """Readable by the folder's owner only, also when root opens it in somebody else's folder."""
    new = not path.exists()
    file: IO[bytes] = open(path, mode, opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115
    if new and os.geteuid() == 0:
        owner = path.parent.stat()
        os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
    return file


def _someone_elses(state: Path) -> PostgresUnavailable:
    return PostgresUnavailable(
        f"{state} belongs to another user: run the command as that user, or remove the folder to start afresh."
    )
