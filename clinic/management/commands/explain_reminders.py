"""manage.py explain_reminders CLIENT_REF [--practice SLUG]: why did, or didn't, each mail to a client go out?"""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.models import Client, Reminder
from clinic.queries import reminders


class Command(BaseCommand):
    help = "Say of each mail to a client why it did, or didn't, go out. Newest first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client_ref", help="the client's reference, such as C0001")
        parser.add_argument("--practice", default="", help="slug; needed where two practices use the same reference")
        parser.add_argument("--json", action="store_true", help="print a list of objects")

    def handle(self, *, client_ref: str, practice: str, **options: Any) -> None:
        client = find_client(client_ref, practice)
        rows = Reminder.objects.filter(practice=client.practice_id, client=client)
        lines = reminders.lines(reminders.with_people(rows))
        if options["json"]:
            self.stdout.write(json.dumps([as_dict(line) for line in lines], indent=2))
        elif lines:
            self.stdout.write("\n".join(f"{line.row.local_date}  {line.label}: {line.sentence}" for line in lines))
        else:
            self.stdout.write("Nothing was ever planned for this client: no app had anything to say.")


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
