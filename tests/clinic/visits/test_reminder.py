"""The mail before a visit: planned by the diary, and following it until the moment of sending."""

import datetime

import pytest

from clinic.models import Client, PlanningMark, Reminder
from clinic.reminders import kinds
from clinic.services import visits
from clinic.services.reminders import wake
from clinic.services.reminders.plan import plan_kind
from tests.benchmarks.untraced import untraced
from tests.clinic.visits.conftest import DAY, TODAY, at

pytestmark = [pytest.mark.django_db]
TOMORROW = TODAY + DAY
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _unwatched():
    """What whole days run through has its coverage measured where each part is tested by itself."""
    with untraced():
        yield


@pytest.fixture
def kind():
    return kinds["visit"]


@pytest.fixture
def engine(in_may, kind, mailoutbox):
    """`engine(moment)`: from where it last ran to that moment, in steps of ten minutes; the mails it sent."""
    PlanningMark.objects.create(kind="visit", planned_at=at(7))

    def run(until):
        sent = len(mailoutbox)
        now = datetime.datetime.now(datetime.UTC)
        while now < until:
            now = min(now + 10 * MINUTE, until)
            in_may.move_to(now)
            plan_kind(kind, now)
            if Reminder.objects.filter(state="planned", not_before__lte=now).exists():
                wake()
        return mailoutbox[sent:]

    return run


def rows():
    return list(Reminder.objects.filter(kind="visit").order_by("id"))


def move(visit, hour, *, day=TOMORROW):
    visit.refresh_from_db()
    length = visit.ends_at - visit.starts_at
    starts_at = at(hour, day=day)
    return visits.move(
        visit=visit, revision=None, by=visit.therapist, starts_at=starts_at, ends_at=starts_at + length, anyway=True
    )


def test_it_leaves_so_long_before_and_says_when_but_not_what_for(book, engine, room, practice):
    practice.phone, practice.address = "+49 30 1234", "Mill Lane 4, Berlin"
    practice.save()
    book(15, day=TOMORROW, purpose="reassessment", note="Sciatica", room=room)
    assert engine(at(14, 55)) == []
    (mail,) = engine(at(15, 5))
    assert (mail.to, mail.subject) == (["Ada Brandt <ada@clients.example>"], "Your visit on Thursday 14 May, 15:00")
    html = mail.alternatives[0][0]
    for body in (mail.body, html):
        for word in ("Thursday 14 May, 15:00", "Tomas", "Riverside Bodywork", "Mill Lane 4", "+49 30 1234"):
            assert word in body
        assert not any(word in body for word in ("assessment", "Sciatica", "your time"))
    (row,) = rows()
    assert (row.state, row.local_date, row.due_at, row.counted) == ("sent", TODAY, at(15), False)
    assert engine(at(16)) == []


def test_a_client_elsewhere_reads_their_own_time_too(book, engine, client_person):
    client_person.timezone = "America/New_York"
    client_person.save()
    book(15, day=TOMORROW)
    (mail,) = engine(at(15, 5))
    assert "Thursday 14 May, 15:00\n(09:00 your time)" in mail.body


def test_none_where_the_practice_wants_none(book, engine, practice):
    practice.visit_reminder_hours = 0
    practice.save()
    book(15, day=TOMORROW)
    assert engine(at(20)) == []
    assert rows() == []


def test_a_visit_booked_late_is_said_soon_and_one_within_two_hours_not(book, engine, ben):
    engine(at(12))
    book(17)
    book(13, 55, client=ben)
    (mail,) = engine(at(12, 30))
    assert mail.to == ["Ada Brandt <ada@clients.example>"]
    assert engine(at(20)) == []


def test_a_mistake_that_is_undone_at_once_is_said_to_nobody(book, engine, therapist):
    engine(at(12))
    visit = book(17)
    engine(at(12, 5))
    visits.cancel(visit=visit, revision=1, by=therapist)
    assert engine(at(20)) == []
    assert [(row.state, row.reason) for row in rows()] == [("skipped", "The visit was cancelled.")]


def test_a_visit_moved_before_its_mail_is_said_once_for_the_new_time(book, engine):
    visit = book(15, day=TOMORROW)
    engine(at(12))
    move(visit, 17)
    assert engine(at(16, 30)) == []
    (mail,) = engine(at(17, 5))
    assert "Thursday 14 May, 17:00" in mail.body
    assert "has changed" not in mail.body


def test_a_visit_moved_between_planning_and_sending_keeps_its_old_mail_back(book, engine):
    visit = book(15, day=TOMORROW)
    engine(at(14, 50))
    assert [row.state for row in rows()] == ["planned"]
    move(visit, 19)
    assert engine(at(15, 30)) == []
    assert rows()[0].reason == "The visit was moved: this mail was for another time."
    (mail,) = engine(at(19, 5))
    assert "19:00" in mail.subject


@pytest.mark.parametrize(("hour", "day"), [(17, TOMORROW), (9, TOMORROW), (15, TOMORROW + DAY)])
def test_a_visit_moved_after_its_mail_is_said_again(book, engine, hour, day):
    visit = book(15, day=TOMORROW)
    engine(at(15, 5))
    move(visit, hour, day=day)
    mails = engine(at(18, day=TOMORROW))
    assert [mail.subject for mail in mails] == [f"Your visit on {day:%A} {day.day} May, {hour:02d}:00"]
    assert "the time of your visit has changed" in mails[0].body


def test_moved_to_a_day_that_is_far_it_is_said_at_once_and_the_day_before(book, engine):
    visit = book(15, day=TOMORROW)
    engine(at(15, 5))
    move(visit, 11, day=TOMORROW + 7 * DAY)
    (told,) = engine(at(15, 30))
    assert told.subject == "Your visit on Thursday 21 May, 11:00"
    assert "the time of your visit has changed" in told.body
    assert engine(at(10, 55, day=TOMORROW + 6 * DAY)) == []
    (reminder,) = engine(at(12, day=TOMORROW + 6 * DAY))
    assert reminder.subject == told.subject
    assert "a reminder of your visit" in reminder.body
    assert engine(at(11, day=TOMORROW + 7 * DAY)) == []


def test_moved_late_in_the_evening_it_is_said_in_the_morning(book, engine):
    visit = book(15, day=TOMORROW)
    engine(at(22))
    move(visit, 11, day=TOMORROW + 3 * DAY)
    assert engine(at(6, 55, day=TOMORROW)) == []
    assert len(engine(at(7, 10, day=TOMORROW))) == 1


def test_there_and_back_is_said_only_where_the_last_mail_says_something_else(book, engine):
    visit = book(15, day=TOMORROW)
    engine(at(15, 5))
    move(visit, 12)
    engine(at(15, 8))
    move(visit, 15)
    assert engine(at(16)) == []
    move(visit, 12)
    (mail,) = engine(at(16, 30))
    assert "12:00" in mail.subject
    move(visit, 15)
    (mail,) = engine(at(17))
    assert "15:00" in mail.subject
    assert "has changed" in mail.body
    assert engine(at(11, day=TOMORROW)) == []


def test_a_changed_note_or_therapist_is_not_said_again(book, engine, nadia, therapist):
    visit = book(15, day=TOMORROW)
    engine(at(15, 5))
    visits.move(visit=visit, revision=1, by=therapist, note="Bring the pictures")
    assert engine(at(18)) == []


def test_cancelled_and_restored_is_said_again_only_if_it_was_not(book, engine, therapist):
    said, kept_back = book(15, day=TOMORROW), book(19, day=TOMORROW)
    engine(at(15, 5))
    for visit in (said, kept_back):
        visits.cancel(visit=visit, revision=1, by=therapist)
    assert engine(at(19, 5)) == []
    for visit in (said, kept_back):
        visits.restore(visit=visit, revision=2, by=therapist)
    (mail,) = engine(at(20))
    assert "19:00" in mail.subject


@pytest.mark.parametrize(
    ("hours", "starts", "leaves"),
    [
        (24, at(7, 30, day=TOMORROW), at(7, 30)),
        (12, at(9, 30, day=TOMORROW), at(20, 45)),  # 21:30 is quiet, and tomorrow would be another day
        (11, at(10, 45, day=TOMORROW), at(20, 45)),  # 23:45
        (6, at(11, day=TOMORROW), at(7, day=TOMORROW)),  # 05:00: as soon as it may
    ],
)
def test_quiet_hours_lose_no_mail(book, engine, practice, hours, starts, leaves, mailoutbox):
    practice.visit_reminder_hours = hours
    practice.save()
    local = starts.astimezone(practice.zone)
    book(local.hour, local.minute, day=local.date())
    assert engine(leaves - 5 * MINUTE) == []
    assert len(engine(leaves + 10 * MINUTE)) == 1


def test_booked_late_in_the_evening_it_leaves_in_the_morning_where_that_helps(book, engine, ben):
    engine(at(22))
    book(10, day=TOMORROW)
    book(7, 30, day=TOMORROW, client=ben)
    assert engine(at(6, 55, day=TOMORROW)) == []
    (mail,) = engine(at(7, 10, day=TOMORROW))
    assert mail.to == ["Ada Brandt <ada@clients.example>"]


def test_after_an_outage_over_midnight_it_is_still_said(book, in_may, kind, mailoutbox):
    PlanningMark.objects.create(kind="visit", planned_at=at(7))
    book(15, day=TOMORROW)
    in_may.move_to(at(8, day=TOMORROW))
    plan_kind(kind, at(8, day=TOMORROW))
    wake()
    assert [mail.subject for mail in mailoutbox] == ["Your visit on Thursday 14 May, 15:00"]


def test_longer_ahead_than_before_reaches_what_is_booked(book, engine, practice):
    book(10, day=TOMORROW + DAY)
    engine(at(12))
    practice.visit_reminder_hours = 48
    practice.save()
    visits.look_again(practice=practice)
    assert len(engine(at(13))) == 1


def test_it_does_not_take_the_one_message_of_the_day_and_is_not_held_back_by_one(book, engine, client_person):
    taken = {"kind": "home_stretch", "local_date": TODAY, "due_at": at(8), "not_before": at(8), "state": "sent"}
    Reminder.objects.create(
        practice=client_person.practice, client=client_person, subject=client_person.pk, counted=True, **taken
    )
    book(15, day=TOMORROW)
    assert len(engine(at(15, 5))) == 1
    assert rows()[0].counted is False


def test_why_not(book, in_may, kind, client_person, practice):
    why = lambda day: kind.why_not(client_person, day)  # noqa: E731
    assert why(TODAY) == "No visit is booked whose reminder would leave on that day."
    book(15, day=TOMORROW)
    assert why(TODAY) == "It is planned shortly before it is due, at 15:00."
    assert why(TOMORROW) == "No visit is booked whose reminder would leave on that day."
    in_may.move_to(at(16))
    assert why(TODAY).startswith("It was due at 15:00: ")
    practice.visit_reminder_hours = 1
    book(17, 30)
    assert why(TODAY) == "The visit was booked or moved less than two hours before."
    practice.visit_reminder_hours = 0
    assert why(TODAY) == "The practice sends no visit reminders."


def test_an_archived_client_gets_none(book, engine, client_person):
    book(15, day=TOMORROW)
    Client.objects.update(archived_at=at(8))
    assert engine(at(15, 30)) == []
