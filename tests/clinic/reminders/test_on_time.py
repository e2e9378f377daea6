"""Quiet hours, outages, and one message a day: simulated days through the whole engine, every reason in its words."""

import datetime
import uuid

import pytest
import time_machine

from clinic.models import Practice, Reminder
from clinic.reminders import kinds
from clinic.services import reminders
from clinic.services.reminders.calendar import LOCAL_DAY, LOCAL_INSTANT
from tests.benchmarks.untraced import untraced
from tests.clinic.reminders.plain_kind import PlainKind
from tests.clinic.reminders.simulation import DAY, Simulation, utc
from tests.people import make_client

HOUR = datetime.timedelta(hours=1)
ZONE = "coalesce(nullif(c.timezone, ''), p.timezone)"
EVERYBODY_EVERY_DAY = f"""
SELECT * FROM (
    SELECT c.practice_id, c.id AS client_id, %s::uuid AS subject, d.local_date, 0 AS slot,
           {LOCAL_INSTANT.format(day="d.local_date", at="coalesce(%s::time, c.reminder_time)", zone=ZONE)} AS due_at
    FROM clinic_client c JOIN clinic_practice p ON p.id = c.practice_id, LATERAL (
        SELECT {LOCAL_DAY.format(instant="%s", zone=ZONE)} + step AS local_date FROM generate_series(0, 2) AS step
    ) AS d
) AS coming WHERE due_at >= %s AND due_at < %s
"""
SENT, PLANNED = ("sent", ""), ("planned", "")
WAITS = ("planned", "Waits until the quiet hours are over.")
TOO_LATE = ("skipped", "It was too late for that day.")
ONE_A_DAY = ("skipped", "Another message went to the client that day.")


class Daily(PlainKind):
    """Every client every day, at the same time or at their own."""

    def __init__(self, key="daily", at=None, **attributes):
        super().__init__(key, **attributes)
        self.at = at
        self.about = uuid.uuid4()

    def plan(self, *, now, until):
        return reminders.insert_occurrences(self.key, EVERYBODY_EVERY_DAY, [self.about, self.at, now, now, until])


@pytest.fixture(autouse=True)
def _unwatched():
    """What whole days run through has its coverage measured where each part is tested by itself."""
    with untraced():
        yield


@pytest.fixture
def simulation(mailoutbox):
    with time_machine.travel(utc("2026-06-03 04:00"), tick=False) as clock:  # 6:00 in Berlin
        yield Simulation(clock, mailoutbox)


def berlin(text):
    """“3 08:00”: the third of June, by the clocks of Berlin."""
    day, at = text.split()
    return utc(f"2026-06-{int(day):02} {at}") - 2 * HOUR


def ledger():
    rows = Reminder.objects.order_by("due_at", "kind").values_list("due_at", "state", "reason")
    return {f"{due_at + 2 * HOUR:%-d %H:%M}": (state, reason) for due_at, state, reason in rows}


# --- quiet hours ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quiet", "due", "leaves"),
    [
        (("21:00", "07:00"), "06:30", "3 07:00"),
        (("21:00", "07:00"), "07:00", "3 07:00"),
        (("21:00", "07:00"), "20:59", "3 20:59"),
        (("21:00", "07:00"), "21:00", None),
        (("21:00", "07:00"), "23:30", None),
        (("22:00", "23:30"), "22:10", "3 23:30"),  # over on the same day
        (("12:00", "14:00"), "13:59", "3 14:00"),  # a siesta
        (("00:00", "09:00"), "06:30", "3 09:00"),
        (("20:00", "00:00"), "20:30", None),  # midnight is tomorrow
        (("07:00", "07:00"), "06:30", "3 06:30"),  # equal: none
        (("00:00", "00:00"), "23:30", "3 23:30"),
    ],
)
def test_in_quiet_hours_a_mail_waits_for_their_end_if_that_is_still_its_day(
    practice, simulation, make_reminder, kind, quiet, due, leaves
):
    quiet_from, quiet_until = map(datetime.time.fromisoformat, quiet)
    Practice.objects.update(quiet_from=quiet_from, quiet_until=quiet_until)
    instant = berlin(f"3 {due}")
    row = make_reminder(make_client(practice), due_at=instant)
    over = berlin(leaves or "4 07:00")
    simulation.wake_at(instant, *(instant + HOUR * step for step in range(1, 30) if instant + HOUR * step < over), over)
    simulation.run(over + HOUR, over + 30 * HOUR, 5 * HOUR)
    row.refresh_from_db()
    assert [at for _, at in simulation.mails] == ([over] if leaves else [])
    assert (row.state, row.reason) == (SENT if leaves else TOO_LATE)
    assert row.attempts == (1 if leaves else 0), "waiting is no attempt"


def test_it_says_that_it_waits(simulation, client_person, make_reminder, kind):
    row = make_reminder(client_person, due_at=berlin("3 06:30"))
    simulation.wake_at(berlin("3 06:31"))
    row.refresh_from_db()
    assert ((row.state, row.reason), row.not_before) == (WAITS, berlin("3 07:00"))


# --- outages: nothing ticks between two instants ----------------------------------------------------------------------


OUTAGES = {
    "3 hours": (["3 09:30", "3 12:30"], ["8", "10", "12"], {}),
    "10 hours": (["3 09:30", "3 19:30"], ["8", "10", "12", "14", "16", "18"], {}),
    "10 hours into the night": (
        ["3 13:30", "3 23:30"],
        ["8", "10", "12"],
        {"3 14:00": TOO_LATE, "3 16:00": TOO_LATE, "3 18:00": TOO_LATE, "3 20:00": TOO_LATE},
    ),
    "a night": (["3 19:30", "4 07:30"], ["8", "10", "12", "14", "16", "18"], {"3 20:00": TOO_LATE}),
    "2 days": (
        ["3 09:30", "5 09:30"],
        ["8", "8"],  # of the 3rd and of the 5th
        {f"4 {hour}:00": TOO_LATE for hour in (10, 12, 14, 16, 18, 20)},
    ),
}


@pytest.mark.parametrize("case", OUTAGES)
def test_after_an_outage_what_is_still_useful_leaves_oldest_first_and_the_rest_says_that_it_is_too_late(
    practice, simulation, case
):
    """What fell due more than a day before the end of the outage is not even planned."""
    (stops, goes_on), sent, skipped = OUTAGES[case]
    for hour in (20, 8, 14, 10, 16, 12, 18):  # not in the order of the day
        make_client(
            practice, ref=f"N{hour}", given_name="N", family_name=f"{hour}", reminder_time=datetime.time(hour),
            email=f"{hour}@clients.example",
        )  # fmt: skip
    with kinds.temporarily(Daily()):
        simulation.run(berlin("3 06:00"), berlin(stops), HOUR / 2)
        simulation.wake_at(berlin(goes_on))
        assert [email.split("@")[0] for email, _ in simulation.mails] == sent
        assert {when: what for when, what in ledger().items() if what not in (SENT, PLANNED)} == skipped
        due = berlin(goes_on) + 14 * HOUR
        assert not Reminder.objects.filter(state="planned", due_at__lt=berlin(goes_on)).exists()
        simulation.run(berlin(goes_on), due, HOUR / 2)
        assert not Reminder.objects.filter(state="planned", due_at__lt=due).exists()


# --- one message a day ------------------------------------------------------------------------------------------------


def test_however_many_kinds_and_subjects_fall_due_a_day_has_one_mail_and_the_first_due_is_it(client_person, simulation):
    """So the mail leads to a page with everything of the day."""
    due = {"a": "12:00", "b": "10:00", "c": "14:00"}
    made = [Daily(key, at) for key, at in due.items()]
    with kinds.temporarily(made[0]), kinds.temporarily(made[1]), kinds.temporarily(made[2]):
        simulation.run(berlin("3 06:00"), berlin("5 20:00"), HOUR)
    assert [f"{at + 2 * HOUR:%-d %H:%M}" for _, at in simulation.mails] == ["3 10:00", "4 10:00", "5 10:00"]
    assert ledger() == {
        f"{day} {at}": SENT if at == "10:00" else ONE_A_DAY for day in (3, 4, 5) for at in sorted(due.values())
    }


@pytest.mark.django_db(transaction=True)
def test_two_subjects_of_one_kind_due_at_once_are_one_mail(client_person, simulation, make_reminder, kind):
    rows = [make_reminder(client_person, due_at=berlin("3 10:00")) for _ in range(3)]
    simulation.run(berlin("3 10:00"), berlin("3 12:00"), HOUR)
    assert sorted(Reminder.objects.values_list("state", "reason")) == sorted([SENT, ONE_A_DAY, ONE_A_DAY])
    assert (len(simulation.mails), len(rows)) == (1, 3)


def test_what_is_not_sent_does_not_take_the_day(client_person, simulation, make_reminder, kind):
    """The first of the day is not wanted any more: then the second one leaves."""
    with kinds.temporarily(PlainKind("other")):
        kind.against[client_person.pk] = "The programme has ended."
        make_reminder(client_person, due_at=berlin("3 10:00"))
        make_reminder(client_person, kind="other", due_at=berlin("3 11:00"))
        simulation.run(berlin("3 10:00"), berlin("3 12:00"), HOUR)
    assert ledger() == {"3 10:00": ("skipped", "The programme has ended."), "3 11:00": SENT}


@pytest.mark.parametrize("asked_for_at", ["3 09:00", "3 11:00"])
def test_a_mail_that_was_asked_for_neither_takes_the_day_nor_waits_for_it(
    client_person, simulation, make_reminder, kind, asked_for_at
):
    with kinds.temporarily(PlainKind("requested", requested=True)):
        make_reminder(client_person, due_at=berlin("3 10:00"))
        make_reminder(client_person, kind="requested", due_at=berlin(asked_for_at))
        simulation.run(berlin("3 09:00"), berlin("3 12:00"), HOUR)
    assert ledger() == {"3 10:00": SENT, asked_for_at: SENT}


def test_the_day_that_is_taken_is_the_clients_own(practice, simulation, make_reminder, kind):
    """23:30 and 0:30 in Berlin are two days there, and one in New York."""
    Practice.objects.update(quiet_from=datetime.time(0), quiet_until=datetime.time(0))
    here, there = make_client(practice), make_client(practice, ref="2", given_name="Bo", timezone="America/New_York")
    for client in (here, there):
        make_reminder(client, due_at=berlin("3 23:30"))
        make_reminder(client, due_at=berlin("4 00:30"))
    simulation.run(berlin("3 23:30"), berlin("3 23:30") + DAY, HOUR)
    states = {
        client: sorted(Reminder.objects.filter(client=client).values_list("state", "reason"))
        for client in (here, there)
    }
    assert states == {here: [SENT, SENT], there: sorted([SENT, ONE_A_DAY])}
