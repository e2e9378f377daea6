"""What another pack of thresholds would have said to past signed assessments. Writes nothing."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from assessments import rules
from assessments.models import Assessment, AssessmentQuerySet
from assessments.rules import pack_files
from assessments.services.replay import Difference, Replayed, Summary, replay, said
from clinic.models import Practice
from clinic.packs import PackError

COLUMNS = ("finding", "then", "with the pack", "added", "gone", "changed", "reworded")


class Command(BaseCommand):
    help = "Replays past signed assessments with another pack and prints what would differ. Writes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--pack", required=True, metavar="FILE", help="a practice's pack file, or - for standard input"
        )
        parser.add_argument("--practice", metavar="SLUG", help="only this practice; all of them otherwise")
        parser.add_argument("--since", type=datetime.date.fromisoformat, metavar="DATE", help="measured on or after")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        pack = self.pack(options["pack"])
        rows = wanted(options["practice"], options["since"])
        replayed = tqdm(
            replay(rows.order_by("assessed_on", "id"), pack),
            total=rows.count() if sys.stderr.isatty() else None,
            unit=" assessments",
            disable=not sys.stderr.isatty(),
        )
        (self.print_json if options["json"] else self.print_lines)(replayed)

    def pack(self, name: str) -> rules.Pack:
        try:
            text, shown = read(name), "standard input" if name == "-" else name
            document = pack_files.parse(text, shown)
            return pack_files.check(document, version=f"{rules.PACK.version}+replay", name=shown)
        except PackError as broken:
            for line in broken.lines:
                self.stderr.write(line)
            sys.exit(2)

    def print_lines(self, replayed: Iterable[Replayed]) -> None:
        summary = Summary()
        for one in counted(replayed, summary):
            client, unknown = one.assessment.client, "" if one.knows_facts else ", age and answers not on record"
            made = one.assessment.protocol_version or "unknown"
            day = one.assessment.assessed_on.isoformat()
            self.stdout.write(f"{day} {client.practice.slug} {client.ref} (protocol {made}{unknown})")
            for difference in one.differences:
                self.stdout.write(f"  {line_of(difference)}")
        self.stdout.write(table(summary))
        self.stdout.write(f"{summary.differing} of {summary.assessments} assessments would differ.")
        if summary.without_facts:
            unknown = f"{summary.without_facts} are from before age and answers were kept"
            self.stdout.write(f"{unknown}: what differs there may come from that.")

    def print_json(self, replayed: Iterable[Replayed]) -> None:
        """One document, written as it comes: however many assessments, they are never all in memory."""
        summary, comma = Summary(), ""
        self.stdout.write('{"assessments": [', ending="")
        for one in counted(replayed, summary):
            self.stdout.write(f"{comma}\n{json.dumps(one.as_dict())}", ending="")
            comma = ","
        self.stdout.write(f'\n], "summary": {json.dumps(asdict(summary))}}}')


def read(name: str) -> str:
    """The text of the file; CommandError (exit status 2) when it can't be read."""
    try:
        return (sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()).decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}.", returncode=2) from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{name}: is not UTF-8 text.", returncode=2) from error


def wanted(slug: str | None, since: datetime.date | None) -> AssessmentQuerySet:
    rows = Assessment.objects.signed()
    if slug and not Practice.objects.filter(slug=slug).exists():
        raise CommandError(f"There is no practice {slug!r}.", returncode=2)
    rows = rows.filter(practice__slug=slug) if slug else rows
    return rows.filter(assessed_on__gte=since) if since else rows


def counted(replayed: Iterable[Replayed], summary: Summary) -> Iterator[Replayed]:
    """Those with a difference; `summary` counts them all."""
    for one in replayed:
        summary.add(one)
        if one.differences:
            yield one


def line_of(difference: Difference) -> str:
    """Such as `~ hip_extension_limited left: moderate -> marked; hip_extension 2 deg, threshold 0 -> 5`."""
    side = f" {difference.side}" if difference.side else ""
    then, now = standing(difference.then), standing(difference.now)
    return f"{difference.kind} {difference.code}{side}: {then} -> {now}{decided(difference)}"


def standing(finding: rules.Finding | None) -> str:
    if finding is None:
        return "none"
    return f"{finding.grade} ({finding.confidence})" if finding.grade else f"found ({finding.confidence})"


def decided(difference: Difference) -> str:
    if difference.reading is None:
        return ""
    known = [limit for limit in (difference.threshold_then, difference.threshold_now) if limit is not None]
    limits = " -> ".join(f"{limit:g}" for limit in dict.fromkeys(known))
    return f"; {difference.reading.measure} {said(difference.reading)}{f', threshold {limits}' if limits else ''}"


def table(summary: Summary) -> str:
    """A line for each finding, columns as wide as their longest cell."""
    counts = [(code, *map(str, asdict(summary.by_code[code]).values())) for code in sorted(summary.by_code)]
    rows = [COLUMNS, *counts]
    widths = [max(len(row[place]) for row in rows) for place in range(len(COLUMNS))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
