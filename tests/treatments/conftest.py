"""A visit that led to accepted findings, as rows."""

import datetime

import pytest
from django.utils import timezone

from assessments.models import Assessment, Finding, FindingDecision
from clinic.services import audit
from intake.models import IntakeRequest, IntakeResponse
from intake.screening import CONDITIONS, RED_FLAGS
from intake.services import forms
from treatments.models import Programme, ProgrammeItem
from treatments.services import programmes

TODAY = datetime.date(2026, 3, 4)  # a Wednesday
NOON = datetime.datetime(2026, 3, 4, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


def answer_intake(client, *, conditions=None, red_flags=None):
    version = forms.current(practice=client.practice, by=audit.Machine.COMMAND)
    common = {"practice": client.practice, "client": client, "form_version": version}
    request = IntakeRequest.objects.create(**common, expires_at=timezone.now() + datetime.timedelta(days=7))
    answers = {
        "conditions": {**dict.fromkeys(CONDITIONS, "no"), **(conditions or {})},
        "red_flags": {**dict.fromkeys(RED_FLAGS, "no"), **(red_flags or {})},
    }
    return IntakeResponse.objects.create(
        **common, request=request, answers=answers, completed_at=timezone.now(), signed_name="Ada Brandt",
        consent_text="Yes.", consent_version="1", referral_level="none",
    )  # fmt: skip


def make_assessment(client, therapist, *findings):
    """Signed, with (code, side) findings that were accepted."""
    assessment = Assessment.objects.create(practice=client.practice, client=client, assessed_on=TODAY)
    for code, side in findings:
        Finding.objects.create(
            practice=client.practice, assessment=assessment, code=code, side=side, grade="moderate",
            confidence="moderate", because=[], rule_key=code, rule_version=1, protocol_version="2026.1",
            evidence="weak", text=f"{code} {side}",
        )  # fmt: skip
        FindingDecision.objects.create(
            practice=client.practice, assessment=assessment, code=code, side=side, decision="accepted",
            decided_by=therapist,
        )  # fmt: skip
    Assessment.objects.filter(pk=assessment.pk).update(state="signed", signed_at=timezone.now(), signed_by=therapist)
    assessment.refresh_from_db()
    return assessment


@pytest.fixture
def intake(client_person, at_noon):
    return answer_intake(client_person)


@pytest.fixture
def assessment(client_person, therapist, at_noon):
    return make_assessment(client_person, therapist, ("hip_extension_limited", "right"))


@pytest.fixture
def draft(client_person, assessment, intake, therapist) -> Programme:
    return programmes.draft(client=client_person, assessment=assessment, by=therapist)


@pytest.fixture
def running(draft, therapist) -> Programme:
    return programmes.publish(programme=draft, by=therapist)


def make_running(client, *, starts_on=TODAY, weeks=6, weekdays=((1, 2, 3, 4, 5),), **details) -> Programme:
    """A published programme with one exercise per entry of `weekdays`, as plain rows."""
    exercises = ("half_kneeling_hip_flexor_stretch", "bridge", "walking", "side_lying_leg_raise")
    programme = Programme.objects.create(
        practice=client.practice, client=client, state="published", starts_on=starts_on,
        until=starts_on + datetime.timedelta(weeks=weeks, days=-1), published_at=timezone.now(),
        remind_at=timezone.now(), **details,
    )  # fmt: skip
    for place, days in enumerate(weekdays):
        ProgrammeItem.objects.create(
            practice=client.practice, programme=programme, place=place, exercise=exercises[place], kind="stretch",
            side="right" if place == 0 else "", hold_seconds=30, repetitions=2, weekdays=list(days),
        )  # fmt: skip
    return programme
