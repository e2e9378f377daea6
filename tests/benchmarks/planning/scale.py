"""`make bench-scale`: planning, claiming and churn at 1,000,000 programmes, written to `docs/reminder-scale.md`.

Works in a database of its own, made and dropped here. Exit status 1 where a figure is over its bound.
"""

import datetime
import os
import platform
import statistics
import sys
from pathlib import Path

import django

os.environ["CLINIC_TEST_DATABASE"] = "test_bench_scale"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

import psutil  # noqa: E402
from django.db import connection  # noqa: E402

from tests.benchmarks.planning import churn, measure  # noqa: E402
from tests.benchmarks.planning.seed import FIRST_PROBE, START, run, seed, value  # noqa: E402

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reminder-scale.md"
SIZES = (10_000, 1_000_000)
FULL_PLAN_SECONDS = 60
TWICE = 2
BLOAT = 2.5
MEGABYTE = 1 << 20


def figures_at(programmes: int) -> dict[str, float]:
    """Milliseconds, medians, at this number of programmes."""
    spent, _ = measure.timed(seed, programmes)
    say(f"{programmes:,} programmes: made in {spent / 1e3:.0f} s")
    measure.nothing_planned()
    run("VACUUM ANALYZE treatments_programme")
    before, worked = memory(), measure.processor_time()
    full, planned = measure.timed(measure.plan, START)
    worked = measure.processor_time() - worked
    say(f"{programmes:,} programmes: planned anew in {full / 1e3:.1f} s, the database worked {worked / 1e3:.1f} s")
    natural, natural_rows = measure.timed(measure.plan, START + measure.MINUTE)
    measure.ready_for_probes()
    minutes = measure.probe_minutes()
    found = {
        "full plan": full,
        "database's processor time of it": worked,
        "rows of it": planned,
        "its memory, MB": memory() - before,
        "minute": median(minutes),
        "rows of a minute": minutes[0][1],
        "natural minute": natural,
        "rows of a natural minute": natural_rows,
        "idle tick": statistics.median(measure.idle(FIRST_PROBE - measure.MINUTE)),
    }
    for name, due in (("claim, all due", programmes), ("claim, 10,000 due", 10_000)):
        measure.ready_to_claim(programmes, due=due)
        found[name] = median(measure.claims())
        say(f"{programmes:,} mails: {name} {found[name]:.0f} ms")
    run("TRUNCATE clinic_reminder")
    return found


def median(turns):
    return statistics.median(spent for spent, _ in turns)


def memory():
    """Megabytes that this process holds."""
    return psutil.Process().memory_info().rss / MEGABYTE


OVER = "over the bound"
FLAT = ("minute", "claim, all due", "claim, 10,000 due")


def verdicts(few, many):
    """{figure that has a bound: "" or "over the bound"}"""
    over = {name: many[name] > TWICE * few[name] for name in FLAT}
    over["full plan"] = many["full plan"] > FULL_PLAN_SECONDS * 1e3
    return {name: OVER if is_over else "" for name, is_over in over.items()}


def verdicts_of_churn(sizes):
    """{table or index: (ratio, "" or "over the bound")}; small ones are not judged."""
    times = churn.bloat(sizes)
    judged = {name: (f"{ratio:.2f}", OVER if ratio > BLOAT else "") for name, ratio in times.items()}
    return {name: judged.get(name, ("small", "")) for name in sizes}


def page(few, many, done, sizes):
    said, said_of_churn = verdicts(few, many), verdicts_of_churn(sizes)
    rows = [
        f"| {name} | {few[name]:,.1f} | {many[name]:,.1f} | {ratio(few[name], many[name])} | {said.get(name, '')} |"
        for name in few
    ]
    bloated = [
        f"| `{name}` | {after / MEGABYTE:.1f} | {fresh / MEGABYTE:.1f} | {' | '.join(said_of_churn[name])} |"
        for name, (after, fresh) in sizes.items()
    ]
    return "\n".join([
        "# Reminders at a million programmes",
        "",
        f"Made by `make bench-scale` on {datetime.datetime.now(datetime.UTC):%d %B %Y}: {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, PostgreSQL {value('SHOW server_version')} as the demo starts it.",
        "",
        "Milliseconds, medians, unless the name says otherwise. “Minute”: one with the same number of due programmes",
        "in both; “natural”: with as many as there are. “Full plan”: every programme is looked at anew; what else runs",
        "on the machine makes it longer, but hardly the database's processor time.",
        "",
        f"| | {SIZES[0]:,} | {SIZES[1]:,} | ratio | |",
        "|---|--:|--:|--:|---|",
        *rows,
        "",
        f"Bounds: a minute and a claim of 500 within {TWICE} times, a full plan within {FULL_PLAN_SECONDS} s.",
        "",
        "## A day's churn",
        "",
        f"{churn.PROGRAMMES:,} programmes, {churn.HISTORY:,} mails kept, a day in time order: "
        + ", ".join(f"{name} {count:,}" for name, count in done.items()) + ".",
        "",
        f"Bound: {BLOAT} times the fresh size, where it is {churn.SMALL // MEGABYTE} MB or more after the day.",
        "",
        "| table or index | MB after | MB freshly built | ratio | |",
        "|---|--:|--:|--:|---|",
        *bloated,
        "",
    ])  # fmt: skip


def ratio(few, many):
    return f"{many / few:.2f}" if few else "–"


def say(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main():
    few = figures_at(SIZES[0])
    done, sizes = churn.churn()
    say(f"a day's churn: {done}")
    run("TRUNCATE clinic_reminder, clinic_archivedreminder")
    many = figures_at(SIZES[1])
    PAGE.write_text(page(few, many, done, sizes))
    text = PAGE.read_text()
    over = text.count(OVER)
    say(f"{text}\n{over} {OVER}." if over else f"{text}\nEverything within its bounds.")
    return 1 if over else 0


if __name__ == "__main__":
    own = connection.settings_dict["NAME"]
    connection.creation.create_test_db(autoclobber=True, verbosity=0)
    try:
        status = main()
    finally:
        connection.creation.destroy_test_db(own, verbosity=0)
    sys.exit(status)
