"""Rows are written as the contract's JSON and go through read_measurements, so rules only see what can be entered."""

import pytest

from assessments.rules import Facts, find, read_measurements


def make_row(measure, side=None, value=None, **more):
    return {"measure": measure, "side": side, "value": value, **more}


def read_all(*rows):
    readings, problems, _ = read_measurements(list(rows))
    assert problems == []
    return readings


def find_by_code(*rows, age=40, **facts):
    """Findings as {(code, side): finding}; asserts that none stands twice."""
    findings = find(read_all(*rows), Facts(age=age, **facts))
    found = {(finding.code, finding.side): finding for finding in findings}
    assert len(found) == len(findings)
    return found


@pytest.fixture(scope="session")
def row():
    return make_row


@pytest.fixture(scope="session")
def read():
    return read_all


@pytest.fixture(scope="session")
def see():
    return find_by_code
