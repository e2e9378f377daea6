"""What changed in a client's measurements, judged against the measurement error."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments import queries, rules
from clinic.models import Client

COLUMNS = ("date", "measure", "side", "before", "after", "difference", "MDC", "verdict", "note")


class Command(BaseCommand):
    help = "Prints each change between signed assessments of a client, oldest first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client_ref", metavar="CLIENT_REF")
        parser.add_argument("--practice", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="print a JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        changes = queries.changes(find_client(options["client_ref"], options["practice"]))
        if options["json"]:
            self.stdout.write(json.dumps([change.as_dict() for change in changes], indent=2))
        else:
            self.stdout.write(table(changes) if changes else "Nothing to compare yet.")


def find_client(ref: str, slug: str) -> Client:
    client = Client.objects.filter(practice__slug=slug, ref__iexact=ref).select_related("practice").first()
    if client is None:
        raise CommandError(f"There is no client {ref!r} in a practice {slug!r}.", returncode=2)
    return client


def table(changes: list[rules.Change]) -> str:
    """Columns as wide as their longest cell."""
    rows = [COLUMNS, *map(cells, changes)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(COLUMNS))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def cells(change: rules.Change) -> tuple[str, ...]:
    numbers = (change.before, change.after, change.difference, change.mdc)
    before, after, difference, mdc = ("" if number is None else f"{number:g}" for number in numbers)
    day = f"{change.after_date:%Y-%m-%d}" if change.after_date else ""
    return (day, change.measure, change.side or "", before, after, difference, mdc, change.verdict, change.note)
