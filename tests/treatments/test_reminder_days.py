"""The mail of the home programme through whole simulated days: on time by the client's own clock, once a day."""

import datetime
import zoneinfo
from dataclasses import dataclass

import pytest
import time_machine
from django.db.models import F

from clinic.models import Client, Practice, Reminder
from clinic.services import clients
from tests.benchmarks.untraced import untraced
from tests.clinic.reminders.simulation import DAY, MINUTE, Simulation, WallClock, every_rule, utc
from tests.people import make_client
from treatments.models import Programme, ProgrammeItem

pytestmark = pytest.mark.django_db

# A year that is over: about the coming changes the zone data of PostgreSQL and Python may be of different age.
YEAR = 2021
HOUR = datetime.timedelta(hours=1)
NAMED = (
    "Africa/Casablanca", "Africa/Cairo", "America/Asuncion", "America/Havana", "America/Los_Angeles",
    "America/New_York", "America/Santiago", "America/Scoresbysund", "America/St_Johns", "Antarctica/Troll",
    "Asia/Almaty", "Asia/Beirut", "Asia/Gaza", "Asia/Kathmandu", "Atlantic/Azores", "Australia/Lord_Howe",
    "Europe/Berlin", "Europe/Dublin", "Pacific/Chatham", "Pacific/Easter", "Pacific/Kiritimati", "Pacific/Norfolk",
    "Pacific/Pago_Pago",
)  # fmt: skip
CLOCKS = [datetime.time(hour, minute) for hour, minute in [(0, 0), (0, 30), (1, 30), (2, 0), (2, 30), (3, 0), (23, 59)]]
ORDINARY_DAY = datetime.date(YEAR, 6, 2)


@pytest.fixture(autouse=True)
def _unwatched():
    """What whole days run through has its coverage measured where each part is tested by itself."""
    with untraced():
        yield


@pytest.fixture
def simulation(mailoutbox):
    with time_machine.travel(utc(f"{YEAR}-01-01"), tick=False) as clock:
        yield Simulation(clock, mailoutbox)


@dataclass
class Case:
    """A client, the days they exercise on, and what their clock will show."""

    client: Client
    days: list[datetime.date]
    wall: WallClock

    def meant(self):
        meant = [self.wall.when(day, self.client.reminder_time) for day in self.days]
        return [instant for instant in meant if instant]


def spans():
    """(zone, local days) around each change of each rule of the year; one day for those that change nothing."""
    for zone, changes in every_rule(YEAR, NAMED).items():
        here = zoneinfo.ZoneInfo(zone)
        for instant, _ in changes:
            yield zone, sorted({(instant - MINUTE).astimezone(here).date(), instant.astimezone(here).date()})
        if not changes:
            yield zone, [ORDINARY_DAY]


def make_cases(practice, spans, clocks, odd=False):
    """One client for each zone, span and reminder time, with exercises on every day of the span. `odd`: of the times
    only those that the clocks skip or show twice, with the day after as well, and by turns one of the others. Every
    client has a mail provider of their own."""
    cases = []
    for zone, days in spans:
        midnight = datetime.datetime.combine(days[0], datetime.time(), datetime.UTC)
        wall = WallClock(zone, midnight - 0.8 * DAY, midnight + (len(days) + 1.6) * DAY)
        strange = [at for at in clocks if odd and any(wall.shows(day, at) != 1 for day in days)]
        for at in {*strange, clocks[len(cases) % len(clocks)]} if odd else clocks:
            number = len(cases)
            client = Client(
                practice=practice, ref=f"N{number}", given_name="N", family_name=f"{number}", timezone=zone,
                reminder_time=at, email=f"mail@n{number}.example",
            )  # fmt: skip
            cases.append(Case(client, [*days, days[-1] + DAY] if at in strange else days, wall))
    Client.objects.bulk_create(case.client for case in cases)
    give_programmes(cases)
    return cases


def give_programmes(cases):
    programmes = Programme.objects.bulk_create(
        Programme(
            practice=case.client.practice, client=case.client, state="published", starts_on=case.days[0],
            until=case.days[-1],
            remind_at=datetime.datetime.combine(case.days[0] - DAY, datetime.time(), datetime.UTC),
        )
        for case in cases
    )  # fmt: skip
    ProgrammeItem.objects.bulk_create(
        ProgrammeItem(
            practice=programme.practice,
            programme=programme,
            exercise="bridge",
            kind="strength",
            weekdays=list(range(1, 8)),
        )
        for programme in programmes
    )


def no_quiet_hours():
    Practice.objects.update(quiet_from=datetime.time(0), quiet_until=datetime.time(0))


def got(simulation, cases):
    found = {case.client.email: [] for case in cases}
    for email, instant in simulation.mails:
        found[email].append(instant)
    return found


def test_on_every_change_of_clocks_of_the_world_each_local_day_has_one_mail_at_its_time(practice, simulation):
    no_quiet_hours()
    cases = make_cases(practice, spans(), CLOCKS, odd=True)
    expected = {case.client.email: case.meant() for case in cases}
    simulation.wake_at(*{instant for some in expected.values() for instant in some})
    found = got(simulation, cases)
    assert {email: (found[email], some) for email, some in expected.items() if found[email] != some} == {}
    assert not Reminder.objects.exclude(state="sent", due_at=F("not_before")).exists()
    due = sorted(Reminder.objects.values_list("client__email", "due_at"))
    assert due == sorted((email, instant) for email, some in expected.items() for instant in some), "and none early"
    assert {case.client.reminder_time for case in cases} == set(CLOCKS)
    assert sum(1 for changes in every_rule(YEAR, NAMED).values() if changes) >= 30


def test_on_the_nights_of_change_quiet_hours_end_when_the_local_clock_says_so(practice, simulation):
    """Due before seven: at seven. Due from nine in the evening on: never, with the reason."""
    zones = ("Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Pacific/Chatham", "Antarctica/Troll")
    some = [(zone, days) for zone, days in spans() if zone in zones]
    clocks = [datetime.time(0, 30), datetime.time(2, 30), datetime.time(7, 0), datetime.time(20, 59), datetime.time(21)]
    cases = make_cases(practice, some, clocks)
    expected = {}
    for case in cases:
        at = max(case.client.reminder_time, datetime.time(7))
        expected[case.client.email] = [case.wall.when(day, at) for day in case.days if at < datetime.time(21)]
    ticks = {instant for case in cases for instant in case.meant()}
    allowed = {instant for some in expected.values() for instant in some}
    simulation.wake_at(*ticks, *allowed, *(instant - MINUTE for instant in allowed))
    assert got(simulation, cases) == expected
    skipped = Reminder.objects.exclude(state="sent")
    assert {(row.state, row.reason, row.client.reminder_time) for row in skipped.select_related("client")} == {
        ("skipped", "It was too late for that day.", datetime.time(21))
    }
    assert len(some) == 10


@pytest.mark.parametrize("at", [datetime.time(0), datetime.time(18), datetime.time(23, 59)])
def test_the_leap_day_is_a_day_like_any_other(practice, simulation, at):
    no_quiet_hours()
    leap_day = datetime.date(2024, 2, 29)
    zones = ("Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu")
    cases = make_cases(practice, [(zone, [leap_day - DAY, leap_day]) for zone in zones], [at])
    ProgrammeItem.objects.update(weekdays=[leap_day.isoweekday()])
    expected = {case.client.email: [case.wall.when(leap_day, at)] for case in cases}
    every_other_hour = (utc("2024-02-27 10:00") + 2 * HOUR * step for step in range(48))
    simulation.wake_at(*every_other_hour, *(instant for (instant,) in expected.values()))
    assert got(simulation, cases) == expected


def test_a_day_that_a_zone_never_had_has_no_mail_and_its_neighbours_have_one_each(practice, simulation):
    days = [datetime.date(2011, 12, 29), datetime.date(2011, 12, 30), datetime.date(2011, 12, 31)]
    (case,) = make_cases(practice, [("Pacific/Apia", days)], [datetime.time(18)])
    simulation.run(utc("2011-12-29 12:00"), utc("2012-01-01 06:00"), HOUR)
    assert simulation.local_mails_to(case.client, "Pacific/Apia") == ["2011-12-29 18:00", "2011-12-31 18:00"]
    assert not Reminder.objects.filter(local_date=days[1]).exists()


# --- a client who travels ---------------------------------------------------------------------------------------------


class Traveller:
    """A client with exercises every day, quiet hours from nine to seven, and a clock that they change."""

    def __init__(self, practice, simulation, zone, at="18:00"):
        self.simulation = simulation
        self.client = make_client(practice, timezone=zone, reminder_time=datetime.time.fromisoformat(at))
        days = [datetime.date(2026, 6, 1), datetime.date(2026, 6, 30)]
        give_programmes([Case(self.client, days, None)])
        self.log = []
        self.now = utc("2026-06-02 05:00")

    def wait(self, until):
        """Time passes, with a tick right after the last change, every full hour, and at the end."""
        before, here = len(self.simulation.mails), zoneinfo.ZoneInfo(self.client.timezone)
        hours = (self.now.replace(minute=0) + HOUR * step for step in range(1, 24 * 5))
        self.simulation.wake_at(self.now + MINUTE, *(hour for hour in hours if hour < until), until)
        self.now = until
        self.log += [f"{instant.astimezone(here):%-d June %H:%M}" for _, instant in self.simulation.mails[before:]]

    def change(self, **details):
        """Right after the tick. (The database's trigger looks at the database's own clock, which is not simulated.)"""
        if "reminder_time" in details:
            details["reminder_time"] = datetime.time.fromisoformat(details["reminder_time"])
        before = Programme.objects.get().remind_at
        clients.change(client=self.client, by=self.client, **details)
        assert Programme.objects.get().remind_at != before, "whatever changes a clock makes planning look again"
        Programme.objects.update(remind_at=self.now)


@pytest.fixture
def travel(practice, simulation):
    """`travel(zone, (until, change), …, until)`: the local times at which mails came."""

    def travel(zone, *steps, at="18:00"):
        traveller = Traveller(practice, simulation, zone, at)
        for until, change in steps[:-1]:
            traveller.wait(utc(f"2026-06-{until}"))
            traveller.change(**change)
        traveller.wait(utc(f"2026-06-{steps[-1]}"))
        return traveller.log

    return travel


def test_who_flies_before_todays_mail_gets_it_at_their_time_over_there(travel):
    west = travel("Europe/Berlin", ("03 08:00", {"timezone": "America/New_York"}), "05 00:00")
    assert west == ["2 June 18:00", "3 June 18:00", "4 June 18:00"]


def test_who_flies_west_after_todays_mail_gets_no_second_one_that_day(travel):
    log = travel("Europe/Berlin", ("03 17:00", {"timezone": "America/New_York"}), "05 00:00")
    assert log == ["2 June 18:00", "3 June 18:00", "4 June 18:00"]  # at 17:00 UTC it was sent: 11:00 in New York


def test_who_flies_east_past_their_time_gets_the_next_days_mail_and_none_at_night(travel):
    log = travel("Europe/Berlin", ("03 15:50", {"timezone": "Asia/Tokyo"}), "05 12:00")  # 00:50 on the 4th there
    assert log == ["2 June 18:00", "4 June 18:00", "5 June 18:00"]
    assert list(Reminder.objects.filter(state="skipped").values_list("local_date", "reason")) == [
        (datetime.date(2026, 6, 3), "It was too late for that day.")
    ]


def test_east_over_the_date_line_the_lost_evening_has_no_mail_and_each_date_one_at_most(travel):
    before = travel("Pacific/Honolulu", ("03 20:00", {"timezone": "Pacific/Auckland"}), "05 12:00")
    assert before == ["2 June 18:00", "4 June 18:00", "5 June 18:00"]  # 10:00 on the 3rd became 8:00 on the 4th


def test_east_over_the_date_line_after_the_mail_the_next_dates_comes_soon(travel):
    after = travel("Pacific/Honolulu", ("04 05:00", {"timezone": "Pacific/Auckland"}), "05 12:00")
    assert after == ["2 June 18:00", "3 June 18:00", "4 June 18:00", "5 June 18:00"]


def test_west_over_the_date_line_a_date_that_comes_twice_has_one_mail(travel):
    log = travel("Pacific/Auckland", ("04 08:00", {"timezone": "Pacific/Honolulu"}), "06 12:00")
    # The mail of the 4th came in Auckland; the 4th of Honolulu has none.
    assert log == ["2 June 18:00", "3 June 18:00", "4 June 18:00", "5 June 18:00"]


def test_west_over_the_date_line_a_planned_mail_waits_until_its_day_has_come(travel):
    log = travel("Pacific/Auckland", ("04 05:50", {"timezone": "Pacific/Honolulu"}), "06 12:00")
    # It was to leave ten minutes later; in Honolulu that is the evening of the 3rd, whose mail came in Auckland.
    assert log == ["2 June 18:00", "3 June 18:00", "4 June 18:00", "5 June 18:00"]


@pytest.mark.parametrize(
    ("changed", "to", "log"),
    [
        ("02 12:00", "20:00", ["2 June 20:00", "3 June 20:00"]),  # 14:00 in Berlin: later today
        ("02 15:50", "20:00", ["2 June 20:00", "3 June 20:00"]),  # ten minutes before it would have come
        ("02 17:00", "20:00", ["2 June 18:00", "3 June 20:00"]),  # after today's mail
    ],
)  # fmt: skip
def test_a_later_time_holds_from_today_if_todays_mail_has_not_come(travel, changed, to, log):
    assert travel("Europe/Berlin", (changed, {"reminder_time": to}), "03 20:00") == log


@pytest.mark.parametrize("changed", ["02 12:00", "02 17:00"])
def test_a_time_that_has_passed_today_begins_tomorrow(travel, changed):
    """Who chooses it has just been where the exercises are; today's mail is dropped unless it came before."""
    log = travel("Europe/Berlin", (changed, {"reminder_time": "09:00"}), "03 20:00")
    assert log == ["2 June 18:00", "3 June 09:00"][changed == "02 12:00" :]
