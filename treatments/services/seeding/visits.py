"""The steps of a visit, as somebody at the practice or the client would take them, some of them days ago."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import pgtrigger
from django.utils import timezone

from assessments.models import Assessment
from assessments.services import assessments
from clinic.models import Client, Membership, Reminder
from intake.models import IntakeRequest, IntakeResponse
from intake.screening import CONDITIONS, RED_FLAGS
from intake.services import requests, responses
from treatments.models import HomeLog, Outcome, Programme, ProgrammeItem
from treatments.planning.weekdays import planned_days
from treatments.queries import local_today
from treatments.services import programmes

DAY = datetime.timedelta(days=1)


def date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def invite(client: Client, by: Membership) -> IntakeRequest:
    return requests.send(client=client, by=by)


def answer(client: Client, by: Membership, *, days_ago: int = 0, **different: Any) -> IntakeResponse:
    """Invited, opened and signed: everything answered with no, except `different`."""
    request = invite(client, by)
    Reminder.objects.filter(subject=request.pk).update(state="sent", settled_at=timezone.now(), attempts=1)
    answers: dict[str, Any] = {
        "pain": [{"site": "low_back", "side": "right", "severity": 5, "weeks": 26, "radiates_below_knee": False}],
        "sitting_hours_per_day": 8,
        "standing_hours_per_day": 2,
        "standing_surface": "hard",
        "footwear": "worn",
        "tried": ["massage", "stretching"],
        **different,
        "red_flags": {**dict.fromkeys(RED_FLAGS, "no"), **different.get("red_flags", {})},
        "conditions": {**dict.fromkeys(CONDITIONS, "no"), **different.get("conditions", {})},
    }
    responses.save_page(request=request, answers=answers, by=client)
    response = responses.complete(request=request, signed_name=str(client), consent=True, ip="127.0.0.1", by=client)
    move_back(response, days_ago * DAY)
    return response


def move_back(response: IntakeResponse, age: datetime.timedelta) -> None:
    """The services know no yesterday, and an answered intake can't be changed: only here, where it is made up."""
    then = timezone.now() - age
    with pgtrigger.ignore("intake.IntakeResponse:completed_intake_is_immutable"):
        IntakeResponse.objects.filter(pk=response.pk).update(created_at=then, completed_at=then)
    IntakeRequest.objects.filter(pk=response.request_id).update(created_at=then - DAY, completed_at=then)
    sent = {"due_at": then - DAY, "not_before": then - DAY, "settled_at": then - DAY, "local_date": (then - DAY).date()}
    Reminder.objects.filter(subject=response.request_id).update(**sent)


def read(client: Client, by: Membership, *, days_ago: int = 0, **different: Any) -> None:
    responses.mark_read(response=answer(client, by, days_ago=days_ago, **different), by=by)
    then = timezone.now() - days_ago * DAY
    IntakeResponse.objects.filter(client=client).update(read_at=then)


def measured(extension: float, *, left: float = 18, rotation: float = 34, thomas: float = 7) -> list[dict[str, Any]]:
    """Both sides; the right one is the stiff one."""
    prone = {"unit": "deg", "mode": "passive", "position": "prone", "instrument": "goniometer"}
    lying = {"unit": "deg", "position": "supine", "instrument": "goniometer", "pelvis_controlled": True}
    return [
        {"measure": "hip_extension", "side": "right", "value": extension, **prone},
        {"measure": "hip_extension", "side": "left", "value": left, **prone},
        {"measure": "hip_internal_rotation", "side": "right", "value": rotation, **prone},
        {"measure": "hip_internal_rotation", "side": "left", "value": 36, **prone},
        {"measure": "thomas_hip_angle", "side": "right", "value": thomas, **lying},
        {"measure": "thomas_hip_angle", "side": "left", "value": -6, **lying},
        {"measure": "leg_length_true", "side": "left", "value": 892, "unit": "mm", "instrument": "tape", "trial": 1},
        {"measure": "leg_length_true", "side": "right", "value": 890, "unit": "mm", "instrument": "tape", "trial": 1},
        {"measure": "foot_posture", "side": "right", "observed": "pronated"},
    ]


def assess(client: Client, by: Membership, *, days_ago: int, readings: Sequence[dict[str, Any]]) -> Assessment:
    """A draft of that day, its findings accepted."""
    day = local_today(client) - days_ago * DAY
    named = [{**reading, "examiner": by.display_name} for reading in readings]
    assessment = assessments.record(client=client, assessed_on=day, measurements=named, by=by, source="seed")
    for finding in assessment.findings.all():
        assessments.decide(finding=finding, decision="accepted", by=by)
    return assessment


def sign(client: Client, by: Membership, *, days_ago: int, readings: Sequence[dict[str, Any]]) -> Assessment:
    return assessments.sign(assessment=assess(client, by, days_ago=days_ago, readings=readings), by=by)


def publish(client: Client, by: Membership, assessment: Assessment, *, days_ago: int = 0) -> Programme:
    """Published, and then moved back: the services know no yesterday."""
    programme = programmes.draft(client=client, assessment=assessment, by=by)
    programmes.publish(programme=programme, by=by)
    programme.starts_on -= days_ago * DAY
    programme.until -= days_ago * DAY
    programme.published_at = timezone.now() - days_ago * DAY
    programme.save(update_fields=["starts_on", "until", "published_at"])
    return programme


def did(programme: Programme, *, of_ten: int) -> None:
    """Answers of every day up to yesterday: so many of ten done, some of the others skipped, the rest not answered."""
    yesterday = local_today(programme.client) - DAY
    occurrences = [
        (item, day)
        for item in programme.items.all()
        for day in planned_days(item.weekdays, programme.starts_on, min(yesterday, programme.until))
    ]
    logs = (log_of(item, day, number * 7 % 10, of_ten) for number, (item, day) in enumerate(occurrences))
    HomeLog.objects.bulk_create([log for log in logs if log])


def log_of(item: ProgrammeItem, day: datetime.date, mark: int, of_ten: int) -> HomeLog | None:
    if mark >= of_ten and mark % 2:
        return None
    outcome = Outcome.DONE if mark < of_ten else Outcome.SKIPPED
    client = item.programme.client_id
    return HomeLog(practice_id=item.practice_id, client_id=client, item=item, local_date=day, outcome=outcome)
