"""Measurements from elsewhere, by CSV: all rows or none, and the same file twice changes nothing.

Rows of one client and one day become one assessment. It is stored as signed, with source "import": it is a finished
record from elsewhere, not work in progress here, and nobody should be able to edit what another system says.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models.functions import Lower

from assessments import rules
from assessments.models import Reading, State
from assessments.services import assessments, evaluation
from assessments.services.csv_rows import Row, read_rows
from assessments.services.imported import Progress, Visit, write
from clinic.models import Client, Practice
from clinic.problems import InvalidInput, Problem
from clinic.services import audit

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Report:
    """What an import did, or would do."""

    rows: int
    new_readings: int
    unchanged: int
    assessments: int
    new_clients: int
    warnings: tuple[Problem, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**self.__dict__, "warnings": [str(warning) for warning in self.warnings]}


@dataclass
class Plan:
    """What of a file is new: readings by client and day, for known clients and for those to be added."""

    clients: dict[str, Client]
    added: list[Client]
    visits: dict[Visit, list[rules.Reading]]
    warnings: list[Problem]
    rows: int = 0
    unchanged: int = 0


def import_measurements(
    *,
    practice: Practice,
    text: str,
    by: audit.Actor,
    create_clients: bool = False,
    dry_run: bool = False,
    progress: Progress = iter,
) -> Report:
    """Imports the CSV `text`. Raises InvalidInput with every problem by line; then nothing is written."""
    with transaction.atomic():
        Practice.objects.select_for_update(of=("self",), no_key=True).get(pk=practice.pk)  # one import at a time
        plan = make_plan(practice, text, create_clients)
        if not dry_run:
            write(practice, plan.visits, plan.clients, plan.added, by=by, progress=progress)
    new = sum(len(readings) for readings in plan.visits.values())
    return Report(plan.rows, new, plan.unchanged, len(plan.visits), len(plan.added), tuple(plan.warnings))


def make_plan(practice: Practice, text: str, create_clients: bool) -> Plan:
    """Reads only. Raises InvalidInput."""
    rows, problems = read_rows(text)
    clients = known_clients(practice, rows)
    added = {} if not create_clients else unknown_clients(practice, rows, clients)
    clients |= added
    problems += [*strangers(rows, clients), *impossible_days(rows, clients)]
    plan = Plan(clients, list(added.values()), {}, [], rows=len(rows))
    on_record = recorded(practice, rows, clients)
    for visit, group in visits_of(rows).items():
        problems += read_visit(plan, visit, group, on_record)
    if problems:
        raise InvalidInput(sorted(problems, key=line_of))
    return plan


def line_of(problem: Problem) -> int:
    return int(re.search(r"\d+", problem.path)[0])  # type: ignore[index]


def visits_of(rows: Iterable[Row]) -> dict[Visit, list[Row]]:
    groups: dict[Visit, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.ref.lower(), row.date].append(row)
    return groups


def known_clients(practice: Practice, rows: Iterable[Row]) -> dict[str, Client]:
    """By reference in lower case."""
    refs = {row.ref.lower() for row in rows}
    found = Client.objects.filter(practice=practice).annotate(folded_ref=Lower("ref")).filter(folded_ref__in=refs)
    return {client.ref.lower(): client for client in found.select_related("practice")}


def unknown_clients(practice: Practice, rows: Iterable[Row], known: Mapping[str, Client]) -> dict[str, Client]:
    """Unsaved clients that are named by their reference until somebody fills in who they are."""
    refs: dict[str, str] = {}
    for row in rows:
        if row.ref.lower() not in known:
            refs.setdefault(row.ref.lower(), row.ref)  # the first spelling counts
    return {key: Client(practice=practice, ref=ref, given_name="Client", family_name=ref) for key, ref in refs.items()}


def strangers(rows: Iterable[Row], clients: Mapping[str, Client]) -> Iterator[Problem]:
    for row in rows:
        if row.ref.lower() not in clients:
            yield Problem(f"line {row.line}, client_ref", f"no client {row.ref!r} in this practice")


def impossible_days(rows: Iterable[Row], clients: Mapping[str, Client]) -> Iterator[Problem]:
    for row in rows:
        client = clients.get(row.ref.lower())
        complaint = assessments.date_problem(client, row.date) if client else ""
        if complaint:
            yield Problem(f"line {row.line}, date", complaint)


def read_visit(plan: Plan, visit: Visit, rows: Sequence[Row], on_record: Mapping[Key, list[Reading]]) -> list[Problem]:
    """Puts what is new of one visit into the plan; returns what is wrong with it."""
    measurements = assessments.numbered([dict(row.measurement) for row in rows])
    readings, problems, warnings = rules.read_measurements(measurements)
    problems = problems or list(assessments.too_big(measurements))
    plan.warnings += [by_line(warning, rows) for warning in warnings]
    if problems:
        return [by_line(problem, rows) for problem in problems]
    pairs = list(zip(rows, readings, strict=True))
    fresh = [reading for _, reading in pairs if key_of(visit, reading) not in on_record]
    known = [(row, reading) for row, reading in pairs if key_of(visit, reading) in on_record]
    plan.unchanged += len(known)
    if fresh:
        plan.visits[visit] = fresh
    return list(contradictions(visit, known, on_record))


def by_line(problem: Problem, rows: Sequence[Row]) -> Problem:
    """`measurements[3].value` becomes `line 12, value`, in the path and in the words."""

    def line(match: re.Match[str]) -> str:
        return f"line {rows[int(match[1])].line}" + (", " if match[2] else "")

    path, message = (re.sub(r"measurements\[(\d+)\](\.?)", line, part) for part in (problem.path, problem.message))
    return Problem(path, message)


def contradictions(
    visit: Visit, known: Iterable[tuple[Row, rules.Reading]], on_record: Mapping[Key, list[Reading]]
) -> Iterator[Problem]:
    for row, reading in known:
        if not any(says_the_same(reading, kept) for kept in on_record[key_of(visit, reading)]):
            words = f"{reading.measure} of {row.date:%Y-%m-%d} is on record with another value"
            yield Problem(f"line {row.line}", words)


def says_the_same(reading: rules.Reading, kept: Reading) -> bool:
    """What the file leaves out isn't compared."""
    if (reading.grade or "", reading.observed or "") != (kept.grade, kept.observed):
        return False
    if evaluation.rounded(reading.value, 2) != kept.value:
        return False
    given = {name: getattr(reading, name) for name in ("examiner", "pelvis_controlled", "pain")}
    return all(value in (None, "") or value == getattr(kept, name) for name, value in given.items())


def key_of(visit: Visit, reading: rules.Reading) -> Key:
    """What makes a reading the same reading."""
    way = (reading.side, reading.mode, reading.position, reading.instrument)
    return (*visit, reading.measure, *(word or "" for word in way), reading.trial or 1)


def recorded(practice: Practice, rows: Sequence[Row], clients: Mapping[str, Client]) -> dict[Key, list[Reading]]:
    """What is on record for the clients and days of the file, drafts included, records in error not."""
    refs = {client.pk: ref for ref, client in clients.items()}
    kept = Reading.objects.filter(
        practice=practice,
        assessment__client__in=refs.keys(),
        assessment__assessed_on__in={row.date for row in rows},
        assessment__state__in=[State.DRAFT, State.SIGNED],
    ).select_related("assessment")
    found: dict[Key, list[Reading]] = defaultdict(list)
    for reading in kept:
        visit = (refs[reading.assessment.client_id], reading.assessment.assessed_on)
        found[key_of(visit, reading.as_rule())].append(reading)
    return dict(found)
