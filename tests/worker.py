"""A real Celery worker process on the test database, with the project's own settings."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from django.conf import settings

from clinic.config.celery import app

ROOT = Path(__file__).resolve().parent.parent


def database_url() -> str:
    """The address of the test database, for processes that run with the project's settings."""
    at = settings.DATABASES["default"]
    password = quote(at["PASSWORD"], safe="")
    return f"postgres://{at['USER']}:{password}@{at['HOST']}:{at['PORT'] or 5432}/{at['TEST']['NAME']}"


def environment(**extra: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "clinic.config.settings",
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "PUBLIC_URL": settings.PUBLIC_URL,
        "CELERY_QUEUE": settings.CELERY_TASK_DEFAULT_QUEUE,
        "MAIL_PER_DOMAIN_ON_FIRST_DAY": "1000000",  # all clients of the tests are at one provider
        "MAIL_PER_DOMAIN_AND_MINUTE": "1000000",
        **extra,
    }


class Worker:
    """`start` waits until it listens; `kill` is SIGKILL, `stop` lets it finish. May be started again afterwards."""

    def __init__(self, log: Path, email_url: str) -> None:
        self.log = log
        self.email_url = email_url
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, seconds: float = 30) -> None:
        command = [sys.executable, "-m", "celery", "-A", "clinic.config", "worker", "--pool=threads", "--concurrency=4"]
        command += ["--loglevel=INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        with self.log.open("ab") as log:
            start = log.tell()
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment(EMAIL_URL=self.email_url),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + seconds
        while b" ready." not in self.log.read_bytes()[start:]:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, number)
            self.process.wait(20)


def empty_queue() -> None:
    with app.connection_for_write() as connection:
        queue = app.amqp.queues[settings.CELERY_TASK_DEFAULT_QUEUE](connection.default_channel)
        queue.declare()
        queue.purge()


def wait_until(true, *, seconds: float = 15, message: str = "it never happened"):
    """Ask again and again until `true()` is; returns what it gave."""
    deadline = time.monotonic() + seconds
    while not (result := true()):
        assert time.monotonic() < deadline, message
        time.sleep(0.05)
    return result
