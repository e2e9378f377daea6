"""A practice with rooms and hours, on a Wednesday in May."""

import datetime
import zoneinfo

import pytest
import time_machine

from clinic.models import Hours, Location, Role, Room
from clinic.services import visits
from tests.people import make_client, make_member

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
TODAY = datetime.date(2026, 5, 13)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def at(hour: int, minute: int = 0, *, day: datetime.date = TODAY) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour, minute), BERLIN).astimezone(datetime.UTC)


@pytest.fixture
def in_may():
    """07:00 in Berlin on Wednesday 13 May 2026."""
    with time_machine.travel(at(7), tick=False) as clock:
        yield clock


@pytest.fixture
def room(practice):
    location = Location.objects.create(practice=practice, name="Riverside", address="Mill Lane 4")
    return Room.objects.create(practice=practice, location=location, name="Room 1")


@pytest.fixture
def hours(practice):
    """Monday to Friday, 8 to 18."""
    for weekday in range(1, 6):
        Hours.objects.create(practice=practice, weekday=weekday, opens="08:00", closes="18:00")


@pytest.fixture
def nadia(practice):
    return make_member(practice, Role.THERAPIST, "Nadia")


@pytest.fixture
def ben(practice):
    return make_client(practice, ref="C0002", given_name="Ben", family_name="Okafor", email="ben@clients.example")


@pytest.fixture
def book(client_person, therapist):
    """`book(10)`: an hour from ten, to Tomas, for Ada; everything can be said otherwise."""

    def book(hour=10, minute=0, *, day=TODAY, length=60, anyway=True, **details):
        starts_at = at(hour, minute, day=day)
        known = {"client": client_person, "therapist": therapist, "by": therapist}
        ends_at = starts_at + datetime.timedelta(minutes=length)
        return visits.book(starts_at=starts_at, ends_at=ends_at, anyway=anyway, **{**known, **details})

    return book
