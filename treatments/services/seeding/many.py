"""A practice of any size, by a few set-based statements a batch. Always the same people for the same number.

Twelve visits are judged by the real rules and planned by the real planner; the clients take turns with them. No audit
rows, no mail: nobody did this.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from assessments.rules import PACK, Facts, find, read_measurements
from assessments.services.evaluation import facts_document
from clinic.models import Client, Practice
from clinic.services import practices
from clinic.services.audit import Machine
from intake.screening import CONDITIONS, RED_FLAGS, Referral, read_intake
from intake.services import forms
from treatments import planning
from treatments.planning.weekdays import weekdays
from treatments.services.programmes.kept import DECIDED
from treatments.services.seeding.visits import measured

BATCH = 5000
MOST = 1_000_000
VARIANTS = 12
AGE = 45  # of the made-up visits; the clients' own ages differ, which changes no dose below 65
FACTS = Facts(age=AGE, sitting_hours_per_day=8)
STATEMENTS = [
    text.strip()
    for text in (Path(__file__).parent / "many.sql").read_text(encoding="utf-8").split(";\n")
    if text.strip()
]


def seed_many(slug: str, clients: int, *, step: Callable[[int], object]) -> Practice:
    """`step(n)` is told after every batch. ValidationError for a practice that has clients, or an impossible number."""
    if not 0 <= clients <= MOST:
        raise ValidationError(f"--clients {clients}: the allowed range is 0 to {MOST:,}.")
    practice = Practice.objects.filter(slug=slug).first()
    if practice and Client.objects.filter(practice=practice).exists():
        raise ValidationError(f"{slug} has clients already: choose another name.")
    name = slug.replace("-", " ").title()
    practice = practice or practices.open_practice(slug=slug, name=name, timezone="Europe/Berlin", by=Machine.SEED)
    known = values(practice)
    for first in range(1, clients + 1, BATCH):
        last = min(first + BATCH - 1, clients)
        write(known | {"first": first, "last": last})
        step(last - first + 1)
    Practice.objects.filter(pk=practice.pk).update(client_counter=clients)
    with connection.cursor() as cursor:  # the planner would go on believing in empty tables
        cursor.execute("ANALYZE clinic_client, treatments_programme, treatments_programmeitem, treatments_homelog")
    return practice


@transaction.atomic
def write(known: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, known)


def values(practice: Practice) -> dict[str, Any]:
    visits = [visit(number) for number in range(VARIANTS)]
    return {
        "practice": practice.pk,
        "form": forms.current(practice=practice, by=Machine.SEED).pk,
        "now": timezone.now().replace(hour=6, minute=0, second=0, microsecond=0),
        "answers": json.dumps(answers()),
        "protocol": PACK.key,
        "version": PACK.version,
        "facts": json.dumps(facts_document(FACTS)),
        "variants": VARIANTS,
        "readings": rows(visits, "readings"),
        "findings": rows(visits, "findings"),
        "items": rows(visits, "items"),
    }


def item_row(place: int, item: planning.Item) -> dict[str, Any]:
    row = {
        **item.as_dict(), "side": item.side or "", "sets": item.sets or 1, "place": place,
        "for_findings": list(item.for_findings), "weekdays": list(weekdays(item.days_per_week or 7)),
    }  # fmt: skip
    return {**row, "suggested": {name: row[name] for name in DECIDED}}


def rows(visits: list[dict[str, Any]], part: str) -> str:
    return json.dumps([{"variant": number, **row} for number, made in enumerate(visits) for row in made[part]])


def answers() -> dict[str, Any]:
    no = {"red_flags": dict.fromkeys(RED_FLAGS, "no"), "conditions": dict.fromkeys(CONDITIONS, "no")}
    return {"sitting_hours_per_day": 8, "footwear": "supportive", **no}


def visit(number: int) -> dict[str, Any]:
    """Readings, findings and exercises of one of the twelve, as rows."""
    raw = measured(-2 + 2 * number, rotation=24 + number, thomas=8 - number)
    readings, _, _ = read_measurements(raw)
    findings = find(readings, FACTS)
    said, _ = read_intake(answers())
    plan = planning.plan(findings, conditions=said.conditions, age=AGE, referral=Referral("none"))
    return {
        "readings": [
            {
                "measure": one.measure, "side": one.side or "", "value": one.value, "observed": one.observed or "",
                "unit": one.unit, "mode": one.mode or "", "position": one.position or "",
                "instrument": one.instrument or "", "trial": one.trial or 1, "pelvis": one.pelvis_controlled,
            }
            for one in readings
        ],
        "findings": [
            {**found.as_dict(), "side": found.side or "", "grade": found.grade or "", "place": place}
            for place, found in enumerate(findings)
        ],
        "items": [
            item_row(place, item) for place, item in enumerate(plan.items)
        ],
    }  # fmt: skip
