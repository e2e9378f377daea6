"""Simulated days: time jumps from tick to tick, the real engine wakes up at each, and mails are caught.

What should happen is worked out here by looking at a clock minute by minute, never by the product's own functions.
"""

import datetime
import functools
import zoneinfo
from email.utils import parseaddr

from clinic.services import reminders

MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)


def utc(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


class Simulation:
    """`mails` is who got one, and when: (address, instant), in the order in which they left."""

    def __init__(self, clock, outbox):
        self.clock = clock
        self.outbox = outbox
        self.mails = []

    def wake_at(self, *instants):
        for instant in sorted(instants):
            self.clock.move_to(instant, tick=False)
            reminders.wake()
            new, self.outbox[:] = list(self.outbox), []
            self.mails += [(parseaddr(mail.to[0])[1], instant) for mail in new]

    def run(self, start, end, step):
        """A tick every `step`, `end` included."""
        self.wake_at(*(start + step * number for number in range((end - start) // step + 1)))

    def mails_to(self, client):
        return [instant for address, instant in self.mails if address == client.email]

    def local_mails_to(self, client, zone):
        """“2026-06-03 18:00” for each."""
        here = zoneinfo.ZoneInfo(zone)
        return [f"{instant.astimezone(here):%Y-%m-%d %H:%M}" for instant in self.mails_to(client)]


class WallClock:
    """What the clocks of a zone showed from `start` to `end`, noted every minute."""

    def __init__(self, zone, start, end):
        here = zoneinfo.ZoneInfo(zone)
        self.shown = []
        self.instants = {}
        while start < end:
            wall = start.astimezone(here).replace(tzinfo=None)
            self.shown.append((start, wall))
            self.instants.setdefault(wall, []).append(start)
            start += MINUTE

    def shows(self, day, at):
        """How often the clocks show that time."""
        return len(self.instants.get(datetime.datetime.combine(day, at), []))

    def when(self, day, at):
        """The instant meant by a local time: the last one if the clocks show it twice; as far behind a gap as it lies
        in it, unless that is on another day: then None."""
        wanted = datetime.datetime.combine(day, at)
        if wanted in self.instants:
            return self.instants[wanted][-1]
        instant, wall = max((pair for pair in self.shown if pair[1] < wanted), key=lambda pair: pair[1])
        moved = instant + (wanted - wall)
        return moved if dict(self.shown)[moved].date() == day else None


def changes_of(zone, year):
    """((instant, offset), …): the offset at the beginning of the year, then each change in it."""
    here = zoneinfo.ZoneInfo(zone)
    instant, end = (datetime.datetime(some, 1, 1, tzinfo=datetime.UTC) for some in (year, year + 1))
    found = [(instant, instant.astimezone(here).utcoffset())]
    while instant < end:
        if (instant + DAY).astimezone(here).utcoffset() != found[-1][1]:
            minutes = (instant + MINUTE * step for step in range(24 * 60 + 1))
            instant = next(each for each in minutes if each.astimezone(here).utcoffset() != found[-1][1])
            found.append((instant, instant.astimezone(here).utcoffset()))
        else:
            instant += DAY
    return tuple(found)


@functools.cache
def every_rule(year, preferred):
    """One zone for each different set of rules that any place had in that year: zone → its changes.

    All places are looked at; those that kept the same time all year are one rule, shown by the `preferred` one.
    """
    zones = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone or zone == "UTC")
    by_rule = {}
    for zone in [*preferred, *zones]:
        by_rule.setdefault(changes_of(zone, year), zone)
    return {zone: rule[1:] for rule, zone in by_rule.items()}
