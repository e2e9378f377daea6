"""One neutral mail says that questions wait: at the client's hour, once, and not where anything speaks against it."""

import datetime
import re

import pytest
from django.core import serializers

from assessments.models import QuestionnaireRequest
from assessments.queries import asked_mail
from assessments.queries.asked import Sheet
from assessments.services import asked
from assessments.services.asked_mail import QuestionnaireAsked
from clinic.models import AuditEntry, Client, Reminder, SafetyAlert
from clinic.models.base import uuid7
from clinic.services import clients, clock
from clinic.services.reminders import wake
from tests.people import make_client

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 3, 4, 12, 0, tzinfo=datetime.UTC)  # 13:00 in Berlin, a Wednesday
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
EVENING = NOON + 4 * HOUR + datetime.timedelta(minutes=55)  # a little before the daily mail
LINK = re.compile(r"""https?://[^\s"<>]+""")
SECRET = ("pain", "nprs", "psfs", "groc", "roland", "disability", "hip", "back", "score", "questionnaire")


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def until(at_noon, request):
    """`until(moment)`: twice each afternoon, as the engine does every hour; how many mails left."""
    if "mail_server" not in request.fixturenames:
        request.getfixturevalue("mailoutbox")

    def until(moment):
        now = datetime.datetime.now(datetime.UTC)
        days = [EVENING + number * DAY for number in range((moment - EVENING).days + 1)]
        moments = sorted({moment, *days, *(day - 2 * HOUR for day in days)})
        sent = 0
        for at in moments:
            if now < at <= moment:
                at_noon.move_to(at, tick=False)
                QuestionnaireAsked().plan(now=now, until=at + HOUR / 4)
                now, sent = at, sent + wake()
        return sent

    return until


def mails():
    return [(row.state, row.reason) for row in Reminder.objects.filter(kind="questionnaire").order_by("due_at", "id")]


def say(client_person, **changes):
    Client.objects.filter(pk=client_person.pk).update(**changes)
    client_person.refresh_from_db()


def alert(person):
    return SafetyAlert.objects.create(
        practice=person.practice, client=person, level="urgent", because=["x"], source="x", source_id=uuid7()
    )


def test_it_arrives_at_the_clients_hour_neutral_and_leads_to_exactly_that_page(ask, until, mail_server, client):
    row = ask("nprs")
    assert until(EVENING - HOUR) == 0
    assert until(EVENING) == 1
    (mail,) = mail_server.messages
    kinds = ["multipart/alternative", "text/plain", "text/html"]
    assert [part.get_content_type() for part in mail.walk()] == kinds
    assert not mail.defects
    assert str(mail["Subject"]) == "A few questions from Riverside Bodywork"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))
    for said in (text, html):
        assert "They take about 1 minute." in said
        assert str(mail["List-Unsubscribe"]).strip("<>") in said
        (page,) = {link for link in LINK.findall(said) if "/questions/" in link}
        assert page.endswith(f"/questions/{row.pk}/")
        words = LINK.sub("", f"{mail['Subject']} {said}").lower()
        assert not [word for word in SECRET if re.search(rf"\b{word}\b", words)]
    assert set(LINK.findall(text)) == set(LINK.findall(html))
    assert "A few questions for you" in client.get("/" + page.split("/", 3)[3]).content.decode()


def test_asked_together_it_is_one_mail_and_it_does_not_come_again(client_person, therapist, until, mailoutbox):
    asked.ask(client=client_person, questionnaires=["nprs", "psfs"], due_on=client_person.today, by=therapist)
    assert until(EVENING + 20 * DAY) == 1
    assert mails() == [("sent", "")]
    assert "about 4 minutes" in mailoutbox[0].body
    both = [Sheet(row) for row in QuestionnaireRequest.objects.all()]
    assert asked_mail.minutes(both) == 4


def test_what_is_asked_for_later_is_said_then_also_where_something_was_said_before(ask, until, client_person):
    ask("nprs")
    ask("psfs", on=client_person.today + 3 * DAY)
    assert until(EVENING + 3 * DAY - HOUR) == 1
    assert until(EVENING + 3 * DAY) == 1
    assert until(EVENING + 9 * DAY) == 0


def test_too_late_for_today_it_comes_tomorrow(ask, until, at_noon):
    at_noon.move_to(EVENING, tick=False)
    ask("nprs")
    assert until(EVENING + DAY - HOUR) == 0
    assert until(EVENING + DAY) == 1


def test_asked_again_after_a_slip_it_is_not_said_again(ask, until, therapist, at_noon):
    row = ask("nprs")
    assert until(EVENING) == 1
    asked.withdraw(request=row, by=therapist)
    assert ask("nprs").pk == row.pk
    assert until(EVENING + 5 * DAY) == 0
    asked.withdraw(request=row, by=therapist)
    at_noon.shift(2 * HOUR)
    assert ask("nprs").pk != row.pk, "that is no slip any more"
    assert until(EVENING + 7 * DAY) == 1


# --- reasons not to send, at the moment of sending --------------------------------------------------------------------


@pytest.mark.parametrize(("change", "reason"), [
    ({"email": ""}, "The client has no e-mail address."),
    ({"email_bounced_at": NOON}, "Mail to the client's address came back."),
    ({"email_refused_at": NOON}, "The client withdrew their consent to mail."),
    ({"archived_at": NOON}, "The client is archived."),
    ({"reminders_stopped_at": NOON}, "The client stopped reminders."),
    ({"reminders_paused_until": (NOON + 9 * DAY).date()}, "Reminders are paused until 13 March 2026."),
    ({"reminders_skipped_on": NOON.date()}, "The client wanted nothing more on that day."),
    ({"snoozed_until": NOON + HOUR}, "The client chose another time for that day."),
    ({"reminder_days": [1, 2]}, "The client wants no such mail on that day of the week."),
])  # fmt: skip
def test_each_reason_is_asked_for_right_before_it_leaves(ask, at_noon, client_person, mailoutbox, change, reason):
    ask("nprs")
    say(client_person, **change)
    at_noon.move_to(EVENING, tick=False)
    wake()
    assert mailoutbox == []
    assert mails() == [("skipped", reason)]


def test_nothing_leaves_for_what_was_answered_or_taken_back_or_while_a_red_flag_is_open(
    ask, at_noon, client_person, practice, mailoutbox, therapist, client, at
):
    answered, withdrawn = ask("nprs"), make_client(practice, ref="C2", given_name="Bo")
    for number in range(1, len(Sheet(answered).pages) + 1):
        client.post(at(answered, number), {"value": "3"})
    client.post(at(answered))
    answered.refresh_from_db()
    assert answered.response is not None
    asked.withdraw(request=ask("groc", client=withdrawn), by=therapist)
    flagged = make_client(practice, ref="C3", given_name="Cy")
    ask("groc", client=flagged)
    alert(flagged)
    at_noon.move_to(EVENING, tick=False)
    wake()
    assert mailoutbox == []
    told = dict(Reminder.objects.values_list("client__given_name", "reason"))
    gone = "It is answered already, or not asked for any more."
    locked = "A clinician has to answer a question about this client first."
    assert told == {"Ada": gone, "Bo": gone, "Cy": locked}


def test_quiet_hours_and_the_one_message_of_the_day_hold(ask, at_noon, until, client_person, mailoutbox):
    ask("nprs")
    Reminder.objects.create(
        practice=client_person.practice, client=client_person, kind="home_stretch", subject=uuid7(),
        local_date=NOON.date(), due_at=NOON, not_before=NOON, state="sent", counted=True, settled_at=NOON,
    )  # fmt: skip
    assert until(EVENING) == 0
    assert mails() == [("skipped", "Another message went to the client that day.")]
    assert until(EVENING + DAY - HOUR) == 0
    assert until(EVENING + DAY) == 1, "on the next day, before the daily one"
    assert Reminder.objects.get(kind="questionnaire", state="sent").counted


# --- what was held back comes later -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("hold", "release"), [
    (lambda person: clients.stop_reminders(client=person, by=person),
     lambda person: clients.start_reminders(client=person, by=person)),
    (alert, lambda person: SafetyAlert.objects.all().delete()),
    (lambda person: say(person, email=""), lambda person: say(person, email="ada@clients.example")),
    (lambda person: say(person, reminder_days=[]), lambda person: say(person, reminder_days=None)),
], ids=["stop", "red flag", "no address", "no days"])  # fmt: skip
def test_what_was_held_back_leaves_after_it_is_over_without_a_row_for_every_day(
    ask, until, client_person, hold, release, at_noon
):
    hold(client_person)
    client_person.refresh_from_db()
    ask("nprs")
    assert until(EVENING + 5 * DAY) == 0
    assert mails() == []
    client_person.refresh_from_db()
    release(client_person)
    assert until(EVENING + 6 * DAY) == 1


def test_after_two_weeks_it_only_stands_on_the_page(ask, until, client_person):
    say(client_person, reminders_paused_until=(NOON + 30 * DAY).date())
    ask("nprs")
    assert until(EVENING + 32 * DAY) == 0


def test_a_pause_lets_it_go_on_the_first_day_after_it(ask, until, client_person):
    say(client_person, reminders_paused_until=(NOON + 3 * DAY).date())
    ask("nprs")
    assert until(EVENING + 3 * DAY - HOUR) == 0
    assert until(EVENING + 3 * DAY) == 1


def test_one_with_a_zone_that_nobody_knows_does_not_stop_the_others(ask, at_noon, client_person, practice, caplog):
    strange = make_client(practice, ref="C2", given_name="Bo")
    for person in (strange, client_person):
        ask("nprs", client=person, on=(NOON + 2 * DAY).date())
    Client.objects.filter(pk=strange.pk).update(timezone="Mars/Olympus")
    at_noon.shift(2 * DAY - 2 * HOUR)
    assert QuestionnaireAsked().plan(now=clock.now() - HOUR, until=clock.now()) == 1
    assert "cannot be planned" in caplog.text


@pytest.mark.parametrize("many", [1, 3])
def test_an_hour_asks_once_and_then_for_each_that_is_planned(ask, practice, django_assert_num_queries, many, at_noon):
    for place in range(many):
        ask("nprs", client=make_client(practice, ref=f"C{place}", given_name=f"N{place}"), on=(NOON + 2 * DAY).date())
    at_noon.shift(2 * DAY)
    with django_assert_num_queries(0):
        assert QuestionnaireAsked().plan(now=clock.now(), until=clock.now()) == 0, "not a new hour"
    with django_assert_num_queries(1 + many):
        assert QuestionnaireAsked().plan(now=clock.now() - HOUR, until=clock.now()) == many
    with django_assert_num_queries(1):
        assert QuestionnaireAsked().plan(now=clock.now() - HOUR, until=clock.now()) == 0
    rows = list(Reminder.objects.select_related("client__practice", "practice"))
    with django_assert_num_queries(1):
        assert QuestionnaireAsked().unwanted(rows) == {}


def test_a_scanner_that_follows_every_link_ten_times_changes_nothing(ask, until, client, mailoutbox):
    ask("psfs")
    until(EVENING)
    kept = (QuestionnaireRequest, Client, Reminder, AuditEntry)
    before = [serializers.serialize("json", model.objects.order_by("pk")) for model in kept]
    found = LINK.findall(mailoutbox[0].body)
    assert len(found) == 4
    for link in found:
        for _ in range(10):
            assert client.get("/" + link.split("/", 3)[3]).status_code == 200
    assert before == [serializers.serialize("json", model.objects.order_by("pk")) for model in kept]


# --- the staff page ---------------------------------------------------------------------------------------------------


def panel(client, person):
    return " ".join(client.get(f"/clients/{person.pk}/?tab=assessments").content.decode().split())


def test_the_staff_page_says_when_it_goes_and_that_it_went(client, client_person, therapist, until):
    client.force_login(therapist.user)
    shown = panel(client, client_person)
    assert "A mail says so on Wednesday 4 March at 17:55." in shown
    sent = client.post(f"/clients/{client_person.pk}/questionnaires/", {"questionnaire": "nprs"}, follow=True)
    assert "on their page now. A mail says so on Wednesday 4 March at 17:55." in sent.content.decode()
    assert until(EVENING) == 1
    assert "A mail said so on Wednesday 4 March at 17:55." in panel(client, client_person)


@pytest.mark.parametrize(("change", "line"), [
    ({"email": ""}, "No mail for now: the client has no e-mail address."),
    ({"reminders_stopped_at": NOON}, "No mail for now: the client stopped reminders."),
    ({"reminder_days": []}, "No mail for now: the client wants no such mail on any day of the week."),
    ({"reminder_days": [5]}, "A mail says so on Friday 6 March at 17:55."),
    ({"reminders_paused_until": (NOON + 2 * DAY).date()}, "No mail for now: reminders are paused until 6 March 2026."),
    ({"timezone": "Pacific/Auckland"}, "A mail says so on Thursday 5 March at 17:55."),
    ({"reminder_time": datetime.time(7, 0)}, "A mail says so on Thursday 5 March at 07:00."),
])  # fmt: skip
def test_the_staff_page_says_what_holds_it_back(client, client_person, therapist, ask, change, line):
    say(client_person, **change)
    ask("nprs")
    client.force_login(therapist.user)
    shown = panel(client, client_person)
    assert shown.count(line) == 2, "beside what is asked for, and below the form"
    assert ("Give an address" in shown) is (client_person.email == "")


def test_what_the_staff_page_says_of_a_red_flag_and_of_one_that_failed(client_person, ask):
    row = ask("nprs")
    flag = alert(client_person)
    held = "No mail for now: a clinician has to answer a question about this client first."
    assert asked_mail.lines(client_person, [row], clock.now()) == [held]
    flag.delete()
    Reminder.objects.update(state="failed", settled_at=NOON + HOUR)
    assert asked_mail.lines(client_person, [row], clock.now()) == ["Its mail did not go out: see Reminders."]
    Reminder.objects.all().delete()
    assert asked_mail.lines(client_person, [row], NOON + 15 * DAY) == ["No mail said so."]
