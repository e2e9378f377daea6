import datetime

import pytest
from django.core.exceptions import ValidationError

from clinic.models import AuditEntry, Level
from tests.treatments.conftest import TODAY, answer_intake
from tests.treatments.test_draft_and_publish import raise_alert
from treatments.models import Programme, ProgrammeItem
from treatments.planning import LIBRARY
from treatments.queries.load import load_of
from treatments.queries.offers import Offers
from treatments.queries.versions import difference, versions
from treatments.services import programmes

pytestmark = pytest.mark.django_db


def order(programme):
    return [item.exercise for item in programme.items.all()]


@pytest.mark.parametrize(("to", "place"), [(0, 0), (1, 1), (-3, 0), (99, -1)])
def test_an_exercise_moves_to_its_place_and_the_others_make_room(draft, therapist, to, place):
    before = order(draft)
    item = draft.items.all()[1]
    programmes.move_item(item=item, to=to, by=therapist)
    after = order(draft)
    assert after[place] == item.exercise
    assert [key for key in after if key != item.exercise] == [key for key in before if key != item.exercise]
    assert sorted(draft.items.values_list("place", flat=True)) == list(range(len(before)))
    assert AuditEntry.objects.filter(verb="programme.item_moved").count() == 1


def test_an_exercise_can_be_added_at_a_place(draft, therapist):
    programmes.add_item(programme=draft, exercise="heel_slide", side="left", by=therapist, to=0)
    assert order(draft)[0] == "heel_slide"


def test_what_was_left_out_comes_back_as_it_was(draft, therapist):
    item = draft.items.all()[1]
    programmes.change_item(item=item, by=therapist, repetitions=7, weekdays=[2])
    before, kept = order(draft), {name: getattr(item, name) for name in ("because", "for_findings", "suggested")}
    key = str(item.pk)
    programmes.remove_item(item=item, reason="Too hard for now", by=therapist)
    back = programmes.put_back(programme=Programme.objects.get(pk=draft.pk), item=key, by=therapist)
    back.refresh_from_db()
    assert order(draft) == before
    assert (back.repetitions, back.weekdays) == (7, [2])
    assert {name: getattr(back, name) for name in kept} == kept
    draft.refresh_from_db()
    assert not [entry for entry in draft.left_out if entry.get("by_hand") == "removed"]


def test_nothing_comes_back_twice(draft, therapist):
    item = draft.items.all()[1]
    key = str(item.pk)
    programmes.remove_item(item=item, reason="x", by=therapist)
    programmes.put_back(programme=draft, item=key, by=therapist)
    with pytest.raises(ValidationError, match="nothing to put back"):
        programmes.put_back(programme=draft, item=key, by=therapist)


def test_a_dose_saved_late_does_not_forget_what_was_left_out(draft, therapist):
    first, second = (ProgrammeItem.objects.select_related("programme").get(pk=row.pk) for row in draft.items.all()[:2])
    key = str(first.pk)
    programmes.remove_item(item=first, reason="x", by=therapist)
    programmes.change_item(item=second, by=therapist, weekdays=[2])  # its programme was read before
    assert programmes.put_back(programme=draft, item=key, by=therapist).exercise == first.exercise


def test_what_is_left_out_comes_back_as_somebody_else_had_changed_it(draft, therapist):
    item, stale = draft.items.all()[1], draft.items.all()[1]
    programmes.change_item(item=item, by=therapist, weekdays=[2])
    programmes.remove_item(item=stale, reason="x", by=therapist)
    assert programmes.put_back(programme=draft, item=str(item.pk), by=therapist).weekdays == [2]


def test_what_is_gone_already_is_said(draft, therapist):
    item, stale = draft.items.all()[1], draft.items.all()[1]
    programmes.remove_item(item=item, reason="x", by=therapist)
    for act in (
        lambda: programmes.remove_item(item=stale, reason="x", by=therapist),
        lambda: programmes.change_item(item=stale, by=therapist, weekdays=[2]),
        lambda: programmes.move_item(item=stale, to=0, by=therapist),
    ):
        with pytest.raises(ValidationError, match="taken out in the meantime"):
            act()
    programmes.draft(client=draft.client, assessment=draft.assessment, by=therapist)
    with pytest.raises(ValidationError, match="made room for a newer one"):
        programmes.add_item(programme=draft, exercise="heel_slide", side="left", by=therapist)


def test_what_speaks_against_it_by_now_keeps_it_out(draft, client_person, therapist, time_machine):
    item = draft.items.get(exercise="half_kneeling_hip_flexor_stretch")
    key = str(item.pk)
    programmes.remove_item(item=item, reason="x", by=therapist)
    time_machine.shift(60)
    answer_intake(client_person, conditions={"knee_replacement": {"answer": "yes", "side": "right"}})
    with pytest.raises(ValidationError, match="Add it again and say why"):
        programmes.put_back(programme=draft, item=key, by=therapist)
    assert "half_kneeling_hip_flexor_stretch" not in order(draft)


def test_publishing_takes_days_a_word_and_why_the_old_one_ends(running, client_person, assessment, therapist):
    new = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    later = TODAY + datetime.timedelta(days=3)
    why = "too easy by now"
    programmes.publish(programme=new, by=therapist, because=why, starts_on=later, note="Slowly.", ends_today=True)
    running.refresh_from_db()
    new.refresh_from_db()
    assert running.ended_because == "replaced by a newer programme: too easy by now"
    assert (new.state, new.starts_on, new.note) == ("published", later, "Slowly.")


def test_days_without_a_programme_are_never_made_by_accident(running, client_person, assessment, therapist):
    new = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    later = TODAY + datetime.timedelta(days=1)
    with pytest.raises(ValidationError, match="nothing to do until 5 March") as refused:
        programmes.publish(programme=new, by=therapist, starts_on=later)
    assert set(refused.value.message_dict) == {"ends_today"}
    assert Programme.objects.get(pk=running.pk).state == "published"
    new.refresh_from_db()
    assert programmes.publish(programme=new, by=therapist, starts_on=TODAY).state == "published"


@pytest.mark.parametrize(("starts", "until"), [(-9, -1), (5, 9)])
def test_what_is_over_or_has_not_begun_leaves_no_gap(running, client_person, assessment, therapist, starts, until):
    days = {"starts_on": starts, "until": until}
    Programme.objects.filter(pk=running.pk).update(
        **{name: TODAY + datetime.timedelta(days=count) for name, count in days.items()}
    )
    new = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    later = TODAY + datetime.timedelta(days=3)
    assert programmes.publish(programme=new, by=therapist, starts_on=later).state == "published"


def test_a_refused_publication_changes_nothing(running, client_person, assessment, therapist):
    new = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    with pytest.raises(ValidationError, match="before the first"):
        programmes.publish(programme=new, by=therapist, until=TODAY - datetime.timedelta(days=9))
    with pytest.raises(ValidationError, match="At most 169 letters"):
        programmes.publish(programme=Programme.objects.get(pk=new.pk), by=therapist, because="x" * 170)
    assert Programme.objects.get(pk=running.pk).state == "published"
    assert Programme.objects.get(pk=new.pk).state == "draft"


# --- versions ---------------------------------------------------------------------------------------------------------


def test_a_version_is_the_beginning_of_the_next_without_what_hurt(running, therapist):
    hurt = running.items.all()[0]
    hurt.stopped_at, hurt.stopped_because = running.published_at, "too painful"
    hurt.save()
    kept = running.items.all()[1]
    kept.repetitions = 9
    kept.save()
    draft = programmes.start_from(programme=running, by=therapist)
    assert draft.state == "draft"
    assert hurt.exercise not in order(draft)
    assert any(entry["exercise"] == hurt.exercise and "too painful" in entry["because"] for entry in draft.left_out)
    assert draft.items.get(exercise=kept.exercise).repetitions == 9
    assert draft.items.get(exercise=kept.exercise).because.startswith("As in the programme of 4 March 2026.")


def test_a_version_is_judged_by_what_is_known_today(running, client_person, therapist, time_machine):
    time_machine.shift(60)
    answer_intake(client_person, conditions={"knee_replacement": {"answer": "yes", "side": "right"}})
    draft = programmes.start_from(programme=running, by=therapist)
    assert "half_kneeling_hip_flexor_stretch" not in order(draft)
    assert programmes.publish_problems(draft) == []


def test_a_version_starts_nothing_while_a_red_flag_locks(running, client_person, therapist):
    raise_alert(client_person, Level.URGENT)
    with pytest.raises(ValidationError, match="red flag"):
        programmes.start_from(programme=running, by=therapist)
    assert not Programme.objects.filter(state="draft").exists()


def test_a_draft_is_no_version(draft, therapist):
    with pytest.raises(ValidationError, match="go on with it"):
        programmes.start_from(programme=draft, by=therapist)


def test_what_changed_is_said_exercise_by_exercise(running, therapist):
    new = programmes.start_from(programme=running, by=therapist)
    stretch = new.items.get(exercise="half_kneeling_hip_flexor_stretch")
    programmes.change_item(item=stretch, by=therapist, hold_seconds=45, side="left")
    gone = new.items.exclude(pk=stretch.pk).first()
    programmes.remove_item(item=gone, reason="x", by=therapist)
    programmes.add_item(programme=new, exercise="heel_slide", side="right", by=therapist)
    told = difference(running, Programme.objects.get(pk=new.pk))
    assert {(change.what, change.item.exercise) for change in told.changes} == {
        ("changed", stretch.exercise), ("removed", gone.exercise), ("added", "heel_slide"),
    }  # fmt: skip
    assert not told.note


def test_another_order_alone_is_said_too(running, therapist):
    new = programmes.start_from(programme=running, by=therapist)
    assert difference(running, new).nothing
    programmes.move_item(item=new.items.first(), to=9, by=therapist)
    told = difference(running, Programme.objects.get(pk=new.pk))
    assert told.moved
    assert not told.changes


def test_versions_count_from_the_first_and_know_who(running, client_person, therapist, time_machine):
    time_machine.shift(60)
    new = programmes.start_from(programme=running, by=therapist)
    programmes.publish(programme=new, by=therapist)
    rows = versions(client_person)
    assert [(row.number, row.programme.pk) for row in rows] == [(2, new.pk), (1, running.pk)]
    assert rows[0].difference.nothing
    assert rows[1].difference is None
    assert rows[0].programme.published_by == therapist


# --- what can go in, and how much it is -------------------------------------------------------------------------------


def test_offers_answer_the_findings_on_their_side(draft):
    groups = Offers(draft, draft.items.all()).groups()
    assert [(group.finding.code, group.answered) for group in groups] == [("hip_extension_limited", True)]
    first = groups[0].offers[0]
    assert first.exercise.key == "half_kneeling_hip_flexor_stretch"
    assert (first.options[0].side, first.options[0].chosen) == ("right", True)


def test_an_offer_says_what_speaks_against_it(client_person, therapist, assessment):
    answer_intake(client_person, conditions={"knee_replacement": {"answer": "yes", "side": "right"}})
    draft = programmes.draft(client=client_person, assessment=assessment, by=therapist)
    offers = Offers(draft, draft.items.all())
    kneeling = offers.offer(LIBRARY["half_kneeling_hip_flexor_stretch"], ["left", "right"])
    against = {option.side: bool(option.against) for option in kneeling.options}
    assert against == {"left": False, "right": True}


@pytest.mark.parametrize("words", ["psoas", "PSOAS stretch", "hip extension", "iliopsoas", "stretch kneeling"])
def test_the_library_is_found_by_name_alias_muscle_and_finding(draft, words):
    found = [offer.exercise.key for offer in Offers(draft, []).found(words)]
    assert "half_kneeling_hip_flexor_stretch" in found


def test_words_that_nothing_has_find_nothing(draft):
    assert Offers(draft, []).found("psoas zebra") == []


def test_the_load_counts_days_sides_and_muscles(draft, therapist):
    stretch = draft.items.get(kind="stretch")
    draft.items.exclude(pk=stretch.pk).delete()
    programmes.change_item(item=stretch, by=therapist, hold_seconds=55, repetitions=3, sets=1, weekdays=[1, 3])
    load = load_of([stretch])
    assert (load.count, load.minutes, load.weekly, load.above) == (1, 3, 6, ())
    programmes.change_item(item=stretch, by=therapist, side="")
    assert load_of([stretch]).minutes == 6
    programmes.change_item(item=stretch, by=therapist, side="right", weekdays=[1, 2, 3, 4])
    assert [(muscle.side, muscle.minutes, muscle.ceiling) for muscle in load_of([stretch]).above] == [("right", 11, 10)]


def test_exactly_the_weekly_ceiling_is_not_above_it(draft, therapist):
    stretch = draft.items.get(kind="stretch")
    programmes.change_item(item=stretch, by=therapist, hold_seconds=60, repetitions=2, weekdays=[1, 2, 3, 4, 5])
    assert load_of([stretch]).above == ()
