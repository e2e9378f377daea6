"""One measured process: `python -m tests.benchmarks.reminders.process FUNCTION_OF_work`.

Says `ready` when everything is imported and connected, works when it is told `go`, then says what it used as JSON.
Its input at an end (the benchmark was broken off) ends it too.
"""

from __future__ import annotations

import json
import sys

import django

django.setup()

import psutil  # noqa: E402
from django.db import connection  # noqa: E402

from tests.benchmarks.reminders import letters, work  # noqa: E402


def main() -> None:
    way = getattr(work, sys.argv[1])
    me = psutil.Process()
    connection.ensure_connection()
    # Templates and addresses are looked up for the first time, which takes a hundred mails' time.
    letters.write_one(ours=way is work.ours)
    say("ready")
    while sys.stdin.readline() == "go\n":
        before = cpu_seconds(me)
        way()
        say(json.dumps({"cpu": cpu_seconds(me) - before, "memory": me.memory_info().rss}))


def cpu_seconds(process: psutil.Process) -> float:
    """Its own and its ended children's."""
    return sum(process.cpu_times()[:4])


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
