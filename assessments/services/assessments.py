"""Recording, revising, signing and judging assessments."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from assessments import queries, rules
from assessments.models import Assessment, Decision, Finding, FindingDecision, Reading, State
from assessments.services import evaluation
from clinic import problems
from clinic.models import CLINICIANS, Client, Membership
from clinic.problems import InvalidInput, Problem
from clinic.services import attention, audit

Measurements = Sequence[Mapping[str, Any]]
LONGEST_NAME = 120
MOST_TRIALS = 99


class EditConflict(problems.EditConflict):
    """Somebody saved in between. `current` is the assessment as it is now; nothing was written."""

    def __init__(self, current: Assessment) -> None:
        super().__init__(f"is out of date: revision {current.revision} was saved in the meantime")
        self.current = current


@transaction.atomic
def record(
    *,
    client: Client,
    assessed_on: datetime.date,
    measurements: Measurements,
    by: audit.Actor,
    note: str = "",
    source: str = "screen",
) -> Assessment:
    """A new draft with its readings and findings. `measurements` is the contract's list; raises InvalidInput."""
    readings = read(measurements)
    check_date(client, assessed_on)
    assessment = Assessment.objects.create(
        practice_id=client.practice_id,
        client=client,
        assessed_on=assessed_on,
        examiner=by if isinstance(by, Membership) else None,
        note=note,
        source=source,
    )
    write_parts(assessment, readings, by=by)
    audit.record("assessment.recorded", on=assessment, by=by, client=client, source=source)
    return assessment


@transaction.atomic
def revise(
    *,
    assessment: Assessment,
    measurements: Measurements,
    revision: int,
    by: audit.Actor,
    assessed_on: datetime.date | None = None,
    note: str | None = None,
) -> Assessment:
    """Replaces the readings of a draft and finds again; decisions stay.

    `revision` is the one the editor saw. Raises EditConflict when it is stale, InvalidInput, and ValidationError when
    the assessment is signed.
    """
    readings = read(measurements)
    current = locked(assessment)
    require_draft(current)
    if current.revision != revision:
        raise EditConflict(current)
    current.assessed_on = assessed_on or current.assessed_on
    current.note = current.note if note is None else note
    check_date(current.client, current.assessed_on)
    current.revision += 1
    current.typed = None
    write_parts(current, readings, by=by)
    audit.record("assessment.revised", on=current, by=by, client=current.client, revision=current.revision)
    return current


@transaction.atomic
def sign(*, assessment: Assessment, by: Membership) -> Assessment:
    """From now on the database lets nobody change it. Raises ValidationError unless it is a draft.

    Readings stay; what they mean is judged once more, with what is known now and by today's protocol, because an answer
    may have come after the measuring. Decisions stay too: each holds for its code and side.
    """
    current = locked(assessment)
    require_clinician(current, by)
    require_draft(current)
    if current.typed:
        raise ValidationError("Something on the sheet isn’t saved yet. Open it, save it, then sign.")
    find_again(current, queries.readings_of(current), by=by)
    current.state, current.signed_at, current.signed_by = State.SIGNED, timezone.now(), by
    current.save(update_fields=["state", "signed_at", "signed_by"])
    attention.look_at(current.client)
    audit.record("assessment.signed", on=current, by=by, client=current.client)
    return current


@transaction.atomic
def mark_entered_in_error(*, assessment: Assessment, by: Membership) -> Assessment:
    """Stays on record and counts for nothing. Raises ValidationError when it is marked already."""
    current = locked(assessment)
    require_clinician(current, by)
    if current.state == State.ENTERED_IN_ERROR:
        raise ValidationError("This assessment is marked as entered in error already.")
    current.state = State.ENTERED_IN_ERROR
    current.save(update_fields=["state"])
    attention.look_at(current.client)
    audit.record("assessment.entered_in_error", on=current, by=by, client=current.client)
    return current


@transaction.atomic
def decide(
    *, finding: Finding, decision: str, by: Membership, reason: str = "", grade: str = "", text: str = ""
) -> FindingDecision:
    """A therapist's word on a finding; the last one counts, and no re-evaluation takes it away.

    An edit gives the therapist's grade or words instead of the rule's. Raises ValidationError for an edit or rejection
    without a reason, and for an edit that changes nothing.
    """
    assessment = finding.assessment
    require_clinician(assessment, by)
    if assessment.state == State.ENTERED_IN_ERROR:
        raise ValidationError("This assessment was entered in error; its findings count for nothing.")
    if decision not in Decision.values:
        raise ValidationError({"decision": f"{decision!r} is unknown; allowed: {', '.join(Decision.values)}."})
    if decision != Decision.ACCEPTED and not reason.strip():
        raise ValidationError({"reason": "Say why; the reason stays on record beside the finding."})
    if decision == Decision.EDITED:
        require_an_edit(finding, grade, text)
    else:
        grade = text = ""
    said = FindingDecision(
        practice_id=finding.practice_id,
        assessment=assessment,
        code=finding.code,
        side=finding.side,
        decision=decision,
        reason=reason.strip(),
        grade=grade,
        text=text.strip(),
        decided_by=by,
    )
    said.full_clean()
    said.save()
    audit.record("finding.decided", on=said, by=by, client=assessment.client)
    return said


@transaction.atomic
def accept_undecided(*, assessment: Assessment, by: Membership) -> int:
    """Each finding that nobody decided on, with a decision of its own. How many; raises as `decide` does."""
    decided = set(assessment.decisions.values_list("code", "side"))
    findings = Finding.objects.filter(assessment=assessment).select_related("assessment__client").order_by("id")
    waiting = [finding for finding in findings if (finding.code, finding.side) not in decided]
    for finding in waiting:
        decide(finding=finding, decision=Decision.ACCEPTED, by=by)
    return len(waiting)


def require_an_edit(finding: Finding, grade: str, text: str) -> None:
    if grade and grade not in rules.GRADES:
        raise ValidationError({"grade": f"{grade!r} is unknown; allowed: {', '.join(rules.GRADES)}."})
    if grade in ("", finding.grade) and text.strip() in ("", finding.text):
        raise ValidationError({"grade": "Change the grade or the words, or accept the finding as it is."})


def read(measurements: Measurements) -> list[rules.Reading]:
    """The accepted readings; raises InvalidInput with every problem. A reading without a trial is trial 1."""
    readings, refused, _ = rules.read_measurements(numbered(measurements))
    refused = refused or list(too_big(measurements))
    if not measurements and not refused:
        refused = [Problem("measurements", "needs at least one reading")]
    if refused:
        raise InvalidInput(refused)
    return readings


def too_big(measurements: Measurements) -> Iterator[Problem]:
    """What the rules accept and a row can't hold."""
    for index, row in enumerate(measurements):
        if len(row.get("examiner") or "") > LONGEST_NAME:
            yield Problem(f"measurements[{index}].examiner", f"is longer than {LONGEST_NAME} characters")
        if "\x00" in (row.get("examiner") or ""):
            yield Problem(f"measurements[{index}].examiner", "has a character that no name has")
        if (row.get("trial") or 1) > MOST_TRIALS:
            yield Problem(f"measurements[{index}].trial", f"{row['trial']} is above {MOST_TRIALS}")


def numbered(measurements: Any) -> Any:
    """Trial 1 where none is given, so that a repeat is seen as one."""
    if not isinstance(measurements, list):
        return measurements
    return [{**row, "trial": row.get("trial") or 1} if can_be_numbered(row) else row for row in measurements]


def can_be_numbered(row: Any) -> bool:
    return isinstance(row, dict) and row.get("trial") is None


def date_problem(client: Client, day: datetime.date) -> str:
    """Why an assessment can't be of that day; empty when it can."""
    if day > timezone.localdate(timezone=client.zone):
        return f"{day:%Y-%m-%d} is in the future"
    if client.date_of_birth and day < client.date_of_birth:
        return f"{day:%Y-%m-%d} is before the client was born"
    return ""


def check_date(client: Client, day: datetime.date) -> None:
    problem = date_problem(client, day)
    if problem:
        raise InvalidInput([Problem("assessed_on", problem)])


def locked(assessment: Assessment) -> Assessment:
    """The row as it is now, held until the end of the transaction."""
    rows = Assessment.objects.select_for_update(of=("self",)).select_related("client__practice")
    return rows.get(pk=assessment.pk)


def require_draft(assessment: Assessment) -> None:
    if not assessment.is_draft:
        raise ValidationError(f"This assessment is {assessment.get_state_display().lower()} and can't be changed.")


def require_clinician(assessment: Assessment, by: Membership) -> None:
    if by.role not in CLINICIANS or by.practice_id != assessment.practice_id:
        raise ValidationError("Only a clinician of the practice can do this.")


def write_parts(assessment: Assessment, readings: Sequence[rules.Reading], *, by: audit.Actor) -> None:
    """Replaces readings and findings, and saves the assessment."""
    rows = [evaluation.reading_row(assessment, reading) for reading in readings]
    Reading.objects.filter(assessment=assessment).delete()
    Reading.objects.bulk_create(rows)
    find_again(assessment, [row.as_rule() for row in rows], by=by)


def find_again(assessment: Assessment, readings: Sequence[rules.Reading], *, by: audit.Actor) -> None:
    """Saves the assessment with what judged it and what was found; asks what has to be asked.

    Findings that come out the same keep their rows, so that who holds an id of one can still decide on it.
    """
    evaluation.hold(assessment.client)
    reasoning = evaluation.reason_about(assessment.client, assessment.assessed_on, readings)
    evaluation.stamp(assessment, reasoning)
    assessment.save()
    rows = Finding.objects.filter(assessment=assessment)
    kept = [(row.as_rule(), row.protocol_version) for row in rows.order_by("id")]
    if kept != [(finding, assessment.protocol_version) for finding in reasoning.findings]:
        rows.delete()
        Finding.objects.bulk_create(evaluation.finding_rows(assessment, reasoning))
    evaluation.ask(assessment, reasoning, by=by)
