"""A PostgreSQL that nobody else uses, so that it may be stopped and killed."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from clinic.config import postgres
from clinic.config.postgres_home import identity, programs
from clinic.config.postgres_state import remembered


class OwnPostgres:
    """Made by the product's own launcher. `url` stays the same when it starts again."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self.folder.chmod(0o711)  # the system user that it runs as has to get in
        self.url = postgres.ensure_running(self.folder)
        server = remembered(self.folder)
        assert server
        self._data = self.folder / server.data

    def start(self) -> None:
        url = postgres.ensure_running(self.folder)
        assert url == self.url, "another port: who connects again would not find it"

    def stop(self, mode: str = "fast") -> None:
        """`fast` ends all connections; `immediate` is a crash, with recovery at the next start."""
        who = identity(self._data)
        program = programs(self._data.parent, who) / "pg_ctl"
        command = [str(program), "stop", "-D", str(self._data), "-s", "-w", "-m", mode]
        subprocess.run(command, check=True, cwd="/", **who.drop)

    def kill(self) -> None:
        """SIGKILL for the first of its processes; the others notice and end."""
        number = int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(number, signal.SIGKILL)

    def is_up(self) -> bool:
        return postgres._postmaster_alive(self._data)

    def remove(self) -> None:
        if self.is_up():
            self.stop("immediate")
        deadline = time.monotonic() + 10
        while postgres._processes(self._data) and time.monotonic() < deadline:
            time.sleep(0.05)
        outside = [] if self._data.is_relative_to(self.folder) else [self._data.parent]
        for folder in [*outside, self.folder]:
            shutil.rmtree(folder)
