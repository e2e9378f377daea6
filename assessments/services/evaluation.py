"""From readings to stored findings, and to the questions that they ask before a programme."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from decimal import Decimal
from typing import Any

from assessments import queries, rules
from assessments.models import Assessment, Finding, Reading
from assessments.queries.assessments import current
from assessments.queries.packs import pack_of
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


def reason_about(client: Client, on: datetime.date, readings: Sequence[rules.Reading]) -> rules.Reasoning:
    """The reasoning about readings of a day, with the practice's protocol and the client's earlier visits."""
    earlier = queries.earlier_visits(client, on) if queries.has_leg_length(readings) else []
    return rules.reason(readings, facts_of(client, on), pack=pack_of(client.practice_id), earlier=earlier)


def hold(client: Client) -> None:
    """Until the end of the transaction. An answer and a measurement that come at once are judged one after the other,
    so that the later one sees the earlier."""
    Client.objects.select_for_update(no_key=True, of=("self",)).get(pk=client.pk)


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


def stamp(assessment: Assessment, reasoning: rules.Reasoning) -> None:
    """Which protocol judged it, and what that saw besides the readings. Doesn't save."""
    pack = reasoning.case.pack
    assessment.protocol_key, assessment.protocol_version = pack.key, pack.version
    assessment.facts = facts_document(reasoning.case.facts)


def facts_document(known: rules.Facts) -> dict[str, Any]:
    """Facts as they are kept. What nobody said is left out."""
    said = {name: value for name in sorted(FACTS) if (value := getattr(known, name)) not in (None, (), {})}
    return {name: as_json(value) for name, value in said.items()}


def as_json(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value


def facts_from(document: dict[str, Any]) -> rules.Facts:
    """The facts that an assessment was judged with; of one from before they were kept, none."""
    known = rules.Facts(**{name: value for name, value in document.items() if name in FACTS})
    day = document.get("assessed_on")
    sides = {key: tuple(said) for key, said in known.condition_sides.items()}
    on = datetime.date.fromisoformat(day) if day else None
    return replace(known, assessed_on=on, pain=tuple(known.pain), condition_sides=sides)


def finding_rows(assessment: Assessment, reasoning: rules.Reasoning) -> list[Finding]:
    """The unsaved rows of what the rules find."""
    return [finding_row(assessment, finding) for finding in reasoning.findings]


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
        protocol_version=assessment.protocol_version,
        evidence=finding.evidence,
        text=finding.text,
        client_text=finding.client_text,
    )


def ask(assessment: Assessment, reasoning: rules.Reasoning, *, by: audit.Actor) -> None:
    """Opens a question for a clinician where a finding needs one, and a lock where readings contradict a stretch."""
    because = list(asked(reasoning))
    if because:
        urgent = any(one.level == Level.URGENT for one in reasoning.contradictions)
        safety.raise_alert(
            client=assessment.client,
            level=Level.URGENT if urgent else Level.ASK,
            because=because,
            source="assessment",
            source_id=assessment.pk,
            by=by,
        )


def ask_again(client: Client, by: audit.Actor) -> None:
    """After an answer was given or changed: what was measured before it may ask something now.

    Looks at the newest draft and at the newest signed assessment, and only ever raises. Findings stay as they are:
    those of a draft are made anew when it is saved or signed, those on file were true to what was known then.
    """
    hold(client)
    for assessment in current(client):
        ask(assessment, reason_about(client, assessment.assessed_on, queries.readings_of(assessment)), by=by)


def asked(reasoning: rules.Reasoning) -> Iterable[str]:
    """Sentences for the clinician, the urgent ones first."""
    pressing = sorted(reasoning.contradictions, key=lambda one: one.level != Level.URGENT)
    yield from (one.sentence for one in pressing)
    yield from (finding.text for finding in reasoning.findings if finding.code in ASKING)
