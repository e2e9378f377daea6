import pytest
from django.db import DatabaseError, transaction

from clinic.models import AuditEntry
from clinic.services import clients


def test_the_log_can_neither_be_changed_nor_shortened(client_person, therapist):
    clients.archive(client=client_person, by=therapist)
    for attempt in (lambda: AuditEntry.objects.update(verb="x"), lambda: AuditEntry.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            attempt()


def test_the_log_reads_as_sentences(client, client_person, owner, therapist):
    clients.pause_reminders(client=client_person, until=client_person.today, by=client_person)
    clients.archive(client=client_person, by=therapist)
    client.force_login(owner.user)
    text = client.get(f"/clients/{client_person.pk}/log/").text
    assert "Reminders paused" in text
    assert "Ada Brandt (client)" in text
    assert "Client archived" in text
