"""What the clock wakes. Tasks carry no data: the rows decide."""

from __future__ import annotations

import contextlib
from typing import Any

from celery import shared_task
from celery.signals import after_task_publish
from django.db import DatabaseError, close_old_connections

from clinic.services import reminders


@shared_task
def wake_reminders() -> None:
    reminders.wake()


@after_task_publish.connect(sender=wake_reminders.name)
def ticked(**_: Any) -> None:
    """In the process of the clock: so that a page can tell when it stops."""
    with contextlib.suppress(DatabaseError):
        reminders.ticked()
    close_old_connections()
