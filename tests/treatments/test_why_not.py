"""Why a day has no reminder of the home programme."""

import datetime

import pytest
from django.utils import timezone

from clinic.reminders import kinds
from tests.people import make_client
from tests.treatments.conftest import NOON, TODAY, make_running
from treatments.models import Programme, ProgrammeItem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
DAY = datetime.timedelta(days=1)


def why_not(client, day):
    return kinds["home_stretch"].why_not(client, day)


@pytest.fixture
def programme(client_person):
    """Monday to Friday for six weeks from today, a Wednesday; published on the day before."""
    made = make_running(client_person)
    Programme.objects.filter(pk=made.pk).update(published_at=NOON - DAY)
    return made


def put(programme, **details):
    Programme.objects.filter(pk=programme.pk).update(**details)


def test_without_a_programme(client_person):
    assert why_not(client_person, TODAY) == "The client has no programme."


def test_not_published_yet(client_person, programme):
    put(programme, state="draft", published_at=None)
    assert why_not(client_person, TODAY) == "The programme is not published yet."


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (datetime.date(2026, 3, 7), "The programme has nothing on Saturdays."),
        (datetime.date(2026, 3, 3), "The programme begins on 4 March 2026."),
        (datetime.date(2026, 4, 15), "The programme ran until 14 April 2026."),
        (datetime.date(2026, 3, 5), "It is planned shortly before it is due, at 18:00."),
        (
            datetime.date(2026, 3, 2),
            "It would have been due at 18:00; the programme was published later, on 3 March 2026, 13:00.",
        ),
    ],
)
def test_days_of_a_running_programme(client_person, programme, day, reason):
    assert programme.until == datetime.date(2026, 4, 14)
    assert why_not(client_person, day) == reason


def test_ended_before(client_person, programme):
    put(programme, state="ended", ended_at=NOON)
    assert why_not(client_person, TODAY) == "The programme ended on 4 March 2026, 13:00."


def test_the_programme_of_that_time_answers_not_the_one_that_replaced_it(client_person, programme):
    put(programme, state="ended", ended_at=NOON)
    later = make_running(client_person, weekdays=((6, 7),))
    put(later, published_at=NOON)
    assert why_not(client_person, datetime.date(2026, 3, 6)) == "The programme has nothing on Fridays."
    assert why_not(client_person, TODAY - DAY) == "The programme begins on 4 March 2026."


def test_everything_stopped(client_person, programme):
    ProgrammeItem.objects.update(stopped_at=NOON)
    assert why_not(client_person, TODAY) == "Everything of that day was stopped before."


@pytest.mark.parametrize("stopped_at", [None, NOON + DAY])
def test_nothing_speaks_against_it(client_person, programme, time_machine, stopped_at):
    ProgrammeItem.objects.update(stopped_at=stopped_at)
    time_machine.move_to(NOON + DAY, tick=False)
    assert why_not(client_person, TODAY) == (
        "Something was to be done that day (due at 18:00): reminders did not run then, or the plan was changed later."
    )


def test_a_day_that_the_zone_never_had(practice):
    client = make_client(practice, timezone="Pacific/Apia", reminder_time=datetime.time(18))
    make_running(client, starts_on=datetime.date(2011, 12, 1))
    Programme.objects.update(published_at=datetime.datetime(2011, 12, 1, tzinfo=datetime.UTC))
    assert why_not(client, datetime.date(2011, 12, 30)) == "The client's time zone had no such day."


def test_it_is_two_queries_at_most(client_person, programme, django_assert_num_queries):
    with django_assert_num_queries(2):
        why_not(client_person, TODAY)


def test_other_clients_programmes_say_nothing(practice, programme):
    assert why_not(make_client(practice, ref="C9", family_name="Second"), timezone.localdate()) == (
        "The client has no programme."
    )
