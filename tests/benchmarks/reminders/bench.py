"""`python -m tests.benchmarks.reminders.bench`: how fast reminders leave, beside what else a team could use.

Makes a database of its own on the project's PostgreSQL, and drops it.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks.reminders.report import Report
    from tests.benchmarks.reminders.run import Measured

from tests.benchmarks.reminders.database import ROOT, own_database, version
from tests.benchmarks.reminders.ways import OURS, PACKAGES, POST_OFFICE, WAYS, Way
from tests.mail_server import free_port
from tests.smtp_sink import Sink

PAPER = ROOT / "docs" / "reminder-speed.md"
STARTED_IN = 30.0  # seconds
BATCH, THREAD = "BENCH_BATCH", "BENCH_THREADS"
BATCHES, THREADS = ("100", "1000", "3000"), ("1", "2", "5", "10")
SETTLED_IN = 500  # mails, after which a process has imported and cached all it ever needs


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reminders.bench", description=__doc__)
    parser.add_argument("--mails", type=int, default=3000, help="for each run (default 3000)")
    parser.add_argument("--rounds", type=int, default=3, help="each way runs once in a round (default 3)")
    parser.add_argument("--ways", nargs="*", choices=[way.key for way in WAYS], help="default: all")
    parser.add_argument("--tune", action="store_true", help="only: which batch and threads suit django-post_office")
    parser.add_argument("--no-paper", action="store_true", help=f"leave {PAPER.relative_to(ROOT)} as it is")
    return parser.parse_args()


class Bench:
    """`own` is the environment of the engine's processes, `compared` that of all others."""

    def __init__(self, folder: Path, url: str, environment: dict[str, str]) -> None:
        self.folder = folder
        self.sink = Sink(folder)
        self.sink.start()
        mail = {"DATABASE_URL": url, "EMAIL_URL": f"smtp://{self.sink.host}:{self.sink.port}"}
        self.compared = {**environment, **mail}
        self.own = {**self.compared, "DJANGO_SETTINGS_MODULE": "clinic.config.settings", "PYTHONPATH": ""}

    def run(self, way: Way, mails: int) -> Measured:
        from tests.benchmarks.reminders import run, seed

        with contextlib.ExitStack() as stack:
            environment, helpers = self.own if way.is_ours else self.compared, []
            if way.celery:
                environment, helpers = stack.enter_context(self._celery())
            workers = stack.enter_context(run.processes(way.function, way.processes, environment))
            clear()
            seed.due(mails // way.share)
            return run.measure(workers, self.sink, mails // way.share, helpers)

    def tune(self, mails: int, rounds: int) -> None:
        """django-post_office with each combination of batch and threads, best first."""
        rates: dict[tuple[str, str], list[float]] = {pair: [] for pair in itertools.product(BATCHES, THREADS)}
        for _ in range(rounds):
            for pair in random.sample(list(rates), len(rates)):
                self.compared.update(zip((BATCH, THREAD), pair, strict=True))
                rates[pair].append(self.run(POST_OFFICE[0], mails).per_second)
        for (batch, threads), found in sorted(rates.items(), key=lambda item: -statistics.median(item[1])):
            say(f"{statistics.median(found):5.0f} mails/s  batches of {batch}, {threads} threads")

    def memory(self, mails: int) -> dict[int, int]:
        """Bytes of one worker after the first mails, and after many."""
        from tests.benchmarks.reminders import run, seed

        after: dict[int, int] = {}
        with run.processes(OURS.function, 1, self.own) as workers:
            for some in (SETTLED_IN, mails - SETTLED_IN):
                seed.due(some)
                after[sum(after) + some] = run.measure(workers, self.sink, some).memory
        return after

    @contextlib.contextmanager
    def _celery(self) -> Iterator[tuple[dict[str, str], list[int]]]:
        """A broker and a worker, ready; the environment for who hands mails to them, and the worker's id."""
        from tests.brokers import Redis

        broker = Redis(self.folder / f"redis-{free_port()}")
        broker.start()
        environment = {**self.compared, "CELERY_BROKER_URL": broker.url}
        log = self.folder / f"celery-{free_port()}.log"
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "clinic.config",
            "worker",
            "--concurrency=2",
            "--loglevel=INFO",
        ]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        try:
            with log.open("wb") as out:
                worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
            try:
                deadline = time.monotonic() + STARTED_IN
                while b" ready." not in log.read_bytes():
                    assert worker.poll() is None, log.read_text()
                    assert time.monotonic() < deadline, log.read_text()
                    time.sleep(0.05)
                yield environment, [worker.pid]
            finally:
                worker.terminate()
                worker.wait(30)
        finally:
            broker.kill()


def clear() -> None:
    """What the compared packages keep of the run before."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE post_office_email, mailer_message, mailer_messagelog CASCADE")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def available(way: Way) -> bool:
    if way.celery and not shutil.which("redis-server"):
        say(f"not run, for want of redis-server: {way.name}")
        return False
    return True


def main() -> None:
    options = asked()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("broken off"))  # and so everything started is ended
    environment = settings_for_all()
    with tempfile.TemporaryDirectory() as folder, own_database(environment) as url:
        bench = Bench(Path(folder), url, environment)
        os.environ.update(bench.compared)
        try:
            report = measure_all(bench, options, url)
        finally:
            bench.sink.kill()
    if report:
        say(f"\n{report.text()}")
    if report and not options.no_paper:
        PAPER.write_text(report.markdown() + "\n")
        say(f"\nWritten to {PAPER.relative_to(ROOT)}.")


def measure_all(bench: Bench, options: argparse.Namespace, url: str) -> Report | None:
    import django

    django.setup()
    from django.db import connection

    from tests.benchmarks.reminders import seed
    from tests.benchmarks.reminders.report import Report, load_now

    load, ways = load_now(), [way for way in WAYS if way.key in (options.ways or [way.key]) and available(way)]
    try:
        seed.people(max(options.mails, 3000))
        if options.tune:
            return bench.tune(options.mails, options.rounds)
        results: dict[Way, list[Measured]] = {way: [] for way in ways}
        for turn in range(options.rounds):
            for way in random.sample(ways, len(ways)):
                results[way].append(to_its_end(bench, way, options.mails))
                say(f"round {turn + 1}  {results[way][-1].per_second:5.0f} mails/s  {way.name}")
        memory = bench.memory(options.mails) if OURS in ways else {}
    finally:
        connection.close()
    command = " ".join(["python -m tests.benchmarks.reminders.bench", *sys.argv[1:]]) if sys.argv[1:] else "make bench"
    return Report(results, command, version(url), load, memory)


def to_its_end(bench: Bench, way: Way, mails: int) -> Measured:
    """One that hangs by itself is told and run again: of django-post_office's forked children one sometimes does."""
    for _ in range(3):
        try:
            return bench.run(way, mails)
        except AssertionError as trouble:
            if way.is_ours:
                raise
            say(f"{way.name}: {trouble}. Again.")
    raise SystemExit(f"{way.name} did not come to an end three times.")


def settings_for_all() -> dict[str, str]:
    """Of every process here; nothing of a developer's own environment decides."""
    values = {
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.reminders.settings",
        "PYTHONPATH": str(ROOT / PACKAGES),
        "ENV_FILE": "",
        "DEBUG": "false",
        "SECRET_KEY": "only-for-benchmarks-only-for-benchmarks-only",
        "PUBLIC_URL": "http://localhost:8000",
        "MAIL_FROM": "no-reply@localhost",
        "EMAIL_URL": "smtp://127.0.0.1:9",  # nobody: each run has its own server
    }
    return {**{key: value for key, value in os.environ.items() if not key.startswith("CELERY_")}, **values}


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / PACKAGES))
    main()
