"""Right at send time: whatever changes between planning and sending decides, even while the batch is being sent."""

import datetime
import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import time_machine

from clinic.models import Client, Level, Practice, Reminder
from clinic.reminders import kinds
from clinic.services import clients, reminders, safety
from clinic.services.audit import Machine
from clinic.services.reminders import drain
from clinic.services.reminders.message import unsubscribe_link
from tests.clinic.reminders.plain_kind import PlainKind
from tests.clinic.reminders.simulation import MINUTE, Simulation, utc
from tests.people import make_client
from tests.treatments.conftest import make_running
from treatments.models import Programme, ProgrammeItem
from treatments.services import home_logs, programmes
from treatments.services.home_stretch import HomeStretch

DUE = utc("2026-06-03 16:00")  # a Wednesday, 18:00 in Berlin
YESTERDAY, TODAY, TOMORROW = (datetime.date(2026, 6, day) for day in (2, 3, 4))


@pytest.fixture
def simulation(mailoutbox):
    with time_machine.travel(DUE - 20 * MINUTE, tick=False) as clock:
        yield Simulation(clock, mailoutbox)


@pytest.fixture
def running(client_person, simulation):
    """Two exercises for every day, planned for six in the evening."""
    programme = make_running(client_person, starts_on=TODAY, weekdays=[range(1, 8)] * 2)
    simulation.wake_at(DUE - 10 * MINUTE)
    assert Reminder.objects.get(subject=programme.pk).state == "planned"
    return programme


# --- what may change --------------------------------------------------------------------------------------------------


@dataclass
class World:
    """Who and what a change can be about. `browser` is Django's test client."""

    programme: Programme
    staff: object
    browser: object

    @property
    def client(self):
        return Client.objects.get(pk=self.programme.client_id)

    def answer(self, outcome):
        for item in self.programme.items.all():
            home_logs.log(item=item, local_date=TODAY, outcome=outcome, by=self.client)

    def unsubscribe(self):
        link = unsubscribe_link(self.client).partition("localhost:8000")[2]
        assert self.browser.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200

    def raise_alert(self, level):
        safety.raise_alert(
            client=self.client, level=level, because=["x"], source="intake", source_id=uuid.uuid4(), by=Machine.COMMAND
        )

    def clear_alerts(self):
        for alert in self.client.safety_alerts.all():
            safety.clear(alert=alert, note="Seen and excluded.", by=self.staff)

    def alter(self, model, **details):
        model.objects.update(**details)

    def start_again(self):
        clients.start_reminders(client=self.client, by=self.staff)

    def change(self, **details):
        clients.change(client=self.client, by=self.staff, **details)


@dataclass
class Change:
    """`undo` brings back what was; None where nobody can."""

    reason: str
    do: Callable[[World], object]
    undo: Callable[[World], object] | None = None


RED_FLAG = "A clinician has to answer a question about this client first."
ANSWERED = "Everything of that day is answered already."
OTHER_DAYS = "The programme does not run on that day."
CHANGES = {
    "programme ended": Change(
        "The programme has ended.", lambda w: programmes.end(programme=w.programme, because="", by=w.staff)
    ),
    "paused": Change(
        "Reminders are paused until 4 June 2026.",
        lambda w: clients.pause_reminders(client=w.client, until=TOMORROW, by=w.client),
        World.start_again,
    ),
    "all done": Change(ANSWERED, lambda w: w.answer("done")),
    "skipped today": Change(ANSWERED, lambda w: w.answer("skipped")),
    "all too painful": Change("Everything of that day is stopped.", lambda w: w.answer("too_painful")),
    "emergency": Change(RED_FLAG, lambda w: w.raise_alert(Level.EMERGENCY), World.clear_alerts),
    "urgent": Change(RED_FLAG, lambda w: w.raise_alert(Level.URGENT), World.clear_alerts),
    "unsubscribed by link": Change("The client stopped reminders.", World.unsubscribe, World.start_again),
    "bounced": Change(
        "Mail to the client's address came back.",
        lambda w: w.alter(Client, email_bounced_at=DUE),
        lambda w: w.change(email="new@clients.example"),
    ),
    "consent withdrawn": Change(
        "The client withdrew their consent to mail.",
        lambda w: clients.refuse_mail(client=w.client, by=w.staff),
        lambda w: clients.allow_mail(client=w.client, by=w.staff),
    ),
    "archived": Change(
        "The client is archived.",
        lambda w: clients.archive(client=w.client, by=w.staff),
        lambda w: w.alter(Client, archived_at=None),
    ),
    "no address": Change(
        "The client has no e-mail address.",
        lambda w: w.change(email=""),
        lambda w: w.change(email="ada@clients.example"),
    ),
    "not begun": Change(
        OTHER_DAYS, lambda w: w.alter(Programme, starts_on=TOMORROW), lambda w: w.alter(Programme, starts_on=TODAY)
    ),
    "over": Change(
        OTHER_DAYS,
        lambda w: w.alter(Programme, starts_on=YESTERDAY, until=YESTERDAY),
        lambda w: w.alter(Programme, starts_on=TODAY, until=TOMORROW),
    ),
    "other weekdays": Change(
        "Nothing is to be done on that day.",
        lambda w: w.alter(ProgrammeItem, weekdays=[TOMORROW.isoweekday()]),
        lambda w: w.alter(ProgrammeItem, weekdays=[TODAY.isoweekday()]),
    ),
    "quiet until tomorrow": Change(
        "It was too late for that day.",
        lambda w: w.alter(Practice, quiet_from=datetime.time(17, 30)),
        lambda w: w.alter(Practice, quiet_from=datetime.time(21)),
    ),
}
UNDONE = [name for name, change in CHANGES.items() if change.undo]
HOLDS_BACK_NOTHING = {
    "a question of level ask": lambda w: w.raise_alert(Level.ASK),
    "one of two too painful": lambda w: home_logs.log(
        item=w.programme.items.first(), local_date=TODAY, outcome="too_painful", by=w.client
    ),
    "one of two answered": lambda w: home_logs.log(
        item=w.programme.items.first(), local_date=TODAY, outcome="done", by=w.client
    ),
    "a pause that is over today": lambda w: clients.pause_reminders(client=w.client, until=TODAY, by=w.client),
}


@pytest.fixture
def world(running, therapist, client):
    return World(running, therapist, client)


def outcome(programme):
    return Reminder.objects.values_list("state", "reason", "attempts").get(client=programme.client_id)


# --- between planning and sending -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_after_planning_holds_the_mail_back_with_its_reason(name, world, simulation):
    CHANGES[name].do(world)
    simulation.wake_at(DUE, DUE + 10 * MINUTE)
    assert outcome(world.programme) == ("skipped", CHANGES[name].reason, 0)
    assert simulation.mails == []


@pytest.mark.parametrize("name", UNDONE)
def test_a_change_that_is_undone_before_sending_lets_the_mail_go(name, world, simulation):
    CHANGES[name].do(world)
    CHANGES[name].undo(world)
    simulation.wake_at(DUE, DUE + 10 * MINUTE)
    assert outcome(world.programme) == ("sent", "", 1)
    assert simulation.mails == [(world.client.email, DUE)]


@pytest.mark.parametrize("name", HOLDS_BACK_NOTHING)
def test_what_speaks_against_no_mail_holds_none_back(name, world, simulation):
    HOLDS_BACK_NOTHING[name](world)
    simulation.wake_at(DUE)
    assert simulation.mails == [(world.client.email, DUE)]


def test_a_programme_replaced_by_a_newer_one_leaves_the_mail_to_that(world, simulation):
    CHANGES["programme ended"].do(world)
    newer = make_running(world.client, starts_on=TODAY, weekdays=[range(1, 8)])
    simulation.wake_at(DUE, DUE + 10 * MINUTE)
    assert dict(Reminder.objects.values_list("subject", "reason")) == {
        world.programme.pk: "The programme has ended.", newer.pk: "",
    }  # fmt: skip
    assert simulation.mails == [(world.client.email, DUE)]


# --- between claiming and sending -------------------------------------------------------------------------------------


@pytest.fixture
def one_mail_a_check(monkeypatch, settings):
    """A check is stale as soon as one mail has left; no need to wait for that."""
    settings.CLINIC = {"reminders": {"fresh_for": datetime.timedelta(microseconds=1)}}
    ticks = itertools.count()
    monkeypatch.setattr(drain, "time", type("Clock", (), {"monotonic": staticmethod(lambda: next(ticks) / 4e6)}))


@pytest.fixture
def neighbour(practice, simulation):
    """Whose mail is a minute older, so that it leaves before that of `world`."""
    client = make_client(practice, ref="N", given_name="Nina", email="n@x.example", reminder_time=datetime.time(17, 59))
    return make_running(client, starts_on=TODAY, weekdays=[range(1, 8)])


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_while_the_batch_is_being_sent_holds_back_what_has_not_left(
    name, neighbour, world, simulation, one_mail_a_check, monkeypatch
):
    """Both rows are claimed and found good; then it changes, while the neighbour's mail is on its way."""
    compose, asked = HomeStretch.compose, []

    def composed_then_changed(self, rows):
        asked.append([row.client_id for row in rows])
        if len(asked) == 1:
            CHANGES[name].do(world)
        return compose(self, rows)

    monkeypatch.setattr(HomeStretch, "compose", composed_then_changed)
    simulation.wake_at(DUE)
    assert asked[0] == [neighbour.client_id, world.programme.client_id], "both were about to leave"
    assert outcome(world.programme) == ("skipped", CHANGES[name].reason, 0)
    assert [email for email, _ in simulation.mails] == ["n@x.example"]


# --- a visit that is moved --------------------------------------------------------------------------------------------


class Visit(PlainKind):
    """Reminds a day before. `slot` counts how often the visit was moved: a moved one is another occurrence."""

    VISITS = (
        "SELECT %s::uuid AS practice_id, %s::uuid AS client_id, %s::uuid AS subject, %s::date AS local_date,"
        " %s::int AS slot, %s::timestamptz AS due_at"
    )

    def __init__(self, client, at):
        super().__init__("meeting", counts=False)
        self.client, self.about, self.moved = client, uuid.uuid4(), -1
        self.move(at)

    def move(self, at):
        self.due_at, self.moved = at - datetime.timedelta(days=1), self.moved + 1

    def plan(self, *, now, until):
        if not now <= self.due_at < until:
            return 0
        day = self.due_at.astimezone(self.client.zone).date()
        values = [self.client.practice_id, self.client.pk, self.about, day, self.moved, self.due_at]
        return reminders.insert_occurrences(self.key, self.VISITS, values)

    def unwanted(self, rows):
        return {row.pk: "The visit was moved." for row in rows if row.slot != self.moved}


@pytest.mark.parametrize("by", [datetime.timedelta(hours=1), datetime.timedelta(days=2)])
def test_a_moved_visit_is_reminded_of_at_its_new_time_only(client_person, simulation, by):
    visit = Visit(client_person, DUE + datetime.timedelta(days=1))
    with kinds.temporarily(visit):
        simulation.wake_at(DUE - 10 * MINUTE)
        assert Reminder.objects.get().state == "planned"
        visit.move(DUE + datetime.timedelta(days=1) + by)
        simulation.wake_at(DUE, DUE + by - 10 * MINUTE, DUE + by)
    assert list(Reminder.objects.order_by("slot").values_list("slot", "state", "reason")) == [
        (0, "skipped", "The visit was moved."), (1, "sent", ""),
    ]  # fmt: skip
    assert simulation.mails == [(client_person.email, DUE + by)]


# --- mail that was asked for ------------------------------------------------------------------------------------------


def test_a_withdrawn_consent_holds_back_even_what_was_asked_for(client_person, receptionist, make_reminder, simulation):
    with kinds.temporarily(PlainKind("requested", requested=True)):
        row = make_reminder(client_person, kind="requested", due_at=DUE)
        clients.refuse_mail(client=client_person, by=receptionist)
        simulation.wake_at(DUE)
    row.refresh_from_db()
    assert (row.state, row.reason) == ("skipped", "The client withdrew their consent to mail.")
    assert simulation.mails == []
