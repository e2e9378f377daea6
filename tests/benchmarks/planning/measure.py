"""What planning and claiming cost, in milliseconds."""

import datetime
import time

import psutil

from clinic.reminders import kinds
from clinic.services.reminders.claim import claim
from clinic.services.reminders.plan import plan_kind
from clinic.services.reminders.sweep import sweep
from tests.benchmarks.planning.seed import FIRST_PROBE, START, analyze, run, seed_reminders, value

MINUTE = datetime.timedelta(minutes=1)
NOON = FIRST_PROBE.replace(hour=12, minute=0)


def timed(work, *arguments, **named):
    """(milliseconds of the whole way there and back, result)"""
    start = time.perf_counter()
    result = work(*arguments, **named)
    return (time.perf_counter() - start) * 1e3, result


def processor_time():
    """Milliseconds that the database's process of this connection has worked so far, in steps of ten."""
    spent = psutil.Process(value("SELECT pg_backend_pid()")).cpu_times()
    return (spent.user + spent.system) * 1e3


def nothing_planned():
    run("TRUNCATE clinic_reminder")
    run("DELETE FROM clinic_planningmark")
    run("UPDATE treatments_programme SET remind_at = %s WHERE remind_at IS DISTINCT FROM %s", START, START)


def plan(now):
    return plan_kind(kinds["home_stretch"], now)


def ready_for_probes():
    plan(FIRST_PROBE - 15 * MINUTE)
    analyze()


def probe_minutes(count: int = 14):
    """[(milliseconds, rows)] of minutes that have the same number of occurrences in any database."""
    return [timed(plan, FIRST_PROBE + (step - 15) * MINUTE) for step in range(1, count + 1)]


def ready_to_claim(rows: int, *, due: int):
    """So many reminders, so many of them due, the rest sent."""
    run("TRUNCATE clinic_reminder")
    seed_reminders(due, state="planned", before=NOON, spread=60 * MINUTE)
    if rows > due:
        seed_reminders(rows - due, state="sent", before=NOON, spread=30 * 24 * 60 * MINUTE)


def claims(times: int = 10):
    """[(milliseconds, rows)] of claims of 500."""
    found = [timed(claim, f"bench:1:1:{turn}", now=NOON, limit=500) for turn in range(times)]
    return [(spent, len(ids)) for spent, ids in found]


def idle(now, times: int = 10):
    """Milliseconds of ticks that have nothing to do: plan, sweep, claim."""
    return [timed(lambda: (plan(now), sweep(now), claim("bench:1:1:x", now=now, limit=100)))[0] for _ in range(times)]
