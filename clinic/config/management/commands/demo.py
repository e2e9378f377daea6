from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from clinic.config import demo
from clinic.config.processes import DemoStopped


class Command(BaseCommand):
    help = "Run everything on this machine with a made-up practice, until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="empty the demo's database and mail box instead")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["reset"]:
                demo.reset()
            else:
                demo.run()
        except DemoStopped as reason:
            raise SystemExit(str(reason)) from None
