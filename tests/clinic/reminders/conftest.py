import datetime
import uuid

import pytest
import time_machine

from clinic.models import Reminder
from clinic.reminders import kinds
from clinic.services.reminders import drain
from tests.clinic.reminders.faulty_server import FaultyServer
from tests.clinic.reminders.plain_kind import PlainKind
from tests.people import make_client

NOON = datetime.datetime(2026, 6, 3, 10, 0, tzinfo=datetime.UTC)  # 12:00 in Berlin


@pytest.fixture(autouse=True)
def without_chance(settings):
    settings.CLINIC = {"reminders": {"jitter": 0, "attempts": 6}}


@pytest.fixture(autouse=True)
def nothing_owed():
    yield
    drain._owed.clear()


@pytest.fixture
def noon():
    with time_machine.travel(NOON) as clock:
        yield clock


@pytest.fixture
def kind():
    with kinds.temporarily(PlainKind()) as made:
        yield made


@pytest.fixture
def make_reminder(practice):
    def make_reminder(client=None, **details):
        client = client or make_client(practice)
        due_at = details.pop("due_at", NOON)
        known = {
            "kind": "plain",
            "subject": uuid.uuid4(),
            "local_date": due_at.astimezone(client.zone).date(),
            "due_at": due_at,
            "not_before": due_at,
            "handing_over_at": due_at if details.get("state") in ("sent", "uncertain") else None,
        }
        return Reminder.objects.create(practice=client.practice, client=client, **{**known, **details})

    return make_reminder


@pytest.fixture
def make_clients(practice):
    def make_clients(count):
        return [
            make_client(practice, ref=f"N{n}", family_name=f"Number{n}", email=f"n{n}@clients.example")
            for n in range(count)
        ]

    return make_clients


@pytest.fixture
def mail_server(settings):
    """A server that can misbehave, and mail goes there."""
    server = FaultyServer()
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    yield server
    server.stop()
