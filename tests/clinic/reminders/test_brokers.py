"""The engine on each of the three brokers: real worker, real clock, real broker, real mail server."""

import os
import signal
import subprocess
import sys

import pytest

from clinic.models import Reminder
from intake.services import requests
from tests.brokers import RabbitMQ, Redis
from tests.people import make_client
from tests.worker import ROOT, empty_queue, environment, wait_until

BROKERS = [
    "pgmq",
    pytest.param("redis", marks=pytest.mark.needs("redis")),
    pytest.param("rabbitmq", marks=pytest.mark.needs("rabbitmq")),
]
SERVERS = {"redis": Redis, "rabbitmq": RabbitMQ}


class Processes:
    """Celery processes of the product on one broker; `log` is what they all say."""

    def __init__(self, folder, **extra):
        self.log = folder / "celery.log"
        self._folder = folder
        self._extra = extra
        self._running = []

    def start(self, *command):
        with self.log.open("ab") as out:
            made = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "clinic.config", *command],
                cwd=ROOT,
                env=environment(DJANGO_SETTINGS_MODULE="tests.quick_settings", ENV_FILE="", **self._extra),
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self._running.append(made)
        return made

    def worker(self, *options):
        return self.start("worker", "--loglevel=INFO", "--concurrency=2", *options)

    def beat(self):
        return self.start("beat", "--loglevel=INFO", f"--schedule={self._folder / 'beat'}")

    def kill(self):
        for process in self._running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)


@pytest.fixture
def broker(request, tmp_path):
    if request.param == "pgmq":
        empty_queue()
        yield None
        empty_queue()
        return
    server = SERVERS[request.param](tmp_path / "broker")
    server.start()
    yield server
    server.close()


@pytest.fixture
def processes(broker, transactional_db, mail_server, tmp_path):
    where = {"CELERY_BROKER_URL": broker.url} if broker else {}
    made = Processes(tmp_path, EMAIL_URL=f"smtp://{mail_server.host}:{mail_server.port}", **where)
    yield made
    made.kill()


@pytest.mark.parametrize("broker", BROKERS, indirect=True)
def test_a_due_mail_arrives(processes, practice, therapist, mail_server):
    processes.worker()
    processes.beat()
    requests.send(client=make_client(practice), by=therapist)

    wait_until(lambda: mail_server.messages, seconds=40, message=processes.log.read_text)

    wait_until(lambda: Reminder.objects.get().state == "sent")
    assert len(mail_server.messages) == 1
