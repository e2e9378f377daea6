"""The page says what comes today after a choice and after taking it back; it promises no mail that does not come."""

import datetime
import html
import re

import pytest
from django.urls import reverse

from clinic import links
from clinic.models import Client, Level, Reminder
from clinic.models.base import uuid7
from clinic.services import audit, safety
from tests.clinic.reminders.simulation import Simulation
from tests.treatments.conftest import TODAY, make_running
from treatments.models import Programme

pytestmark = pytest.mark.django_db
USUAL = "At 18:00, on each day with something to do, a mail goes to ada@clients.example."
OVER = "For today that time is over: no other one comes today unless you ask for it below."
NONE_BY_UNDOING = "“Today as usual” means now that none comes today: 18:00 is over."


@pytest.fixture
def day(client, client_person, clock, mailoutbox):
    make_running(client_person, weekdays=(range(1, 8),))
    return Day(client, client_person, clock, mailoutbox)


class Day(Simulation):
    """A Wednesday in Berlin; the engine wakes at the times given."""

    def __init__(self, http, person, clock, outbox):
        super().__init__(clock, outbox)
        self.http, self.person = http, person

    def at(self, *times):
        for text in times:
            local = datetime.datetime.combine(TODAY, datetime.time.fromisoformat(text), self.person.zone)
            self.wake_at(local.astimezone(datetime.UTC))
        return self

    def page(self, act="", **given):
        token = links.sign("portal", self.person.pk)
        if act:
            answer = self.http.post(reverse(f"clinic:{act}", args=[token]), given, follow=True)
        else:
            answer = self.http.get(reverse("clinic:preferences", args=[token]))
        text = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
        return re.sub(r"\s+", " ", text)

    def came(self):
        return [moment.rpartition(" ")[2] for moment in self.local_mails_to(self.person, "Europe/Berlin")]


def test_put_off_before_the_usual_time_and_taken_back_after_it_none_comes_and_the_page_says_so(day):
    day.at("13:00")
    assert NONE_BY_UNDOING not in day.page("later_today", way="evening")
    day.at("18:00", "18:30")
    assert NONE_BY_UNDOING in day.page()
    said = day.page("today_as_usual")
    assert f"{USUAL} {OVER}" in said
    assert "In 1 hour 19:30" in said, "below it can be asked for"
    assert day.at("19:00", "20:30").came() == []


def test_asked_for_after_that_it_comes(day):
    day.at("13:00").page("not_today")
    day.at("18:00", "18:30")
    assert NONE_BY_UNDOING in day.page()
    assert OVER in day.page("today_as_usual")
    assert "Today's mail comes at 19:30" in day.page("later_today", way="hour")
    assert day.at("19:30", "20:30").came() == ["19:30"]


def test_after_the_usual_time_it_comes_once_more_and_the_page_says_what_taking_it_back_means(day):
    day.at("18:00", "18:30")
    assert f"{USUAL} {OVER}" in day.page()
    said = day.page("later_today", way="hour")
    assert "Today's mail comes at 19:30" in said
    assert NONE_BY_UNDOING in said
    assert day.at("19:30", "20:30").came() == ["18:00", "19:30"]


def test_put_off_and_come_the_usual_one_does_not_and_the_page_does_not_promise_it(day):
    day.at("13:00").page("later_today", way="hour")
    day.at("14:00", "14:30")
    assert "Today you put it off to 14:00. That is over: no other one comes today" in day.page()
    assert day.at("18:00", "20:30").came() == ["14:00"]


def test_before_the_usual_time_everything_is_as_ever(day):
    day.at("13:00").page("later_today", way="hour")
    said = day.page("today_as_usual")
    assert USUAL in said
    assert OVER not in said
    assert day.at("14:00", "18:00", "20:30").came() == ["18:00"]


LOCKED = "Your exercises wait: something has to be looked at first. “Today” says what you can do."
HELD = "You told us that it hurt a lot, so your programme is paused until a therapist has looked at it."


@pytest.mark.parametrize(("why", "text"), [("locked", LOCKED), ("held", HELD)])
def test_while_nothing_comes_anyway_it_says_why_and_offers_nothing_for_today(day, why, text):
    day.at("13:00")
    assert "Nothing today:" in day.page()
    if why == "held":
        Programme.objects.update(held_at="2026-03-04T10:00Z")
    else:
        safety.raise_alert(
            client=day.person, level=Level.URGENT, because=["Fever"], source="intake", source_id=uuid7(),
            by=audit.Machine.COMMAND,
        )  # fmt: skip
    said = day.page()
    assert f"No mail about exercises comes for now {text}" in said
    assert USUAL not in said
    assert "Nothing today:" not in said
    said = day.page("later_today", way="hour")
    assert text in said
    assert "Nothing is left" not in said
    assert Client.objects.get(pk=day.person.pk).snoozed_until is None
    assert not Reminder.objects.filter(kind="home_later").exists()
