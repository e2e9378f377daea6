"""One tick: plan, sweep, drain. Any number at once, on any number of machines, do no harm."""

from __future__ import annotations

from clinic.services.reminders import clock, pulse
from clinic.services.reminders.drain import drain
from clinic.services.reminders.plan import plan
from clinic.services.reminders.sweep import sweep


def wake() -> int:
    """Returns how many mails were sent."""
    pulse.working(lag=pulse.since_tick())
    now = clock.now()
    plan(now)
    sweep(now)
    return drain()
