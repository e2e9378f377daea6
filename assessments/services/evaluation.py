"""From readings to stored findings, and to the question that a finding asks before a programme."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from decimal import Decimal

from assessments import rules
from assessments.models import Assessment, Finding, Reading
from clinic import facts
from clinic.models import Client, Level
from clinic.services import audit, safety

#: Findings that a clinician answers before a programme is published.
ASKING = frozenset({"leg_length_refer"})
FACTS = frozenset(field.name for field in fields(rules.Facts))
WORDS = ("side", "grade", "observed", "mode", "position", "instrument")
AS_IS = ("measure", "unit", "typed_unit", "examiner", "pelvis_controlled", "pain")


def facts_of(client: Client, on: datetime.date) -> rules.Facts:
    """What is known about the client, for the rules."""
    known = facts.of(client, on=on)
    return rules.Facts(**{name: value for name, value in known.items() if name in FACTS and value is not None})


def reading_row(assessment: Assessment, reading: rules.Reading) -> Reading:
    """The unsaved row of an accepted reading; numbers are kept to two decimals, which is what is judged too."""
    return Reading(
        practice_id=assessment.practice_id,
        assessment=assessment,
        value=rounded(reading.value, 2),
        typed_value=rounded(reading.typed_value, 3),
        trial=reading.trial or 1,
        **{name: getattr(reading, name) or "" for name in WORDS},
        **{name: getattr(reading, name) for name in AS_IS},
    )


def rounded(value: float | None, places: int) -> Decimal | None:
    return None if value is None else round(Decimal(str(value)), places)


def finding_rows(assessment: Assessment, readings: Sequence[Reading], known: rules.Facts) -> list[Finding]:
    """The unsaved rows of what the rules find."""
    found = rules.find([reading.as_rule() for reading in readings], known)
    return [finding_row(assessment, finding) for finding in found]


def finding_row(assessment: Assessment, finding: rules.Finding) -> Finding:
    return Finding(
        practice_id=assessment.practice_id,
        assessment=assessment,
        code=finding.code,
        side=finding.side or "",
        grade=finding.grade or "",
        confidence=finding.confidence,
        because=[asdict(reason) for reason in finding.because],
        rule_key=finding.rule.key,
        rule_version=finding.rule.version,
        protocol_version=rules.PROTOCOL.version,
        evidence=finding.evidence,
        text=finding.text,
        client_text=finding.client_text,
    )


def ask(assessment: Assessment, findings: Iterable[Finding], *, by: audit.Actor) -> None:
    """Opens a question for a clinician where a finding needs one."""
    because = [finding.text for finding in findings if finding.code in ASKING]
    if because:
        safety.raise_alert(
            client=assessment.client,
            level=Level.ASK,
            because=because,
            source="assessment",
            source_id=assessment.pk,
            by=by,
        )
