"""Who was told of a visit is told that it does not take place; nobody else is."""

import datetime

import pytest

from clinic.models import PlanningMark, Reminder
from clinic.reminders import kinds
from clinic.services import visits
from clinic.services.reminders import wake
from clinic.services.reminders.plan import plan_kind
from tests.clinic.visits.conftest import DAY, TODAY, at

pytestmark = [pytest.mark.django_db]
TOMORROW = TODAY + DAY
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def engine(in_may, mailoutbox):
    """`engine(moment)`: from where it last ran to that moment, in steps of ten minutes; the subjects of its mails."""
    for key in ("visit", "visit_cancelled"):
        PlanningMark.objects.create(kind=key, planned_at=at(7))

    def run(until):
        sent, now = len(mailoutbox), datetime.datetime.now(datetime.UTC)
        while now < until:
            now = min(now + 10 * MINUTE, until)
            in_may.move_to(now)
            for key in ("visit", "visit_cancelled"):
                plan_kind(kinds[key], now)
            if Reminder.objects.filter(state="planned", not_before__lte=now).exists():
                wake()
        return [mail.subject for mail in mailoutbox[sent:]]

    return run


def cancel(visit, therapist):
    visit.refresh_from_db()
    return visits.cancel(visit=visit, revision=None, by=therapist)


def test_after_its_mail_a_cancelled_visit_is_called_off_once(book, engine, therapist, mailoutbox, practice):
    practice.phone = "+49 30 1234"
    practice.save()
    visit = book(15, day=TOMORROW, note="Sciatica")
    assert [subject[:13] for subject in engine(at(15, 30))] == ["Your visit on"]
    cancel(visit, therapist)
    assert engine(at(15, 35)) == []  # a slip of the hand is said to nobody
    (subject,) = engine(at(18))
    assert subject.endswith("is cancelled")
    said = mailoutbox[-1].body
    assert "this visit does not take place" in said
    assert "please call +49 30 1234" in said
    assert "Sciatica" not in said
    assert engine(at(20)) == []


def test_before_its_mail_there_is_nothing_to_call_off(book, engine, therapist):
    visit = book(15, day=TOMORROW)
    cancel(visit, therapist)
    assert engine(at(16)) == []
    assert not Reminder.objects.filter(kind="visit_cancelled").exists()


def test_what_is_taken_back_in_time_is_not_said(book, engine, therapist):
    visit = book(15, day=TOMORROW)
    engine(at(15, 30))
    cancel(visit, therapist)
    engine(at(15, 35))
    visit.refresh_from_db()
    visits.restore(visit=visit, revision=None, by=therapist)
    assert engine(at(18)) == []


def test_late_in_the_evening_it_waits_for_the_morning(book, engine, therapist):
    visit = book(15, day=TOMORROW)
    engine(at(15, 30))
    engine(at(21, 30))
    cancel(visit, therapist)
    assert engine(at(23, 50)) == []
    assert engine(at(6, 50, day=TOMORROW)) == []
    assert len(engine(at(7, 20, day=TOMORROW))) == 1
