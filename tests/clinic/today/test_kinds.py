"""For whom each kind is so, at its bounds, and what it says."""

import datetime

import pytest

from assessments.services import assessments
from clinic.services import clients, reminders
from tests.clinic.today.conftest import DAY, EVERY_DAY, NOON, TODAY, look, mail, needs, painful, said, signed
from tests.treatments.conftest import make_running
from treatments.models import HomeLog, SessionNote
from treatments.services import home_logs

pytestmark = pytest.mark.django_db


# --- home ---------------------------------------------------------------------------------------------------------


def test_a_too_painful_answer_is_there_with_the_answer_and_gone_with_the_look_at_it(client_person, therapist):
    item = make_running(client_person, starts_on=TODAY - 3 * DAY, weekdays=EVERY_DAY).items.get()
    answer = home_logs.log(item=item, local_date=TODAY, outcome="too_painful", word="sharp", by=client_person)
    assert needs() == ["too_painful"]
    sentence, action = said("too_painful")
    assert sentence == "Half-kneeling hip flexor stretch, right on 18 March: “sharp”. It is stopped."
    assert (action.label, action.url, action.post) == ("Leave it out", f"/home-logs/{answer.pk}/seen/", True)
    home_logs.mark_seen(answer=answer, by=therapist)
    assert needs() == []


def test_an_answer_taken_back_needs_nobody(client_person):
    item = make_running(client_person, starts_on=TODAY - 3 * DAY, weekdays=EVERY_DAY).items.get()
    home_logs.log(item=item, local_date=TODAY, outcome="too_painful", by=client_person)
    home_logs.log(item=item, local_date=TODAY, outcome="done", by=client_person)
    assert needs() == []


@pytest.mark.parametrize(("done", "low"), [(6, True), (7, False)])
def test_less_than_half_of_two_weeks_is_low(client_person, done, low):
    programme = make_running(client_person, starts_on=TODAY - 30 * DAY, weekdays=EVERY_DAY)
    for back in range(1, done + 1):
        HomeLog.objects.create(
            practice=client_person.practice, client=client_person, item=programme.items.get(), outcome="done",
            local_date=TODAY - back * DAY,
        )  # fmt: skip
    look()
    assert ("adherence_low" in needs()) is low
    if low:
        sentence, action = said("adherence_low")
        assert sentence == "Did 6 of 14 exercises planned from 4 March to 17 March. This goes by itself at half."
        assert action.url == f"/programmes/{programme.pk}/"


# --- measuring again ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "due"), [(41, False), (42, True)])
def test_re_assessment_by_days(client_person, days, due):
    make_running(client_person, starts_on=TODAY)
    signed(client_person, TODAY - days * DAY)
    look()
    assert ("reassessment_due" in needs()) is due
    if due:
        sentence, action = said("reassessment_due")
        assert sentence == "Last measured on 4 February 2026; due after 42 days."
        assert action.url == f"/clients/{client_person.pk}/assessments/new/"


@pytest.mark.parametrize(("sessions", "due"), [(5, False), (6, True)])
def test_re_assessment_by_sessions_that_count_once(client_person, therapist, book, sessions, due):
    make_running(client_person, starts_on=TODAY)
    signed(client_person, TODAY - 20 * DAY)
    book(client_person, NOON - 20 * DAY, state="done")  # the day of measuring itself
    book(client_person, NOON - 15 * DAY, state="no_show")
    for back in range(1, sessions):
        visit = book(client_person, NOON - back * DAY, state="done")
        note(client_person, therapist, TODAY - back * DAY, visit=visit)
    note(client_person, therapist, TODAY - 6 * DAY)  # without a visit in the diary
    note(client_person, therapist, TODAY - 7 * DAY, state="draft")
    look()
    assert needs() == (["reassessment_due"] if due else [])
    if due:
        assert said("reassessment_due")[0] == "Last measured on 26 February 2026, 6 sessions since."


def note(client, author, day, *, state="signed", visit=None):
    return SessionNote.objects.create(
        practice=client.practice, client=client, author=author, held_on=day, state=state, visit=visit,
        signed_at=NOON if state == "signed" else None,
    )  # fmt: skip


@pytest.mark.parametrize(("ended", "due"), [(89, True), (91, False)])
def test_who_stopped_their_programme_long_ago_is_not_measured_for_it(client_person, ended, due):
    programme = make_running(client_person, starts_on=TODAY - 130 * DAY)
    programme.state, programme.ended_at = "ended", NOON - ended * DAY
    programme.save()
    signed(client_person, TODAY - 130 * DAY)
    look()
    assert ("reassessment_due" in needs()) is due


def test_without_a_programme_nobody_is_measured_again(client_person):
    signed(client_person, TODAY - 100 * DAY)
    look()
    assert "reassessment_due" not in needs()


def test_signing_takes_it_away_at_once(client_person, therapist):
    make_running(client_person, starts_on=TODAY)
    signed(client_person, TODAY - 60 * DAY)
    look()
    assert needs() == ["reassessment_due", "slipped_away"]
    rows = [{"measure": "hip_extension", "side": "left", "value": 4, "unit": "deg"}]
    draft = assessments.record(client=client_person, assessed_on=TODAY, measurements=rows, by=therapist)
    assert needs() == ["reassessment_due", "slipped_away"]
    assessments.sign(assessment=draft, by=therapist)
    assert needs() == []


# --- slipped away -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "away"), [(41, False), (43, True), (181, True), (183, False)])
def test_slipped_away_by_the_last_visit(client_person, book, days, away):
    book(client_person, NOON - days * DAY, state="done")
    look()
    assert needs() == (["slipped_away"] if away else [])


def test_slipped_away_says_when_they_were_seen(client_person, book):
    book(client_person, NOON - 50 * DAY, state="done")
    look()
    assert said("slipped_away")[0] == (
        "Last seen on 27 January 2026; nothing heard for six weeks, and no visit is booked."
    )


@pytest.mark.parametrize("sign", ["visit ahead", "assessment", "answer", "note", "archived", "never came"])
def test_any_sign_of_life_keeps_them(client_person, therapist, book, sign):
    book(client_person, NOON - 50 * DAY, state="cancelled" if sign == "never came" else "done")
    if sign == "visit ahead":
        book(client_person, NOON + 30 * DAY)
    if sign == "assessment":
        signed(client_person, TODAY - 40 * DAY)
    if sign == "note":
        note(client_person, therapist, TODAY - 40 * DAY)
    if sign == "answer":
        programme = make_running(client_person, starts_on=TODAY - 45 * DAY, weeks=1, weekdays=EVERY_DAY)
        HomeLog.objects.create(
            practice=client_person.practice, client=client_person, item=programme.items.get(), outcome="skipped",
            local_date=TODAY - 40 * DAY,
        )  # fmt: skip
    if sign == "archived":
        clients.archive(client=client_person, by=therapist)
    look()
    assert "slipped_away" not in needs()


# --- mail ---------------------------------------------------------------------------------------------------------


def test_an_address_that_came_back_asks_to_be_corrected(client_person, receptionist):
    client_person.email_bounced_at = NOON
    client_person.save()
    look()
    assert needs() == [], "nobody waits for mail"
    mail(client_person, state="skipped", reason="An address came back.")
    look()
    sentence, action = said("mail_bounced")
    assert sentence == "Mail to ada@clients.example came back on 18 March 2026."
    assert action.url == f"/clients/{client_person.pk}/change/"
    clients.change(client=client_person, by=receptionist, email="ada@new.example")
    assert needs() == []


@pytest.mark.parametrize("over", ["archived_at", "email_refused_at"])
def test_nobody_is_asked_for_an_address_that_is_not_needed(client_person, over):
    mail(client_person, state="sent")
    client_person.email_bounced_at = NOON
    setattr(client_person, over, NOON)
    client_person.save()
    look()
    assert needs() == []


def test_a_wrong_address_is_told_once(client_person):
    mail(client_person)
    look()
    assert needs() == ["mail_uncertain"]
    client_person.email_bounced_at = NOON
    client_person.save()
    look()
    assert needs() == ["mail_bounced"]


@pytest.mark.parametrize(
    ("state", "kind", "label", "sentence"),
    [
        ("failed", "home_stretch", "Send again", "Home programme of 18 March 2026 failed. No such host."),
        ("uncertain", "home_stretch", "Seen",
         "Home programme of 18 March 2026 may not have arrived: ask the client. No such host."),
        ("uncertain", "intake_link", "Send again",
         "Intake link of 18 March 2026 may not have arrived: ask the client. No such host."),
    ],
)  # fmt: skip
def test_mail_that_failed_or_is_uncertain(client_person, receptionist, state, kind, label, sentence):
    row = mail(client_person, state=state, kind=kind, reason="No such host.")
    look()
    said_now, action = said("mail_uncertain")
    assert (said_now, action.label) == (sentence, label)
    reminders.mark_seen(reminder=row, by=receptionist)
    assert needs() == []


def test_yesterdays_reminder_is_not_sent_again(client_person, noon):
    mail(client_person)
    look()
    noon.move_to(NOON + datetime.timedelta(days=1), tick=False)
    assert said("mail_uncertain")[1].label == "Seen"


def test_sending_again_and_seeing_many_take_the_row_away(practice, receptionist, make_people):
    first, second, third = make_people(3)
    rows = [mail(person, reason="No such host.") for person in (first, second, third)]
    look()
    reminders.resend(reminder=rows[0], by=receptionist)
    assert needs(first) == []
    assert len(needs()) == 2
    from clinic.models import Reminder

    reminders.mark_all_seen(reminders=Reminder.objects.filter(practice=practice), by=receptionist)
    assert needs() == []


def test_other_practices_are_left_alone(client_person, other_client, practice):
    for person in (client_person, other_client):
        painful(person)
    look(practice)
    assert needs(other_client) == []
    look()
    assert needs(other_client) == ["too_painful"]
