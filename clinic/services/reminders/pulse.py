"""Signs of life, and what was done: a page can tell from them that something stands still."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from clinic.models import PulseOf, State
from clinic.services import clock
from clinic.services.reminders.claim import host
from clinic.services.reminders.sql import execute

COUNTED = {
    State.SENT: "sent",
    State.SKIPPED: "skipped",
    State.FAILED: "failed",
    State.UNCERTAIN: "uncertain",
    State.PLANNED: "retried",
}
BEAT = """
INSERT INTO clinic_pulse AS p (id, created_at, role, name, at, lag, sent, skipped, failed, uncertain, retried)
VALUES (clinic_uuid7(), now(), %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (role, name) DO UPDATE SET
    at = excluded.at, lag = excluded.lag, sent = p.sent + excluded.sent, skipped = p.skipped + excluded.skipped,
    failed = p.failed + excluded.failed, uncertain = p.uncertain + excluded.uncertain,
    retried = p.retried + excluded.retried
"""
LAST_TICK = "SELECT extract(epoch FROM %s - at) FROM clinic_pulse WHERE role = 'clock'"
Counts = Mapping[State, int]


def ticked() -> None:
    """The clock has just asked for work."""
    _beat(PulseOf.CLOCK, "", 0, {})


def working(lag: float = 0) -> None:
    """A worker of this host is awake; `lag`: seconds since the tick that woke it."""
    _beat(PulseOf.WORKER, host(), lag, {})


def count(done: Counts) -> None:
    """Add to what all workers together have done, by the state that rows came to (planned: put off)."""
    if any(done.values()):
        _beat(PulseOf.TOTAL, "", 0, done)


def since_tick() -> float:
    """Seconds since the clock last asked; 0 when it never did."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_TICK, [clock.now()])
        row = cursor.fetchone()
    return float(row[0]) if row else 0.0


def _beat(role: PulseOf, name: str, lag: float, done: Counts) -> None:
    counts = [done.get(state, 0) for state in COUNTED]
    execute(BEAT, [role.value, name, clock.now(), lag, *counts])
