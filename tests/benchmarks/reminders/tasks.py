"""One mail as a Celery task, as Celery's and Django's documentation would have a team write it."""

from __future__ import annotations

from celery import shared_task
from celery.signals import worker_process_init

from clinic.models import Reminder, State
from tests.benchmarks.reminders import letters


@shared_task
def send_one(row: str) -> None:
    reminder = Reminder.objects.select_related("client", "practice").get(pk=row, state=State.PLANNED)
    letters.message(reminder).send()
    Reminder.objects.filter(pk=reminder.pk).update(state=State.SENT)


@worker_process_init.connect
def write_a_first_mail(**_: object) -> None:
    """To nobody, as every measured process does before the clock starts."""
    letters.write_one(ours=False)
