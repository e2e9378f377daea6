import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
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


A, B, C = "First.", "Second.", "Third."


@pytest.mark.parametrize(
    ("first", "second", "level", "because"),
    [
        (("urgent", [A]), ("urgent", [A]), "urgent", [A]),
        (("urgent", [A]), ("urgent", [B]), "urgent", [A, B]),
        (("urgent", [A, B]), ("urgent", [C, B]), "urgent", [A, B, C]),
        (("urgent", [A]), ("ask", [B]), "urgent", [A, B]),
        (("ask", [A]), ("emergency", [B]), "emergency", [A, B]),
        (("ask", [A]), ("urgent", [A]), "urgent", [A]),
        (("ask", [A, A]), ("ask", [B, B]), "ask", [A, B]),
    ],
)
def test_an_open_one_only_grows(client_person, therapist, first, second, level, because):
    for its_level, reasons in (first, second):
        raised(client_person, therapist, because=reasons, level=Level(its_level))
    alert = SafetyAlert.objects.get()
    assert (alert.level, alert.because, alert.cleared_at) == (level, because, None)


def test_only_what_changes_something_is_audited(client_person, therapist):
    for reasons in ([A, B], [B], [A], [C], [A, C]):
        raised(client_person, therapist, because=reasons)
    assert AuditEntry.objects.filter(verb="safety_alert.raised").count() == 2


ANSWERED = "Answered by Tomas on 2026-03-02: Seen by the GP."


@pytest.fixture
def cleared(client_person, therapist):
    alert = raised(client_person, therapist, because=[A, B])
    alert = safety.clear(alert=alert, note="Seen by the GP.", by=therapist)
    late_evening = datetime.datetime(2026, 3, 1, 23, 30, tzinfo=datetime.UTC)  # past midnight at the practice
    SafetyAlert.objects.update(cleared_at=late_evening)
    return alert


@pytest.mark.parametrize(
    ("level", "reasons"), [("urgent", [A, B]), ("urgent", [B]), ("ask", [A]), ("urgent", [])], ids=str
)
def test_what_was_answered_stays_answered(cleared, client_person, therapist, level, reasons):
    alert = raised(client_person, therapist, because=reasons, level=Level(level))
    alert.refresh_from_db()
    assert (alert.cleared_by, alert.cleared_note, alert.because) == (therapist, "Seen by the GP.", [A, B])


@pytest.mark.parametrize(
    ("level", "reasons", "because"),
    [
        ("urgent", [A, B, C], [A, B, ANSWERED, C]),
        ("ask", [C], [A, B, ANSWERED, C]),
        ("emergency", [B], [A, B, ANSWERED, B]),
    ],
)
def test_a_new_reason_or_a_higher_level_opens_it_again_and_keeps_the_answer(
    cleared, client_person, therapist, level, reasons, because
):
    raised(client_person, therapist, because=reasons, level=Level(level))
    alert = SafetyAlert.objects.get()
    assert (alert.level, alert.because) == (level, because)
    assert (alert.cleared_at, alert.cleared_by, alert.cleared_note) == (None, None, "")


def test_a_reason_is_asked_once_however_often_the_alert_opens(cleared, client_person, therapist):
    again = raised(client_person, therapist, because=[A, C])
    safety.clear(alert=again, note="This too.", by=therapist)
    for reasons in ([A], [B, C], [A, B, C]):
        assert raised(client_person, therapist, because=reasons).cleared_at


@pytest.mark.parametrize("meanwhile", ["a reason", "a level", "an answer"])
def test_nobody_clears_what_changed_in_the_meantime(alert, client_person, therapist, owner, meanwhile):
    seen = SafetyAlert.objects.get()
    if meanwhile == "an answer":
        safety.clear(alert=alert, note="I did.", by=owner)
    else:
        more = {"because": [B]} if meanwhile == "a reason" else {"level": Level.EMERGENCY}
        raised(client_person, therapist, **more)
    with pytest.raises(ValidationError, match="changed in the meantime"):
        safety.clear(alert=seen, note="fine", by=therapist)
    now = SafetyAlert.objects.get()
    assert now.cleared_by == (owner if meanwhile == "an answer" else None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("said_before", [[], [A]])
def test_two_that_raise_it_at_once_make_one_with_every_reason(client_person, therapist, said_before):
    failed = []

    def work():
        try:
            raised(client_person, therapist, because=[C])
        except IntegrityError as error:
            failed.append(error)
        finally:
            connection.close()

    if said_before:
        raised(client_person, therapist, because=said_before)
    with transaction.atomic():
        raised(client_person, therapist, because=[B])
        second = threading.Thread(target=work)
        second.start()
        second.join(0.5)
        assert second.is_alive()  # it waits for us
    second.join(10)
    assert not failed
    assert SafetyAlert.objects.get().because == [*said_before, B, C]


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
    after = client.get(record).text
    assert ("Red flag open" in after, 'class="banner red-flag' in after) == (False, False)
    assert "Fever with back pain." in after  # in the history, with how it was answered
    assert "Red flag answered" in after
    assert client.get(page).status_code == 404


def test_reception_sees_the_record_without_the_flag(client, alert, receptionist):
    client.force_login(receptionist.user)
    assert "Fever" not in client.get(reverse("clinic:client", args=[alert.client_id])).text
    assert client.get(reverse("clinic:clear_alert", args=[alert.pk])).status_code == 403


def test_a_reason_that_came_while_the_page_was_open_is_read_before_it_is_answered(
    alert, client, client_person, therapist
):
    client.force_login(therapist.user)
    page = reverse("clinic:clear_alert", args=[alert.pk])
    seen = client.get(page).context["form"]["seen"].value()
    raised(client_person, therapist, because=["Numb legs."])
    refused = client.post(page, {"note": "A cold.", "seen": seen})
    assert refused.status_code == 422
    assert "Numb legs." in refused.content.decode()
    assert "A cold." in refused.content.decode()
    again = refused.context["form"]["seen"].value()
    assert client.post(page, {"note": "Both looked at.", "seen": again}).status_code == 302
