"""One client with everything, two practices, and everybody who might try a door."""

import base64
import datetime
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from assessments.models import Assessment, Finding, QuestionnaireRequest, QuestionnaireResponse, Reading
from assessments.services import packs
from clinic import links
from clinic.models import (
    Absence,
    Attention,
    Client,
    ClientFile,
    Level,
    Location,
    Logo,
    Membership,
    Message,
    Reminder,
    Room,
    SafetyAlert,
    Visit,
)
from clinic.models.base import uuid7
from clinic.services import audit, calendar_feed, files
from intake.models import IntakeRequest, IntakeResponse, Rescreen
from intake.services import forms, practice_forms
from tests.people import make_client, make_user
from treatments.models import HomeLog, Programme, ProgrammeItem, SessionNote, Snippet

NOW = timezone.now()
TODAY = timezone.localdate()
HOURS = {"findings": {"prolonged_sitting": {"thresholds": {"hours": 6}, "source": "our own audit"}}}


@dataclass
class World:
    users: dict[str, Any]
    things: dict[str, Any]
    secrets: tuple[str, ...]


@pytest.fixture
def world(
    practice: Any, owner: Membership, therapist: Membership, receptionist: Membership, other_therapist: Membership,
    other_practice: Any,
) -> World:  # fmt: skip
    person = make_client(practice, user=make_user("own@clients.example"), family_name="Verysecretname")
    stranger_client = make_client(other_practice, user=make_user("other@clients.example"))
    users = {
        "anonymous": None,
        "stranger": make_user("stranger@example.org"),
        "elsewhere": other_therapist.user,
        "receptionist": receptionist.user,
        "therapist": therapist.user,
        "owner": owner.user,
        "own_client": person.user,
        "other_client": stranger_client.user,
    }
    things = everything_about(person, therapist) | {"first_page": "where", "code": "hip_flexion_limited"}
    things |= {"member": therapist.pk, **places_of(practice)}
    things["twin"] = make_client(practice, ref="C0002", given_name="Ade", family_name="Verysecretname").pk
    things |= {"detail": "pictures", "logo": logo_of(practice).pk}
    things["passkey_added"] = audit.record("client.passkey_added", on=person, by=person, passkey=0).pk
    things["passkey_token"] = links.sign("passkey_added", things["passkey_added"])
    things |= form_of(practice, owner)
    things["pack"] = packs.adopt(practice=practice, overrides=HOURS, why="A secret reason", by=owner).pk
    return World(
        users,
        things,
        (
            "Verysecretname",
            "A secret letter",
            "A secret reason",
            "A secret finding",
            "A secret activity",
            "A secret complaint",
            "A secret message",
        ),
    )


def form_of(practice: Any, owner: Membership) -> dict[str, Any]:
    form = practice_forms.create(practice=practice, title="A secret form", start="first-visit", by=owner)
    version = practice_forms.publish(form=form, by=owner)
    return {"form": form.pk, "form_page": "where", "form_version": version.pk, "language": "es"} | {
        "shipped_form": "pt-first-visit",
        "shipped_page": "reason",
    }


def everything_about(person: Client, therapist: Membership) -> dict[str, Any]:
    things = {"client": person.pk, **intake_of(person, therapist)}
    assessment, finding = assessment_of(person, therapist)
    things |= {"assessment": assessment.pk, "finding": finding.pk, "draft": draft_of(person, therapist).pk}
    programme, item = programme_of(person, assessment, Programme._meta.get_field("state").choices[1][0])
    things |= {"questionnaire": questionnaire_of(person, therapist).pk, "questionnaire_key": "nprs"}
    log = HomeLog.objects.create(
        practice=person.practice, client=person, item=item, local_date=TODAY, outcome="too_painful"
    )
    things |= {"programme": programme.pk, "item": item.pk, "log": log.pk}
    planned, planned_item = programme_of(person, assessment, "draft")
    things |= {"planned": planned.pk, "planned_item": planned_item.pk}
    things |= {"alert": alert_of(person).pk, "reminder": reminder_of(person).pk}
    things["attention"] = attention_of(person).pk
    things["file"] = file_of(person, therapist).pk
    things["visit"] = visit_of(person, therapist).pk
    things["calendar_token"] = calendar_feed.token_of(therapist)
    things |= notes_of(person, therapist)
    things |= {"asked": asked_of(person, therapist).pk, "one": 1}
    things["message"] = message_of(person).pk
    return things | tokens_of(person, things["request"])


def notes_of(person: Client, therapist: Membership) -> dict[str, Any]:
    common = {"practice": person.practice, "client": person, "author": therapist, "held_on": TODAY}
    said = {"subjective": "A secret complaint", "signed_at": NOW, "signed_by": therapist}
    snippet = Snippet.objects.create(practice=person.practice, label="secret", text="A secret complaint")
    return {
        "note_draft": SessionNote.objects.create(**common, subjective="A secret complaint").pk,
        "note": SessionNote.objects.create(**common, **said, state="signed").pk,
        "note_waiting": SessionNote.objects.create(**common, **said, state="waiting").pk,
        "snippet": snippet.pk,
    }


#: A white PNG of one pixel.
DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC")


def logo_of(practice: Any) -> Logo:
    return Logo.objects.create(practice=practice, picture=DOT, media_type="image/png", width=1, height=1)


def places_of(practice: Any) -> dict[str, Any]:
    location = Location.objects.create(practice=practice, name="House")
    room = Room.objects.create(practice=practice, location=location, name="Blue room")
    absence = Absence.objects.create(practice=practice, starts_at=NOW, ends_at=NOW + datetime.timedelta(days=2))
    return {"location": location.pk, "room": room.pk, "absence": absence.pk}


def tokens_of(person: Client, request: Any) -> dict[str, str]:
    return {
        "intake_token": links.sign("intake", request),
        "portal_token": links.sign("portal", person.pk),
        "unsubscribe_token": links.sign("unsubscribe", person.pk),
    }


def intake_of(person: Client, therapist: Membership) -> dict[str, Any]:
    version = forms.current(practice=person.practice, by=therapist)
    common = {"practice": person.practice, "client": person, "form_version": version}
    expires = NOW + datetime.timedelta(days=7)
    done = IntakeRequest.objects.create(**common, requested_by=therapist, expires_at=expires, completed_at=NOW)
    response = IntakeResponse.objects.create(
        **common, request=done, answers={}, completed_at=NOW, signed_name="Ada", consent_text="Yes.",
        consent_version="1", referral_level="none",
    )  # fmt: skip
    waiting = IntakeRequest.objects.create(**common, requested_by=therapist, expires_at=expires)
    again = Rescreen.objects.create(
        practice=person.practice, client=person, answers={"red_flags": {}}, nothing_new=True
    )
    return {"request": waiting.pk, "response": response.pk, "rescreen": again.pk}


def assessment_of(person: Client, therapist: Membership) -> tuple[Assessment, Finding]:
    assessment = draft_of(person, therapist)
    finding = Finding.objects.create(
        practice=person.practice, assessment=assessment, code="hip_extension_limited", side="right", confidence="low",
        because=[], rule_key="hip_extension_limited", rule_version=1, protocol_version="2026.1", evidence="weak",
        text="A secret finding",
    )  # fmt: skip
    Assessment.objects.filter(pk=assessment.pk).update(state="signed", signed_at=NOW, signed_by=therapist)
    return assessment, finding


def questionnaire_of(person: Client, therapist: Membership) -> QuestionnaireResponse:
    return QuestionnaireResponse.objects.create(
        practice=person.practice, client=person, questionnaire="psfs", version="1", answered_on=TODAY, score=4,
        answers={"activities": [{"activity": "A secret activity", "score": 4}]}, entered_by=therapist,
    )  # fmt: skip


def asked_of(person: Client, therapist: Membership) -> QuestionnaireRequest:
    return QuestionnaireRequest.objects.create(
        practice=person.practice, client=person, questionnaire="rmdq", due_on=TODAY, requested_by=therapist
    )


def draft_of(person: Client, therapist: Membership) -> Assessment:
    assessment = Assessment.objects.create(
        practice=person.practice, client=person, assessed_on=TODAY, examiner=therapist, protocol_version="2026.1"
    )
    Reading.objects.create(
        practice=person.practice, assessment=assessment, measure="hip_extension", side="right", value=2, unit="deg"
    )
    return assessment


def programme_of(person: Client, assessment: Assessment, state: str) -> tuple[Programme, ProgrammeItem]:
    programme = Programme.objects.create(
        practice=person.practice, client=person, assessment=assessment, state=state, starts_on=TODAY,
        until=TODAY + datetime.timedelta(days=42), published_at=None if state == "draft" else NOW,
    )  # fmt: skip
    item = ProgrammeItem.objects.create(
        practice=person.practice, programme=programme, exercise="half_kneeling_hip_flexor_stretch", kind="stretch",
        side="right", hold_seconds=30, repetitions=2, weekdays=[1, 2, 3, 4, 5, 6, 7],
        for_findings=["hip_extension_limited"],
    )  # fmt: skip
    return programme, item


def visit_of(person: Client, therapist: Membership) -> Visit:
    ends_at = NOW + datetime.timedelta(minutes=30)
    return Visit.objects.create(
        practice=person.practice, client=person, therapist=therapist, starts_at=NOW, ends_at=ends_at,
        note="A secret note",
    )  # fmt: skip


def alert_of(person: Client) -> SafetyAlert:
    return SafetyAlert.objects.create(
        practice=person.practice, client=person, level=Level.ASK, because=["A secret reason"], source="intake",
        source_id=uuid7(),
    )  # fmt: skip


def attention_of(person: Client) -> Attention:
    return Attention.objects.create(
        practice=person.practice, client=person, kind="slipped_away", subject=person.pk, since=NOW, rank=70,
        facts={"seen": TODAY.isoformat()},
    )  # fmt: skip


def message_of(person: Client) -> Message:
    return Message.objects.create(
        practice=person.practice, client=person, text="A secret message", sent_key=uuid.uuid4()
    )


def file_of(person: Client, therapist: Membership) -> ClientFile:
    return files.add(client=person, content=ContentFile(b"A secret letter", name="letter.txt"), by=therapist)


def reminder_of(person: Client) -> Reminder:
    return Reminder.objects.create(
        practice=person.practice, client=person, kind="intake_link", subject=uuid7(), local_date=TODAY, due_at=NOW,
        not_before=NOW, state="uncertain", reason="The worker was killed.",
    )  # fmt: skip
