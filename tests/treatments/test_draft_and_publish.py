import datetime

import pytest
from django.core.exceptions import ValidationError

from clinic.models import AuditEntry, Level
from clinic.models.base import uuid7
from clinic.services import audit, safety
from tests.treatments.conftest import TODAY, answer_intake, make_assessment
from treatments.models import Programme
from treatments.planning import LIBRARY
from treatments.queries import referral_of
from treatments.services import programmes

pytestmark = pytest.mark.django_db


def raise_alert(client, level):
    return safety.raise_alert(
        client=client, level=level, because=["Fever with back pain"], source="intake", source_id=uuid7(),
        by=audit.Machine.COMMAND,
    )  # fmt: skip


def test_a_draft_answers_the_accepted_findings_on_their_side(draft):
    stretch = draft.items.get(kind="stretch")
    assert (stretch.exercise, stretch.side) == ("half_kneeling_hip_flexor_stretch", "right")
    assert stretch.weekdays == [1, 2, 3, 4, 5]
    assert stretch.for_findings == ["hip_extension_limited"]
    assert {item.kind for item in draft.items.all()} >= {"stretch", "strength", "activity"}


def test_a_left_finding_leads_to_a_left_exercise(client_person, therapist, intake):
    assessment = make_assessment(client_person, therapist, ("hip_extension_limited", "left"))
    draft = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    assert {item.side for item in draft.items.all() if item.about.sided} == {"left"}


def test_a_draft_runs_six_weeks_and_says_what_was_left_out(draft):
    assert draft.starts_on == TODAY
    assert draft.until == TODAY + datetime.timedelta(days=41)
    assert draft.left_out
    assert all(entry["because"] for entry in draft.left_out)
    assert any("Walk" in sentence for sentence in draft.advice)


def test_contraindicated_exercises_are_never_suggested(client_person, therapist, assessment):
    answer_intake(client_person, conditions={"hip_replacement": "yes"})
    draft = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    assert not [item for item in draft.items.all() if "hip" in item.about.tags]
    assert any("hip replacement" in entry["because"] for entry in draft.left_out)


def test_unanswered_conditions_suggest_nothing(client_person, therapist, assessment):
    draft = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    assert not draft.items.exists()


def test_a_red_flag_empties_the_draft_and_refuses_publication(client_person, therapist, assessment, intake):
    raise_alert(client_person, Level.URGENT)
    draft = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    assert not draft.items.exists()
    with pytest.raises(ValidationError, match="red flag is open"):
        programmes.publish(programme=draft, by=therapist)


@pytest.mark.parametrize(("level", "words"), [(Level.URGENT, "red flag"), (Level.ASK, "question is open")])
def test_an_alert_that_comes_after_the_draft_refuses_publication(client_person, draft, therapist, level, words):
    alert = raise_alert(client_person, level)
    assert referral_of(client_person).level == level
    with pytest.raises(ValidationError, match=words):
        programmes.publish(programme=draft, by=therapist)
    safety.clear(alert=alert, note="Flu two weeks ago, well now.", by=therapist)
    assert programmes.publish(programme=draft, by=therapist).state == "published"


def test_without_an_intake_nothing_is_published(client_person, therapist, assessment):
    draft = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    programmes.add_item(programme=draft, exercise="walking", by=therapist, reason="asked on the phone")
    with pytest.raises(ValidationError, match="not answered yet"):
        programmes.publish(programme=draft, by=therapist)


def test_an_empty_or_past_programme_is_not_published(draft, therapist, time_machine):
    time_machine.move_to(datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC))
    with pytest.raises(ValidationError, match="14 April 2026, is over"):
        programmes.publish(programme=draft, by=therapist)
    draft.items.all().delete()
    with pytest.raises(ValidationError, match="no exercise"):
        programmes.publish(programme=draft, by=therapist)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_publishing_replaces_the_running_programme(running, client_person, assessment, therapist):
    again = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    programmes.publish(programme=again, by=therapist)
    running.refresh_from_db()
    assert (running.state, running.ended_because) == ("ended", "replaced by a newer programme")
    assert running.remind_at is None
    assert Programme.objects.published().get() == again


def test_every_step_writes_one_audit_row_without_health_data(running, therapist):
    programmes.end(programme=running, because="knee pain got worse", by=therapist)
    rows = AuditEntry.objects.filter(object_id=running.pk).order_by("created_at")
    assert [row.verb for row in rows] == ["programme.drafted", "programme.published", "programme.ended"]
    assert "knee" not in str([row.facts for row in rows])


def test_a_draft_of_somebody_elses_assessment_is_refused(other_client, assessment, therapist):
    with pytest.raises(ValidationError, match="somebody else"):
        programmes.draft(client=other_client, assessment=assessment, by=therapist)


def test_dose_and_days_can_be_changed_within_their_range(draft, therapist):
    item = draft.items.get(kind="stretch")
    programmes.change_item(item=item, by=therapist, hold_seconds=45, repetitions=3, weekdays=[5, 1, 3, 3])
    item.refresh_from_db()
    assert (item.hold_seconds, item.repetitions, item.weekdays) == (45, 3, [1, 3, 5])
    with pytest.raises(ValidationError) as refused:
        programmes.change_item(item=item, by=therapist, hold_seconds=999, weekdays=[8])
    assert set(refused.value.message_dict) == {"hold_seconds", "weekdays"}
    item.refresh_from_db()
    assert item.hold_seconds == 45


def test_a_published_programme_is_not_changed(running, therapist):
    with pytest.raises(ValidationError, match="Only a draft"):
        programmes.change_item(item=running.items.first(), by=therapist, sets=2)
    with pytest.raises(ValidationError, match="Only a draft"):
        programmes.remove_item(item=running.items.first(), by=therapist, reason="x")
    with pytest.raises(ValidationError, match="Only a draft"):
        programmes.change(programme=running, by=therapist, note="x")


def test_a_removed_exercise_stays_on_record_with_name_and_reason(draft, therapist):
    item = draft.items.get(kind="stretch")
    with pytest.raises(ValidationError):
        programmes.remove_item(item=item, by=therapist, reason="  ")
    programmes.remove_item(item=item, by=therapist, reason="dislikes kneeling")
    draft.refresh_from_db()
    gone = {"exercise": item.exercise, "side": "right", "because": "removed by Tomas: dislikes kneeling"}
    assert {**gone, "by_hand": "removed"}.items() <= draft.left_out[-1].items()
    assert not draft.items.filter(exercise=item.exercise).exists()


def test_a_contraindicated_exercise_needs_a_reason(client_person, therapist, assessment):
    answer_intake(client_person, conditions={"knee_replacement": {"answer": "yes", "side": "left"}})
    draft = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    draft.items.all().delete()
    exercise = "half_kneeling_hip_flexor_stretch"
    with pytest.raises(ValidationError, match="knee replacement"):
        programmes.add_item(programme=draft, exercise=exercise, side="left", by=therapist)
    programmes.add_item(programme=draft, exercise=exercise, side="right", by=therapist)
    added = programmes.add_item(
        programme=draft, exercise=exercise, side="left", by=therapist, reason="surgeon agreed, thick cushion"
    )
    assert added.side == "left"
    draft.refresh_from_db()
    assert "used all the same by Tomas: surgeon agreed" in draft.left_out[-1]["because"]


def test_changing_to_a_contraindicated_side_needs_a_reason(client_person, therapist, assessment):
    answer_intake(client_person, conditions={"knee_replacement": {"answer": "yes", "side": "left"}})
    draft = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    item = draft.items.get(exercise="half_kneeling_hip_flexor_stretch")
    with pytest.raises(ValidationError, match="knee replacement"):
        programmes.change_item(item=item, by=therapist, side="left")


def test_unknown_and_double_exercises_are_refused(draft, therapist):
    with pytest.raises(ValidationError, match="not in the library"):
        programmes.add_item(programme=draft, exercise="handstand", by=therapist)
    item = draft.items.get(kind="stretch")
    with pytest.raises(ValidationError, match="already in the programme"):
        programmes.add_item(programme=draft, exercise=item.exercise, side=item.side, by=therapist)


def test_every_exercise_of_the_library_can_be_added_at_its_usual_dose(draft, therapist):
    draft.items.all().delete()
    for key in LIBRARY:
        item = programmes.add_item(programme=draft, exercise=key, by=therapist, reason="trying it")
        assert item.dose
        assert item.weekdays
