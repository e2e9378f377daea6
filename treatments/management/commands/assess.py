"""`manage.py assess CASE.json`: evaluates one case document and writes nothing to any database."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from clinic.problems import InvalidInput, Problem
from treatments.evaluation import Evaluation, evaluate, explain

INVALID = 2


class Command(BaseCommand):
    help = "Evaluate one case document (a file, or - for standard input) and print the result document as JSON."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", metavar="CASE.json", help="the case document; - reads standard input")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="print the result document (the default)")
        form.add_argument("--text", action="store_true", help="print the chain of reasons for a person instead")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            evaluation = evaluate(read_document(options["case"]))
        except InvalidInput as invalid:
            self.refuse(invalid.problems)
        for warning in evaluation.warnings:
            self.complain(f"warning: {warning}")
        self.stdout.write(explain(evaluation) if options["text"] else as_json(evaluation))

    def refuse(self, problems: list[Problem]) -> None:
        for problem in problems:
            self.complain(str(problem))
        sys.exit(INVALID)

    def complain(self, line: str) -> None:
        """One line of diagnostics, whatever stands in the value that it quotes."""
        self.stderr.write(" ".join(line.splitlines()))


def read_document(name: str) -> object:
    """Parsed JSON of a file or of standard input. Raises InvalidInput with one line when it cannot be read."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
        return json.loads(text)
    except json.JSONDecodeError as broken:
        where = f"line {broken.lineno}, column {broken.colno}"
        raise InvalidInput([Problem(name, f"not valid JSON at {where}: {broken.msg}")]) from broken
    except UnicodeDecodeError as broken:
        raise InvalidInput([Problem(name, f"not UTF-8 text (byte {broken.start})")]) from broken
    except RecursionError as broken:
        raise InvalidInput([Problem(name, "nested too deeply to be a case document")]) from broken
    except OSError as missing:
        raise InvalidInput([Problem(name, f"cannot be read: {missing.strerror}")]) from missing


def as_json(evaluation: Evaluation) -> str:
    return json.dumps(evaluation.as_dict(), indent=2, ensure_ascii=False)
