"""Every reason not to send, by the whole way: due row in, nothing at the mail server, a sentence in the row."""

import datetime
import uuid

import pytest

from clinic.models import Level, Reminder
from clinic.reminders import kinds
from clinic.services import clients, reminders, safety
from clinic.services.audit import Machine
from tests.clinic.reminders.conftest import NOON
from tests.clinic.reminders.plain_kind import PlainKind

BEFORE = NOON - datetime.timedelta(days=1)


@pytest.fixture
def requested():
    with kinds.temporarily(PlainKind("requested", requested=True)) as made:
        yield made


def red_flag(client, level):
    safety.raise_alert(
        client=client, level=level, because=["x"], source="intake", source_id=uuid.uuid4(), by=Machine.COMMAND
    )


HELD_BACK = {
    "stopped": ({"reminders_stopped_at": BEFORE}, "The client stopped reminders."),
    "paused": ({"reminders_paused_until": datetime.date(2026, 6, 4)}, "Reminders are paused until 4 June 2026."),
}
UNREACHABLE = {
    "archived": ({"archived_at": BEFORE}, "The client is archived."),
    "no address": ({"email": ""}, "The client has no e-mail address."),
    "bounced": ({"email_bounced_at": BEFORE}, "Mail to the client's address came back."),
}


@pytest.mark.parametrize("case", [*HELD_BACK, *UNREACHABLE])
def test_the_state_of_the_client_holds_a_reminder_back(case, client_person, make_reminder, kind, mail_server, noon):
    change, reason = {**HELD_BACK, **UNREACHABLE}[case]
    row = make_reminder(client_person)
    type(client_person).objects.update(**change)  # after planning: current state decides
    assert reminders.wake() == 0
    row.refresh_from_db()
    assert (row.state, row.reason, row.attempts) == ("skipped", reason, 0)
    assert row.settled_at is not None
    assert mail_server.messages == []


@pytest.mark.parametrize("case", HELD_BACK)
def test_mail_that_was_asked_for_comes_although_reminders_are_stopped(
    case, client_person, make_reminder, requested, mail_server, noon
):
    type(client_person).objects.update(**HELD_BACK[case][0])
    make_reminder(client_person, kind="requested")
    assert reminders.wake() == 1


@pytest.mark.parametrize("case", UNREACHABLE)
def test_mail_that_was_asked_for_still_needs_an_address(
    case, client_person, make_reminder, requested, mail_server, noon
):
    type(client_person).objects.update(**UNREACHABLE[case][0])
    row = make_reminder(client_person, kind="requested")
    assert reminders.wake() == 0
    row.refresh_from_db()
    assert row.reason == UNREACHABLE[case][1]


@pytest.mark.parametrize(("level", "sent"), [(Level.EMERGENCY, 0), (Level.URGENT, 0), (Level.ASK, 1)])
def test_an_open_red_flag_holds_reminders_back(level, sent, client_person, make_reminder, kind, mail_server, noon):
    row = make_reminder(client_person)
    red_flag(client_person, level)
    assert reminders.wake() == sent
    row.refresh_from_db()
    assert row.reason == ("" if sent else "A clinician has to answer a question about this client first.")


def test_a_red_flag_that_was_cleared_holds_nothing_back(
    client_person, therapist, make_reminder, kind, mail_server, noon
):
    red_flag(client_person, Level.URGENT)
    safety.clear(alert=client_person.safety_alerts.get(), note="Seen and excluded.", by=therapist)
    make_reminder(client_person)
    assert reminders.wake() == 1


def test_the_pause_ends_on_its_day(client_person, make_reminder, kind, mail_server, noon):
    clients.pause_reminders(client=client_person, until=datetime.date(2026, 6, 3), by=Machine.COMMAND)
    make_reminder(client_person)
    assert reminders.wake() == 1


def test_in_quiet_hours_it_waits_for_the_morning(client_person, make_reminder, kind, mail_server, noon):
    row = make_reminder(client_person)
    noon.move_to(datetime.datetime(2026, 6, 3, 4, 30, tzinfo=datetime.UTC))  # 06:30 in Berlin
    Reminder.objects.update(not_before=NOON - datetime.timedelta(hours=8))
    assert reminders.wake() == 0
    row.refresh_from_db()
    assert (row.state, row.reason, row.attempts, row.claimed_by) == (
        "planned", "Waits until the quiet hours are over.", 0, "",
    )  # fmt: skip
    assert row.not_before == datetime.datetime(2026, 6, 3, 5, 0, tzinfo=datetime.UTC)
    assert reminders.wake() == 0
    noon.move_to(datetime.datetime(2026, 6, 3, 5, 0, 1, tzinfo=datetime.UTC))
    assert reminders.wake() == 1


def test_quiet_hours_that_end_on_the_next_day_make_it_too_late(client_person, make_reminder, kind, mail_server, noon):
    row = make_reminder(client_person)
    noon.move_to(datetime.datetime(2026, 6, 3, 20, 0, tzinfo=datetime.UTC))  # 22:00 in Berlin
    reminders.wake()
    row.refresh_from_db()
    assert (row.state, row.reason) == ("skipped", "It was too late for that day.")


def test_after_an_outage_yesterdays_reminder_is_too_late(client_person, make_reminder, kind, mail_server, noon):
    row = make_reminder(client_person, due_at=BEFORE)
    reminders.wake()
    row.refresh_from_db()
    assert (row.state, row.reason) == ("skipped", "It was too late for that day.")


def test_the_day_is_the_clients_own(client_person, make_reminder, kind, mail_server, noon):
    type(client_person).objects.update(timezone="Pacific/Kiritimati")
    client_person.refresh_from_db()
    row = make_reminder(client_person, local_date=datetime.date(2026, 6, 3))  # there it is already the 4th
    reminders.wake()
    row.refresh_from_db()
    assert row.reason == "It was too late for that day."


def test_mail_that_was_asked_for_waits_for_no_morning_but_not_for_ever(
    client_person, make_reminder, requested, mail_server, noon
):
    night = datetime.datetime(2026, 6, 3, 22, 0, tzinfo=datetime.UTC)
    make_reminder(client_person, kind="requested", due_at=BEFORE)
    old = make_reminder(client_person, kind="requested", due_at=night - datetime.timedelta(days=3, seconds=1))
    noon.move_to(night)
    assert reminders.wake() == 1
    old.refresh_from_db()
    assert (old.state, old.reason) == ("skipped", "It was asked for too long ago.")


def test_one_message_a_day_across_kinds(client_person, make_reminder, kind, requested, mail_server, noon):
    with kinds.temporarily(PlainKind("other")), kinds.temporarily(PlainKind("word", counts=False)):
        first = make_reminder(client_person, due_at=NOON - datetime.timedelta(minutes=2))
        assert reminders.wake() == 1
        second = make_reminder(client_person, kind="other")
        make_reminder(client_person, kind="word")
        make_reminder(client_person, kind="requested")
        assert reminders.wake() == 2
    second.refresh_from_db()
    first.refresh_from_db()
    assert (second.state, second.reason) == ("skipped", "Another message went to the client that day.")
    assert (first.counted, second.counted) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_one_message_a_day_holds_inside_one_batch_too(client_person, make_reminder, kind, mail_server, noon):
    rows = [make_reminder(client_person) for _ in range(3)]
    assert reminders.wake() == 1
    assert sorted(Reminder.objects.values_list("state", "reason")) == [
        ("sent", ""),
        ("skipped", "Another message went to the client that day."),
        ("skipped", "Another message went to the client that day."),
    ]
    assert len(rows) == 3
    assert len(mail_server.messages) == 1


def test_the_kind_has_the_last_word(client_person, make_reminder, make_clients, kind, mail_server, noon):
    held, free = make_reminder(client_person), make_reminder(make_clients(1)[0])
    kind.against[client_person.pk] = "The programme has ended."
    assert reminders.wake() == 1
    held.refresh_from_db()
    free.refresh_from_db()
    assert (held.state, held.reason, free.state) == ("skipped", "The programme has ended.", "sent")


def test_a_kind_that_nobody_registered_is_left_to_a_worker_that_knows_it(client_person, make_reminder, noon):
    row = make_reminder(client_person, kind="unknown")
    assert reminders.wake() == 0
    row.refresh_from_db()
    assert row.state == "planned"


def test_a_day_that_has_not_begun_where_the_client_is_now_is_waited_for(
    client_person, make_reminder, kind, mail_server, noon
):
    """They flew westward over the date line after it was planned."""
    row = make_reminder(client_person, local_date=datetime.date(2026, 6, 4))
    assert reminders.wake() == 0
    row.refresh_from_db()
    assert (row.state, row.reason) == ("planned", "Waits until the client's day begins.")
    assert row.not_before == datetime.datetime(2026, 6, 3, 22, tzinfo=datetime.UTC)  # midnight in Berlin
