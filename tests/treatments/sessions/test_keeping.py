"""A draft from its first word on, and two who write the same one."""

import dataclasses
import datetime
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from clinic.models import AuditEntry, Visit
from clinic.models.base import uuid7
from clinic.problems import InvalidInput
from tests.treatments.sessions.conftest import PSOAS, STROKE
from treatments.models import SessionNote
from treatments.services import sessions
from treatments.services.sessions import Content, EditConflict, Row, content_of, repeated


def entries(note):
    return list(AuditEntry.objects.filter(object_id=note.pk).order_by("created_at").values_list("verb", flat=True))


def test_the_first_word_makes_a_note_and_everything_comes_back(keep, said, therapist):
    note = SessionNote.objects.get(pk=keep().pk)
    assert (content_of(note), note.state, note.revision, note.author) == (said, "draft", 1, therapist)


def test_nothing_comes_of_a_blank_sheet(keep):
    assert keep(Content()) is None
    assert keep(Content(subjective="  \r\n", techniques=(Row(remark=" "),))) is None
    assert not SessionNote.objects.exists()


def test_names_and_half_typed_words_are_kept(keep):
    rows = (Row("Trigger-point  pressure", "PSOAS", "right"), Row("trig", "pso"))
    kept = content_of(keep(Content(techniques=rows)))
    assert [(row.technique, row.structure) for row in kept.techniques] == [
        ("trigger_point_pressure", "psoas"),
        ("trig", "pso"),
    ]


def test_what_has_no_sides_gets_none(keep):
    assert content_of(keep(Content(techniques=(Row("education", "sacrum", "left"),)))).techniques[0].side == ""


def test_a_second_editor_is_told_and_nothing_is_overwritten(draft, keep, said, owner):
    keep(replace(said, plan="Hers."), note=draft, by=owner, tab="hers")
    with pytest.raises(EditConflict) as refused:
        keep(replace(said, plan="His."), note=draft, revision=1, tab="his")
    assert refused.value.current.plan == "Hers."
    assert SessionNote.objects.get().plan == "Hers."


def test_an_answer_that_got_lost_is_no_second_editor(keep, said):
    note = keep(tab="mine")
    keep(replace(said, plan="Two."), note=note, revision=1, tab="mine")
    keep(replace(said, plan="Three."), note=note, revision=1, tab="mine")
    assert (SessionNote.objects.get().plan, SessionNote.objects.get().revision) == ("Three.", 3)


def test_not_even_when_the_very_first_answer_got_lost(client_person, therapist, said):
    pk = uuid7()
    for plan in ("One.", "Two."):
        content = replace(said, plan=plan)
        sessions.save(client=client_person, pk=pk, revision=0, content=content, by=therapist, tab="mine")
    assert SessionNote.objects.get().plan == "Two."


def test_but_somebody_who_wrote_in_between_is(keep, said, owner):
    note = keep(tab="mine")
    keep(replace(said, plan="Hers."), note=note, by=owner, tab="hers")
    keep(replace(said, plan="Mine again."), note=SessionNote.objects.get(), tab="mine")
    with pytest.raises(EditConflict):
        keep(replace(said, plan="Late."), note=note, revision=1, tab="mine")


def test_nor_does_one_overwrite_what_oneself_wrote_in_another_tab(keep, said):
    note = keep(tab="one")
    keep(replace(said, plan="In the other tab."), note=note, tab="other")
    with pytest.raises(EditConflict):
        keep(replace(said, plan="Late."), note=note, revision=1, tab="one")


def test_the_same_words_are_no_conflict_and_no_new_revision(draft, keep, said):
    assert keep(said, note=draft, revision=7).revision == 1


def test_one_entry_for_each_time_somebody_sits_down(keep, said, owner):
    note = keep(tab="a")
    for number in range(3):
        keep(replace(said, plan=f"{number}"), note=SessionNote.objects.get(), tab="a")
    keep(replace(said, plan="hers"), note=SessionNote.objects.get(), by=owner, tab="b")
    keep(replace(said, plan="mine"), note=SessionNote.objects.get(), tab="a")
    assert entries(note) == ["session_note.started", "session_note.changed", "session_note.changed"]


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"pain_before": 11}, "pain_before"),
        ({"pain_after": -1}, "pain_after"),
        ({"held_on": timezone.localdate() + datetime.timedelta(days=2)}, "held_on"),
        ({"held_on": datetime.date(1970, 1, 1)}, "held_on"),
        ({"subjective": "a" * 20_001}, "subjective"),
        ({"plan": "a\x00b"}, "plan"),
        ({"chart": [{**STROKE, "kind": "itch"}]}, "chart"),
        ({"techniques": (PSOAS,) * 41}, "techniques"),
        ({"techniques": (PSOAS, replace(PSOAS, minutes=0))}, "techniques[1].minutes"),
        ({"techniques": (replace(PSOAS, side="up"),)}, "techniques[0].side"),
        ({"techniques": (replace(PSOAS, technique="a" * 61),)}, "techniques[0].technique"),
        ({"techniques": (replace(PSOAS, remark="a" * 201),)}, "techniques[0].remark"),
        ({"techniques": (replace(PSOAS, structure="a\x00"),)}, "techniques[0].remark"),
        ({"techniques": (replace(PSOAS, for_finding="made_up"),)}, "techniques[0].for_finding"),
        ({"assessment": uuid7()}, "assessment"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(keep, said, wrong, path):
    with pytest.raises(InvalidInput) as refused:
        keep(replace(said, **wrong))
    assert [problem.path for problem in refused.value.problems] == [path]
    assert not SessionNote.objects.exists()


def test_an_id_of_another_practice_stays_untouched(keep, said, draft, other_client, other_therapist):
    theirs = dataclasses.replace(said, held_on=other_client.today)  # elsewhere it may still be yesterday
    with pytest.raises(ValidationError, match="somebody else"):
        sessions.save(client=other_client, pk=draft.pk, revision=1, content=theirs, by=other_therapist)
    assert content_of(SessionNote.objects.get()) == said


def test_only_clinicians_of_the_practice(keep, receptionist, other_therapist):
    for stranger in (receptionist, other_therapist):
        with pytest.raises(ValidationError, match="clinician of the practice"):
            keep(by=stranger)


@pytest.fixture
def visit(practice, client_person, therapist):
    now = timezone.now()
    return Visit.objects.create(
        practice=practice, client=client_person, therapist=therapist, starts_at=now - datetime.timedelta(minutes=50),
        ends_at=now,
    )  # fmt: skip


def test_one_note_for_a_visit_and_signing_says_that_the_client_came(visit, keep, therapist):
    note = keep(visit=visit)
    with pytest.raises(ValidationError, match="a note already"):
        keep(visit=visit)
    sessions.sign(note=note, by=therapist)
    visit.refresh_from_db()
    assert visit.state == "done"


def test_a_visit_of_somebody_else(visit, keep, client_person, practice):
    from tests.people import make_client

    Visit.objects.filter(pk=visit.pk).update(client=make_client(practice, ref="C2", given_name="Eve"))
    visit.refresh_from_db()
    with pytest.raises(ValidationError, match="somebody else"):
        keep(visit=visit)


def test_a_draft_is_thrown_away_by_its_author_or_an_owner(draft, keep, therapist, trainee, owner):
    with pytest.raises(ValidationError, match="Tomas writes this note"):
        sessions.discard(note=draft, by=trainee)
    sessions.discard(note=draft, by=owner)
    sessions.discard(note=keep(), by=therapist)
    assert not SessionNote.objects.exists()


def test_repeating_copies_what_was_done_and_planned_and_nothing_of_the_day():
    last = Content(
        subjective="Old.", pain_before=7, chart=[STROKE], plan="Stretch.", techniques=(replace(PSOAS, remark="sore"),)
    )
    now = repeated(Content(subjective="New."), last)
    assert now == Content(subjective="New.", plan="Stretch.", techniques=(PSOAS,))
    assert repeated(now, last) == now
    assert repeated(Content(plan="Mine."), last).plan == "Mine."
