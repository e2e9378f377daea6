"""TODAY is a Wednesday; the week is that of 2 to 8 March."""

import datetime

import pytest
from django.utils import timezone

from tests.treatments.conftest import NOON, TODAY, make_running
from tests.treatments.portal.conftest import DAY, answered
from treatments.models import Programme, ProgrammeItem
from treatments.queries.home import so_far, week
from treatments.services import programmes

pytestmark = pytest.mark.django_db
MONDAY = TODAY - 2 * DAY


def states(client):
    return [day.state for day in week(client, TODAY).days]


def test_seven_days_with_what_was_planned_and_what_was_done(client_person, everyday):
    answered(everyday, MONDAY)
    answered(everyday, MONDAY + DAY)
    assert states(client_person) == ["part", "done", "open", "coming", "coming", "coming", "coming"]
    found = week(client_person, TODAY)
    assert (found.done, found.planned, found.coming) == (2, 3, 7)
    assert [day.planned for day in found.days] == [2, 1, 2, 1, 2, 1, 1]


def test_not_done_skipped_and_too_painful_are_told_apart(client_person, everyday):
    answered(everyday, MONDAY + DAY, "skipped")
    answered(everyday, TODAY, "too_painful")
    assert states(client_person)[:3] == ["missed", "skipped", "painful"]


def test_rest_days_and_days_without_a_programme(client_person, at_noon):
    make_running(client_person, starts_on=TODAY, weekdays=[(3, 5)])
    assert states(client_person) == ["none", "none", "open", "rest", "coming", "rest", "rest"]


def test_paused_days_say_so_and_are_not_planned(client_person, everyday, time_machine):
    Programme.objects.update(held_at=NOON - datetime.timedelta(days=1))
    answered(everyday, MONDAY)
    assert states(client_person) == ["part"] + ["paused"] * 6
    found = week(client_person, TODAY)
    assert (found.done, found.planned, found.coming, found.is_paused) == (1, 2, 0, True)


def test_a_new_version_on_the_same_day_counts_that_day_once(client_person, everyday, therapist):
    answered(everyday, TODAY)
    Programme.objects.update(state="ended", ended_at=timezone.now())
    newer = make_running(client_person, weekdays=[range(1, 8)])
    assert [day.planned for day in week(client_person, TODAY).days] == [2, 1, 1, 1, 1, 1, 1]
    assert states(client_person)[2] == "done"
    answered(newer, TODAY)
    assert week(client_person, TODAY).done == 1


def test_an_exercise_stopped_yesterday_is_planned_no_more(client_person, everyday):
    ProgrammeItem.objects.filter(place=1).update(stopped_at=NOON - datetime.timedelta(days=1))
    assert [day.planned for day in week(client_person, TODAY).days] == [2, 1, 1, 1, 1, 1, 1]


def test_so_far_counts_days_and_about_how_many_minutes(client_person, everyday, therapist):
    for back in (1, 2, 9):
        answered(everyday, TODAY - back * DAY)
    found = so_far(client_person, TODAY)
    # two holds of 30 s with 5 s to get ready and 10 s between, three times
    assert (found.days_done, found.days_planned, found.minutes) == (3, 9, 4)
    assert [(len(one.days), one.first.isoweekday()) for one in found.weeks] == [(7, 1), (7, 1)]
    programmes.end(programme=everyday, because="", by=therapist)
    assert so_far(client_person, TODAY).days_done == 3, "an end takes nothing away"


def test_before_the_first_programme_there_is_nothing_so_far(client_person):
    assert so_far(client_person, TODAY) is None
    assert states(client_person) == ["none"] * 7


def test_the_week_is_that_of_the_clients_calendar(client_person, time_machine):
    time_machine.move_to(datetime.datetime(2026, 3, 8, 23, 30, tzinfo=datetime.UTC), tick=False)  # Monday in Berlin
    make_running(client_person, starts_on=TODAY, weekdays=[range(1, 8)])
    assert week(client_person, client_person.today).first == datetime.date(2026, 3, 9)


def test_the_day_on_which_it_goes_on_after_a_hold_belongs_to_the_new_version(client_person, everyday):
    yesterday = NOON - datetime.timedelta(days=1)
    Programme.objects.update(held_at=yesterday - datetime.timedelta(days=1), state="ended", ended_at=yesterday)
    make_running(client_person, starts_on=TODAY - DAY, weekdays=[range(1, 8)])
    assert states(client_person)[:3] == ["paused", "missed", "open"]
    answered(Programme.objects.published().get(), TODAY - DAY)
    assert states(client_person)[:3] == ["paused", "done", "open"]


def test_what_was_done_is_added_up_over_all_versions(client_person, everyday, client, at):
    answered(everyday, MONDAY)
    answered(everyday, TODAY)
    Programme.objects.update(state="ended", ended_at=timezone.now())
    newer = make_running(client_person, weekdays=[range(1, 8)])
    answered(newer, TODAY)  # the same exercise on the same day
    Programme.objects.update(state="ended", ended_at=timezone.now())
    assert "You did 2 exercises." in client.get(at(client_person)).content.decode()
