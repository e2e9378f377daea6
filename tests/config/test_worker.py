import re

from clinic.config.celery import app
from tests.worker import wait_until

DONE = re.compile(r"Task clinic\.tasks\.wake_reminders\[[^]]+\] succeeded")


def done(worker) -> int:
    return len(DONE.findall(worker.log.read_text()))


def test_a_message_reaches_a_real_worker_which_wakes_the_reminder_engine(worker):
    app.send_task("clinic.tasks.wake_reminders")

    wait_until(lambda: done(worker) == 1)


def test_a_message_sent_while_the_worker_was_dead_is_done_when_it_is_back(worker):
    worker.kill()
    assert worker.process.returncode == -9
    app.send_task("clinic.tasks.wake_reminders")

    worker.start()

    wait_until(lambda: done(worker) == 1)
