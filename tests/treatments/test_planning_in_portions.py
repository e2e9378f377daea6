"""A lot to plan at once is planned portion by portion: nothing is lost in between, nobody waits, nothing is double."""

import datetime
import subprocess
import sys
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from clinic.models import Client, PlanningMark, Practice, Reminder
from clinic.reminders import kinds
from clinic.services.reminders.plan import plan_kind, portions, portions_of
from tests.people import make_client
from tests.treatments.conftest import make_running
from tests.worker import ROOT, environment, wait_until
from treatments.models import Programme
from treatments.services import home_stretch

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = datetime.timedelta(hours=1)
EVERY_DAY = (range(1, 8),)


@pytest.fixture
def kind(monkeypatch):
    monkeypatch.setattr(home_stretch, "PORTION", 2)
    return kinds["home_stretch"]


@pytest.fixture
def running(practice, at_noon):
    """Five programmes, all due at 18:00 in Berlin, none planned yet."""
    people = [make_client(practice, ref=f"C{n}", given_name=f"N{n}") for n in range(5)]
    return [make_running(person, weekdays=EVERY_DAY) for person in people]


def at_due_time():
    return timezone.now() + 5 * HOUR  # 18:00 in Berlin is 17:00 UTC


def planned():
    return Reminder.objects.filter(kind="home_stretch").count()


def elsewhere(work):
    """Run in another thread, with a connection of its own, and wait for it."""
    found = []

    def run():
        try:
            found.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    return found[0]


def test_each_portion_is_committed_before_the_next(running, kind):
    seen = [(made, elsewhere(planned)) for made in portions_of(kind, at_due_time())]
    assert seen == [(2, 2), (2, 4), (1, 5)]
    assert list(portions_of(kind, at_due_time())) == [0]


def test_the_whole_is_planned_by_one_call(running, kind):
    assert plan_kind(kind, at_due_time()) == 5
    assert not Programme.objects.filter(remind_at__lt=at_due_time()).exists()


def test_what_was_planned_up_to_moves_only_when_nothing_is_left(running, kind):
    plan_kind(kind, timezone.now() - HOUR)
    for _ in portions_of(kind, at_due_time() + 3 * HOUR):
        break  # killed after the first portion, three hours after the mails were due
    assert planned() == 2
    assert PlanningMark.objects.get(kind=kind.key).planned_at == timezone.now() - HOUR
    plan_kind(kind, at_due_time() + 4 * HOUR)
    assert planned() == 5
    assert PlanningMark.objects.get(kind=kind.key).planned_at == at_due_time() + 4 * HOUR


def test_a_programme_that_somebody_holds_delays_no_other_and_is_planned_later(running, kind):
    late = at_due_time() + 2 * HOUR
    plan_kind(kind, timezone.now() - HOUR)
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=running[0].pk)
        assert elsewhere(lambda: plan_kind(kind, late)) == 4
        assert elsewhere(lambda: PlanningMark.objects.get(kind=kind.key)).planned_at == timezone.now() - HOUR
    assert plan_kind(kind, late + HOUR) == 1
    assert PlanningMark.objects.get(kind=kind.key).planned_at == late + HOUR


def test_two_planners_at_once_do_no_harm(running, kind):
    work = portions_of(kind, at_due_time())
    made = next(work)
    made += elsewhere(lambda: plan_kind(kind, at_due_time()))
    made += sum(work)
    assert made == planned() == 5


def test_a_clock_that_changes_while_its_programme_is_planned_is_looked_at_again(running, kind, monkeypatch):
    """The change waits for the portion from when its clocks are read, and then sets the programme back."""
    person = running[0].client
    changed = threading.Thread(target=lambda: (change(person), connection.close()))
    insert = home_stretch.insert_occurrences

    def let_others_in_and_insert(*args, **kwargs):
        changed.start()
        changed.join(0.5)
        waited.append(changed.is_alive())
        return insert(*args, **kwargs)

    def change(person):
        Client.objects.filter(pk=person.pk).update(reminder_time=datetime.time(20))

    waited = []
    monkeypatch.setattr(home_stretch, "PORTION", 6)
    monkeypatch.setattr(home_stretch, "insert_occurrences", let_others_in_and_insert)
    before = Programme.objects.get(pk=running[0].pk).remind_at
    plan_kind(kind, timezone.now())
    changed.join(10)
    assert waited == [True]
    moved = Programme.objects.in_bulk([programme.pk for programme in running])
    assert moved[running[1].pk].remind_at == at_due_time()
    assert moved[running[0].pk].remind_at != at_due_time(), "the database's clock: it is looked at again"
    assert moved[running[0].pk].remind_at >= before


PLANNER = """
import django; django.setup()
import datetime, sys, time
from clinic.reminders import kinds
from clinic.services.reminders.plan import portions_of
from treatments.services import home_stretch
home_stretch.PORTION = 2
insert = home_stretch.insert_occurrences
def insert_and_stand_still(*args, **kwargs):
    made = insert(*args, **kwargs)
    if sys.argv[2] == "in the middle of the second":
        sys.argv[2] = "first"
    elif sys.argv[2] == "first":
        print("here", flush=True)
        time.sleep(60)
    return made
home_stretch.insert_occurrences = insert_and_stand_still
for _ in portions_of(kinds["home_stretch"], datetime.datetime.fromisoformat(sys.argv[1])):
    if sys.argv[2] == "between":
        print("here", flush=True)
        time.sleep(60)
"""


@pytest.mark.parametrize("when", ["between", "in the middle of the second"])
def test_a_planner_that_is_killed_leaves_whole_portions_and_the_next_goes_on(running, kind, when):
    plan_kind(kind, timezone.now() - HOUR)
    late = at_due_time() + HOUR
    command = [sys.executable, "-c", PLANNER, late.isoformat(), when]
    planner = subprocess.Popen(
        command, cwd=ROOT, env=environment(PYTHONPATH=str(ROOT)), stdout=subprocess.PIPE, text=True
    )
    try:
        assert planner.stdout.readline() == "here\n"
    finally:
        planner.kill()
        planner.wait(10)
        planner.stdout.close()
    wait_until(lambda: elsewhere(lambda: plan_kind(kind, late + HOUR)) == 3)  # its locks go with its connection
    assert planned() == 5
    assert len(set(Reminder.objects.values_list("subject", flat=True))) == 5
    assert PlanningMark.objects.get(kind=kind.key).planned_at == late + HOUR


def test_a_practices_other_hour_touches_only_its_own_programmes(running, kind, other_practice):
    other = make_running(make_client(other_practice), weekdays=EVERY_DAY)
    plan_kind(kind, timezone.now())
    before = dict(Programme.objects.values_list("pk", "remind_at"))
    Practice.objects.filter(pk=other_practice.pk).update(reminder_time=datetime.time(9))
    after = dict(Programme.objects.values_list("pk", "remind_at"))
    assert {pk for pk in after if after[pk] != before[pk]} == {other.pk}


def test_a_kind_that_breaks_in_the_middle_keeps_what_it_planned(running, kind, monkeypatch, caplog):
    insert = home_stretch.insert_occurrences
    calls = []

    def breaks_the_second_time(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("x")
        return insert(*args, **kwargs)

    monkeypatch.setattr(home_stretch, "insert_occurrences", breaks_the_second_time)
    assert sum(portions(at_due_time())) == 2
    assert "Planning of home_stretch failed" in caplog.text
    assert sum(portions(at_due_time())) == 3


# --- what the database cannot work out --------------------------------------------------------------------------------


@pytest.fixture
def on_mars(running, therapist):
    """The first programme that comes due is of a client whose zone the database does not know."""
    poison = running[0]
    Client.objects.filter(pk=poison.client_id).update(timezone="Mars/Phobos")
    Programme.objects.filter(pk=poison.pk).update(remind_at=timezone.now() - HOUR)
    return poison


def test_one_that_cannot_be_planned_holds_up_nobody_even_in_its_own_portion(
    running, on_mars, kind, caplog, monkeypatch
):
    monkeypatch.setattr(home_stretch, "PORTION", 5)
    assert sum(portions(at_due_time())) == 4
    assert set(Reminder.objects.values_list("subject", flat=True)) == {programme.pk for programme in running[1:]}
    (said,) = caplog.messages
    assert str(on_mars.pk) in said
    assert "Mars" not in said
    assert on_mars.client.ref not in said
    assert PlanningMark.objects.get(kind=kind.key).planned_at == at_due_time()


def test_it_is_set_aside_for_a_day_and_is_planned_when_its_zone_is_right(running, on_mars, kind, caplog):
    plan_kind(kind, at_due_time() - HOUR)
    plan_kind(kind, at_due_time())
    assert len(caplog.messages) == 1, "once, not at every tick"
    plan_kind(kind, at_due_time() + 24 * HOUR)
    assert len(caplog.messages) == 2
    assert planned() == 8
    Client.objects.filter(pk=on_mars.client_id).update(timezone="Europe/Berlin")
    Programme.objects.filter(pk=on_mars.pk).update(remind_at=at_due_time() + 24 * HOUR)  # the database's clock
    assert plan_kind(kind, at_due_time() + 25 * HOUR) == 1


def test_many_of_them_hold_up_nobody(running, on_mars, kind, monkeypatch):
    monkeypatch.setattr(home_stretch, "PORTION", 5)
    poison = [programme.client_id for programme in (running[0], running[2], running[3])]
    Client.objects.filter(pk__in=poison).update(timezone="Mars/Phobos")
    Programme.objects.filter(remind_at__gt=timezone.now()).update(remind_at=timezone.now())  # as before
    assert sum(portions(at_due_time())) == 2
