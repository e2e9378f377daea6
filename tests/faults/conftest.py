"""Collects what the scenarios gave, prints it as a table, and writes it down when all of them ran (`make faults`)."""

import os
from pathlib import Path

import pytest

from tests.faults import database, report

ALL = os.environ.get("FAULTS") == "all"
KEPT = Path(__file__).resolve().parents[2] / "var" / "tests" / "faults.json"
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "faults.md"
_report = report.Report()


@pytest.fixture
def results():
    return _report


def pytest_sessionfinish():
    database.clear_away()


def pytest_terminal_summary(terminalreporter):
    if _report.is_empty():
        return
    terminalreporter.section("faults")
    for line in _report.lines():
        terminalreporter.line(line)
    if ALL:
        _report.keep(KEPT)
    if ALL and _report.is_whole():
        DOCUMENT.write_text(_report.document())
        terminalreporter.line(f"Written to {DOCUMENT}.")
