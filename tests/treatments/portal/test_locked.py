"""What a client sees while a red flag is open, and what they can do: nobody is sent away."""

import datetime
import html
import re

import pytest
from django.urls import reverse

from clinic import links
from clinic.models import Attention, Practice
from clinic.models.base import uuid7
from clinic.services import audit, safety
from tests.treatments.conftest import NOON
from treatments.models import HomeDay, HomeLog, Programme
from treatments.services import programmes
from treatments.services.programmes.renew import renew

pytestmark = pytest.mark.django_db


@pytest.fixture
def lock(client_person):
    Practice.objects.update(phone="+4930901820")
    client_person.practice.refresh_from_db()

    def lock(level="urgent"):
        return safety.raise_alert(
            client=client_person, level=level, because=["Fever"], source="intake", source_id=uuid7(),
            by=audit.Machine.COMMAND,
        )  # fmt: skip

    return lock


@pytest.fixture
def look(client, client_person, at):
    def look(page="portal", item=None, **said):
        address = at(client_person, page, item)
        answer = client.post(address, said, follow=True) if said else client.get(address)
        return answer.content.decode()

    return look


def words(page):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])))


def test_they_can_call_write_say_what_changed_and_know_when_not_to_wait(everyday, lock, look, client_person):
    lock()
    page, token = look(), links.sign("portal", client_person.pk)
    for address in (
        "tel:+4930901820", "tel:112", reverse("clinic:portal_messages", args=[token]),
        reverse("intake:rescreen", args=[token]), reverse("treatments:portal_pain", args=[token]),
    ):  # fmt: skip
        assert f'="{address}"' in page
    said = words(page)
    assert "If you suddenly feel worse Or something new frightens you: call 112 at once." in said
    assert "They come back on this page by themselves" in said
    assert "Fever" not in said


def test_an_emergency_says_so_until_somebody_cleared_it(everyday, lock, look, therapist):
    lock()
    alert = lock("emergency")
    said = words(look())
    assert "Please get medical help now" in said
    assert "Your exercises wait for the moment." not in said
    safety.clear(alert=alert, note="Seen in hospital", by=therapist)
    assert "Please get medical help now" not in words(look())


def test_pain_is_said_here_and_answered(everyday, lock, look):
    lock()
    said = words(look("pain", local_date="2026-03-04", before="6"))
    assert HomeDay.objects.get().pain_before == 6
    assert "Pain before: 6 of 10" in said
    assert "Your therapist has been told." in said
    assert Attention.objects.get(kind="pain_while_locked").facts["before"] == 6


def test_told_is_said_only_where_somebody_was_told(everyday, lock, look, time_machine):
    look("pain", local_date="2026-03-04", before="3")
    time_machine.move_to(NOON + datetime.timedelta(hours=1), tick=False)
    lock()
    said = words(look())
    assert "Pain before: 3 of 10" in said
    assert "Your therapist has been told." not in said
    assert "If you like. Your therapist is told." in said
    assert "Your therapist has been told." in words(look("pain", local_date="2026-03-04", before="3"))
    assert Attention.objects.filter(kind="pain_while_locked").exists()


def test_no_pain_is_kept_and_nobody_is_said_to_be_told(everyday, lock, look):
    lock()
    said = words(look("pain", local_date="2026-03-04", before="0"))
    assert "Pain before: 0 of 10" in said
    assert "Your therapist" not in said.partition("Pain before")[2]


def test_without_a_programme_no_number_is_asked_for(client_person, lock, look, at_noon):
    lock()
    assert "How much does it hurt" not in look()


def test_too_painful_from_a_page_that_was_open_is_thanked_for(everyday, lock, look):
    lock()
    item = everyday.items.first()
    said = words(look("item", item, outcome="too_painful", local_date="2026-03-04"))
    assert "Thank you for saying so. This exercise is stopped, and your therapist is told." in said
    assert "What you can do now" in said
    assert HomeLog.objects.get().outcome == "too_painful"


@pytest.mark.parametrize("how", ["replaced", "ended", "held", "yesterday"])
def test_too_painful_of_what_is_not_for_today_is_thanked_for(everyday, therapist, intake, look, how):
    if how == "replaced":
        renew(programme=everyday, items=list(everyday.items.all()), by=therapist, because="as before")
    elif how == "ended":
        programmes.end(programme=everyday, because="Moved away", by=therapist)
    elif how == "held":
        Programme.objects.update(held_at=NOON)
    day = "2026-03-03" if how == "yesterday" else "2026-03-04"
    said = words(look("item", everyday.items.first(), outcome="too_painful", local_date=day))
    assert "Thank you for saying so. This exercise is stopped, and your therapist is told." in said
    assert "not for today" not in said
    assert HomeLog.objects.get().outcome == "too_painful"


def test_another_answer_from_a_page_that_was_open_is_told_why(everyday, lock, look):
    lock()
    said = words(look("item", everyday.items.first(), outcome="done", local_date="2026-03-04"))
    assert "Please talk to your practice first; the exercises wait until then." in said
    assert "The page of today shows what is." not in said
    assert "The page of today shows what is." in words(look("item", everyday.items.first()))
