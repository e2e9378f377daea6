"""Writes what an import accepted: set-based, a handful of statements however many rows."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from assessments import queries, rules
from assessments.models import Assessment, Finding, Reading, State
from assessments.queries.packs import pack_of
from assessments.services import evaluation
from clinic.models import AuditEntry, Client, Membership, Practice
from clinic.services import audit

Visit = tuple[str, datetime.date]
Visits = Mapping[Visit, Sequence[rules.Reading]]
Progress = Callable[[Iterable[Any]], Iterable[Any]]
BATCH = 2000


def write(
    practice: Practice,
    visits: Visits,
    clients: Mapping[str, Client],
    added: Sequence[Client],
    *,
    by: audit.Actor,
    progress: Progress,
) -> None:
    """One signed assessment for each client and day. Signed last, because a signed one takes no more rows."""
    add_clients(added)
    made: dict[Assessment, rules.Reasoning] = {}
    readings: list[Reading] = []
    known, earlier, pack = FactsOnce(), EarlierVisits(practice, visits, clients), pack_of(practice.pk)
    for visit in progress(visits):
        ref, day = visit
        assessment = Assessment(practice=practice, client=clients[ref], assessed_on=day, source="import")
        rows = [evaluation.reading_row(assessment, reading) for reading in visits[visit]]
        facts = known.of(assessment.client, day)
        judged = [row.as_rule() for row in rows]
        made[assessment] = rules.reason(judged, facts, pack=pack, earlier=earlier.before(visit))
        evaluation.stamp(assessment, made[assessment])
        readings += rows
    Assessment.objects.bulk_create(made, BATCH)
    Reading.objects.bulk_create(readings, BATCH)
    findings = [row for assessment, reasoning in made.items() for row in evaluation.finding_rows(assessment, reasoning)]
    Finding.objects.bulk_create(findings, BATCH)
    Assessment.objects.filter(pk__in=[row.pk for row in made]).update(
        state=State.SIGNED, signed_at=timezone.now(), signed_by=by if isinstance(by, Membership) else None
    )
    write_audit(added, made, by)
    ask_about_newest(made, by)


class FactsOnce:
    """Facts by client, asked for once; only the age goes with the day."""

    def __init__(self) -> None:
        self.known: dict[Client, rules.Facts] = {}

    def of(self, client: Client, day: datetime.date) -> rules.Facts:
        if client not in self.known:
            self.known[client] = evaluation.facts_of(client, day)
        return replace(self.known[client], age=client.age_on(day), assessed_on=day)


class EarlierVisits:
    """Leg-length readings by client and day, from the record and from the file itself; asked for once."""

    def __init__(self, practice: Practice, visits: Visits, clients: Mapping[str, Client]) -> None:
        refs = {client.pk: ref for ref, client in clients.items()}
        self.by_client: dict[str, dict[datetime.date, list[rules.Reading]]] = defaultdict(lambda: defaultdict(list))
        for row in queries.signed_leg_lengths(practice.pk).filter(assessment__client__in=refs):
            self.by_client[refs[row.assessment.client_id]][row.assessment.assessed_on].append(row.as_rule())
        for (ref, day), readings in visits.items():
            if queries.has_leg_length(readings):
                self.by_client[ref][day] += readings

    def before(self, visit: Visit) -> list[rules.Earlier]:
        ref, day = visit
        days = self.by_client.get(ref, {})
        return [rules.Earlier(earlier, tuple(readings)) for earlier, readings in sorted(days.items()) if earlier < day]


def add_clients(clients: Sequence[Client]) -> None:
    for client in clients:
        client.search = client.search_text()  # bulk_create doesn't call save
    Client.objects.bulk_create(clients, BATCH)


def write_audit(clients: Iterable[Client], made: Iterable[Assessment], by: audit.Actor) -> None:
    """One row for each client and assessment, as if they had been added one by one."""
    actor = audit.actor_fields(by)
    told = [("client.added", client, client) for client in clients]
    told += [("assessment.imported", assessment, assessment.client) for assessment in made]  # type: ignore[misc]
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                practice_id=row.practice_id,
                verb=verb,
                object_type=row._meta.label_lower,
                object_id=row.pk,
                client=client,
                facts={"source": "import"},
                **actor,
            )
            for verb, row, client in told
        ],
        BATCH,
    )


def ask_about_newest(reasonings: Mapping[Assessment, rules.Reasoning], by: audit.Actor) -> None:
    """Old visits raise no question: only the newest one of each client does."""
    newest: dict[Client, Assessment] = {}
    for assessment in sorted(reasonings, key=lambda row: row.assessed_on):
        newest[assessment.client] = assessment
    for assessment in newest.values():
        evaluation.ask(assessment, reasonings[assessment], by=by)
