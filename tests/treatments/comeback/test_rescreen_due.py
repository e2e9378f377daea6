"""“Anything new?” is asked every four weeks of a programme that runs, and can be answered at any time."""

import datetime

import pytest
from django.urls import reverse

from clinic import links
from intake.services import rescreens
from tests.people import make_client
from tests.treatments.conftest import TODAY, make_running
from treatments.models import Programme
from treatments.queries.rescreen_due import is_due

pytestmark = pytest.mark.usefixtures("at_noon")
TITLE = "Anything new?"


@pytest.fixture
def after(time_machine):
    def move(days):
        at = datetime.datetime.combine(TODAY, datetime.time(12, 1), datetime.UTC) + datetime.timedelta(days=days)
        time_machine.move_to(at, tick=False)

    return move


def test_four_weeks_after_the_intake_and_again_four_weeks_after_the_answer(running, client_person, after):
    Programme.objects.update(until=TODAY + datetime.timedelta(days=90))
    due = []
    for day in (0, 27, 28, 29, 55, 57):
        after(day)
        due.append(is_due(client_person))
        if day == 28:
            rescreens.answer(client=client_person, answers={}, nothing_new=True, by=client_person)
    assert due == [False, False, True, False, False, True]


@pytest.mark.parametrize("now", [{"state": "ended"}, {"held_at": "2026-03-05T12:00Z"}, {"until": TODAY}])
def test_not_without_a_programme_that_goes_on(running, client_person, after, now):
    Programme.objects.update(**{"until": TODAY + datetime.timedelta(days=90), **now})
    after(40)
    assert not is_due(client_person)


def test_without_an_intake_it_goes_by_the_first_programme(practice, after):
    person = make_client(practice, ref="C7", given_name="Mo")
    make_running(person, weeks=12)
    after(27)
    assert not is_due(person)
    after(28)
    assert is_due(person)


def test_it_is_one_query(running, client_person, after, django_assert_num_queries):
    after(30)
    with django_assert_num_queries(1):
        is_due(client_person)


def test_the_page_of_today_asks_when_it_is_due_and_has_the_link_always(running, client_person, after, client):
    token = links.sign("portal", client_person.pk)
    address = reverse("intake:rescreen", args=[token])
    for day, asked in ((1, 1), (29, 2)):
        after(day)
        page = client.get(reverse("treatments:portal", args=[token])).content.decode()
        assert page.count(f'href="{address}"') == asked
        assert (TITLE in page) is (asked == 2)
