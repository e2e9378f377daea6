"""The client hears of it by one neutral mail: not more than one an hour, none at night, none for what was read."""

import datetime

import pytest

from clinic.models import Reminder
from clinic.services import clients, messages
from clinic.services.reminders import wake
from tests.clinic.messages.conftest import DAY, HOUR, MINUTE, NOON, mails, write

pytestmark = pytest.mark.django_db


def test_it_says_that_something_waits_and_not_what(at_noon, client_person, therapist, mailoutbox):
    write(client_person, text="Is the swelling normal?")
    write(client_person, by=therapist, text="Leave out the bridge.")
    wake()
    (mail,) = mailoutbox
    assert mail.subject == "A message from Riverside Bodywork"
    html = mail.alternatives[0][0]
    for body in (mail.body, html):
        assert "/messages/" in body
        assert not any(word in body.lower() for word in ("swelling", "bridge", "tomas"))
    assert "List-Unsubscribe" not in mail.extra_headers
    assert Reminder.objects.get().state == "sent"


def test_one_mail_an_hour_however_much_is_written(at_noon, client_person, therapist, mailoutbox):
    write(client_person)
    for _ in range(3):
        write(client_person, by=therapist)
    wake()
    at_noon.shift(10 * MINUTE)
    write(client_person, by=therapist)
    write(client_person, by=therapist)
    assert mails() == [("message", NOON, "sent"), ("message", NOON + HOUR, "planned")]
    wake()
    assert len(mailoutbox) == 1
    at_noon.shift(HOUR)
    wake()
    assert len(mailoutbox) == 2
    at_noon.shift(2 * HOUR)
    write(client_person, by=therapist)
    wake()
    assert len(mailoutbox) == 3


def test_what_was_read_meanwhile_needs_no_mail(at_noon, client_person, therapist, mailoutbox):
    write(client_person)
    answer = write(client_person, by=therapist)
    messages.mark_read(client=client_person, messages=[answer.pk], by=client_person)
    wake()
    assert mailoutbox == []
    assert Reminder.objects.get().reason == "The client has read it already."


def test_an_answer_written_at_night_waits_until_the_morning(at_noon, client_person, therapist, mailoutbox):
    write(client_person)
    at_noon.move_to(NOON + 10 * HOUR, tick=False)  # 22:00 there
    write(client_person, by=therapist)
    wake()
    assert mailoutbox == []
    morning = datetime.datetime(2026, 3, 5, 6, 0, tzinfo=datetime.UTC)
    assert mails() == [("message", morning, "planned")]
    at_noon.move_to(morning, tick=False)
    wake()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(("since_asked", "leaves"), [(13 * DAY, True), (15 * DAY, False)])
def test_a_stop_holds_back_what_nobody_asked_for(at_noon, client_person, therapist, mailoutbox, since_asked, leaves):
    write(client_person)
    clients.stop_reminders(client=client_person, by=client_person)
    at_noon.shift(since_asked)
    write(client_person, by=therapist)
    wake()
    assert len(mailoutbox) == leaves
    assert Reminder.objects.get().reason == ("" if leaves else "The client stopped reminders.")


def test_a_first_word_of_the_practice_at_night_comes_in_the_morning_and_with_a_way_to_stop(
    at_noon, client_person, therapist, mailoutbox
):
    at_noon.move_to(NOON + 10 * HOUR, tick=False)
    write(client_person, by=therapist)
    at_noon.move_to(NOON + 19 * HOUR, tick=False)  # 7:00
    wake()
    (mail,) = mailoutbox
    assert "List-Unsubscribe" in mail.extra_headers
    assert mails()[0][0] == "message_first"


def test_an_answer_says_it_for_both(at_noon, client_person, therapist, mailoutbox):
    at_noon.move_to(NOON + 10 * HOUR, tick=False)
    write(client_person, by=therapist)
    write(client_person)
    write(client_person, by=therapist)
    at_noon.move_to(NOON + 19 * HOUR, tick=False)
    wake()
    assert len(mailoutbox) == 1


def test_the_mail_is_in_the_clients_language(at_noon, client_person, therapist, mailoutbox, settings):
    client_person.language = "es"
    client_person.save()
    write(client_person)
    write(client_person, by=therapist)
    wake()
    assert 'lang="es"' in mailoutbox[0].alternatives[0][0]


def test_a_refused_consent_holds_even_an_answer(at_noon, client_person, therapist, mailoutbox):
    write(client_person)
    clients.refuse_mail(client=client_person, by=client_person)
    write(client_person, by=therapist)
    wake()
    assert mailoutbox == []
