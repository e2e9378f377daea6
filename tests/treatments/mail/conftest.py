import datetime

import pytest
import time_machine

from clinic.models import Client
from clinic.services import reminders
from tests.treatments.conftest import NOON, make_running

EVERY_DAY = range(1, 8)
SIX_IN_THE_EVENING = datetime.datetime(2026, 3, 4, 17, 0, tzinfo=datetime.UTC)  # in Berlin


@pytest.fixture
def clock(settings):
    settings.CLINIC = {"reminders": {"jitter": 0}}
    with time_machine.travel(NOON, tick=False) as clock:  # 13:00 in Berlin, a Wednesday
        yield clock


@pytest.fixture
def programme(client_person, clock):
    """Four exercises a day; the first is for the right side."""
    return make_running(client_person, weekdays=[EVERY_DAY] * 4)


@pytest.fixture
def arrived(programme, client_person, mail_server, clock):
    """`arrived(mail_detail="pictures")`: the day's mail as it came over the wire."""

    def arrived(**chosen):
        Client.objects.filter(pk=client_person.pk).update(**chosen)
        clock.move_to(SIX_IN_THE_EVENING, tick=False)
        assert reminders.wake() == 1
        return mail_server.messages[-1]

    return arrived
