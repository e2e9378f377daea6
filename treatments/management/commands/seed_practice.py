from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from treatments.services.seeding import DEMO_LOGINS, seed_demo, seed_many

__all__ = ["DEMO_LOGINS", "Command"]


class Command(BaseCommand):
    """Writes made-up people only; a practice that has clients is never touched."""

    help = "A made-up practice of any size (always the same for the same numbers), or the small one of the demo."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("slug", help="Short name of the practice, such as riverside.")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--clients", type=int, metavar="N", help="How many clients, with history; 0 for none.")
        what.add_argument("--demo", action="store_true", help="The practice of the demo; skipped where it exists.")

    def handle(self, *, slug: str, clients: int | None, demo: bool, **options: Any) -> None:
        try:
            if demo:
                made = seed_demo(slug)
                self.stdout.write(f"{slug}: {'ready' if made else 'is there already, nothing changed'}.")
            elif clients is not None:
                self.many(slug, clients)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error

    def many(self, slug: str, clients: int) -> None:
        with tqdm(total=clients, unit="client", disable=not sys.stderr.isatty(), file=sys.stderr) as bar:
            seed_many(slug, clients, step=bar.update)
        self.stdout.write(f"{slug}: {clients} clients.")
