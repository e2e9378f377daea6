import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import DatabaseError, InternalError
from django.utils import timezone

from clinic.models import AuditEntry, SafetyAlert
from clinic.problems import InvalidInput
from clinic.services import safety
from intake.models import FormVersion, IntakeResponse
from intake.services import requests, responses
from tests.intake.conftest import fill, full_answers, sign


def problems(error) -> dict[str, str]:
    return {problem.path: problem.message for problem in error.value.problems}


def save(invitation, **answers):
    return responses.save_page(request=invitation, answers=answers, by=invitation.client)


def test_pages_add_up_and_a_blank_takes_back(invitation):
    save(invitation, sitting_hours_per_day=9, footwear="worn")
    save(invitation, red_flags={"diabetes": "yes", "feels_ill": "no"})
    draft = save(invitation, footwear=None, red_flags={"diabetes": None, "new_lump": "no"})
    assert draft.answers == {"sitting_hours_per_day": 9, "red_flags": {"feels_ill": "no", "new_lump": "no"}}
    assert IntakeResponse.objects.count() == 1


def test_the_first_save_notes_the_opening_and_every_save_one_audit_row_by_the_client(invitation):
    assert invitation.opened_at is None
    save(invitation, footwear="worn")
    invitation.refresh_from_db()
    opened = invitation.opened_at
    save(invitation, footwear="flat")
    invitation.refresh_from_db()
    assert opened
    assert invitation.opened_at == opened
    saved = AuditEntry.objects.filter(verb="intake.saved")
    assert saved.count() == 2
    assert {row.actor_client_id for row in saved} == {invitation.client_id}
    assert {str(row.facts) for row in saved} == {"{}"}


BAD = [
    ({"sitting_hours_per_day": 25}, "sitting_hours_per_day", "25 is not a number from 0 to 24 (hours)"),
    ({"standing_hours_per_day": -1}, "standing_hours_per_day", "-1 is not a number from 0 to 24 (hours)"),
    ({"footwear": "clogs"}, "footwear", "'clogs' is not one of supportive, flat, worn"),
    ({"standing_surface": 3}, "standing_surface", "3 is not one of hard, soft, mixed"),
    ({"pain": [{"site": "low_back", "severity": 11}]}, "pain[0].severity", "11 is not a whole number from 0 to 10"),
    ({"pain": [{"site": "soul"}]}, "pain[0].site", "'soul' is not one of low_back"),
    ({"pain": [{"site": "hip", "weeks": 6501}]}, "pain[0].weeks", "6501 is not a number from 0 to 6500 (weeks)"),
    ({"red_flags": {"diabetes": "maybe"}}, "red_flags.diabetes", "'maybe' is not one of yes, no, unsure"),
    ({"red_flags": {"cancer_histroy": "no"}}, "red_flags.cancer_histroy", "did you mean cancer_history?"),
    ({"conditions": {"polio": {"answer": "yes", "side": "up"}}}, "conditions.polio.side", "'up' is not one of left"),
    ({"tried": ["magic"]}, "tried[0]", "'magic' is not one of massage"),
    ({"mood": "good"}, "mood", "unknown key"),
]


@pytest.mark.parametrize(("answers", "path", "message"), BAD)
def test_a_bad_value_names_place_trouble_and_range_and_saves_nothing(invitation, answers, path, message):
    with pytest.raises(InvalidInput) as refused:
        save(invitation, **answers)
    assert message in problems(refused)[path]
    assert not IntakeResponse.objects.exists()
    assert not AuditEntry.objects.filter(verb="intake.saved").exists()


def test_more_hours_than_a_day_has_are_refused_even_over_two_pages(invitation):
    save(invitation, sitting_hours_per_day=20)
    with pytest.raises(InvalidInput, match="at most 24"):
        save(invitation, standing_hours_per_day=5)


def test_an_empty_form_lists_every_open_question(invitation):
    with pytest.raises(InvalidInput) as refused:
        responses.complete(request=invitation, signed_name=" ", consent=False, ip=None, by=invitation.client)
    found = problems(refused)
    everything = full_answers()
    expected = {f"red_flags.{key}" for key in everything["red_flags"]}
    expected |= {f"conditions.{key}" for key in everything["conditions"]} | {"consent", "signature"}
    assert set(found) == expected
    assert found["red_flags.saddle_numbness"] == "not answered yet; yes, no or not sure"
    assert not IntakeResponse.objects.exists()


@pytest.mark.parametrize(
    ("signed_name", "consent", "path"),
    [("", True, "signature"), ("Ada", False, "consent"), ("A" * 151, True, "signature")],
)
def test_without_signature_or_agreement_nothing_is_completed(invitation, signed_name, consent, path):
    fill(invitation)
    with pytest.raises(InvalidInput) as refused:
        responses.complete(request=invitation, signed_name=signed_name, consent=consent, ip=None, by=invitation.client)
    assert list(problems(refused)) == [path]
    assert not IntakeResponse.objects.completed().exists()


def test_one_open_safety_question_is_enough_to_refuse(invitation):
    fill(invitation)
    save(invitation, red_flags={"new_lump": None})
    with pytest.raises(InvalidInput) as refused:
        sign(invitation)
    assert list(problems(refused)) == ["red_flags.new_lump"]


def test_a_painful_place_needs_its_severity(invitation):
    fill(invitation, pain=[{"site": "hip"}])
    with pytest.raises(InvalidInput) as refused:
        sign(invitation)
    assert problems(refused) == {"pain[0].severity": "not answered yet; a whole number from 0 to 10"}


def test_nothing_hurts_is_an_answer(invitation):
    fill(invitation, pain=[])
    assert sign(invitation).completed_at


def test_completing_keeps_the_words_the_name_the_address_and_the_level(invitation):
    fill(invitation)
    response = sign(invitation)
    invitation.refresh_from_db()
    assert response.consent_text.startswith("I have answered as well as I can.")
    assert response.consent_version == "2026.1"
    assert (response.signed_name, response.signed_from) == ("Ada Brandt", "203.0.113.9")
    assert (response.referral_level, response.referral_because) == ("none", [])
    assert invitation.completed_at == response.completed_at
    assert AuditEntry.objects.filter(verb="intake.completed", actor_client=invitation.client).count() == 1
    assert not SafetyAlert.objects.exists()


LEVELS = [
    ({"diabetes": "yes"}, "ask"),
    ({"saddle_numbness": "unsure"}, "ask"),
    ({"feels_ill": "yes", "diabetes": "yes"}, "urgent"),
    ({"cancer_history": "yes"}, "urgent"),
    ({"saddle_numbness": "yes"}, "emergency"),
]


@pytest.mark.parametrize(("red_flags", "level"), LEVELS)
def test_a_level_is_stored_and_raises_its_alert_once(invitation, red_flags, level):
    fill(invitation, red_flags=red_flags)
    response = sign(invitation)
    assert response.referral_level == level
    alert = SafetyAlert.objects.get()
    assert (alert.level, alert.because) == (level, response.referral_because)
    assert (alert.source, alert.source_id, alert.client) == ("intake", response.pk, invitation.client)


def test_an_emergency_alerts_before_anything_is_signed(invitation):
    draft = save(invitation, red_flags={"pulsing_abdomen": "yes"})
    alert = SafetyAlert.objects.get()
    assert (alert.level, alert.source_id) == ("emergency", draft.pk)
    assert draft.answers["red_flags"] == {"pulsing_abdomen": "yes"}


@pytest.mark.parametrize("red_flags", [{"cancer_history": "yes"}, {"pulsing_abdomen": "unsure"}])
def test_less_than_an_emergency_waits_for_the_signature(invitation, red_flags):
    save(invitation, red_flags=red_flags)
    assert not SafetyAlert.objects.exists()


def test_an_emergency_that_is_taken_back_stays_for_the_clinician(invitation):
    fill(invitation, red_flags={"saddle_numbness": "yes"})
    save(invitation, red_flags={"saddle_numbness": "no", "diabetes": "yes"})
    response = sign(invitation)
    alert = SafetyAlert.objects.get()
    assert response.referral_level == "ask"
    assert alert.level == "emergency"
    assert "The client changed this answer before signing: ask in person." in alert.because
    assert alert.because[-1].startswith("Diabetes")


def test_an_emergency_that_was_answered_stays_cleared_when_taken_back(invitation, therapist):
    save(invitation, red_flags={"saddle_numbness": "yes"})
    safety.clear(alert=SafetyAlert.objects.get(), note="Called: tapped by mistake.", by=therapist)
    fill(invitation)
    sign(invitation)
    assert not SafetyAlert.objects.open().exists()


@pytest.mark.parametrize("spoil", ["revoke", "expire", "complete"])
def test_a_closed_link_takes_no_answers(invitation, therapist, spoil):
    fill(invitation)
    if spoil == "revoke":
        requests.revoke(request=invitation, by=therapist)
    elif spoil == "expire":
        type(invitation).objects.filter(pk=invitation.pk).update(expires_at=timezone.now())
    else:
        sign(invitation)
    before = IntakeResponse.objects.get().answers
    with pytest.raises(ValidationError, match="no longer works"):
        save(invitation, footwear="flat")
    with pytest.raises(ValidationError, match="no longer works"):
        sign(invitation)
    assert IntakeResponse.objects.get().answers == before


SET = ["answers = '{}'", "signed_name = 'X'", "referral_level = 'none'", "completed_at = NULL", "consent_text = ''"]


@pytest.mark.parametrize("change", SET)
def test_the_database_refuses_to_change_a_signed_intake(completed, change):
    with pytest.raises((InternalError, DatabaseError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE intake_intakeresponse SET {change} WHERE id = %s", [completed.pk])


def test_the_database_refuses_to_delete_a_signed_intake(completed):
    with pytest.raises((InternalError, DatabaseError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM intake_intakeresponse WHERE id = %s", [completed.pk])


def test_the_database_refuses_to_change_a_form_version(completed):
    with pytest.raises((InternalError, DatabaseError)), transaction.atomic():
        FormVersion.objects.filter(pk=completed.form_version_id).update(title="Other")


def test_a_draft_may_change_and_go(invitation):
    draft = save(invitation, footwear="worn")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE intake_intakeresponse SET answers = '{}' WHERE id = %s", [draft.pk])
        assert cursor.rowcount == 1


def test_the_first_reader_stays_on_record(completed, therapist, owner):
    responses.mark_read(response=completed, by=therapist)
    responses.mark_read(response=completed, by=owner)
    completed.refresh_from_db()
    assert completed.read_by == therapist
    assert AuditEntry.objects.filter(verb="intake.read").count() == 1


def test_reception_and_other_practices_cannot_mark_read(completed, receptionist, other_therapist):
    for nobody in (receptionist, other_therapist):
        with pytest.raises(ValidationError, match="Only a clinician"):
            responses.mark_read(response=completed, by=nobody)


def test_a_draft_cannot_be_marked_read(invitation, therapist):
    with pytest.raises(ValidationError, match="not sent this yet"):
        responses.mark_read(response=save(invitation, footwear="worn"), by=therapist)
