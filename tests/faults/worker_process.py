"""A bare worker: ticks, one after the other (`Part.threads`: so many at once), until it is killed."""

import logging
import threading
import time

import django

django.setup()

from django.db import close_old_connections  # noqa: E402

from clinic.services.reminders import wake  # noqa: E402
from tests.faults.part import mine  # noqa: E402

logger = logging.getLogger(__name__)


def tick_on() -> None:
    while True:
        close_old_connections()  # as Celery does before each task
        try:
            wake()
        except Exception:
            logger.exception("A tick broke; the next one comes.")  # as with Celery, only this task is lost
            time.sleep(0.2)
        time.sleep(0.05)


print("ready", flush=True)  # noqa: T201
others = [threading.Thread(target=tick_on) for _ in range(mine().threads - 1)]
for thread in others:
    thread.start()
tick_on()
