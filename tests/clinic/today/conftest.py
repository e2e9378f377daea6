"""A practice at noon of a Wednesday, with visits, mail, programmes and answers as plain rows."""

import datetime
import itertools

import pytest

from assessments.models import Assessment
from clinic.models import Attention, Reminder, Visit
from clinic.models.base import uuid7
from clinic.services import attention
from tests.people import make_client
from tests.treatments.conftest import make_running
from treatments.models import HomeLog

NOON = datetime.datetime(2026, 3, 18, 11, 0, tzinfo=datetime.UTC)  # 12:00 in Berlin, a Wednesday
TODAY = NOON.date()
DAY = datetime.timedelta(days=1)
EVERY_DAY = (range(1, 8),)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def make_people(practice):
    numbers = itertools.count(1)

    def make_people(count, **details):
        return [
            make_client(
                practice,
                **{"ref": f"N{n:04d}", "given_name": f"Given{n}", "family_name": f"Family{n:03d}", **details},
            )
            for n in itertools.islice(numbers, count)
        ]

    return make_people


@pytest.fixture
def book(therapist):
    """`book(client, at)`: `at` an instant, or so many hours from noon."""

    def book(client, at=1.0, *, by=therapist, minutes=45, **details):
        starts = at if isinstance(at, datetime.datetime) else NOON + datetime.timedelta(hours=at)
        ends = starts + datetime.timedelta(minutes=minutes)
        return Visit.objects.create(
            practice=client.practice, client=client, therapist=by, starts_at=starts, ends_at=ends, **details
        )

    return book


def signed(client, day):
    return Assessment.objects.create(
        practice=client.practice, client=client, assessed_on=day, state="signed", signed_at=NOON
    )


def mail(client, *, state="failed", kind="home_stretch", **details):
    return Reminder.objects.create(
        practice=client.practice, client=client, kind=kind, subject=uuid7(), local_date=TODAY, due_at=NOON,
        not_before=NOON, state=state, settled_at=NOON, **details,
    )  # fmt: skip


def painful(client, word=""):
    programme = make_running(client, starts_on=TODAY - 3 * DAY, weekdays=EVERY_DAY)
    return HomeLog.objects.create(
        practice=client.practice, client=client, item=programme.items.get(), local_date=TODAY, outcome="too_painful",
        word=word,
    )  # fmt: skip


def look(practice=None):
    """Everything that is so now."""
    for kind in attention.kinds:
        attention.refresh(kind, practice_id=practice and practice.pk)


def needs(client=None, **narrow):
    """Kinds of what stands there now."""
    rows = Attention.objects.filter(**narrow, **({"client": client} if client else {}))
    return sorted(rows.values_list("kind", flat=True))


def said(kind):
    """The sentence and the action of the only row of that kind."""
    row = Attention.objects.select_related("client__practice").get(kind=kind)
    known = attention.kinds[kind]
    return known.sentence(row), known.action(row)
