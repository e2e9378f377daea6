import datetime

import pytest

from clinic.models import Role
from clinic.models.base import uuid7
from tests.people import make_member
from treatments.services import sessions
from treatments.services.sessions import Content, Row

PSOAS = Row("trigger_point_pressure", "psoas", "right", 5, "hip_extension_limited", "right")
STROKE = {"view": "back", "kind": "pain", "points": [[570, 370], [580, 380]]}


@pytest.fixture
def said(client_person):
    """Something worth signing."""
    return Content(
        held_on=client_person.today, subjective="Stiff.", plan="Go on.", pain_before=6, pain_after=3, chart=[STROKE],
        techniques=(PSOAS,),
    )  # fmt: skip


@pytest.fixture
def keep(client_person, therapist, said):
    """Saves a new note, or `note` on."""

    def keep(content=said, *, note=None, by=therapist, revision=None, **more):
        seen = note.revision if note else 0
        return sessions.save(
            client=client_person,
            pk=note.pk if note else uuid7(),
            revision=seen if revision is None else revision,
            content=content,
            by=by,
            **more,
        )

    return keep


@pytest.fixture
def draft(keep):
    return keep()


@pytest.fixture
def signed(draft, therapist):
    return sessions.sign(note=draft, by=therapist)


@pytest.fixture
def trainee(practice, therapist):
    member = make_member(practice, Role.THERAPIST, "Tilda")
    member.supervisor = therapist
    member.save()
    return member


@pytest.fixture
def waiting(keep, trainee):
    return sessions.sign(note=keep(by=trainee), by=trainee)


@pytest.fixture
def yesterday(client_person):
    return client_person.today - datetime.timedelta(days=1)


@pytest.fixture
def logged_in(client, therapist):
    client.force_login(therapist.user)
    return client
