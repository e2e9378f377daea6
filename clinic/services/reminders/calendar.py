"""A client's clock: local times as instants, on the two nights of the year when that is not simple.

SQL and Python give the same answer. A local time that the clocks skip moves forward by the skipped hour; of one that
happens twice the second is taken (PostgreSQL's rule), and the unique key of an occurrence uses it once.
"""

from __future__ import annotations

import datetime
import zoneinfo

#: `LOCAL_INSTANT.format(day="o.local_date", at="c.reminder_time", zone="c.zone")`: SQL for a timestamptz.
#: Names and columns only, never values. The zone of a client: `coalesce(nullif(c.timezone, ''), p.timezone)`.
LOCAL_INSTANT = "(({day}) + ({at})) AT TIME ZONE ({zone})"

#: `LOCAL_DAY.format(instant="now()", zone=…)`: SQL for the client's calendar day.
LOCAL_DAY = "(({instant}) AT TIME ZONE ({zone}))::date"


def local_instant(day: datetime.date, at: datetime.time, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """The instant, in UTC, at which the clocks of `zone` show `at` on `day`."""
    wall = datetime.datetime.combine(day, at)
    # With fold=0 and fold=1 a skipped time reads as after and before the gap, a doubled one as its first and second.
    return max(wall.replace(tzinfo=zone, fold=fold).astimezone(datetime.UTC) for fold in (0, 1))


def begin_of_day(day: datetime.date, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """The first instant of `day` on the clocks of `zone`."""
    return local_instant(day, datetime.time(0), zone)


def end_of_quiet(
    now: datetime.datetime, zone: zoneinfo.ZoneInfo, quiet_from: datetime.time, quiet_until: datetime.time
) -> datetime.datetime | None:
    """When the quiet hours that hold at `now` are over; None outside them. Equal times mean that there are none."""
    local = now.astimezone(zone)
    clock, day = local.time(), local.date()
    if quiet_from < quiet_until:
        return local_instant(day, quiet_until, zone) if quiet_from <= clock < quiet_until else None
    if quiet_from > quiet_until and clock >= quiet_from:
        return local_instant(day + datetime.timedelta(days=1), quiet_until, zone)
    return local_instant(day, quiet_until, zone) if clock < quiet_until < quiet_from else None
