"""Nobody sees what isn't theirs."""

import pytest
from django.contrib.auth.models import AnonymousUser

from clinic.models import AuditEntry, Client, Level, Membership, Practice, SafetyAlert
from clinic.models.base import uuid7
from clinic.services import clients, safety
from tests.people import make_user


@pytest.fixture
def alert(client_person, therapist):
    return safety.raise_alert(
        client=client_person,
        level=Level.URGENT,
        because=["A reason."],
        source="intake",
        source_id=uuid7(),
        by=therapist,
    )


@pytest.mark.parametrize("model", [Client, AuditEntry, Membership, Practice, SafetyAlert])
def test_anonymous_and_strangers_see_nothing(model, alert, owner):
    assert not model.objects.visible_to(AnonymousUser()).exists()
    assert not model.objects.visible_to(make_user("stranger@example.org")).exists()


def test_staff_see_the_clients_of_their_practice_only(client_person, other_client, receptionist, other_therapist):
    assert list(Client.objects.visible_to(receptionist.user)) == [client_person]
    assert list(Client.objects.visible_to(other_therapist.user)) == [other_client]


def test_reception_sees_no_red_flags(alert, receptionist, therapist):
    assert not SafetyAlert.objects.visible_to(receptionist.user).exists()
    assert SafetyAlert.objects.visible_to(therapist.user).get() == alert


def test_the_audit_log_is_the_owners(alert, owner, therapist):
    assert AuditEntry.objects.visible_to(owner.user).exists()
    assert not AuditEntry.objects.visible_to(therapist.user).exists()


def test_a_client_with_a_log_in_sees_themself_only(client_person, practice):
    user = make_user("ada@example.org")
    client_person.user = user
    client_person.save()
    clients.add(practice=practice, by=client_person, given_name="Bo", family_name="Berg")
    assert list(Client.objects.visible_to(user)) == [client_person]


def test_who_left_the_practice_sees_nothing_more(client_person, therapist):
    therapist.is_active = False
    therapist.save()
    assert not Client.objects.visible_to(therapist.user).exists()


def test_an_inactive_log_in_sees_nothing(client_person, therapist):
    therapist.user.is_active = False
    assert not Client.objects.visible_to(therapist.user).exists()
