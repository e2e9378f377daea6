import datetime
import uuid

import pytest

from clinic.models import Delivery, DeliveryEvent, Reminder
from clinic.services import delivery
from tests.people import make_client

ADA = "ada@clients.example"
NOW = datetime.datetime(2026, 6, 3, 10, 0, tzinfo=datetime.UTC)
SENT_AT = NOW - datetime.timedelta(days=20)


@pytest.fixture(autouse=True)
def today(time_machine_at_noon):
    return time_machine_at_noon


@pytest.fixture
def time_machine_at_noon():
    import time_machine

    with time_machine.travel(NOW) as clock:
        yield clock


@pytest.fixture
def make_reminder(practice):
    def make_reminder(client=None, **details):
        client = client or make_client(practice)
        known = {
            "kind": "plain", "subject": uuid.uuid4(), "local_date": NOW.date(), "due_at": NOW, "not_before": NOW,
            "state": "sent", "handing_over_at": SENT_AT, "settled_at": SENT_AT,
        }  # fmt: skip
        return Reminder.objects.create(practice=client.practice, client=client, **{**known, **details})

    return make_reminder


@pytest.fixture
def row(client_person, make_reminder):
    return make_reminder(client_person)


@pytest.fixture
def say(row):
    """`say("bounced", permanent=True)`: a report about `row`, a day later for every `days`."""

    def say(what, days=0, **details):
        known = {
            "what": Delivery(what), "source": "Postmark", "reminder": row.pk, "recipient": ADA,
            "happened_at": SENT_AT + datetime.timedelta(days=days),
        }  # fmt: skip
        return delivery.note(delivery.Report(**{**known, **details}))

    return say


@pytest.fixture
def stored(db):
    def stored():
        return sorted(DeliveryEvent.objects.values_list("what", flat=True))

    return stored
