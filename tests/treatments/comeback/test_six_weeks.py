"""Six weeks after the last measuring one neutral mail invites, by the real engine; unless it is not needed any more."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment
from assessments.services import assessments
from clinic.models import Attention, Client, Practice, Reminder, Visit
from clinic.models.practice import zones_of_the_database
from clinic.reminders import kinds
from clinic.services import attention
from clinic.services.reminders import wake
from tests.people import make_client
from tests.treatments.conftest import TODAY, make_assessment, make_running
from treatments.models import Programme
from treatments.queries.why_not import HELD
from treatments.services.six_weeks import SixWeeks

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
DUE = TODAY + 42 * DAY  # Wednesday 15 April 2026
SECRET = ("hip", "stretch", "finding", "pain")


@pytest.fixture
def six_weeks_on(running, time_machine):
    """The day has come: the look around has found it."""
    Programme.objects.update(until=DUE + 30 * DAY, remind_at=None)
    time_machine.move_to(instant(8), tick=False)
    attention.look_around()
    return running


def instant(hour, minute=0, day=DUE):
    return datetime.datetime.combine(day, datetime.time(hour, minute), datetime.UTC)


def invite(time_machine, *, at=None):
    """Planned in the morning, sent a little before the daily mail, at 17:55 in Berlin."""
    plan()
    time_machine.move_to(at or instant(15, 56), tick=False)
    wake()
    return list(Reminder.objects.filter(kind="reassessment").values_list("state", "reason"))


def plan(since=None):
    return SixWeeks().plan(now=since or instant(7), until=instant(9))


def test_once_neutral_and_with_the_way_to_book(six_weeks_on, time_machine, mailoutbox):
    assert invite(time_machine) == [("sent", "")]
    (mail,) = mailoutbox
    assert mail.subject == "The next step at your practice"
    assert "please answer this mail" in mail.body
    said = re.sub(r"https?://\S+", "", f"{mail.subject} {mail.body} {mail.alternatives[0][0]}").lower()
    assert not [word for word in SECRET if word in said]
    for later in (1, 2, 20):
        time_machine.move_to(instant(8, day=DUE + later * DAY), tick=False)
        attention.look_around()
        plan(instant(7, day=DUE + later * DAY))
    assert Reminder.objects.filter(kind="reassessment").count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_takes_the_one_message_of_the_day(six_weeks_on, time_machine, mailoutbox):
    plan()
    Programme.objects.update(remind_at=instant(8))
    kinds["home_stretch"].plan(now=instant(15, 50), until=instant(16, 5))
    time_machine.move_to(instant(16, 1), tick=False)
    wake()
    assert len(mailoutbox) == 1
    assert dict(Reminder.objects.values_list("kind", "state")) == {"reassessment": "sent", "home_stretch": "skipped"}


def test_a_day_earlier_nobody_is_invited(running, time_machine):
    time_machine.move_to(instant(8, day=DUE - DAY), tick=False)
    attention.look_around()
    assert plan(instant(7, day=DUE - DAY)) == 0


def test_not_while_a_visit_is_booked(six_weeks_on, time_machine, therapist):
    Visit.objects.create(
        practice=six_weeks_on.practice, client=six_weeks_on.client, therapist=therapist, starts_at=instant(9) + DAY,
        ends_at=instant(10) + DAY,
    )  # fmt: skip
    assert invite(time_machine) == [("skipped", "A visit is booked.")]


def test_not_after_measuring_again(six_weeks_on, time_machine, therapist):
    plan()
    time_machine.move_to(instant(10), tick=False)
    again = Assessment.objects.create(practice=six_weeks_on.practice, client=six_weeks_on.client, assessed_on=DUE)
    assessments.sign(assessment=again, by=therapist)
    assert invite(time_machine) == [("skipped", "It is not due any more: an assessment was signed since.")]


@pytest.mark.parametrize(
    ("now", "reason"),
    [({"state": "ended", "ended_at": instant(12)}, "The programme has ended."), ({"held_at": instant(12)}, HELD)],
)
def test_not_without_a_programme_that_goes_on(six_weeks_on, time_machine, now, reason):
    plan()
    Programme.objects.update(**now)
    assert invite(time_machine) == [("skipped", reason)]


def test_on_a_day_that_the_client_chose(six_weeks_on, time_machine):
    client = six_weeks_on.client
    client.reminder_days, client.reminder_time = [5], datetime.time(9, 0)
    client.save()
    plan()
    row = Reminder.objects.get(kind="reassessment")
    assert (row.local_date, row.due_at) == (DUE + 2 * DAY, instant(6, 55, day=DUE + 2 * DAY))


def test_one_statement_plans_and_three_queries_ask_for_many(practice, therapist, time_machine):
    def planned(number):
        person = make_client(practice, ref=f"C{number}", given_name=f"N{number}")
        make_assessment(person, therapist)
        make_running(person, weeks=10)

    zones_of_the_database()  # asked once a process
    costs = []
    for first, count in ((0, 1), (1, 3)):
        time_machine.move_to(instant(12, day=TODAY), tick=False)
        for number in range(first, first + count):
            planned(number)
        time_machine.move_to(instant(8), tick=False)
        attention.look_around()
        with CaptureQueriesContext(connection) as asked:
            assert plan() == count
            rows = list(Reminder.objects.filter(kind="reassessment").select_related("client__practice"))
            SixWeeks().unwanted(rows)
        costs.append(len(asked))
    assert costs == [5, 5]


@pytest.mark.parametrize("zone", ["Mars/Base", "x"])
@pytest.mark.parametrize("of", ["client", "practice"])
def test_a_zone_that_the_database_does_not_know_keeps_back_nobody_else(six_weeks_on, therapist, time_machine, zone, of):
    """Written past every check, as a bulk update or an older database would leave it."""
    client = six_weeks_on.client
    time_machine.move_to(instant(12, day=TODAY), tick=False)
    other = make_client(six_weeks_on.practice, ref="C9", given_name="Zoe")
    make_assessment(other, therapist)
    make_running(other, weeks=10)
    time_machine.move_to(instant(8), tick=False)
    attention.look_around()
    Client.objects.filter(pk=client.pk).update(timezone=zone if of == "client" else "")
    Client.objects.filter(pk=other.pk).update(timezone="Europe/Berlin")
    if of == "practice":
        Practice.objects.update(timezone=zone)
    assert plan() == 1
    assert Reminder.objects.get(kind="reassessment").client == other


def look_again(time_machine, *, days):
    """Planned and sent on a later day, as often as the engine looks; the states of all invitations so far."""
    time_machine.move_to(instant(8, day=DUE + days * DAY), tick=False)
    attention.look_around()
    plan(instant(7, day=DUE + days * DAY))
    time_machine.move_to(instant(15, 56, day=DUE + days * DAY), tick=False)
    wake()
    return list(Reminder.objects.filter(kind="reassessment").values_list("state", "reason"))


def test_what_did_not_leave_is_tried_again_once_nothing_stands_in_the_way(
    six_weeks_on, time_machine, therapist, mailoutbox
):
    visit = Visit.objects.create(
        practice=six_weeks_on.practice, client=six_weeks_on.client, therapist=therapist, starts_at=instant(9) + 9 * DAY,
        ends_at=instant(10) + 9 * DAY,
    )  # fmt: skip
    booked = ("skipped", "A visit is booked.")
    assert invite(time_machine) == [booked]
    assert look_again(time_machine, days=1) == [booked]  # no row a day while it is booked
    visit.state = "cancelled"
    visit.save()
    assert sorted(look_again(time_machine, days=2)) == [("sent", ""), booked]
    assert len(look_again(time_machine, days=3)) == 2
    assert len(mailoutbox) == 1


def test_not_today_and_a_pause_put_it_off(six_weeks_on, time_machine, mailoutbox):
    client = six_weeks_on.client
    client.reminders_skipped_on, client.reminders_paused_until = DUE, None
    client.save()
    assert [state for state, _ in invite(time_machine)] == ["skipped"]
    client.reminders_paused_until = DUE + 3 * DAY
    client.save()
    assert [len(look_again(time_machine, days=days)) for days in (1, 2)] == [1, 1]
    assert sorted(state for state, _ in look_again(time_machine, days=3)) == ["sent", "skipped"]


@pytest.mark.parametrize("state", ["planned", "claimed", "uncertain", "failed"])
def test_nobody_is_invited_twice_while_one_may_have_left(six_weeks_on, time_machine, state):
    plan()
    Reminder.objects.filter(kind="reassessment").update(state=state)
    time_machine.move_to(instant(8, day=DUE + DAY), tick=False)
    assert plan(instant(7, day=DUE + DAY)) == 0


def test_between_two_hours_only_what_is_new_is_read(six_weeks_on, time_machine):
    plan()
    Reminder.objects.filter(kind="reassessment").update(state="skipped")
    Attention.objects.update(created_at=instant(8) - DAY)
    time_machine.move_to(instant(18, 30), tick=False)
    assert plan(instant(18, 20)) == 0
    assert plan(instant(17, 50)) == 1
