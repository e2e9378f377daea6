"""The table, as it is printed and as it stands in `docs/reminder-speed.md`."""

from __future__ import annotations

import datetime
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.reminders.run import Measured
from tests.benchmarks.reminders.ways import BARE, CORES, OURS_ALL, POST_OFFICE, WAYS, Way

Results = Mapping[Way, Sequence[Measured]]
HEAD = ("way", "mails/s (min–max)", "× post_office's best", "× bare limit", "CPU s per 1,000 mails")
TARGETS = ((1.5, "django-post_office's best"), (1.2, "the bare limit"))


@dataclass(frozen=True)
class Report:
    """`results` has a measurement of each way for each round. Memory: bytes after so many mails."""

    results: Results
    command: str
    postgresql: str
    load_before: float
    memory: Mapping[int, int]

    @property
    def best_post_office(self) -> Way | None:
        return max((way for way in POST_OFFICE if way in self.results), key=self.median, default=None)

    def median(self, way: Way) -> float:
        return statistics.median(one.per_second for one in self.results[way])

    def ratio(self, way: Way, to: Way | None) -> float | None:
        """Median over the rounds of both rates in the same round, so that a busy minute hits both."""
        if to is None or to not in self.results:
            return None
        pairs = zip(self.results[way], self.results[to], strict=True)
        return statistics.median(one.per_second / other.per_second for one, other in pairs)

    def rows(self) -> list[tuple[str, ...]]:
        return [self._row(way) for way in WAYS if way in self.results]

    def _row(self, way: Way) -> tuple[str, ...]:
        rates = [one.per_second for one in self.results[way]]
        cpu = statistics.median(one.cpu_per_thousand for one in self.results[way])
        ratios = (self.ratio(way, self.best_post_office), self.ratio(way, BARE))
        said = [f"{ratio:.2f}" if ratio else "–" for ratio in ratios]
        return (way.name, f"{self.median(way):.0f} ({min(rates):.0f}–{max(rates):.0f})", *said, f"{cpu:.2f}")

    def verdicts(self) -> list[str]:
        """One sentence for each target."""
        if OURS_ALL not in self.results:
            return []
        found = (self.ratio(OURS_ALL, self.best_post_office), self.ratio(OURS_ALL, BARE))
        return [
            f"{'Reached' if ratio >= least else 'Missed'}: {least} × {name}, one worker a core ({ratio:.2f} ×)."
            for ratio, (least, name) in zip(found, TARGETS, strict=True)
            if ratio
        ]

    def flat(self) -> str:
        if not self.memory:
            return ""
        said = ", ".join(f"{size / 2**20:.1f} MiB after {mails:,} mails" for mails, size in self.memory.items())
        return f"Memory of one worker process of the engine: {said}."

    def text(self) -> str:
        """For a terminal."""
        rows = [HEAD, *self.rows()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        return "\n".join([*lines, "", *self.verdicts(), self.flat()])

    def markdown(self) -> str:
        table = [HEAD, ("---", *["--:"] * (len(HEAD) - 1)), *self.rows()]
        lines = [f"| {' | '.join(row)} |" for row in table]
        return "\n\n".join(
            [*self._opening(), "\n".join(lines), "\n".join(f"- {v}" for v in self.verdicts()), *self._end()]
        )

    def _opening(self) -> list[str]:
        rounds, mails = len(next(iter(self.results.values()))), max(one[0].mails for one in self.results.values())
        machine = f"{CORES} cores ({processor()}), {platform.system()} {platform.release()}"
        return [
            "# How fast reminders leave",
            "Written by `make bench`; do not edit.",
            f"{datetime.date.today():%-d %B %Y} · `{self.command}` · {machine} · Python {platform.python_version()} · "
            f"PostgreSQL {self.postgresql} · load before the first run {self.load_before:.1f}",
            f"The whole way: {mails:,} due rows in PostgreSQL → text and HTML for each person by the templates of the "
            "home-stretch mail, two signed links, unsubscribe headers → accepted by an SMTP server "
            "(`tests/smtp_sink.py`, a process on the same machine) → marked. Every run is counted at that server: each "
            f"mail arrived once. Median of {rounds} rounds; a round runs every way once, each time in another order. "
            "Processes are started, have imported everything, have written a first mail to nobody and are connected "
            "before the clock starts. A ratio "
            "compares runs of the same round.",
        ]  # fmt: skip

    def _end(self) -> list[str]:
        return [part for part in (self.flat(), NOTES) if part]


NOTES = """\
- The engine runs with the project's own settings and its default limits (the recipients have so many domains that
  those do not hold anything back). It claims, re-checks and settles every mail by itself; nobody else here does.
- CPU is that of the way's own processes. The database's and the mail server's is not in it.
- django-post_office is tuned: no log rows, batches of 1,000, 2 threads
  (`python -m tests.benchmarks.reminders.bench --tune` tries others).
- django-mailer and one task a mail get a third of the mails, for the sake of the reader's patience.
- Marked as sent, then sent: a mail whose process dies in between is lost, and its row says that it was sent."""


def processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def load_now() -> float:
    return os.getloadavg()[0]
