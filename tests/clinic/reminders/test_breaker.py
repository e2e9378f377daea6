"""A mail server that takes nothing is left alone for a while, by everybody, and people can see it."""

import datetime
import socket

import pytest

from clinic.models import MailServer, Reminder
from clinic.services import reminders
from clinic.services.reminders import breaker
from tests.clinic.reminders.conftest import NOON

SECOND = datetime.timedelta(seconds=1)
ADA = "ada@clients.example"


@pytest.fixture
def nobody_listens(settings):
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = port.getsockname()
        yield


@pytest.fixture
def down(settings, noon, db):
    """One failure, a moment ago."""
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example", 25
    breaker.failed(NOON, "It did not take mail.", trial=False)
    return MailServer.objects.get()


def test_rests_get_longer_up_to_a_limit(settings):
    seconds = [breaker.rest(failures).total_seconds() for failures in (1, 2, 3, 6, 7, 8, 99)]
    assert seconds == [15, 30, 60, 480, 600, 600, 600]


def test_every_wait_is_a_little_longer_by_chance(settings):
    settings.CLINIC = {"reminders": {"jitter": 0.2}}
    waits = {breaker.spread(SECOND * 100).total_seconds() for _ in range(50)}
    assert len(waits) > 40
    assert 100 <= min(waits) < max(waits) <= 120


def test_a_server_that_was_never_down_may_have_everything(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert breaker.allowance(NOON) is breaker.EVERYTHING


def test_a_resting_server_is_named_with_why_and_since_when(down):
    assert (down.key, down.failures, down.reason) == ("mail.example:25", 1, "It did not take mail.")
    assert (down.down_since, down.rest_until) == (NOON, NOON + 15 * SECOND)
    assert breaker.allowance(NOON + 14 * SECOND) == breaker.NOTHING


def test_after_the_rest_one_worker_may_try_one_mail(down):
    later = NOON + 15 * SECOND
    assert breaker.allowance(later) == breaker.ONE_MAIL
    assert breaker.allowance(later) == breaker.NOTHING
    # Whoever had the try may have died with it.
    assert breaker.allowance(later + breaker.TRIAL) == breaker.ONE_MAIL


def test_a_failed_try_makes_the_rest_longer_and_keeps_since_when(down):
    later = NOON + 20 * SECOND
    breaker.allowance(later)
    breaker.failed(later, "Still not.", trial=True)
    down.refresh_from_db()
    assert (down.failures, down.down_since, down.reason) == (2, NOON, "Still not.")
    assert down.rest_until == later + 30 * SECOND


def test_many_workers_that_fail_together_count_once(down):
    for _ in range(16):
        breaker.failed(NOON + SECOND, "Me too.", trial=False)
    down.refresh_from_db()
    assert (down.failures, down.rest_until) == (1, NOON + 15 * SECOND)


def test_one_mail_taken_ends_it(down):
    breaker.answered()
    down.refresh_from_db()
    assert (down.failures, down.down_since, down.rest_until, down.reason) == (0, None, None, "")
    assert breaker.allowance(NOON) is breaker.EVERYTHING
    breaker.failed(NOON + SECOND, "Again.", trial=False)
    down.refresh_from_db()
    assert (down.failures, down.down_since) == (1, NOON + SECOND)


def test_another_server_is_another_matter(down, settings):
    settings.EMAIL_PORT = 587
    assert breaker.allowance(NOON) is breaker.EVERYTHING
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    assert breaker.key() == "anymail.backends.postmark.EmailBackend"


def test_while_it_rests_nothing_is_claimed(client_person, make_reminder, kind, noon, nobody_listens):
    row = make_reminder(client_person)
    reminders.wake()
    before = Reminder.objects.values().get(pk=row.pk)
    noon.shift(5)
    assert reminders.wake() == 0
    assert Reminder.objects.values().get(pk=row.pk) == before
    assert MailServer.objects.get().failures == 1


def test_the_first_mail_that_goes_lets_all_others_follow(
    client_person, make_clients, make_reminder, kind, noon, settings, mail_server
):
    host, port = settings.EMAIL_HOST, settings.EMAIL_PORT
    rows = [make_reminder(person) for person in make_clients(5)]
    mail_server.sender = "421 4.3.2 Shutting down"
    assert reminders.wake() == 0
    mail_server.sender = "250 OK"
    noon.shift(16)
    assert reminders.wake() == len(rows)
    assert (host, port) == (settings.EMAIL_HOST, settings.EMAIL_PORT)
    assert MailServer.objects.get().failures == 0


def test_a_try_that_finds_no_mail_leaves_the_try_to_the_next(
    client_person, make_reminder, kind, noon, mail_server, make_clients
):
    row = make_reminder(client_person)
    mail_server.sender = "421 4.3.2 Shutting down"
    reminders.wake()
    kind.against[client_person.pk] = "Not any more."
    noon.shift(16)
    assert reminders.wake() == 0
    row.refresh_from_db()
    assert row.state == "skipped"
    mail_server.sender = "250 OK"
    make_reminder(make_clients(1)[0])
    assert reminders.wake() == 1


def test_a_server_that_puts_off_one_mail_after_the_other_is_down(make_clients, make_reminder, kind, noon, mail_server):
    for person in make_clients(12):
        make_reminder(person)
        mail_server.message[person.email] = "451 4.3.0 Trouble here"
    assert reminders.wake() == 0
    assert Reminder.objects.filter(attempts=1).count() == 10
    assert Reminder.objects.filter(attempts=0, state="planned", claimed_by="").count() == 2
    assert MailServer.objects.get().reason == "The mail server asked to try again later (451 4.3.0)."


def test_a_mail_put_off_between_others_is_that_mails_trouble(make_clients, make_reminder, kind, noon, mail_server):
    people = make_clients(30)
    for nth, person in enumerate(people):
        make_reminder(person)
        if nth % 2:
            mail_server.message[person.email] = "450 4.7.1 Greylisted"
    assert reminders.wake() == 15
    assert not MailServer.objects.exists()


def test_a_mail_put_off_in_a_try_says_nothing_yet(make_clients, make_reminder, kind, noon, mail_server):
    people = make_clients(3)
    for person in people:
        make_reminder(person)
    mail_server.sender = "421 4.3.2 Shutting down"
    reminders.wake()
    mail_server.sender = "250 OK"
    mail_server.message[people[0].email] = mail_server.message[people[1].email] = "450 4.7.1 Greylisted"
    noon.shift(16)
    assert reminders.wake() == 1
    assert MailServer.objects.get().failures == 0
