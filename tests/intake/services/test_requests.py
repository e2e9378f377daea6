import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from clinic.models import AuditEntry, Reminder
from clinic.services import clients
from intake.models import FormVersion, IntakeRequest, IntakeResponse, State
from intake.services import forms, requests, responses


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("created_at", "id").values_list("verb", flat=True))


def test_sending_makes_a_link_for_fourteen_days_and_a_reminder_that_is_due_now(client_person, therapist):
    before = timezone.now()
    sent = requests.send(client=client_person, by=therapist)
    assert sent.state == State.OPEN
    assert datetime.timedelta(days=14) <= sent.expires_at - before < datetime.timedelta(days=14, minutes=1)
    reminder = Reminder.objects.get()
    assert (reminder.kind, reminder.subject, reminder.client) == ("intake_link", sent.pk, client_person)
    assert reminder.due_at <= timezone.now()
    assert reminder.local_date == client_person.today
    assert verbs() == ["form_version.added", "intake_request.sent"]


def test_a_second_link_withdraws_the_first_and_uses_the_same_form_version(client_person, therapist, receptionist):
    first = requests.send(client=client_person, by=therapist)
    second = requests.send(client=client_person, by=receptionist)
    first.refresh_from_db()
    assert (first.state, second.state) == (State.REVOKED, State.OPEN)
    assert second.form_version == first.form_version
    assert verbs()[2:] == ["intake_request.revoked", "intake_request.sent"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ask", [requests.send, requests.here])
def test_two_who_ask_at_once_leave_one_open_link(client_person, therapist, receptionist, ask):
    forms.to_send(practice=client_person.practice, by=therapist, form=None)  # so that neither waits for the other there
    made, start = [], threading.Barrier(2)

    def work(by):
        start.wait()
        try:
            made.append(ask(client=client_person, by=by).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[by]) for by in (therapist, receptionist)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 2
    assert IntakeRequest.objects.filter(client=client_person).open().count() == 1


def test_a_half_written_form_moves_to_the_new_link(invitation, therapist):
    responses.save_page(request=invitation, answers={"sitting_hours_per_day": 9}, by=invitation.client)
    again = requests.send(client=invitation.client, by=therapist)
    assert again.response.answers == {"sitting_hours_per_day": 9}


def test_a_half_written_form_stays_behind_when_the_questions_changed(invitation, therapist, monkeypatch):
    responses.save_page(request=invitation, answers={"sitting_hours_per_day": 9}, by=invitation.client)
    changed = forms.shipped_schema()
    changed["form"]["title"] = "Another form"
    monkeypatch.setattr(forms, "shipped_schema", lambda *_: changed)
    again = requests.send(client=invitation.client, by=therapist)
    assert not IntakeResponse.objects.filter(request=again).exists()


def test_a_client_without_mail_is_refused_with_a_clear_line(client_person, therapist):
    clients.change(client=client_person, by=therapist, email="")
    with pytest.raises(ValidationError) as refused:
        requests.send(client=client_person, by=therapist)
    assert refused.value.message_dict == {
        "email": ["Ada Brandt has no e-mail address. Add one under Details, then send the link."]
    }
    assert not IntakeRequest.objects.exists()
    assert not Reminder.objects.exists()
    assert not FormVersion.objects.exists()


def test_a_client_who_refused_all_mail_is_not_written_to_but_the_practice_is_told(client_person, receptionist):
    clients.refuse_mail(client=client_person, by=receptionist)
    with pytest.raises(ValidationError) as refused:
        requests.send(client=client_person, by=receptionist)
    assert refused.value.message_dict == {
        "email": ["Ada Brandt withdrew their consent to mail, so no link can be sent."]
    }
    assert not IntakeRequest.objects.exists()
    assert not Reminder.objects.exists()


def test_an_archived_client_gets_no_link(client_person, therapist):
    clients.archive(client=client_person, by=therapist)
    with pytest.raises(ValidationError, match="archived"):
        requests.send(client=client_person, by=therapist)


def test_another_practice_cannot_send(client_person, other_therapist):
    with pytest.raises(ValidationError, match="own practice"):
        requests.send(client=client_person, by=other_therapist)


def test_revoking_twice_is_refused(invitation, receptionist):
    assert requests.revoke(request=invitation, by=receptionist).state == State.REVOKED
    with pytest.raises(ValidationError, match="can't be withdrawn any more: withdrawn"):
        requests.revoke(request=invitation, by=receptionist)
    assert verbs()[-1] == "intake_request.revoked"


def test_an_answered_link_cannot_be_revoked(completed, therapist):
    with pytest.raises(ValidationError, match="answered"):
        requests.revoke(request=completed.request, by=therapist)


def test_a_link_of_an_archived_client_no_longer_works(invitation, therapist):
    clients.archive(client=invitation.client, by=therapist)
    invitation.refresh_from_db()
    assert invitation.state == State.REVOKED


def test_the_form_version_stays_while_the_shipped_questions_stay(practice, owner):
    first = forms.current(practice=practice, by=owner)
    assert forms.current(practice=practice, by=owner) == first
    assert first.number == 1
    assert verbs() == ["form_version.added"]


@pytest.mark.parametrize("place", ["form", "questions"])
def test_a_changed_question_makes_a_new_number(place, practice, owner, monkeypatch):
    first = forms.current(practice=practice, by=owner)
    changed = forms.shipped_schema()
    if place == "form":
        changed["form"]["pages"][1]["title"] = "Your usual day"
    else:
        changed["questions"]["red_flags"]["diabetes"]["question"] = "Do you have sugar disease?"
    monkeypatch.setattr(forms, "shipped_schema", lambda *_: changed)
    second = forms.current(practice=practice, by=owner)
    assert (first.number, second.number) == (1, 2)
    assert second.schema == changed
