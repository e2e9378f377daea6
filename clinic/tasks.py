"""What the clock wakes. Tasks carry no data: the rows decide."""

from celery import shared_task

from clinic.services import reminders


@shared_task
def wake_reminders() -> None:
    reminders.wake()
