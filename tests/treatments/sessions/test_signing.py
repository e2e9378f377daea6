"""Signed means signed; what comes later stands beside it."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from clinic.models import AuditEntry, Role
from tests.people import make_member
from treatments.models import SessionAmendment, SessionNote
from treatments.queries.sessions import words_beside
from treatments.services import sessions
from treatments.services.sessions import Content, Row, content_of, missing


def test_signing(draft, therapist):
    note = sessions.sign(note=draft, by=therapist)
    assert (note.state, note.signed_by) == ("signed", therapist)
    assert AuditEntry.objects.filter(object_id=note.pk, verb="session_note.signed").count() == 1


def test_only_its_author_signs_it_and_only_once(draft, owner, therapist):
    with pytest.raises(ValidationError, match="Tomas wrote this note"):
        sessions.sign(note=draft, by=owner)
    sessions.sign(note=draft, by=therapist)
    with pytest.raises(ValidationError, match="is signed and can’t be changed"):
        sessions.sign(note=draft, by=therapist)


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (Row(structure="psoas", side="left"), "Row 1: say which technique."),
        (Row("trig"), "Row 1: “trig” is not in the list of techniques. Choose one, or “Other”."),
        (Row("education", "pso"), "Row 1: “pso” is not in the list of structures. Choose one, or say it as remark."),
        (Row("traction", "hip_joint"), "Row 1: Hip joint: left, right or both?"),
        (Row("other_technique"), "Row 1: say in the remark what you did."),
    ],
)
def test_what_is_missing_is_said(row, line):
    assert list(missing(Content(techniques=(row,)))) == [line]


def test_a_sound_note_misses_nothing(said):
    assert list(missing(said)) == []
    assert list(missing(Content(techniques=(Row("education"), Row("traction", "sacrum"))))) == []


def test_what_was_written_is_kept_even_where_it_can_not_be_signed(draft, client_person, therapist, said):
    wanted = replace(said, plan="New.", techniques=(Row("trig"),))
    with pytest.raises(ValidationError, match="trig"):
        sessions.save_and_sign(client=client_person, pk=draft.pk, revision=1, content=wanted, by=therapist)
    assert content_of(SessionNote.objects.get()) == wanted
    empty = {"client": client_person, "pk": client_person.pk, "revision": 0, "content": Content(), "by": therapist}
    with pytest.raises(ValidationError, match="nothing to sign"):
        sessions.save_and_sign(**empty)


def test_a_trainee_waits_for_the_supervisor(waiting, trainee, therapist):
    assert (waiting.state, waiting.signed_by) == ("waiting", trainee)
    note = sessions.cosign(note=waiting, by=therapist)
    assert (note.state, note.cosigned_by, note.signed_by) == ("signed", therapist, trainee)


def test_an_owner_may_co_sign_and_nobody_else(waiting, trainee, owner, practice, receptionist):
    other = make_member(practice, Role.THERAPIST, "Nadia")
    for who, why in ((trainee, "own note"), (other, "supervisor or an owner"), (receptionist, "clinician")):
        with pytest.raises(ValidationError, match=why):
            sessions.cosign(note=waiting, by=who)
    assert sessions.cosign(note=waiting, by=owner).state == "signed"


def test_an_owner_does_not_co_sign_their_own(keep, owner, therapist):
    owner.supervisor = therapist
    owner.save()
    note = sessions.sign(note=keep(by=owner), by=owner)
    assert not sessions.may_cosign(note, owner)
    with pytest.raises(ValidationError, match="own note"):
        sessions.cosign(note=note, by=owner)


def test_given_back_with_a_word_that_stays(waiting, trainee, therapist, keep, said):
    with pytest.raises(ValidationError, match="Say what is to be changed"):
        sessions.give_back(note=waiting, word=" ", by=therapist)
    note = sessions.give_back(note=waiting, word="Say which side.", by=therapist)
    assert (note.state, note.signed_at) == ("draft", None)
    with pytest.raises(ValidationError, match="came back with a word"):
        sessions.discard(note=note, by=trainee)
    keep(replace(said, objective="Right."), note=note, by=trainee)
    note = sessions.cosign(note=sessions.sign(note=note, by=trainee), by=therapist)
    sessions.amend(note=note, text="Also the left.", by=trainee)
    beside = words_beside(note)
    assert [word.text for word in beside.returned] == ["Say which side."]
    assert [word.text for word in beside.added] == ["Also the left."]


def test_a_returned_note_may_be_entered_in_error(waiting, trainee, therapist):
    note = sessions.give_back(note=waiting, word="Wrong client?", by=therapist)
    assert sessions.mark_entered_in_error(note=note, reason="Yes.", by=trainee).state == "entered_in_error"


def test_an_amendment_stands_beside_the_unchanged_note(signed, said, owner):
    sessions.amend(note=signed, text=" Left too. ", by=owner)
    amendment = SessionAmendment.objects.get()
    assert (amendment.text, amendment.author, amendment.in_error) == ("Left too.", owner, False)
    assert content_of(SessionNote.objects.get()) == said


def test_a_word_beside_a_note_is_one_that_can_be_kept(signed, waiting, therapist):
    for act in (
        lambda text: sessions.amend(note=signed, text=text, by=therapist),
        lambda text: sessions.mark_entered_in_error(note=signed, reason=text, by=therapist),
        lambda text: sessions.give_back(note=waiting, word=text, by=therapist),
    ):
        for text in ("a\x00b", "x" * 5001, "  "):
            with pytest.raises(ValidationError):
                act(text)


def test_amending_needs_words_and_a_signed_note(signed, waiting, therapist):
    for text in ("", "a" * 5001):
        with pytest.raises(ValidationError):
            sessions.amend(note=signed, text=text, by=therapist)
    with pytest.raises(ValidationError, match="Only a signed note"):
        sessions.amend(note=waiting, text="More.", by=therapist)


def test_entered_in_error_says_why_and_counts_for_nothing(signed, therapist, trainee):
    with pytest.raises(ValidationError, match="Only who signed"):
        sessions.mark_entered_in_error(note=signed, reason="No.", by=trainee)
    with pytest.raises(ValidationError, match="Say why"):
        sessions.mark_entered_in_error(note=signed, reason="", by=therapist)
    note = sessions.mark_entered_in_error(note=signed, reason="Another client.", by=therapist)
    assert [word.text for word in words_beside(note).in_error] == ["Another client."]
    assert not SessionNote.objects.standing().exists()
    with pytest.raises(ValidationError, match="already"):
        sessions.mark_entered_in_error(note=signed, reason="Again.", by=therapist)


def test_a_draft_is_no_error(draft, therapist):
    with pytest.raises(ValidationError, match="thrown away"):
        sessions.mark_entered_in_error(note=draft, reason="No.", by=therapist)


# --- the database keeps it, whoever asks ------------------------------------------------------------------------------

NOTE, ROWS, WORDS = "treatments_sessionnote", "treatments_sessiontechnique", "treatments_sessionamendment"
TAMPERING = {
    "words": f"UPDATE {NOTE} SET subjective = 'Other.'",
    "pain": f"UPDATE {NOTE} SET pain_after = 0",
    "chart": f"UPDATE {NOTE} SET chart = '[]'",
    "day": f"UPDATE {NOTE} SET held_on = held_on - 1",
    "author": f"UPDATE {NOTE} SET author_id = (SELECT id FROM clinic_membership WHERE role = 'owner')",
    "words with a state that may follow": f"UPDATE {NOTE} SET plan = 'Other.', state = 'entered_in_error'",
    "back to a draft": f"UPDATE {NOTE} SET state = 'draft'",
    "to waiting": f"UPDATE {NOTE} SET state = 'waiting'",
    "nothing at all": f"UPDATE {NOTE} SET revision = revision",
    "note": f"DELETE FROM {NOTE}",
    "technique": f"UPDATE {ROWS} SET minutes = 60",
    "technique away": f"DELETE FROM {ROWS}",
    "technique more": "INSERT",
    "amendment": f"UPDATE {WORDS} SET text = 'Other.'",
    "amendment away": f"DELETE FROM {WORDS}",
}


@pytest.mark.parametrize("statement", TAMPERING.values(), ids=TAMPERING.keys())
def test_the_database_lets_nobody_change_a_signed_note(signed, owner, therapist, said, statement):
    sessions.amend(note=signed, text="More.", by=therapist)
    if "INSERT" in statement:
        statement = insert_again()
    refused = pytest.raises(DatabaseError, match=r"cannot change|Cannot (update|delete)")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert content_of(SessionNote.objects.get()) == said


def insert_again() -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{ROWS}'")
        names = [name for (name,) in cursor.fetchall() if name != "id"]
    columns = ", ".join(names)
    return f"INSERT INTO {ROWS} (id, {columns}) SELECT gen_random_uuid(), {columns} FROM {ROWS}"


def test_what_waits_is_as_fast(waiting, said):
    for column in ("subjective = 'Other.'", "signed_by_id = NULL, plan = ''"):
        with pytest.raises(DatabaseError, match="cannot change"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {NOTE} SET {column}, state = 'signed'")
    assert content_of(SessionNote.objects.get()) == said


def test_a_technique_can_not_be_moved_out_of_a_signed_note(signed, keep, said):
    other = keep(replace(said, techniques=()))
    refused = pytest.raises(DatabaseError, match="cannot change")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {ROWS} SET note_id = %s", [other.pk])
    assert content_of(SessionNote.objects.get(pk=signed.pk)) == said


def test_the_same_statements_do_change_a_draft(draft):
    with connection.cursor() as cursor:
        for name in ("words", "pain", "chart", "technique", "technique away", "note"):
            cursor.execute(TAMPERING[name])
            assert cursor.rowcount == 1, name
