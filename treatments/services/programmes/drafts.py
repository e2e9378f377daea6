from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments.models import Assessment
from assessments.queries import accepted_findings
from clinic.models import Client
from clinic.services import audit
from treatments import planning
from treatments.models import Programme, ProgrammeItem, State
from treatments.planning.weekdays import weekdays
from treatments.queries import local_today, referral_of
from treatments.queries.precautions import answers_of, clearance_of
from treatments.services.programmes.history import history_of
from treatments.services.programmes.kept import Kept, decided, drafts_of

DURATION = datetime.timedelta(weeks=6)  # then it is time to measure again
LONGEST = datetime.timedelta(weeks=26)


@transaction.atomic
def draft(*, client: Client, assessment: Assessment, by: audit.Actor, on: datetime.date | None = None) -> Programme:
    """A programme as the accepted findings suggest it; an older draft of this client makes room.

    What a clinician changed, removed or added in a draft of the same assessment stays. While a red flag locks, a new
    draft has no exercises, and one of the same assessment is left as it is. `on` is the first day (today in the
    client's calendar).
    Raises ValidationError for an assessment of somebody else, or one that was entered in error.
    """
    if assessment.client_id != client.pk or assessment.practice_id != client.practice_id:
        raise ValidationError("This assessment belongs to somebody else.")
    if assessment.state == "entered_in_error":
        raise ValidationError("This assessment was entered in error; choose another.")
    Client.objects.select_for_update(of=("self",), no_key=True).get(pk=client.pk)  # one draft after the other
    starts_on = on or local_today(client)
    plan = suggest(client, assessment, starts_on)
    older = drafts_of(client)
    same = [draft for draft in older if draft.assessment_id == assessment.pk]
    if plan.locked and same:
        return same[0]
    replaced = remove(older)
    programme = Programme.objects.create(
        practice_id=client.practice_id,
        client=client,
        assessment=assessment,
        starts_on=starts_on,
        until=last_day(starts_on),
        advice=list(plan.advice),
        left_out=[entry.as_dict() for entry in plan.left_out],
        no_exercise=[entry.as_dict() for entry in plan.no_exercise],
    )
    items = [item_of(programme, place, item) for place, item in enumerate(plan.items)]
    if same:
        items = keep_decisions(programme, same, items)
    ProgrammeItem.objects.bulk_create(items)
    audit.record("programme.drafted", on=programme, by=by, client=client, items=len(items), replaced=replaced)
    return programme


def keep_decisions(programme: Programme, older: list[Programme], items: list[ProgrammeItem]) -> list[ProgrammeItem]:
    """The days, the word to the client and what was decided exercise by exercise."""
    latest = older[0]
    programme.left_out += [entry for draft in older for entry in draft.left_out if entry.get("by_hand")]
    programme.note, programme.until = latest.note, max(latest.until, programme.starts_on)
    programme.starts_on = max(latest.starts_on, programme.starts_on)
    programme.save()
    return Kept(older, programme, clearance_of(programme)).apply(items)


def suggest(client: Client, assessment: Assessment, on: datetime.date) -> planning.Plan:
    """What the rules make of the accepted findings for this person on that day, with every open safety alert in view,
    and with what the programme before came to."""
    answers, findings = answers_of(client), accepted_findings(assessment)
    return planning.plan(
        findings,
        conditions=answers.conditions,
        age=client.age_on(on),
        referral=referral_of(client),
        unanswered_red_flags=answers.unanswered_red_flags,
        history=history_of(client, assessment, findings),
    )


def last_day(starts_on: datetime.date) -> datetime.date:
    return starts_on + DURATION - datetime.timedelta(days=1)


def remove(drafts: list[Programme]) -> int:
    rows = Programme.objects.filter(pk__in=[draft.pk for draft in drafts], state=State.DRAFT)
    return rows.delete()[1].get(Programme._meta.label, 0)


def item_of(programme: Programme, place: int, item: planning.Item) -> ProgrammeItem:
    row = ProgrammeItem(
        practice_id=programme.practice_id,
        programme=programme,
        place=place,
        exercise=item.exercise,
        kind=item.kind,
        target=item.target or "",
        side=item.side or "",
        hold_seconds=item.hold_seconds,
        repetitions=item.repetitions,
        sets=item.sets or 1,
        minutes=item.minutes,
        changes=list(item.changes),
        weekdays=list(weekdays(item.days_per_week or 7)),
        for_findings=list(item.for_findings),
        because=item.because,
        maintenance=item.maintenance,
    )
    row.suggested = decided(row)
    return row


@transaction.atomic
def change(*, programme: Programme, by: audit.Actor, **details: Any) -> Programme:
    """Set `starts_on`, `until` or `note` of a draft. Raises ValidationError with one line per problem."""
    only_a_draft(programme)
    set_details(programme, details)
    programme.save(update_fields=sorted(details))
    audit.record("programme.changed", on=programme, by=by, client=programme.client, fields=sorted(details))
    return programme


def set_details(programme: Programme, details: Mapping[str, Any]) -> None:
    unknown = set(details) - {"starts_on", "until", "note"}
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    for field, value in details.items():
        setattr(programme, field, value)
    refuse_impossible_span(programme)


def refuse_impossible_span(programme: Programme) -> None:
    if programme.until < programme.starts_on:
        raise ValidationError({"until": f"The last day can't lie before the first ({programme.starts_on})."})
    if programme.until - programme.starts_on > LONGEST:
        raise ValidationError({"until": f"At most {LONGEST.days // 7} weeks: measure again in between."})


def only_a_draft(programme: Programme) -> None:
    """Whoever changes a draft holds its row, so that it can't be published in between, and goes on from what was left
    out until now."""
    found = Programme.objects.select_for_update().filter(pk=programme.pk).values_list("state", "left_out").first()
    if found is None:
        raise ValidationError("This draft made room for a newer one.")
    state, programme.left_out = found
    if state != State.DRAFT:
        raise ValidationError("Only a draft can be changed. Make a new programme from the same assessment.")
