import datetime

import pytest

from clinic.models import Location, Role, Room, Visit
from tests.people import make_client, make_member

MONDAY = datetime.datetime(2026, 6, 1, 8, 0, tzinfo=datetime.UTC)  # 10:00 in Berlin


@pytest.fixture
def monday():
    import time_machine

    with time_machine.travel(MONDAY) as clock:
        yield clock


@pytest.fixture
def as_owner(client, owner):
    client.force_login(owner.user)
    return client


@pytest.fixture
def colleague(practice):
    return make_member(practice, Role.THERAPIST, "Nadia")


@pytest.fixture
def room(practice):
    house = Location.objects.create(practice=practice, name="House")
    return Room.objects.create(practice=practice, location=house, name="Blue room")


@pytest.fixture
def book(practice):
    """`book(therapist, hours_from_now)` is an hour's visit of a client of its own."""
    made = iter(range(1000))

    def book(therapist, hours, **details):
        starts = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=hours)
        n = next(made)
        person = details.pop("client", None) or make_client(
            practice, ref=f"V{n}", family_name=f"Visitor{n}", email="", therapist=therapist
        )
        ends = starts + datetime.timedelta(hours=1)
        return Visit.objects.create(
            practice=practice, client=person, therapist=therapist, starts_at=starts, ends_at=ends, **details
        )

    return book
