"""Reads measurements from a CSV file into a practice: all rows or none."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from assessments.services import imports
from clinic.models import Practice
from clinic.problems import InvalidInput
from clinic.services.audit import Machine


class Command(BaseCommand):
    help = "Imports measurements (CSV). All rows or none; running the same file twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the CSV file, or - for standard input")
        parser.add_argument("--practice", required=True, metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true", help="check and report, write nothing")
        parser.add_argument("--create-clients", action="store_true", help="add clients whose reference is unknown")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        practice = Practice.objects.filter(slug=options["practice"]).first()
        if practice is None:
            raise CommandError(f"There is no practice {options['practice']!r}.", returncode=2)
        try:
            report = imports.import_measurements(
                practice=practice,
                text=read(options["file"]),
                by=Machine.COMMAND,
                create_clients=options["create_clients"],
                dry_run=options["dry_run"],
                progress=self.progress,
            )
        except InvalidInput as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            self.stderr.write(f"{len(error.problems)} problems: nothing was imported.")
            sys.exit(2)
        for warning in report.warnings:
            self.stderr.write(f"unusual: {warning}")
        self.stdout.write(json.dumps(report.as_dict()) if options["json"] else told(report, options["dry_run"]))

    def progress(self, visits: Iterable[Any]) -> Iterable[Any]:
        return tqdm(visits, unit=" visits", disable=not sys.stderr.isatty())


def read(name: str) -> str:
    """The text of the file; CommandError (exit status 2) when it can't be read."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}.", returncode=2) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CommandError(f"{name}: line {line}: is not UTF-8 text.", returncode=2) from error


def told(report: imports.Report, dry_run: bool) -> str:
    would = "would be " if dry_run else ""
    return (
        f"{report.rows} rows: {report.new_readings} new readings in {report.assessments} assessments {would}imported, "
        f"{report.unchanged} on record already, {report.new_clients} clients {would}added."
    )
