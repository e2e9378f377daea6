"""“Anything new?”: what is said follows the same rules as the intake, and is kept for ever."""

import datetime
import re

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from clinic import links
from clinic.models import AuditEntry, SafetyAlert
from clinic.problems import InvalidInput
from clinic.services import safety
from intake.models import Rescreen
from intake.queries import rescreens as queries
from intake.screening import RED_FLAGS, Answers, Pain, screen_again
from intake.services import rescreens
from tests.treatments.conftest import answer_intake

pytestmark = pytest.mark.django_db


def say(client, nothing_new=False, **flags):
    return rescreens.answer(client=client, answers=flags, nothing_new=nothing_new, by=client)


@pytest.mark.parametrize(
    ("flags", "level", "locks"),
    [
        ({"saddle_numbness": "yes"}, "emergency", True),
        ({"fever_or_chills": "yes"}, "urgent", True),
        ({"diabetes": "yes"}, "ask", False),
        ({"saddle_numbness": "unsure"}, "ask", False),
        ({"feels_ill": "yes", "unexplained_weight_loss": "yes"}, "urgent", True),
        ({"fever_or_chills": "no"}, "none", False),
    ],
)
def test_levels_are_those_of_the_intake(client_person, flags, level, locks):
    row = say(client_person, **flags)
    assert row.referral_level == level
    alerts = SafetyAlert.objects.filter(client=client_person)
    assert [(alert.level, alert.source, alert.source_id) for alert in alerts] == (
        [(level, "rescreen", row.pk)] if level != "none" else []
    )
    assert alerts.locking().exists() is locks
    assert AuditEntry.objects.get(verb="rescreen.answered").actor_client == client_person


def test_nothing_new_raises_nothing(client_person):
    row = say(client_person, nothing_new=True)
    assert (row.referral_level, row.nothing_new, row.answers) == ("none", True, {"red_flags": {}})


def test_what_was_known_makes_a_combination_with_what_is_new(client_person):
    answer_intake(client_person, red_flags={"feels_ill": "yes"})
    assert say(client_person, diabetes="yes").referral_level == "urgent"  # one systemic with one local


def test_what_was_dealt_with_does_not_come_back_by_itself_but_when_it_is_said_again(client_person, therapist):
    answer_intake(client_person, red_flags={"cancer_history": "yes"})
    assert say(client_person, diabetes="yes").referral_level == "ask"
    again = say(client_person, cancer_history="yes")
    assert again.referral_level == "urgent"
    alert = SafetyAlert.objects.get(source_id=again.pk)
    safety.clear(alert=alert, note="Seen by the doctor", by=therapist)
    assert say(client_person, nothing_new=True).referral_level == "none"
    assert not SafetyAlert.objects.locking().exists()


def test_back_pain_of_the_young_is_not_asked_about_each_time():
    before = Answers(pain=(Pain("low_back"),))
    assert screen_again(before, {"diabetes": "no"}, age=16).level == "none"
    assert screen_again(before, {"feels_ill": "yes"}, age=16).level == "urgent"


@pytest.mark.parametrize("answer", ["yes", "unsure"])
@pytest.mark.parametrize("flag", RED_FLAGS)
def test_each_flag_counts_by_itself_whatever_was_known(flag, answer):
    everything = Answers(red_flags=dict.fromkeys(RED_FLAGS, "yes"))
    told = screen_again(everything, {flag: answer}, age=50)
    assert told.level == (RED_FLAGS[flag].level if answer == "yes" else "ask")


def test_nonsense_is_refused_and_nothing_kept(client_person):
    for flags, nothing_new in (
        ({}, False),
        ({"diabetes": "yes"}, True),
        ({"moon": "yes"}, False),
        ({"diabetes": "x"}, False),
    ):
        with pytest.raises(InvalidInput):
            say(client_person, nothing_new=nothing_new, **flags)
    assert not Rescreen.objects.exists()


def test_an_answer_never_changes(client_person):
    row = say(client_person, nothing_new=True)
    for act in (lambda: Rescreen.objects.update(nothing_new=False), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def token(client_person):
    return links.sign("portal", client_person.pk)


@pytest.fixture
def send(client, token):
    address = reverse("intake:rescreen", args=[token])
    return lambda **said: client.post(address, said, follow=True)


def test_looking_changes_nothing_and_nothing_is_filled_in(client, token):
    for _ in range(10):
        text = client.get(reverse("intake:rescreen", args=[token])).content.decode()
    assert not Rescreen.objects.exists()
    assert " checked" not in text
    assert text.count("<fieldset") == len(RED_FLAGS)


def test_nothing_new_is_one_tap(send):
    answer = send(nothing_new="1")
    assert "You can go on with your exercises." in answer.content.decode()
    assert Rescreen.objects.get().nothing_new


def test_an_emergency_fills_the_screen_with_the_number_to_call(send, client, token):
    text = send(saddle_numbness="yes").content.decode()
    assert "Please get medical help now" in text
    assert 'href="tel:112"' in text
    assert "emergency" in text.partition("<body")[2].partition(">")[0]
    locked = client.get(reverse("treatments:portal", args=[token])).content.decode()
    assert "Please get medical help now" in locked  # until a clinician clears it


def test_a_contradiction_is_said_and_the_answers_stay(send):
    answer = send(nothing_new="1", diabetes="yes")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "send your answers instead" in page
    assert "checked" in page
    buttons = re.findall(r"<button[^>]*>", page)  # both send the same form; Enter presses the first of them
    assert [("nothing_new" in one) for one in buttons if 'form="rescreen"' in one] == [False, True]
    assert page.count('name="nothing_new"') == 1


def test_somebody_elses_answer_is_not_there(client, send, other_client):
    send(nothing_new="1")
    theirs = links.sign("portal", other_client.pk)
    assert client.get(reverse("intake:rescreen_said", args=[theirs, Rescreen.objects.get().pk])).status_code == 404


# --- what the practice sees -------------------------------------------------------------------------------------------


def test_the_record_and_the_brief_say_what_was_new(client_person, therapist, receptionist):
    say(client_person, nothing_new=True)
    say(client_person, diabetes="yes")
    told = queries.events(therapist, client_person, None, 10)
    assert [(event.title, event.text) for event in told][1] == ("Asked “anything new?”: nothing new.", "")
    assert "answered yes" in told[0].text
    assert {event.text for event in queries.events(receptionist, client_person, None, 10)} == {""}
    (line,) = queries.of_rescreens(therapist, [client_person])[client_person.pk]
    assert RED_FLAGS["diabetes"].name in line.text
    now = datetime.datetime.now(datetime.UTC)
    assert queries.events(therapist, client_person, now, 1)[0].at < now


def test_the_same_within_ten_minutes_is_kept_once_and_raised_once(client_person, time_machine):
    at = datetime.datetime(2026, 3, 4, 12, tzinfo=datetime.UTC)
    time_machine.move_to(at, tick=False)
    first = say(client_person, diabetes="yes")
    time_machine.move_to(at + datetime.timedelta(minutes=9), tick=False)
    assert say(client_person, diabetes="yes") == first
    assert (Rescreen.objects.count(), SafetyAlert.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(verb="rescreen.answered").count() == 1
    assert say(client_person, diabetes="unsure") != first
    assert say(client_person, diabetes="yes") != first  # another thing was said in between
    time_machine.move_to(at + datetime.timedelta(minutes=30), tick=False)
    say(client_person, diabetes="yes")
    assert Rescreen.objects.count() == 4
