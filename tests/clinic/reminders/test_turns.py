"""An enormous practice doesn't starve a small one; and one clock, one count, one patience for each domain."""

import datetime
import threading
from collections import Counter

import pytest
from django.db import connection

from clinic.models import MailDomain, Practice, Pulse, PulseOf, Reminder, State
from clinic.models.base import uuid7
from clinic.services import clock, reminders
from clinic.services.reminders import domains, pulse
from clinic.services.reminders.claim import Turns, due_practices
from clinic.tasks import wake_reminders
from tests.clinic.reminders.conftest import NOON
from tests.people import make_client

MINUTE = datetime.timedelta(minutes=1)
OWNER = "a:1:1:x"


@pytest.fixture
def practices(db, make_reminder):
    """`practices(100, 3)`: so many due mails in each of two practices, all of the first due before the second's."""

    def practices(*counts):
        made = []
        for nth, count in enumerate(counts):
            place = Practice.objects.create(slug=f"p{nth}", name=f"Practice {nth}", timezone="Europe/Berlin")
            person = make_client(place, email=f"p{nth}@clients.example")
            for number in range(count):
                at = NOON - MINUTE * (60 - nth) + datetime.timedelta(seconds=number)
                make_reminder(person, not_before=at, due_at=at, subject=uuid7())
            made.append(place)
        return made

    return practices


def of_practice(ids):
    return Counter(Reminder.objects.filter(pk__in=ids).values_list("practice__slug", flat=True))


# --- turns ------------------------------------------------------------------------------------------------------------


def test_the_small_practice_is_served_with_the_first_batch(practices, kind):
    practices(200, 3)
    assert of_practice(Turns(OWNER).claim(now=NOON, limit=20)) == {"p0": 10, "p1": 3}


def test_who_has_more_comes_again_until_nothing_is_left(practices, kind):
    practices(25, 3, 7)
    turns, batches = Turns(OWNER), []
    while ids := turns.claim(now=NOON, limit=10):
        batches.append(of_practice(ids))
    assert sum(batches, Counter()) == {"p0": 25, "p1": 3, "p2": 7}
    assert batches[0] >= Counter(p0=3, p1=2, p2=3)
    assert len(batches) <= 5


def test_more_practices_than_a_batch_holds_take_turns(practices, kind):
    practices(*[2] * 7)
    turns = Turns(OWNER)
    first, second = of_practice(turns.claim(now=NOON, limit=4)), of_practice(turns.claim(now=NOON, limit=4))
    assert len(first) == 4
    assert set(second) >= {f"p{n}" for n in range(7)} - set(first)


def test_practices_with_nothing_due_are_not_asked(practices, kind):
    one, other = practices(1, 1)
    Reminder.objects.filter(practice=other).update(not_before=NOON + MINUTE)
    assert due_practices(NOON) == [one.pk]
    assert due_practices(NOON - MINUTE * 61) == []


def test_an_idle_look_is_one_step(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert due_practices(NOON) == []


def test_rows_that_only_others_can_send_do_not_keep_a_worker_busy(practices, make_reminder, kind):
    practices(2)
    Reminder.objects.update(kind="unknown here")
    assert Turns(OWNER).claim(now=NOON, limit=5) == []


# --- domains ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def patience(settings):
    settings.CLINIC = {"reminders": {"domain_first_day": 3, "domain_per_minute": 10, "jitter": 0}}


def test_patience_grows_from_day_to_day(patience):
    days = [domains.patience(datetime.timedelta(days=days)) for days in (0, 1, 2, 60, -1)]
    assert days == [3, 6, 10, 10, 3]


def test_what_does_not_fit_is_booked_into_the_next_minutes(patience, practice, other_practice):
    now, a, b = NOON + datetime.timedelta(seconds=20), (practice.pk, "a.example"), (practice.pk, "b.example")
    assert domains.book({a: 8, b: 1}, now) == {
        a: [now] * 3 + [NOON + MINUTE] * 3 + [NOON + 2 * MINUTE] * 2,
        b: [now],
    }
    # The next batch goes on where this one ended, also when its own minute has come.
    assert domains.book({a: 2}, now + MINUTE) == {a: [NOON + 2 * MINUTE, NOON + 3 * MINUTE]}
    assert domains.book({a: 1}, now + 9 * MINUTE) == {a: [now + 9 * MINUTE]}
    # What another practice has booked is its own affair.
    domains.book({a: 100}, now + 9 * MINUTE)
    other = other_practice.pk, "a.example"
    assert domains.book({other: 2}, now + 9 * MINUTE) == {other: [now + 9 * MINUTE] * 2}


@pytest.fixture
def due(make_clients, make_reminder, kind, mail_server, noon):
    return lambda count: [make_reminder(person) for person in make_clients(count)]


def test_a_domain_gets_no_more_than_its_patience_in_a_minute(patience, due, noon):
    due(8)
    assert reminders.wake() == 3
    waiting = Reminder.objects.filter(state="planned")
    assert set(waiting.values_list("reason", "attempts")) == {(domains.ITS_TURN, 0)}
    assert Counter(waiting.values_list("not_before", flat=True)) == {NOON + MINUTE: 3, NOON + 2 * MINUTE: 2}
    assert reminders.wake() == 0
    noon.shift(60)
    assert reminders.wake() == 3
    noon.shift(60)
    assert reminders.wake() == 2
    assert MailDomain.objects.get().domain == "clients.example"


def test_whoever_missed_the_booked_minute_by_far_books_anew(patience, due, noon):
    due(8)
    reminders.wake()
    noon.shift(600)
    assert reminders.wake() == 3


def test_a_row_keeps_no_old_reason_once_it_left(patience, due, noon):
    due(4)
    reminders.wake()
    noon.shift(60)
    reminders.wake()
    assert set(Reminder.objects.values_list("state", "reason")) == {("sent", "")}


def test_a_second_look_at_the_rest_of_a_batch_books_nothing_again(patience, due, settings):
    settings.CLINIC["reminders"] |= {
        "domain_first_day": 9,
        "fresh_for": datetime.timedelta(0),
        "budget": datetime.timedelta(seconds=1),
    }
    due(4)
    assert reminders.wake() == 0  # nothing is fresh for so long: it looks again and again, until the time is up
    assert MailDomain.objects.get().used == 4


def test_mail_that_somebody_waits_for_does_not_queue(patience, due, kind):
    kind.requested = True
    due(8)
    assert reminders.wake() == 8


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_book_the_same_place(patience, practice):
    booked, a, b = [], (practice.pk, "a.example"), (practice.pk, "b.example")

    def book():
        for _ in range(5):
            booked.extend(domains.book({a: 2, b: 1}, NOON)[a])
        connection.close()

    threads = [threading.Thread(target=book) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert set(Counter(booked).values()) == {3, 1}
    assert len(booked) == 40


# --- clock and pulses -------------------------------------------------------------------------------------------------


@pytest.mark.database_clock
def test_the_database_says_what_time_it_is(db, noon):
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        real = cursor.fetchone()[0]
    assert abs(clock.now() - real) < datetime.timedelta(seconds=5)
    assert abs(clock.now() - NOON) > datetime.timedelta(hours=1)  # this process believes that it is noon


def test_the_database_is_asked_now_and_then_only(db, monkeypatch, django_assert_num_queries):
    passed = [100.0]
    monkeypatch.setattr(clock.time, "monotonic", lambda: passed[0])
    one = clock.Clock()
    with django_assert_num_queries(1):
        first = one.now()
        passed[0] += 9
        assert one.now() - first == datetime.timedelta(seconds=9)
    passed[0] += 2
    with django_assert_num_queries(1):
        one.now()


def test_a_worker_shows_that_it_lives_and_what_was_done(due, kind, make_clients, noon):
    rows = due(4)
    kind.against[rows[0].client_id] = "Not today."
    reminders.ticked()
    noon.shift(7)
    reminders.wake()
    worker = Pulse.objects.get(role=PulseOf.WORKER)
    assert 6.5 < worker.lag < 8
    total = Pulse.objects.get(role=PulseOf.TOTAL)
    assert (total.sent, total.skipped, total.failed) == (3, 1, 0)
    reminders.wake()
    total.refresh_from_db()
    assert total.sent == 3


def test_what_was_counted_adds_up(db, noon):
    for _ in range(3):
        pulse.count({State.SENT: 2, State.PLANNED: 1, State.UNCERTAIN: 1, State.FAILED: 1})
    pulse.count({State.SENT: 0})
    total = Pulse.objects.get()
    assert (total.sent, total.retried, total.uncertain, total.failed) == (6, 3, 3, 3)


def test_without_a_clock_there_is_no_lag(db):
    assert pulse.since_tick() == 0


@pytest.mark.django_db(transaction=True)
def test_whoever_asks_for_work_by_the_queue_is_the_clock():
    from tests.worker import empty_queue

    empty_queue()
    wake_reminders.delay()
    empty_queue()
    assert Pulse.objects.get().role == PulseOf.CLOCK
