"""One tick: plan, sweep, drain. Any number at once, on any number of machines, do no harm."""

from __future__ import annotations

import time

from clinic import conf
from clinic.services import clock
from clinic.services.reminders import pulse
from clinic.services.reminders.drain import drain
from clinic.services.reminders.plan import portions
from clinic.services.reminders.sweep import sweep


def wake() -> int:
    """Returns how many mails were sent. What a portion of planning has made need not wait for the next one; what is
    left to plan or to send when the time is up is the next tick's.
    """
    end = time.monotonic() + conf.reminders().budget.total_seconds()
    pulse.working(lag=pulse.since_tick())
    now = clock.now()
    sweep(now)
    sent = 0
    for planned in portions(now):
        sent += drain(end) if planned else 0
        if time.monotonic() > end:
            return sent
    return sent + drain(end)
