import datetime

import pytest

from clinic.models import Attention
from clinic.services import attention
from tests.people import make_client
from tests.treatments.conftest import TODAY, make_running
from treatments.models import HomeLog
from treatments.queries import adherence, weeks
from treatments.queries.attention import AdherenceLow

pytestmark = pytest.mark.django_db


def done(programme, *days, outcome="done", place=0):
    item = programme.items.get(place=place)
    HomeLog.objects.bulk_create(
        HomeLog(practice=programme.practice, client=programme.client, item=item, local_date=day, outcome=outcome)
        for day in days
    )


def days(first, count, step=1):
    return [first + datetime.timedelta(days=step * number) for number in range(count)]


def numbers(programme, on):
    found = adherence(programme, on)
    return found.planned, found.done


def test_nothing_is_planned_before_the_first_day_and_today_counts_once_answered(client_person):
    programme = make_running(client_person, starts_on=TODAY, weekdays=[range(1, 8)])
    assert numbers(programme, TODAY) == (0, 0)
    assert adherence(programme, TODAY).share is None
    done(programme, TODAY)
    assert numbers(programme, TODAY) == (1, 1)
    assert numbers(programme, TODAY + datetime.timedelta(days=1)) == (1, 1)


def test_day_32_of_an_everyday_programme_has_31_before_it(client_person):
    programme = make_running(client_person, starts_on=datetime.date(2026, 1, 30), weekdays=[range(1, 8)])
    done(programme, *days(datetime.date(2026, 1, 30), 31))
    assert numbers(programme, datetime.date(2026, 3, 2)) == (31, 31)


def test_monday_wednesday_friday_over_the_end_of_a_leap_february(client_person):
    programme = make_running(client_person, starts_on=datetime.date(2028, 2, 25), weekdays=[(1, 3, 5)])
    done(programme, datetime.date(2028, 2, 28))
    # Fri 25, Mon 28, Wed 1 March, Fri 3 March
    assert numbers(programme, datetime.date(2028, 3, 4)) == (4, 1)
    assert adherence(programme, datetime.date(2028, 3, 4)).percent == 25


def test_nothing_is_planned_after_the_last_day(client_person):
    programme = make_running(client_person, starts_on=TODAY, weeks=1, weekdays=[range(1, 8)])
    assert numbers(programme, TODAY + datetime.timedelta(days=100)) == (7, 0)


def test_a_stopped_exercise_is_planned_no_further(client_person):
    programme = make_running(client_person, starts_on=TODAY, weekdays=[range(1, 8), range(1, 8)])
    stopped = datetime.datetime(2026, 3, 6, 9, tzinfo=datetime.UTC)
    programme.items.filter(place=0).update(stopped_at=stopped)
    done(programme, datetime.date(2026, 3, 6), outcome="too_painful")
    found = adherence(programme, TODAY + datetime.timedelta(days=10))
    assert (found.planned, found.done, found.too_painful) == (3 + 10, 0, 1)


def test_the_day_on_which_a_programme_ended_counts_only_what_was_answered(client_person):
    programme = make_running(client_person, starts_on=TODAY, weekdays=[range(1, 8)])
    programme.ended_at = datetime.datetime(2026, 3, 5, 23, 30, tzinfo=datetime.UTC)  # the 6th in Berlin
    assert numbers(programme, TODAY + datetime.timedelta(days=20)) == (2, 0)
    done(programme, datetime.date(2026, 3, 6))
    assert numbers(programme, TODAY + datetime.timedelta(days=20)) == (3, 1)


def test_the_weeks_picture_starts_on_monday_and_says_each_day(client_person):
    programme = make_running(client_person, starts_on=TODAY, weekdays=[(3, 4, 5), (3,)])
    done(programme, TODAY)
    done(programme, TODAY + datetime.timedelta(days=1), outcome="too_painful")
    rows = weeks(programme, TODAY + datetime.timedelta(days=3))
    assert {len(row) for row in rows} == {7}
    assert rows[0][0].date.isoweekday() == 1
    assert [day.state for day in rows[0]] == ["free", "free", "part", "painful", "missed", "free", "free"]
    assert [day.state for day in rows[1]][2:5] == ["coming", "coming", "coming"]


NOW = datetime.datetime(2026, 3, 20, 12, tzinfo=datetime.UTC)


def slipping(practice):
    """(client, planned, done) of those who need somebody because of it."""
    attention.refresh(AdherenceLow(), practice_id=practice.pk, now=NOW)
    rows = Attention.objects.filter(kind=AdherenceLow.key).select_related("client")
    return [(str(row.client), row.facts["planned"], row.facts["done"]) for row in rows]


def test_slipping_names_those_under_half_in_two_weeks(practice):
    lazy, keen, fresh = (
        make_client(practice, ref=f"C{number}", given_name=name) for number, name in enumerate(["Laz", "Ken", "Fre"])
    )
    start = datetime.date(2026, 3, 1)
    make_running(lazy, starts_on=start, weekdays=[range(1, 8)])
    good = make_running(keen, starts_on=start, weekdays=[range(1, 8)])
    make_running(fresh, starts_on=datetime.date(2026, 3, 18), weekdays=[range(1, 8)])
    done(good, *days(datetime.date(2026, 3, 6), 7))
    assert slipping(practice) == [("Laz Brandt", 14, 0)]


def test_slipping_is_one_statement_for_one_and_for_three(practice, django_assert_num_queries):
    for number in range(3):
        make_running(make_client(practice, ref=f"C{number}", given_name=f"N{number}"), weekdays=[range(1, 8)])
        with django_assert_num_queries(1):
            attention.refresh(AdherenceLow(), practice_id=practice.pk, now=NOW)
