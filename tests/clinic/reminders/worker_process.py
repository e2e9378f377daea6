"""One worker of the reminder engine as a process: drains what is due, over and over, until it is killed."""

import time

import django

django.setup()

from clinic.reminders import kinds  # noqa: E402
from clinic.services.reminders import wake  # noqa: E402
from tests.clinic.reminders.plain_kind import PlainKind  # noqa: E402

kinds.register(PlainKind())
while True:
    wake()
    time.sleep(0.05)
