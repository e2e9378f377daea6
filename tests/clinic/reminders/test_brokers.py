"""The engine on each of the three brokers: real worker, real clock, real broker, real mail server."""

import os
import signal
import socket
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


REQUEST_A_LINK = """
import sys, django
django.setup()
from django.test import Client as Browser
from clinic.models import Client, Membership
from intake.services import requests
therapist = Membership.objects.get(pk=sys.argv[1])
requests.send(client=Client.objects.get(pk=sys.argv[2]), by=therapist)
browser = Browser(headers={"host": "localhost"})
browser.force_login(therapist.user)
print(browser.get("/reminders/").status_code)
"""


def test_no_page_waits_for_a_broker_that_hangs(transactional_db, practice, therapist, mail_server):
    """Nothing on the way of a request publishes: a broker that takes connections and never answers gets none."""
    person = make_client(practice)
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        hanging.setblocking(False)
        broker = f"redis://127.0.0.1:{hanging.getsockname()[1]}/0"
        there = environment(CELERY_BROKER_URL=broker, ENV_FILE="", DEBUG="true", EMAIL_URL="smtp://127.0.0.1:9")
        command = [sys.executable, "-c", REQUEST_A_LINK, str(therapist.pk), str(person.pk)]

        done = subprocess.run(command, cwd=ROOT, env=there, capture_output=True, text=True, timeout=60)

        assert done.stdout.strip() == "200", done.stderr
        assert Reminder.objects.get().state == "planned"
        with pytest.raises(BlockingIOError):
            hanging.accept()
