"""Benchmarks print their figures at the end of a run; what they assert are ratios inside that run, never times."""

import pytest

said: list[str] = []


@pytest.fixture
def figures():
    """`figures("…")` adds a line to the summary."""
    return said.append


def pytest_terminal_summary(terminalreporter):
    if said:
        terminalreporter.section("benchmarks (this machine, one core)")
        for line in said:
            terminalreporter.line(line)
