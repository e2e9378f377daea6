"""Where a scenario takes place: a database of its own, a mail server process, real workers, and the account at the end.

with Stage(folder) as stage:
    stage.fill(100)                    # mails that are due
    stage.worker(at="claim")           # a worker that kills itself there
    stage.worker()
    stage.settle()                     # waits until every row has its end
    print(stage.account(Allowed()).breaches())
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.faults.account import Account, Allowed, Row, account
from tests.faults.database import SETTINGS, Database, own_server
from tests.faults.guards import GUARDS
from tests.faults.part import Part
from tests.faults.play import BARE, ROOT, Process, Unplayed, celery_beat, celery_worker, wait_until
from tests.smtp_sink import Sink

CLIENTS = 3000  # in each database, none with a message that is due

FILL = """
INSERT INTO clinic_reminder (id, created_at, practice_id, kind, client_id, subject, local_date, slot,
    due_at, not_before, state, reason, attempts, claimed_by, counted)
SELECT clinic_uuid7(), now(), c.practice_id, %(kind)s, c.id, gen_random_uuid(),
    (now() AT TIME ZONE p.timezone)::date - %(days)s, 0, now() - %(ago)s * interval '1 s',
    now() - %(ago)s * interval '1 s', 'planned', '', 0, '', false
FROM (SELECT * FROM clinic_client ORDER BY id OFFSET %(skip)s LIMIT %(count)s) c
JOIN clinic_practice p ON p.id = c.practice_id
"""
ROWS = """
SELECT id::text, state, reason FROM clinic_reminder
UNION ALL SELECT id::text, state, reason FROM clinic_archivedreminder
"""

#: Full hours since then, and the moment after which there are no more.
HOURS = """
SELECT count(*), extract(epoch FROM now())::float
FROM generate_series(date_trunc('hour', now() - interval '9 days'), now(), interval '1 hour') AS hour
WHERE hour > now() - %s::interval
"""


class Stage:
    """`folder` gets the logs. `server`: another PostgreSQL than the one of all tests.

    `without`: a guard that is missing. `patience`: seconds until what has no end counts as lost.
    """

    def __init__(self, folder: Path, *, server: str = "", without: str = "", patience: float = 90) -> None:
        self.folder, self.without, self.patience = folder, without, patience
        self.database = Database(server or own_server())
        self.mail = Sink(folder)
        self.planned = 0
        self._plan_until = 0.0
        self.processes: list[Process] = []
        self.notes: list[str] = []  # what a reader of the table should know, such as the seed of chance
        self.seen: list[str] = []  # what the scenario found wrong, beside the account

    def __enter__(self) -> Stage:
        self.database.create()
        if self.without and (sql := GUARDS[self.without].sql):
            self.database.ask(sql)
        self.mail.start()
        return self

    def insist(self, true: bool | Callable[[], object], otherwise: str, seconds: float = 0) -> None:
        """It must be so, a question within `seconds`: else it is a breach of the law, said in a sentence."""
        try:
            wait_until(true if callable(true) else lambda: true, seconds)
        except Unplayed:
            self.seen.append(otherwise)

    def __exit__(self, *error: object) -> None:
        self.end()
        self.mail.kill()
        self.database.drop()

    # --- what is due --------------------------------------------------------------------------------------------------

    def fill(self, count: int, *, kind: str = "plain", days: int = 0, first: int | None = None) -> None:
        """Mails that are due for a minute (and `days`), to the clients from number `first` on, each to another.

        `plain` takes the client's one message of the day; `asked` was requested. Without `first`: the next clients.
        """
        skip = self.planned if first is None else first
        ago = 60 + days * 86400
        self.database.ask(FILL, {"kind": kind, "ago": ago, "days": days, "skip": skip, "count": count})
        self.planned += count

    def hourly(self, clients: int, *, since: str = "1 hour") -> None:
        """So many clients have a mail for every full hour. The worker plans them; it last did so `since` ago."""
        some = "SELECT id FROM clinic_client ORDER BY id LIMIT %s"
        ask = self.database.ask
        ask(f"UPDATE clinic_client SET reminder_time = '12:00' WHERE id IN ({some})", [clients])
        ask(
            "INSERT INTO clinic_planningmark (id, created_at, kind, planned_at)"
            " VALUES (clinic_uuid7(), now(), 'hourly', now() - %s::interval)",
            [since],
        )
        ((hours, self._plan_until),) = ask(HOURS, [since])
        self.planned += hours * clients

    def wait_planned(self) -> None:
        wait_until(lambda: sum(self.states().values()) >= self.planned, message="The workers planned too little")

    # --- who is at work -----------------------------------------------------------------------------------------------

    def worker(self, *, environment: Mapping[str, str] | None = None, ready: bool = True, **part: Any) -> Process:
        """A bare worker that ticks until it is killed. `part`: see `Part`. `ready=False`: do not wait for its start."""
        return self.start(BARE, "ready", environment=environment, ready=ready, **part)

    def celery_worker(
        self, *, pool: str = "threads", concurrency: int = 4, environment: Mapping[str, str] | None = None, **part: Any
    ) -> Process:
        return self.start(celery_worker(pool, concurrency), " ready.", environment=environment, **part)

    def beat(self, *, environment: Mapping[str, str] | None = None, **part: Any) -> Process:
        schedule = self.folder / f"schedule-{len(self.processes)}"
        return self.start(celery_beat(schedule), "beat: Starting", environment=environment, **part)

    def tick(self, times: int) -> None:
        """Puts the tick into the queue so many times, always the same task."""
        command = [sys.executable, "-m", "tests.faults.send_ticks", str(times)]
        subprocess.run(command, cwd=ROOT, env=self.environment(), check=True)

    def start(
        self,
        command: list[str],
        says: str,
        *,
        environment: Mapping[str, str] | None = None,
        ready: bool = True,
        **part: Any,
    ) -> Process:
        """Any program, with what a process of this stage needs in its environment. `says`: its output once it works."""
        log = self.folder / f"process-{len(self.processes)}.log"
        process = Process(command, {**self.environment(**part), **(environment or {})}, log, says)
        self.processes.append(process)
        return process.wait_ready() if ready else process

    def environment(self, **part: Any) -> dict[str, str]:
        own = {"DATABASE_URL": self.database.url, "EMAIL_URL": f"smtp://{self.mail.host}:{self.mail.port}"}
        told = Part(without=self.without, plan_until=self._plan_until, **part)
        return {**os.environ, **SETTINGS, **own, **told.as_environment()}

    def end(self) -> None:
        for process in self.processes:
            process.kill()

    # --- how it ends --------------------------------------------------------------------------------------------------

    def states(self) -> dict[str, int]:
        return dict(self.database.ask("SELECT state, count(*) FROM clinic_reminder GROUP BY state"))

    def open(self) -> int:
        """Rows without an end."""
        states = self.states()
        return states.get("planned", 0) + states.get("claimed", 0)

    def settle(self, seconds: float = 0) -> bool:
        """Wait until every row has its end; False when that takes longer than is patient."""
        deadline = time.monotonic() + (seconds or self.patience)
        while self.open():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def account(self, allowed: Allowed) -> Account:
        """Ends every process first: what they would still send may not go uncounted."""
        self.end()
        rows = [Row(*row) for row in self.database.ask(ROWS)]
        accepted = [re.sub(r"^<|@.*$", "", name) for name, _ in self.mail.accepted()]
        return account(rows, accepted, planned=self.planned, allowed=allowed, seen=self.seen)
