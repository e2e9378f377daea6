"""Kept once, between a client and their own practice, read by the other side only."""

import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from clinic.models import Attention, AuditEntry, Message
from clinic.services import clients, messages
from tests.clinic.messages.conftest import DAY, texts, write

pytestmark = pytest.mark.django_db


def test_sent_twice_it_is_kept_once_and_other_words_are_another_message(client_person, therapist):
    key = uuid.uuid4()
    first = write(client_person, text="It pulls.", key=key)
    assert write(client_person, text=" It pulls.\r\n", key=key) == first
    assert AuditEntry.objects.filter(verb="message.written").count() == 1
    # the page came back from the browser's memory, with the same key, and other words were typed
    again = write(client_person, text="It is better now.", key=key)
    assert write(client_person, text="It is better now.", key=key) == again
    write(client_person, by=therapist, text="It pulls.", key=key)
    assert texts() == ["It pulls.", "It is better now.", "It pulls."]


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_the_same_moment_are_one_message(client_person):
    key, start = uuid.uuid4(), threading.Barrier(4)

    def tap():
        start.wait()
        write(client_person, key=key)
        connection.close()

    taps = [threading.Thread(target=tap) for _ in range(4)]
    [each.start() for each in taps]
    [each.join() for each in taps]
    assert texts() == ["Hello"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" \n\x00 ", "Write a few words first."),
        ("é" * 2001, "A message has at most 2000 characters; this one has 2001. Send it in two parts."),
    ],
)
def test_what_no_message_can_be_is_said_in_one_line(client_person, text, line):
    with pytest.raises(ValidationError) as refused:
        write(client_person, text=text)
    assert refused.value.message_dict == {"text": [line]}
    assert not Message.objects.exists()


def test_a_flood_has_an_end_and_the_next_day_is_another(at_noon, client_person, therapist):
    key = uuid.uuid4()
    for number in range(messages.MOST_A_DAY):
        write(client_person, text=f"No. {number}", key=key)
    with pytest.raises(ValidationError, match="Please call your practice"):
        write(client_person)
    assert write(client_person, text="No. 3", key=key).text == "No. 3"  # sent again it is no other one
    write(client_person, by=therapist)
    at_noon.shift(DAY)
    write(client_person)


def test_the_longest_message_fits_and_keeps_its_lines(client_person):
    text = "a\n\n" + "é" * 1997
    assert write(client_person, text=text.replace("\n", "\r\n")).text == text


def test_only_the_client_and_their_own_practice_write_and_read(client_person, other_client, other_therapist, therapist):
    message = write(client_person)
    for stranger in (other_client, other_therapist):
        with pytest.raises(ValidationError):
            write(client_person, by=stranger)
        with pytest.raises(ValidationError):
            messages.mark_read(client=client_person, messages=[message.pk], by=stranger)
    # ids of another thread change nothing there
    assert messages.mark_read(client=other_client, messages=[message.pk], by=other_therapist) == 0
    clients.archive(client=client_person, by=therapist)
    with pytest.raises(ValidationError, match="archived"):
        write(client_person, by=therapist)


def test_reading_is_for_the_other_side_and_once(client_person, therapist, receptionist):
    mine, theirs = write(client_person), write(client_person, by=therapist)
    both = [mine.pk, theirs.pk]
    assert messages.mark_read(client=client_person, messages=both, by=client_person) == 1
    assert messages.mark_read(client=client_person, messages=both, by=receptionist) == 1
    assert messages.mark_read(client=client_person, messages=both, by=therapist) == 0
    assert set(Message.objects.values_list("id", "read_by")) == {(mine.pk, receptionist.pk), (theirs.pk, None)}
    assert AuditEntry.objects.filter(verb="message.read").count() == 2


def test_it_needs_somebody_until_it_is_answered_or_put_away(at_noon, client_person, therapist):
    first = write(client_person)
    at_noon.shift(DAY)
    second = write(client_person)
    (row,) = Attention.objects.filter(kind="message")
    assert (row.since, row.facts) == (first.created_at, {"count": 2, "on": "2026-03-04"})
    # one that came in while the answer was typed was not on that page: it still waits
    write(client_person, by=therapist, text="Yes.", read=[first.pk])
    assert Attention.objects.get(kind="message").facts == {"count": 1, "on": "2026-03-05"}
    messages.mark_read(client=client_person, messages=[second.pk], by=therapist)
    assert not Attention.objects.filter(kind="message").exists()


def test_no_word_of_it_is_in_the_audit_log(client_person, therapist):
    write(client_person, text="A very private thing", by=therapist)
    assert "private" not in str(list(AuditEntry.objects.values()))
