"""Puts the tick into the queue: `python -m tests.faults.send_ticks 20`, all of them with the same task id."""

import sys
import uuid

import django

django.setup()

from clinic.config.celery import app  # noqa: E402

name = str(uuid.uuid4())
for _ in range(int(sys.argv[1])):
    app.send_task("clinic.tasks.wake_reminders", task_id=name)
