import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from clinic.models import AuditEntry, Level, SafetyAlert
from clinic.models.base import uuid7
from clinic.services import safety

SOURCE = uuid7()


@pytest.fixture
def alert(client_person, therapist):
    return raised(client_person, therapist)


def raised(client, by, because=("Fever with back pain.",), level=Level.URGENT):
    return safety.raise_alert(client=client, level=level, because=because, source="intake", source_id=SOURCE, by=by)


def test_urgent_locks_until_a_clinician_clears_it_with_a_note(alert, therapist):
    assert alert.locks_programme
    assert SafetyAlert.objects.locking().get() == alert
    safety.clear(alert=alert, note="Seen by the GP; all clear.", by=therapist)
    assert not SafetyAlert.objects.locking().exists()
    assert AuditEntry.objects.filter(verb="safety_alert.cleared", actor_user=therapist.user).count() == 1


@pytest.mark.parametrize("note", ["", "   "])
def test_no_note_no_clearing(alert, therapist, note):
    with pytest.raises(ValidationError, match="Say what you found"):
        safety.clear(alert=alert, note=note, by=therapist)


def test_reception_and_other_practices_cannot_clear(alert, receptionist, other_therapist):
    for outsider in (receptionist, other_therapist):
        with pytest.raises(ValidationError, match="Only a clinician of the practice"):
            safety.clear(alert=alert, note="ok", by=outsider)


def test_the_database_refuses_a_nameless_clearing(alert):
    with pytest.raises(IntegrityError), transaction.atomic():
        SafetyAlert.objects.update(cleared_at=alert.created_at)


def test_the_same_reasons_again_change_nothing_and_new_ones_open_it_again(alert, client_person, therapist):
    safety.clear(alert=alert, note="fine", by=therapist)
    assert raised(client_person, therapist).cleared_at is not None
    assert raised(client_person, therapist, because=["Something new."]).cleared_at is None


def test_a_question_does_not_lock(client_person, therapist):
    assert not raised(client_person, therapist, level=Level.ASK).locks_programme
    assert not SafetyAlert.objects.locking().exists()
    assert SafetyAlert.objects.open().exists()


def test_the_record_shows_it_and_the_page_clears_it(client, alert, therapist):
    client.force_login(therapist.user)
    record = reverse("clinic:client", args=[alert.client_id])
    assert "Fever with back pain." in client.get(record).text
    page = reverse("clinic:clear_alert", args=[alert.pk])
    assert client.post(page, {"note": ""}).status_code == 422
    assert client.post(page, {"note": "Checked."}).status_code == 302
    assert "Fever with back pain." not in client.get(record).text
    assert client.get(page).status_code == 404


def test_reception_sees_the_record_without_the_flag(client, alert, receptionist):
    client.force_login(receptionist.user)
    assert "Fever" not in client.get(reverse("clinic:client", args=[alert.client_id])).text
    assert client.get(reverse("clinic:clear_alert", args=[alert.pk])).status_code == 403
