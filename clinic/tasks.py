"""What the clock wakes. Tasks carry no data: the rows decide."""

from __future__ import annotations

import contextlib
import logging
from typing import Any

from celery import shared_task
from celery.signals import after_task_publish
from django.db import DatabaseError, close_old_connections

from clinic.services import attention, clock, delivery, reminders

logger = logging.getLogger(__name__)


@shared_task
def wake_reminders() -> None:
    reminders.wake()


@after_task_publish.connect(sender=wake_reminders.name)
def ticked(**_: Any) -> None:
    """In the process of the clock: so that a page can tell when it stops."""
    with contextlib.suppress(DatabaseError):
        reminders.ticked()
    close_old_connections()


@shared_task
def read_delivery_reports() -> None:
    """What came back by mail, and uncertain mail that a report explains."""
    delivery.dissolve_uncertain()
    try:
        delivery.read_mailbox()
    except delivery.Unreachable as problem:
        logger.warning("%s", problem)


@shared_task
def archive_reminders() -> None:
    reminders.archive(clock.now())


@shared_task
def look_around() -> None:
    """What needs somebody because time went by."""
    attention.look_around(clock.now())
