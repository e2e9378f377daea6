"""One tick: plan, sweep, drain. Any number at once, on any number of machines, do no harm."""

from __future__ import annotations

from clinic.services import clock
from clinic.services.reminders import pulse
from clinic.services.reminders.drain import drain
from clinic.services.reminders.plan import portions
from clinic.services.reminders.sweep import sweep


def wake() -> int:
    """Returns how many mails were sent. What a portion of planning has made need not wait for the next one."""
    pulse.working(lag=pulse.since_tick())
    now = clock.now()
    sweep(now)
    sent = sum(drain() for planned in portions(now) if planned)
    return sent + drain()
