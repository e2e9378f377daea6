"""Real processes, a real mail server, a real kill: every mail once, or uncertain and seen."""

import collections
import datetime
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.utils import timezone

from clinic.models import Reminder
from tests.worker import ROOT, environment, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
FINAL = ("sent", "uncertain")


class Process:
    def __init__(self, log, email_url):
        self._log = log.open("ab")
        self._running = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/clinic/reminders/worker_process.py")],
            cwd=ROOT,
            env=environment(EMAIL_URL=email_url, PYTHONPATH=str(ROOT)),
            stdout=self._log,
            stderr=self._log,
        )

    @property
    def host_and_pid(self):
        return f":{self._running.pid}:"

    def kill(self):
        if self._running.poll() is None:
            os.kill(self._running.pid, signal.SIGKILL)
        self._running.wait(10)
        self._log.close()


@pytest.fixture
def start(mail_server, tmp_path):
    processes = []

    def start():
        processes.append(Process(tmp_path / "workers.log", f"smtp://{mail_server.host}:{mail_server.port}"))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()


@pytest.fixture
def due(practice, make_clients, make_reminder):
    """200 mails that are due now, by the real clock and outside quiet hours."""
    practice.quiet_from = practice.quiet_until
    practice.save()
    now = timezone.now()

    def due(count):
        for person in make_clients(count):
            make_reminder(
                person, due_at=now - datetime.timedelta(minutes=1), local_date=now.astimezone(person.zone).date()
            )

    return due


def settled():
    return Reminder.objects.filter(state__in=FINAL).count()


def copies(server):
    return collections.Counter(mail["Message-ID"] for mail in server.messages)


def test_a_killed_worker_loses_nothing_and_sends_nothing_twice(due, start, mail_server):
    due(200)
    mail_server.seconds = 0.005
    kills = 0
    for share in (15, 60, 110, 160):
        process = start()
        wait_until(lambda share=share: len(mail_server.messages) >= share, seconds=40)
        time.sleep(random.random() / 50)
        process.kill()
        kills += 1
    assert settled() < 200  # it was killed in the middle
    start()
    wait_until(lambda: settled() == 200, seconds=40)
    states = collections.Counter(Reminder.objects.values_list("state", flat=True))
    assert states["uncertain"] <= kills
    seen = copies(mail_server)
    assert max(seen.values()) == 1
    sent = {f"<{pk}@" for pk in Reminder.objects.filter(state="sent").values_list("pk", flat=True)}
    arrived = {key.partition("@")[0] + "@" for key in seen}
    assert sent <= arrived  # nothing is called sent that did not arrive
    doubtful = {f"<{pk}@" for pk in Reminder.objects.filter(state="uncertain").values_list("pk", flat=True)}
    assert arrived <= sent | doubtful


def test_two_workers_at_once_share_the_work_and_send_nothing_twice(due, start, mail_server):
    due(300)
    mail_server.seconds = 0.002
    workers = [start(), start()]
    wait_until(lambda: settled() == 300, seconds=60)
    assert Reminder.objects.filter(state="sent").count() == 300
    assert max(copies(mail_server).values()) == 1
    assert len(mail_server.messages) == 300
    for worker in workers:
        assert Reminder.objects.filter(claimed_by__contains=worker.host_and_pid).exists()
