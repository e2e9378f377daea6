"""What holds the mail before a visit back, and what doesn't."""

import pytest
from django.utils import timezone

from clinic.models import Client, Pulse, Reminder, SafetyAlert, Visit
from clinic.models.base import uuid7
from clinic.queries.reminders import nothing_planned, on_day
from clinic.reminders import kinds
from clinic.services import visits
from clinic.services.reminders import wake
from clinic.services.reminders.plan import plan_kind
from clinic.services.visit_reminder import REVISIONS, time_of
from tests.clinic.visits.conftest import DAY, TODAY, at

pytestmark = [pytest.mark.django_db]
TOMORROW = TODAY + DAY


@pytest.fixture
def planned(book, in_may):
    """A visit tomorrow at ten whose mail waits for today at ten."""
    book(10, day=TOMORROW)
    in_may.move_to(at(9, 50))
    plan_kind(kinds["visit"], at(9, 50))
    for role in ("clock", "worker"):
        Pulse.objects.create(role=role, name="one", at=at(9, 50))
    return Reminder.objects.get(kind="visit")


@pytest.fixture
def question(client_person):
    """A red flag that no clinician has answered."""
    return SafetyAlert.objects.create(
        practice=client_person.practice, client=client_person, level="urgent", because=["Fever."], source="intake",
        source_id=uuid7(),
    )  # fmt: skip


def sent(row, in_may):
    in_may.move_to(at(10, 5))
    wake()
    row.refresh_from_db()
    return row.state, row.reason


@pytest.mark.usefixtures("question", "mailoutbox")
def test_an_open_red_flag_holds_reminders_back_but_not_that_of_a_visit(planned, in_may, client_person):
    (line,) = on_day(client_person, TODAY)
    assert line.sentence == "Will leave on 13 May 2026, 10:00."
    assert sent(planned, in_may) == ("sent", "")
    told = nothing_planned(client_person, TOMORROW)
    assert "No reminder but a visit reminder or " in told
    assert "would leave that day: a clinician has to answer a question" in told


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        ({"reminders_stopped_at": timezone.now}, "The client stopped reminders."),
        ({"email_refused_at": timezone.now}, "The client withdrew their consent to mail."),
        ({"reminders_paused_until": lambda: TODAY + 2 * DAY}, "Reminders are paused until 15 May 2026."),
    ],
)
def test_what_the_client_said_holds_it_back(planned, in_may, client_person, why, reason):
    Client.objects.filter(pk=client_person.pk).update(**{name: value() for name, value in why.items()})
    (line,) = on_day(client_person, TODAY)
    assert line.sentence == f"Due on 13 May 2026, 10:00. Will not leave: {reason[:1].lower()}{reason[1:]}"
    assert sent(planned, in_may) == ("skipped", reason)


def test_what_speaks_against_it_at_the_moment_of_sending(book, in_may, therapist, practice):
    visit = book(15)
    row = Reminder(
        practice=practice, client=visit.client, subject=visit.pk, slot=time_of(visit) * REVISIONS + 1, kind="visit"
    )
    against = lambda: kinds["visit"].unwanted([row]).get(row.pk, "")  # noqa: E731
    assert against() == ""
    practice.visit_reminder_hours = 0
    assert against() == "The practice sends no visit reminders."
    practice.visit_reminder_hours = 24
    in_may.move_to(at(15))
    assert against() == "The visit is over, or has begun."
    visits.came(visit=visit, revision=1, by=therapist)
    in_may.move_to(at(7))
    assert against() == "The visit is over, or has begun."
    Visit.objects.all().delete()
    assert against() == "The visit is not in the diary any more."
