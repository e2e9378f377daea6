"""What a client chooses on their own page: each choice says what it did, and how to take it back."""

import datetime
import html
import re

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from clinic import links
from clinic.models import AuditEntry, Client, Practice
from clinic.reminders import kinds
from tests.clinic.reminders.plain_kind import PlainKind

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 6, 3, 10, 0, tzinfo=datetime.UTC)  # 12:00 in Berlin, a Wednesday
CHOSEN = {
    "channel": "mail", "reminder_time": "07:30", "days": ["1", "3"], "timezone": "America/Lima", "language": "es",
    "mail_detail": "exercises",
}  # fmt: skip


class WillingKind(PlainKind):
    """One with something to say today."""

    asked: list

    def once_more(self, client, at):
        self.asked.append(at)
        return True


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def token(client_person):
    return links.sign("portal", client_person.pk)


@pytest.fixture
def page(client, token):
    """`page()` is what it says; `page("stop_mails", …)` posts first and says what the next page says."""

    def page(act="", **given):
        address = reverse("clinic:preferences", args=[token])
        if act:
            answer = client.post(reverse(f"clinic:{act}", args=[token]), given)
            if answer.status_code != 302:
                return answer.status_code, words(answer)
            assert answer.url == address
        answer = client.get(address)
        return answer.status_code, words(answer)

    return page


def words(answer):
    text = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return re.sub(r"\s+", " ", text)


def now(client_person):
    return Client.objects.get(pk=client_person.pk)


def test_stop_says_what_it_did_and_is_taken_back_on_the_same_page(page, client_person):
    status, said = page("stop_mails")
    assert status == 200
    assert "Reminders are stopped None comes until you start them again, neither of exercises nor of visits." in said
    assert now(client_person).reminders_stopped_at == NOON
    _, said = page("start_mails")
    assert "At 18:00, on each day with something to do, a mail goes to ada@clients.example." in said
    assert now(client_person).reminders_stopped_at is None
    assert [entry.verb for entry in AuditEntry.objects.order_by("id")] == ["reminders.stopped", "reminders.started"]
    assert {entry.actor_client for entry in AuditEntry.objects.all()} == {client_person}


def test_a_pause_ends_by_itself_or_on_the_same_page(page, client_person, noon):
    _, said = page("pause_mails", until="2026-06-20")
    assert "None comes before 20 June 2026, neither of exercises nor of visits; then they go on by themselves." in said
    assert "counts as not done" in said
    noon.move_to(datetime.datetime(2026, 6, 20, 10, tzinfo=datetime.UTC), tick=False)
    assert "At 18:00, on each day" in page()[1]
    page("pause_mails", until="2026-06-25")
    assert "At 18:00, on each day" in page("start_mails")[1]


@pytest.mark.parametrize(
    ("until", "because"),
    [
        ("", "Choose a day."),
        ("soon", "Write the day like 2026-01-31."),
        ("2026-06-03", "Choose a day after today, within a year."),
        ("2027-06-04", "Choose a day after today, within a year."),
    ],
)
def test_a_pause_that_cannot_be_changes_nothing(page, client_person, until, because):
    status, said = page("pause_mails", until=until)
    assert (status, because in said) == (422, True)
    assert now(client_person).reminders_paused_until is None


def test_nothing_today_is_said_and_taken_back(page, client_person):
    _, said = page("not_today")
    assert "comes today any more The next one comes on the next day with something to do." in said
    assert now(client_person).reminders_skipped_on == NOON.date()
    assert "At 18:00, on each day" in page("today_as_usual")[1]
    assert now(client_person).reminders_skipped_on is None


def test_later_is_said_in_the_clients_own_time(page, client_person):
    Client.objects.update(timezone="America/Lima")  # 05:00 there
    Practice.objects.update(quiet_from=datetime.time(0), quiet_until=datetime.time(0))
    willing = WillingKind()
    willing.asked = []
    with kinds.temporarily(willing):
        _, said = page("later_today", way="hours")
    assert "Today's mail comes at 08:00" in said
    assert willing.asked == [NOON + datetime.timedelta(hours=3)] == [now(client_person).snoozed_until]
    assert "At 18:00, on each day" in page("today_as_usual")[1]


def test_where_nothing_is_to_be_said_today_nothing_is_put_off(page, client_person):
    status, said = page("later_today", way="hour")
    assert (status, "Nothing is left to do today, so no mail comes." in said) == (422, True)
    assert now(client_person).snoozed_until is None


def test_only_times_that_can_be_are_offered(page, noon):
    assert "In 1 hour 13:00 In 3 hours 15:00 This evening 19:00" in page()[1]
    noon.move_to(NOON.replace(hour=17, minute=30), tick=False)  # 19:30 in Berlin
    assert "In 1 hour 20:30 Nothing today" in page()[1]
    noon.move_to(NOON.replace(hour=19), tick=False)
    said = page()[1]
    assert "It is too late for that today. No mail leaves between 21:00 and 07:00." in said


def test_everything_about_the_mail_is_saved_at_once(page, client_person):
    status, said = page("preferences", **CHOSEN)
    assert status == 200
    assert "Guardado" in said or "Saved." in said
    chosen = now(client_person)
    assert (chosen.reminder_time, chosen.reminder_days) == (datetime.time(7, 30), [1, 3])
    assert (chosen.timezone, chosen.language, chosen.mail_detail) == ("America/Lima", "es", "exercises")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor_client) == ("client.changed", client_person)


def test_the_page_speaks_the_language_that_was_chosen(client, token, page):
    page("preferences", **CHOSEN)
    assert '<html lang="es"' in client.get(reverse("clinic:preferences", args=[token])).content.decode()


@pytest.mark.parametrize(
    ("given", "days", "zone"),
    [
        ({"days": list("1234567")}, None, "America/Lima"),
        ({"channel": "none"}, [], "America/Lima"),
        ({"channel": "none", "days": []}, [], "America/Lima"),
        ({"timezone": "practice"}, [1, 3], ""),
    ],
)
def test_every_day_no_day_and_the_practices_zone(page, client_person, given, days, zone):
    assert page("preferences", **{**CHOSEN, **given})[0] == 200
    assert (now(client_person).reminder_days, now(client_person).timezone) == (days, zone)


def test_who_wants_no_mail_is_told_how_to_get_it_again(page):
    _, said = page("preferences", **{**CHOSEN, "channel": "none", "language": "en"})
    assert "No daily mail comes You open this page yourself" in said
    assert "At 07:30" in page("preferences", **{**CHOSEN, "language": "en"})[1]


@pytest.mark.parametrize(
    ("given", "because"),
    [
        ({"reminder_time": "23:30"}, "No mail leaves between 21:00 and 07:00: choose a time outside of that."),
        ({"reminder_time": "late"}, "Write the time like 18:30."),
        ({"days": []}, "Choose a day, or above that no mail shall come."),
        ({"days": ["9"]}, "9 is not one of the available choices"),
        ({"timezone": "Europe/Atlantis"}, "Europe/Atlantis is not one of the available choices"),
        ({"language": "tlh"}, "tlh is not one of the available choices"),
        ({"mail_detail": "everything"}, "everything is not one of the available choices"),
        ({"channel": "pigeon"}, "pigeon is not one of the available choices"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(client, token, client_person, given, because):
    answer = client.post(reverse("clinic:preferences", args=[token]), {**CHOSEN, "language": "en", **given})
    assert answer.status_code == 422
    assert because in words(answer)
    assert 'value="America/Lima" selected' in answer.content.decode() or "timezone" in given
    after = now(client_person)
    assert (after.reminder_days, after.mail_detail, after.language, after.timezone) == (None, "neutral", "", "")
    assert not AuditEntry.objects.exists()


def test_who_refused_all_mail_is_sent_to_the_practice(page):
    Client.objects.update(email_refused_at=NOON)
    said = page()[1]
    assert "If you want mails again, tell the practice." in said
    assert "Stop all reminders" not in said
    assert "Nothing today" not in said


@pytest.mark.parametrize("address", ["preferences", "mail_sample"])
def test_looking_ten_times_changes_nothing(client, token, client_person, address):
    before = Client.objects.values().get()
    arguments = [token, "pictures"] if address == "mail_sample" else [token]
    for _ in range(10):
        assert client.get(reverse(f"clinic:{address}", args=arguments)).status_code == 200
    assert Client.objects.values().get() == before
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "act", ["later_today", "not_today", "today_as_usual", "pause_mails", "stop_mails", "start_mails"]
)
def test_a_link_that_is_followed_does_not_act(client, token, act):
    assert client.get(reverse(f"clinic:{act}", args=[token])).status_code == 405


def test_no_such_detail_is_404_and_another_purpose_opens_nothing(client, token, client_person):
    assert client.get(reverse("clinic:mail_sample", args=[token, "all"])).status_code == 404
    other = links.sign("unsubscribe", client_person.pk)
    assert client.get(reverse("clinic:preferences", args=[other])).status_code == 404
    assert client.post(reverse("clinic:stop_mails", args=[other])).status_code == 404


def test_saving_says_so_once(client, token):
    answer = client.post(reverse("clinic:preferences", args=[token]), {**CHOSEN, "language": "en"})
    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["Saved."]
