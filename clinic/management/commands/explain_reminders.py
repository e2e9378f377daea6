"""manage.py explain_reminders CLIENT_REF [--date DAY] [--practice SLUG]: why did, or didn't, each mail go out?"""

from __future__ import annotations

import argparse
import datetime
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.models import Client
from clinic.queries import reminders

MOST = 10_000
NOTHING = "Nothing was ever planned for this client: no app had anything to say."


class Command(BaseCommand):
    help = "Say of each mail to a client why it did, or didn't, go out. Newest first, archived mails too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client_ref", help="the client's reference, such as C0001")
        parser.add_argument("--practice", default="", help="slug; needed where two practices use the same reference")
        parser.add_argument("--date", type=day, help="only this day of the client's calendar, such as 2026-11-20")
        parser.add_argument("--count", type=count, default=50, help="how many at once (default: 50)")
        parser.add_argument("--before", type=mark, help="go on where an earlier answer ended")
        parser.add_argument("--json", action="store_true", help="print a list of objects")

    def handle(self, *, client_ref: str, practice: str, **options: Any) -> None:
        client = find_client(client_ref, practice)
        if options["date"]:
            found, older = reminders.on_day(client, options["date"]), ""
        else:
            page = reminders.history(client, options["before"] or "", options["count"])
            found, older = reminders.lines(page.rows), page.older
        if options["json"]:
            self.stdout.write(json.dumps([as_dict(line) for line in found], indent=2))
        else:
            self.stdout.write("\n".join(as_text(line) for line in found) or nothing(client, options["date"]))
        if options["json"] and not found:
            self.stderr.write(nothing(client, options["date"]))
        if older:
            self.stderr.write(f"Older ones: --before {older}")


def nothing(client: Client, on: datetime.date | None) -> str:
    return reminders.nothing_planned(client, on) if on else NOTHING


def day(text: str) -> datetime.date:
    """Raises ArgumentTypeError for what is no date, or one that nobody would ask about."""
    try:
        found = datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date: write it like 2026-11-20.") from None
    if not reminders.FIRST_DAY <= found <= reminders.LAST_DAY:
        raise argparse.ArgumentTypeError(reminders.OTHER_DAYS)
    return found


def count(text: str) -> int:
    """Raises ArgumentTypeError for what is no number from 1 to MOST."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {MOST}.")
    return int(text)


def mark(text: str) -> str:
    """Raises ArgumentTypeError for what no earlier answer ended with."""
    if reminders.place_of(text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is nothing that an earlier answer ended with.")
    return text


def find_client(ref: str, practice: str) -> Client:
    """By reference, in one practice. Raises CommandError with what to do."""
    found = Client.objects.select_related("practice").filter(ref__iexact=ref)
    if practice:
        found = found.filter(practice__slug=practice)
    clients = list(found[:2])
    if not clients:
        raise CommandError(f"There is no client {ref}" + (f" at {practice}." if practice else "."))
    if len(clients) > 1:
        raise CommandError(f"More than one practice has a client {ref}: name one with --practice.")
    return clients[0]


def as_text(line: reminders.Line) -> str:
    return f"{line.row.local_date}  {line.label}: {line.sentence}"


def as_dict(line: reminders.Line) -> dict[str, Any]:
    row = line.row
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "local_date": row.local_date.isoformat(),
        "due_at": row.due_at.isoformat(),
        "state": row.state,
        "reason": row.reason,
        "attempts": row.attempts,
        "settled_at": row.settled_at.isoformat() if row.settled_at else None,
        "sentence": line.sentence,
    }
