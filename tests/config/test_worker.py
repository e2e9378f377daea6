from clinic.config.celery import app
from tests.worker import wait_until


def test_a_message_reaches_a_real_worker_and_wakes_the_reminder_engine(worker):
    app.send_task("clinic.tasks.wake_reminders")

    wait_until(lambda: "clinic.tasks.wake_reminders" in worker.log.read_text(), message=worker.log.read_text())


def test_a_killed_worker_can_be_started_again(worker):
    worker.kill()
    assert worker.process.returncode == -9

    worker.start()
    app.send_task("clinic.tasks.wake_reminders")

    wait_until(lambda: "clinic.tasks.wake_reminders" in worker.log.read_text())
