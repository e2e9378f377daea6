"""`manage.py protocol_guide [PATH] [--check]`: the clinicians' guide to the protocol, written from its data."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from treatments.guide import guide


class Command(BaseCommand):
    help = "Write the clinicians' guide to the protocol as Markdown, to a file or to standard output."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", metavar="PATH", help="the file to write; left out, standard output")
        parser.add_argument("--check", action="store_true", help="write nothing, and fail when PATH is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["path"]) if options["path"] else None
        if options["check"]:
            check(path)
        elif path:
            path.write_text(guide(), encoding="utf-8")
        else:
            self.stdout.write(guide(), ending="")


def check(path: Path | None) -> None:
    if path is None:
        raise CommandError("--check needs the PATH of a guide", returncode=2)
    if not path.exists() or path.read_text(encoding="utf-8") != guide():
        raise CommandError(f"{path} is out of date; write it again: manage.py protocol_guide {path}")
