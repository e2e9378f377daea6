#!/usr/bin/env python3
"""Every command of the project. Without DATABASE_URL it starts, or attaches to, the PostgreSQL that comes with it."""

import os
import sys


def main() -> None:
    if sys.version_info < (3, 11):
        found = ".".join(str(part) for part in sys.version_info[:2])
        sys.exit(f"Python 3.11 or newer is needed, this is {found}: install it, then run 'make venv'.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings")
    try:
        from django.conf import settings
        from django.core.management import execute_from_command_line

        from clinic.packs import PackError

        settings.INSTALLED_APPS  # noqa: B018  (a setting that is missing is told before anything else happens)
    except ModuleNotFoundError as problem:
        sys.exit(f"The package '{problem.name}' is missing: run 'make venv', then use .venv/bin/python manage.py.")
    try:
        execute_from_command_line(sys.argv)
    except PackError as broken:
        sys.exit("The protocol files can't be used:\n" + "\n".join(f"  {line}" for line in broken.lines))


if __name__ == "__main__":
    main()
