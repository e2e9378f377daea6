"""What another pack would have said to past assessments, against what was found then or another pack says."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from django.db.models import Prefetch, QuerySet

from assessments import queries, rules
from assessments.models import Assessment, Finding, Reading, State
from assessments.services.evaluation import facts_from

#: Assessments that are in memory at a time.
CHUNK = 200
Place = tuple[str, str | None]
Visits = dict[uuid.UUID, dict[datetime.date, list[rules.Reading]]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A finding that the pack adds (+), no longer raises (-), or raises with another grade or confidence (~).

    `reading` is the one that decides. threshold_then belongs to the finding it is compared with, threshold_now to the
    pack; None where there is none, or none that is known.
    """

    kind: Literal["+", "-", "~"]
    code: str
    side: str | None
    then: rules.Finding | None
    now: rules.Finding | None
    reading: rules.Because | None
    threshold_then: float | None
    threshold_now: float | None

    @property
    def said(self) -> str:
        """What the deciding reading says; empty without one."""
        return said(self.reading) if self.reading else ""

    def as_dict(self) -> dict[str, Any]:
        reading = self.reading
        return {
            "kind": self.kind,
            "code": self.code,
            "side": self.side,
            "before": standing(self.then),
            "after": standing(self.now),
            "reading": reading and {"measure": reading.measure, "side": reading.side, "said": self.said},
            "threshold_before": self.threshold_then,
            "threshold_after": self.threshold_now,
        }


@dataclass(frozen=True, slots=True)
class Replayed:
    """One assessment: the codes found before, found with the pack, and of those that only read differently."""

    assessment: Assessment
    then: tuple[str, ...]
    now: tuple[str, ...]
    differences: tuple[Difference, ...]
    reworded: tuple[str, ...]

    @property
    def knows_facts(self) -> bool:
        """False for one from before age and answers were kept: they are unknown to the replay."""
        return bool(self.assessment.facts)

    def as_dict(self) -> dict[str, Any]:
        return {
            "practice": self.assessment.client.practice.slug,
            "client_ref": self.assessment.client.ref,
            "assessed_on": self.assessment.assessed_on.isoformat(),
            "protocol_version": self.assessment.protocol_version,
            "facts_known": self.knows_facts,
            "differences": [difference.as_dict() for difference in self.differences],
        }


@dataclass(slots=True)
class Count:
    """Of one finding: how often it was found then and is found with the pack, and what differs."""

    then: int = 0
    now: int = 0
    added: int = 0
    gone: int = 0
    changed: int = 0
    reworded: int = 0

    def add(self, difference: Difference) -> None:
        self.added += difference.kind == "+"
        self.gone += difference.kind == "-"
        self.changed += difference.kind == "~"


@dataclass(slots=True)
class Summary:
    assessments: int = 0
    differing: int = 0
    without_facts: int = 0
    by_code: dict[str, Count] = field(default_factory=dict)

    def add(self, one: Replayed) -> None:
        self.assessments += 1
        self.differing += bool(one.differences)
        self.without_facts += not one.knows_facts
        for code in one.then:
            self.of(code).then += 1
        for code in one.now:
            self.of(code).now += 1
        for code in one.reworded:
            self.of(code).reworded += 1
        for difference in one.differences:
            self.of(difference.code).add(difference)

    def of(self, code: str) -> Count:
        return self.by_code.setdefault(code, Count())


def replay(rows: QuerySet[Assessment], pack: rules.Pack, *, against: rules.Pack | None = None) -> Iterator[Replayed]:
    """Each assessment in the order of `rows`, against the findings on record, or against those of another pack.

    Writes nothing. Three queries for every CHUNK of assessments, and one more where legs were measured.
    """
    rows = rows.select_related("client__practice").prefetch_related(
        Prefetch("readings", Reading.objects.order_by("id")), Prefetch("findings", Finding.objects.order_by("id"))
    )
    source = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(source, CHUNK)):
        earlier = leg_lengths(chunk)
        for assessment in chunk:
            yield replay_one(assessment, pack, against, visits_before(assessment, earlier))


def leg_lengths(chunk: Iterable[Assessment]) -> Visits:
    """Signed leg-length readings, by client and day, of those clients in the chunk whose legs were measured."""
    clients = {row.client_id for row in chunk if queries.has_leg_length(queries.readings_of(row))}
    visits: Visits = defaultdict(lambda: defaultdict(list))
    if clients:
        readings = Reading.objects.filter(
            assessment__client__in=clients, assessment__state=State.SIGNED, measure__startswith=queries.LEG_LENGTH
        )
        for row in readings.select_related("assessment").order_by("assessment__assessed_on", "id"):
            visits[row.assessment.client_id][row.assessment.assessed_on].append(row.as_rule())
    return visits


def visits_before(assessment: Assessment, visits: Visits) -> list[rules.Earlier]:
    days = visits.get(assessment.client_id, {})
    return [rules.Earlier(day, tuple(readings)) for day, readings in days.items() if day < assessment.assessed_on]


def replay_one(
    assessment: Assessment, pack: rules.Pack, against: rules.Pack | None, earlier: list[rules.Earlier]
) -> Replayed:
    reasoning = judged(assessment, pack, earlier)
    on_record = (row.as_rule() for row in assessment.findings.all())
    then = by_place(judged(assessment, against, earlier).findings if against else on_record)
    return compared(assessment, then, by_place(reasoning.findings), reasoning)


def judged(assessment: Assessment, pack: rules.Pack, earlier: list[rules.Earlier]) -> rules.Reasoning:
    """With the readings and facts that are on record beside it."""
    readings = queries.readings_of(assessment)
    before = earlier if queries.has_leg_length(readings) else ()
    return rules.reason(readings, facts_from(assessment.facts), pack=pack, earlier=before)


def compared(
    assessment: Assessment,
    then: Mapping[Place, rules.Finding],
    now: Mapping[Place, rules.Finding],
    reasoning: rules.Reasoning,
) -> Replayed:
    both = [place for place in then if place in now]
    changed = [place for place in both if standing(then[place]) != standing(now[place])]
    return Replayed(
        assessment=assessment,
        then=tuple(code for code, _ in then),
        now=tuple(code for code, _ in now),
        differences=(
            *(appeared(finding) for place, finding in now.items() if place not in then),
            *(went(finding, reasoning) for place, finding in then.items() if place not in now),
            *(moved(then[place], now[place]) for place in changed),
        ),
        reworded=tuple(place[0] for place in both if place not in changed and texts(then[place]) != texts(now[place])),
    )


def by_place(findings: Iterable[rules.Finding]) -> dict[Place, rules.Finding]:
    return {(finding.code, finding.side): finding for finding in findings}


def standing(finding: rules.Finding | None) -> dict[str, str | None] | None:
    return None if finding is None else {"grade": finding.grade, "confidence": finding.confidence}


def texts(finding: rules.Finding) -> tuple[str, str]:
    return finding.text, finding.client_text


def appeared(now: rules.Finding) -> Difference:
    reading = deciding(now.because)
    return Difference("+", now.code, now.side, None, now, reading, None, limit_of(reading))


def went(then: rules.Finding, reasoning: rules.Reasoning) -> Difference:
    """The pack looked at the same reading and held it against its own threshold."""
    reading = deciding(then.because)
    clears = [clear for clear in reasoning.not_found if clear.code == then.code and clear.side in (then.side, None)]
    now = next((reason for clear in clears for reason in clear.because if same_reading(reason, reading)), None)
    return Difference("-", then.code, then.side, then, None, reading, limit_of(reading), limit_of(now))


def moved(then: rules.Finding, now: rules.Finding) -> Difference:
    reading = deciding(now.because)
    before = next((reason for reason in then.because if same_reading(reason, reading)), None)
    return Difference("~", now.code, now.side, then, now, reading, limit_of(before), limit_of(reading))


def deciding(because: Iterable[rules.Because]) -> rules.Because | None:
    """The first reading that was held against a threshold, else the first of all."""
    reasons = list(because)
    return next((reason for reason in reasons if reason.threshold is not None), reasons[0] if reasons else None)


def limit_of(reading: rules.Because | None) -> float | None:
    return None if reading is None else reading.threshold


def same_reading(one: rules.Because, other: rules.Because | None) -> bool:
    return other is not None and (one.measure, one.side, one.value) == (other.measure, other.side, other.value)


def said(reading: rules.Because) -> str:
    """What was read, with its unit: `8 deg`, `moderate`, `pronated`."""
    if reading.value is not None:
        return f"{reading.value:g} {reading.unit}".rstrip()
    return reading.grade or reading.observed or ""
