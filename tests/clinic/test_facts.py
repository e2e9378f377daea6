"""What a client told and what was measured meet, whichever comes first."""

import threading

import pytest
from django.db import connection, transaction

from assessments.models import Assessment, Finding
from assessments.services import assessments
from clinic import facts
from clinic.models import AuditEntry, SafetyAlert
from clinic.services import safety
from intake.models import ConditionAnswer, IntakeResponse
from intake.services import conditions
from tests.assessments.conftest import day, hip_extension, record, signed  # noqa: F401
from tests.intake.conftest import fill, invitation, sign  # noqa: F401

BENT = hip_extension("left", -15)
SORE = hip_extension("left", 12, pain=6)
FEVER = {"fever_or_chills": "yes"}


def from_measuring():
    return SafetyAlert.objects.filter(source="assessment")


def has_replaced_hip(client, by, side="left"):
    return conditions.answer(client=client, condition="hip_replacement", answer={"answer": "yes", "side": side}, by=by)


@pytest.mark.parametrize("state", ["draft", "signed"])
def test_a_fever_told_after_a_contracture_was_measured_is_urgent(record, invitation, therapist, state):  # noqa: F811
    assessment = record(BENT)
    if state == "signed":
        assessments.sign(assessment=assessment, by=therapist)
    assert not from_measuring().exists()
    fill(invitation, red_flags=FEVER)
    assert not from_measuring().exists()  # until it is sent
    sign(invitation)
    alert = from_measuring().get()
    assert (alert.level, alert.source_id, alert.client) == ("urgent", assessment.pk, invitation.client)
    assert "fever or chills: an infected joint or psoas first" in alert.because[0]
    assert AuditEntry.objects.get(verb="safety_alert.raised", object_id=alert.pk).actor_client == invitation.client


def test_a_replaced_hip_that_a_clinician_adds_after_it_hurt(record, therapist, client_person):  # noqa: F811
    assessment = record(SORE)
    has_replaced_hip(client_person, therapist, side="right")
    assert not from_measuring().exists()
    has_replaced_hip(client_person, therapist)
    alert = from_measuring().get()
    assert (alert.level, alert.source_id) == ("ask", assessment.pk)
    assert alert.because == ["Moving the replaced hip hurts: ask since when."]
    assert AuditEntry.objects.get(verb="safety_alert.raised").actor_user == therapist.user


def test_findings_on_file_stay_and_what_was_answered_stays_answered(signed, therapist, client_person):  # noqa: F811
    assessment = signed(SORE)
    before = list(Finding.objects.order_by("id").values()), Assessment.objects.values().get()
    has_replaced_hip(client_person, therapist)
    safety.clear(alert=from_measuring().get(), note="Old, known.", by=therapist)
    has_replaced_hip(client_person, therapist)
    assert from_measuring().get().cleared_note == "Old, known."
    assert (list(Finding.objects.order_by("id").values()), Assessment.objects.values().get()) == before
    assert before[1]["id"] == assessment.pk


def test_an_open_one_is_not_made_smaller_by_another_answer(record, therapist, client_person):  # noqa: F811
    record(SORE)
    has_replaced_hip(client_person, therapist)
    conditions.answer(client=client_person, condition="hip_replacement", answer="no", by=therapist)
    assert from_measuring().open().exists()


def test_the_newest_draft_and_the_newest_signed_one_are_looked_at(signed, record, therapist, client_person):  # noqa: F811
    signed(SORE, on=day(1))
    newest_signed = signed(SORE, on=day(2))
    record(SORE, on=day(3))
    newest_draft = record(SORE, on=day(4))
    wrong = signed(SORE, on=day(5))
    assessments.mark_entered_in_error(assessment=wrong, by=therapist)
    has_replaced_hip(client_person, therapist)
    assert set(from_measuring().values_list("source_id", flat=True)) == {newest_signed.pk, newest_draft.pk}


def test_somebody_who_was_never_measured_raises_nothing(invitation, therapist, other_client, record):  # noqa: F811
    fill(invitation, red_flags=FEVER)
    sign(invitation)
    assert not from_measuring().exists()


def test_the_answer_and_what_it_raises_are_on_file_together_or_not_at_all(invitation, therapist):  # noqa: F811
    def fail(client, by):
        raise RuntimeError

    fill(invitation)
    with facts.listeners.temporarily(facts.Listener("failing", fail)):
        with pytest.raises(RuntimeError):
            has_replaced_hip(invitation.client, therapist)
        with pytest.raises(RuntimeError):
            sign(invitation)
    assert not ConditionAnswer.objects.exists()
    assert IntakeResponse.objects.get().completed_at is None


@pytest.mark.django_db(transaction=True)
def test_an_answer_while_a_measurement_is_being_saved_sees_it(record, therapist, client_person):  # noqa: F811
    def work():
        try:
            has_replaced_hip(client_person, therapist)
        finally:
            connection.close()

    with transaction.atomic():
        record(SORE)
        answering = threading.Thread(target=work)
        answering.start()
        answering.join(0.5)
        assert answering.is_alive()  # it waits for us
    answering.join(10)
    assert from_measuring().exists()


@pytest.mark.parametrize("flags", [("saddle_numbness", "pulsing_abdomen"), ("pulsing_abdomen", "saddle_numbness")])
def test_an_emergency_that_another_one_replaces_before_signing_stays(invitation, flags):  # noqa: F811
    said, instead = flags
    fill(invitation, red_flags={said: "yes"})
    first = SafetyAlert.objects.get().because
    fill(invitation, red_flags={instead: "yes"})
    response = sign(invitation)
    alert = SafetyAlert.objects.get()
    assert alert.level == "emergency"
    assert alert.because == [*first, *(line for line in response.referral_because if line not in first)]
    assert set(first) - set(response.referral_because)
