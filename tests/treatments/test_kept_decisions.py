"""A draft made anew from the same assessment keeps what a clinician decided on it."""

import datetime

import pgtrigger
import pytest
from django.core.exceptions import ValidationError

from assessments.models import Finding, FindingDecision
from clinic.models import Level
from clinic.services import safety
from tests.treatments.conftest import NOON, answer_intake, make_assessment
from tests.treatments.test_draft_and_publish import raise_alert
from treatments.services import programmes

pytestmark = pytest.mark.django_db


@pytest.fixture
def again(client_person, assessment, therapist):
    return lambda: programmes.draft(client=client_person, assessment=assessment, by=therapist)


def stretch_of(draft):
    return draft.items.get(kind="stretch")


def test_a_changed_dose_stays_and_what_was_suggested_is_known(draft, again, therapist):
    item = stretch_of(draft)
    assert item.suggested["hold_seconds"] == item.hold_seconds == 30
    programmes.change_item(item=item, by=therapist, hold_seconds=20, weekdays=[1, 3])
    kept = stretch_of(again())
    assert (kept.hold_seconds, kept.weekdays, kept.suggested["hold_seconds"]) == (20, [1, 3], 30)


def test_a_changed_side_stays(draft, again, therapist):
    programmes.change_item(item=stretch_of(draft), by=therapist, side="left")
    assert stretch_of(again()).side == "left"
    assert stretch_of(again()).side == "left"


def test_a_removed_exercise_stays_out_with_its_reason(draft, again, therapist):
    item = stretch_of(draft)
    programmes.remove_item(item=item, reason="hurts her knee", by=therapist)
    kept = again()
    assert not kept.items.filter(exercise=item.exercise).exists()
    assert any("hurts her knee" in entry["because"] for entry in again().left_out)


def test_an_added_exercise_stays(draft, again, therapist):
    programmes.add_item(programme=draft, exercise="side_lying_leg_raise", by=therapist, side="left", repetitions=8)
    kept = again().items.get(exercise="side_lying_leg_raise")
    assert (kept.side, kept.repetitions, kept.suggested) == ("left", 8, None)
    assert again().items.filter(exercise="side_lying_leg_raise").count() == 1


def test_an_added_exercise_that_a_new_answer_forbids_goes(draft, again, client_person, therapist, time_machine):
    programmes.add_item(programme=draft, exercise="standing_heel_raise_hold", by=therapist)
    time_machine.move_to(NOON + datetime.timedelta(hours=1))
    answer_intake(client_person, conditions={"recent_surgery": "yes"})
    assert not again().items.filter(exercise="standing_heel_raise_hold").exists()


def test_an_exercise_that_a_clinician_answered_for_stays(client_person, assessment, again, therapist):
    answer_intake(client_person, conditions={"knee_replacement": "yes"})
    draft = again()
    programmes.add_item(
        programme=draft, exercise="half_kneeling_hip_flexor_stretch", side="left", by=therapist, reason="kneels well"
    )
    kept = again()
    assert kept.items.filter(exercise="half_kneeling_hip_flexor_stretch", side="left").exists()
    assert any("kneels well" in entry["because"] for entry in kept.left_out)


def test_another_assessment_starts_afresh(draft, client_person, therapist):
    programmes.change_item(item=stretch_of(draft), by=therapist, hold_seconds=20)
    other = make_assessment(client_person, therapist, ("hip_extension_limited", "right"))
    fresh = programmes.draft(client=client_person, assessment=other, by=therapist)
    assert stretch_of(fresh).hold_seconds == 30


def test_an_easier_neighbour_takes_the_place_and_the_findings(draft, again, therapist):
    item = stretch_of(draft)
    place, findings = item.place, item.for_findings
    easier = item.about.easier
    swapped = programmes.swap_item(item=item, exercise=easier, by=therapist)
    assert (swapped.exercise, swapped.place, swapped.side) == (easier, place, "right")
    assert swapped.for_findings == findings
    kept = again()
    assert kept.items.filter(exercise=easier).exists()
    assert not kept.items.filter(exercise="half_kneeling_hip_flexor_stretch").exists()


def test_only_a_neighbour_is_a_swap_and_what_is_forbidden_is_refused(draft, client_person, therapist, time_machine):
    item = stretch_of(draft)
    with pytest.raises(ValidationError, match="easier or the harder"):
        programmes.swap_item(item=item, exercise="walking", by=therapist)
    time_machine.move_to(NOON + datetime.timedelta(hours=1))
    answer_intake(client_person, conditions={"recent_surgery": "yes"})
    bridge = draft.items.get(kind="strength")
    pk, neighbour = bridge.pk, bridge.about.harder or bridge.about.easier
    with pytest.raises(ValidationError):
        programmes.swap_item(item=bridge, exercise=neighbour, by=therapist)
    assert draft.items.filter(pk=pk).exists()


def test_days_and_the_word_to_the_client_stay(draft, again, therapist):
    until = draft.until - datetime.timedelta(days=9)
    programmes.change(programme=draft, by=therapist, note="Dear Ada.", until=until)
    kept = again()
    assert (kept.note, kept.until, kept.starts_on) == ("Dear Ada.", until, draft.starts_on)


def later(time_machine, client, **answers):
    time_machine.move_to(NOON + datetime.timedelta(hours=1))
    answer_intake(client, **answers)


def test_a_side_set_by_hand_that_a_new_answer_forbids_is_not_kept(draft, again, client_person, therapist, time_machine):
    programmes.change_item(item=stretch_of(draft), by=therapist, side="left")
    later(time_machine, client_person, conditions={"knee_replacement": {"answer": "yes", "side": "left"}})
    assert stretch_of(again()).side == "right"


def test_a_red_flag_takes_no_decision_away(draft, again, client_person, therapist):
    programmes.change_item(item=stretch_of(draft), by=therapist, hold_seconds=20)
    alert = raise_alert(client_person, Level.URGENT)
    again()
    safety.clear(alert=alert, note="Looked at, well.", by=therapist)
    assert stretch_of(again()).hold_seconds == 20


def accept_left_too(assessment, therapist):
    """The other leg has it as well."""
    with pgtrigger.ignore("assessments.Finding:findings_of_signed_are_immutable"):
        Finding.objects.create(
            practice=assessment.practice, assessment=assessment, code="hip_extension_limited", side="left",
            grade="moderate", confidence="moderate", because=[], rule_key="hip_extension_limited", rule_version=1,
            protocol_version="2026.1", evidence="weak", text="left",
        )  # fmt: skip
    FindingDecision.objects.create(
        practice=assessment.practice, assessment=assessment, code="hip_extension_limited", side="left",
        decision="accepted", decided_by=therapist,
    )  # fmt: skip


def test_a_dose_set_for_one_leg_stays_when_the_other_joins(draft, again, assessment, therapist):
    programmes.change_item(item=stretch_of(draft), by=therapist, hold_seconds=15)
    accept_left_too(assessment, therapist)
    both = stretch_of(again())
    assert (both.side, both.hold_seconds) == ("", 15)


def test_a_leg_that_was_removed_stays_out_when_the_other_joins(draft, again, assessment, therapist):
    item = stretch_of(draft)
    programmes.remove_item(item=item, reason="hurts her knee", by=therapist)
    accept_left_too(assessment, therapist)
    assert again().items.get(exercise=item.exercise).side == "left"


def test_what_is_added_again_is_no_longer_removed(draft, again, therapist):
    item = stretch_of(draft)
    programmes.remove_item(item=item, reason="hurts her knee", by=therapist)
    programmes.add_item(programme=draft, exercise=item.exercise, side="right", by=therapist)
    kept = again()
    assert kept.items.filter(exercise=item.exercise).exists()
    assert not any("hurts her knee" in entry["because"] for entry in kept.left_out)


def test_a_swapped_exercise_keeps_its_place(draft, again, therapist):
    item = stretch_of(draft)
    swapped = programmes.swap_item(item=item, exercise=item.about.easier, by=therapist)
    assert again().items.first().exercise == swapped.exercise


def test_only_drafts_lend_their_decisions(draft, again, therapist):
    programmes.change_item(item=stretch_of(draft), by=therapist, hold_seconds=20)
    programmes.publish(programme=draft, by=therapist)
    assert stretch_of(again()).hold_seconds == 30


def test_an_answer_after_the_draft_that_forbids_an_exercise_refuses_publication(
    draft, client_person, therapist, time_machine
):
    later(time_machine, client_person, conditions={"recent_surgery": "yes"})
    with pytest.raises(ValidationError, match="recent surgery"):
        programmes.publish(programme=draft, by=therapist)


def test_what_a_clinician_answered_for_is_published(client_person, assessment, again, therapist):
    answer_intake(client_person, conditions={"knee_replacement": {"answer": "yes", "side": "right"}})
    draft = again()
    exercise = "half_kneeling_hip_flexor_stretch"
    programmes.add_item(programme=draft, exercise=exercise, side="right", by=therapist, reason="kneels well")
    assert programmes.publish(programme=draft, by=therapist).items.filter(exercise=exercise).exists()
