import datetime
import uuid

import pytest

from clinic.models import Message, Reminder
from clinic.services import messages

NOON = datetime.datetime(2026, 3, 4, 11, 0, tzinfo=datetime.UTC)  # 12:00 in Berlin, a Wednesday
MINUTE, HOUR, DAY = (datetime.timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))


@pytest.fixture
def at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


def write(client, by=None, text="Hello", key=None, read=()):
    return messages.write(client=client, text=text, sent_key=key or uuid.uuid4(), by=by or client, read=read)


def texts():
    return list(Message.objects.order_by("created_at", "id").values_list("text", flat=True))


def mails():
    """Kind, when it may leave, and what became of it."""
    return list(Reminder.objects.order_by("id").values_list("kind", "not_before", "state"))
