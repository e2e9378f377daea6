"""Days of the real mail of the home programme: the database's clock passes through them, a worker lives by it.

When a mail should leave is worked out from what clocks show, minute by minute, never by the product.
"""

import datetime
import zoneinfo

from tests.clinic.reminders.simulation import DAY, MINUTE, WallClock, changes_of, utc
from tests.faults.database_clock import DatabaseClock
from tests.faults.play import wait_until
from tests.faults.scenario import scenario

NIGHTS_OF = 2021  # a year that is over, so that PostgreSQL's zone data and Python's say the same about it
ZONES = (
    "Africa/Casablanca", "America/Anchorage", "America/Asuncion", "America/Chicago", "America/Denver",
    "America/Halifax", "America/Havana", "America/Los_Angeles", "America/Miquelon", "America/New_York",
    "America/Santiago", "America/Scoresbysund", "America/St_Johns", "Antarctica/Troll", "Asia/Amman", "Asia/Beirut",
    "Asia/Gaza", "Asia/Jerusalem", "Asia/Tehran", "Atlantic/Azores", "Australia/Lord_Howe", "Australia/Sydney",
    "Europe/Berlin", "Europe/Chisinau", "Europe/Dublin", "Europe/London", "Pacific/Auckland", "Pacific/Chatham",
    "Pacific/Easter", "Pacific/Norfolk",
)  # fmt: skip
EVERY_HALF_HOUR = [datetime.time(hour, minute) for hour in range(24) for minute in (0, 30)]

WITH_EXERCISES = """
WITH client AS (
    UPDATE clinic_client SET timezone = %s, reminder_time = %s
     WHERE id = (SELECT id FROM clinic_client ORDER BY id OFFSET %s LIMIT 1) RETURNING id, practice_id
), programme AS (
    INSERT INTO treatments_programme (id, created_at, practice_id, client_id, state, starts_on, until, advice, left_out,
                                      no_exercise, note, published_at, ended_because, remind_at)
    SELECT clinic_uuid7(), now(), practice_id, id, 'published', %s, %s, '[]', '[]', '[]', '', now(), '', %s
      FROM client RETURNING id, practice_id, client_id
), exercise AS (
    INSERT INTO treatments_programmeitem (id, created_at, practice_id, programme_id, place, exercise, kind, target,
                                          side, hold_seconds, repetitions, sets, changes, weekdays, for_findings,
                                          stopped_because)
    SELECT clinic_uuid7(), now(), practice_id, id, 1, 'bridge', 'strength', '', '', 0, 10, 3, '[]', '{1,2,3,4,5,6,7}',
           '[]', '' FROM programme
)
SELECT client_id FROM programme
"""
LEFT = """
SELECT client_id, due_at, date_trunc('minute', handing_over_at) FROM clinic_reminder WHERE state = 'sent'
 ORDER BY handing_over_at
"""


class Days:
    """`expected`: client → the instants at which their mails shall leave."""

    def __init__(self, stage):
        self.stage = stage
        self.clock = DatabaseClock(stage.database)
        self.expected = {}

    def client(self, zone, at, first, last):
        """One with exercises on each of these days, to be reminded at `at` on the clocks of `zone`."""
        begin = datetime.datetime.combine(first - DAY, datetime.time(), datetime.UTC)
        self.clock.show(begin)  # what planning is told of a change goes by it
        values = [zone, at, len(self.expected), first, last, begin]
        ((client,),) = self.stage.database.ask(WITH_EXERCISES, values)
        self.expected[client] = []
        return client

    def expect(self, client, *instants):
        self.expected[client] += instants
        self.stage.planned += len(instants)

    def pass_by(self, changes=(), also=()):
        """A worker is awake at all instants that matter. `changes`: instant → SQL for right after its tick there."""
        changes = dict(changes)
        instants = sorted({*self.instants(), *changes, *also})
        self.clock.show(instants[0] - MINUTE)  # before the worker starts: it may not see today
        self.stage.worker(clock_good_for=0)
        self._tick_at(instants[0] - MINUTE)  # the first plan of all begins then
        for instant in instants:
            self._tick_at(instant)
            for sql, values in changes.get(instant, []):
                self.stage.database.ask(sql, values)

    def instants(self):
        return {instant for some in self.expected.values() for instant in some}

    def _tick_at(self, instant):
        """Whole ticks: the one after it has begun."""
        self.clock.show(instant)
        began = wait_until(lambda: self._tick_since(instant))
        wait_until(lambda: self._tick_since(began + datetime.timedelta(microseconds=1)))

    def _tick_since(self, instant):
        found = self.stage.database.ask("SELECT at FROM clinic_pulse WHERE role = 'worker' AND at >= %s", [instant])
        return found[0][0] if found else None

    def judge(self):
        """Each mail was due, and left, in the minute in which it should, and there was no other."""
        left = {client: [] for client in self.expected}
        for client, *times in self.stage.database.ask(LEFT):
            left[client].append(times)
        wrong = [
            client for client, some in self.expected.items() if left[client] != [[instant, instant] for instant in some]
        ]
        self.stage.insist(not wrong, f"{len(wrong)} clients had a mail too early, too late, too many or too few")


def _register(word, which):
    @scenario(f"The {word} night on which the clocks change, in thirty zones: each day one mail, at its time")
    def _(stage):
        days = Days(stage)
        for zone in ZONES:
            changes = changes_of(zone, NIGHTS_OF)[1:]
            stage.insist(len(changes) >= 2, f"The clocks of {zone} did not change twice")
            a_night(days, zone, changes[which][0])
        days.pass_by()
        days.judge()


_register("first", 0)
_register("last", -1)


def a_night(days, zone, change):
    """A client whose time is one that the clocks skip or show twice on that night; that day and the next."""
    day = change.astimezone(zoneinfo.ZoneInfo(zone)).date()
    midnight = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
    wall = WallClock(zone, midnight - DAY, midnight + 3 * DAY)
    at = next(at for at in EVERY_HALF_HOUR if wall.shows(day, at) != 1)
    client = days.client(zone, at, day, day + DAY)
    days.expect(client, *(instant for day in (day, day + DAY) if (instant := wall.when(day, at))))


# --- travel -----------------------------------------------------------------------------------------------------------

BERLIN, NEW_YORK, TOKYO = "Europe/Berlin", "America/New_York", "Asia/Tokyo"
HONOLULU, AUCKLAND = "Pacific/Honolulu", "Pacific/Auckland"
#: From where, when in UTC, to where; the days of June at whose 18:00 a mail comes before, and after.
JOURNEYS = [
    (BERLIN, "03 08:00", NEW_YORK, [2], [3, 4, 5]),
    (BERLIN, "03 15:50", NEW_YORK, [2], [3, 4, 5]),  # that day's was planned already, for 16:00
    (BERLIN, "03 17:00", NEW_YORK, [2, 3], [4, 5]),  # there it is 13:00: no second one
    (BERLIN, "03 15:50", TOKYO, [2], [4, 5, 6]),  # there it is the 4th, 00:50: too late for the one that was planned
    (HONOLULU, "03 20:00", AUCKLAND, [2], [4, 5, 6]),  # their 3rd ended at 10:00
    (HONOLULU, "04 05:00", AUCKLAND, [2, 3], [4, 5, 6]),
    (AUCKLAND, "04 08:00", HONOLULU, [2, 3, 4], [5]),  # the 4th comes twice
    (AUCKLAND, "04 05:50", HONOLULU, [2, 3], [4, 5]),  # planned for 06:00, which is the evening of the 3rd there
]


@scenario("Clients travel between planning and sending, east, west and over the date line", skipped=1)
def _(stage):
    days, changes = Days(stage), {}
    for zone, when, other, before, after in JOURNEYS:
        client = days.client(zone, datetime.time(18), datetime.date(2026, 6, 2), datetime.date(2026, 6, 30))
        days.expect(client, *(evening(zone, day) for day in before), *(evening(other, day) for day in after))
        flight = ("UPDATE clinic_client SET timezone = %s WHERE id = %s", [other, client])
        changes.setdefault(utc(f"2026-06-{when}"), []).append(flight)
    stage.planned += 1  # the one that is too late
    landed = {instant + MINUTE for instant in changes}
    planned = {instant - 10 * MINUTE for instant in days.instants()}
    days.pass_by(changes, also={*landed, *planned, utc("2026-06-06 10:00")})
    days.judge()


def evening(zone, day):
    return datetime.datetime(2026, 6, day, 18, tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(datetime.UTC)
