"""What was reached is kept up; what did not help is not tried once more (clinical §4.1)."""

import pytest

from tests.treatments.planning.making import finding, keys, planned, why
from treatments.planning import LIBRARY, History, NoExercise, Reached, Unhelped
from treatments.planning.dose import DOSES, dose_of, weekly_seconds
from treatments.planning.history import NOTHING_LEFT, TRY_ANOTHER_WAY

HALF_KNEELING, EDGE, STANDING, SEATED = (
    "half_kneeling_hip_flexor_stretch",
    "supine_edge_of_bed_hip_flexor_stretch",
    "standing_hip_flexor_stretch",
    "seated_hip_flexor_stretch",
)
LOOSER = Reached(HALF_KNEELING, "right", "hip_extension_limited", "2° to 16°")


def reached(*entries):
    return History(reached=entries)


def unhelped(*entries):
    return History(unhelped=entries)


def item(programme, exercise, side="any"):
    return next(i for i in programme.items if i.exercise == exercise and side in ("any", i.side))


def test_what_was_reached_stays_at_three_days_a_week_after_what_is_present():
    programme = planned(finding("hamstring_short", "left"), history=reached(LOOSER))
    kept = programme.items[-1]
    assert (kept.exercise, kept.side, kept.for_findings) == (HALF_KNEELING, "right", ("hip_extension_limited",))
    assert (kept.maintenance, kept.days_per_week, kept.hold_seconds, kept.repetitions) == (True, 3, 30, 2)
    assert kept.because.startswith("Hip extension limited: reached (2° to 16°). Kept up so that it stays. 30 s × 2, 3")
    assert "Reid & Kim 2014" in kept.because
    assert [i.maintenance for i in programme.items] == [False, False, False, True]


def test_with_no_finding_left_maintenance_is_completed_like_any_programme():
    programme = planned(history=reached(LOOSER))
    assert keys(programme) == ["bridge", "walking", HALF_KNEELING]
    assert programme.advice


def test_a_reached_strengthening_exercise_is_the_strengthening_of_the_programme():
    programme = planned(history=reached(Reached("side_lying_leg_raise", "left", "hip_abductors_weak")))
    assert keys(programme) == ["walking", "side_lying_leg_raise"]
    assert item(programme, "side_lying_leg_raise").because.startswith("Hip abductors weak: reached. Kept up")


def test_both_legs_that_reached_become_one_item():
    both = planned(history=reached(LOOSER, Reached(HALF_KNEELING, "left", "iliopsoas_short")))
    assert (item(both, HALF_KNEELING).side, set(item(both, HALF_KNEELING).for_findings)) == (
        None,
        {"hip_extension_limited", "iliopsoas_short"},
    )
    assert planned(history=reached(Reached(HALF_KNEELING, None, "iliopsoas_short"))).items[-1].side is None


def test_a_leg_that_is_still_short_is_no_maintenance_and_the_other_one_is():
    programme = planned(
        finding("iliopsoas_short", "left"), history=reached(Reached(HALF_KNEELING, None, "iliopsoas_short"))
    )
    assert item(programme, HALF_KNEELING, "left").maintenance is False
    assert item(programme, HALF_KNEELING, "right").maintenance is True


def test_an_exercise_that_a_finding_asks_for_again_is_no_maintenance():
    programme = planned(finding("iliopsoas_short", "right"), history=reached(LOOSER))
    assert [i.maintenance for i in programme.items if i.exercise == HALF_KNEELING] == [False]


def test_maintenance_counts_towards_the_five_and_goes_first():
    present = [finding(code) for code in ("hamstring_short", "rectus_femoris_short", "soleus_short")]
    programme = planned(*present, history=reached(LOOSER))
    assert len(programme.items) == 5
    assert not any(i.maintenance for i in programme.items)
    assert why(programme, HALF_KNEELING) == "at most 5 exercises in one programme"


@pytest.mark.parametrize(
    ("exercise", "finding_code"), [(HALF_KNEELING, "iliopsoas_short"), ("chair_squat", "hip_extensors_weak")]
)
def test_precautions_apply_to_maintenance_as_well(exercise, finding_code):
    hip = {"answer": "yes"}
    programme = planned(
        finding("soleus_short"), conditions={"hip_replacement": hip["answer"]},
        history=reached(Reached(exercise, "right" if LIBRARY[exercise].sided else None, finding_code)),
    )  # fmt: skip
    assert exercise not in keys(programme)
    assert "hip replacement" in why(programme, exercise)


def test_what_the_library_no_longer_has_is_named():
    programme = planned(finding("soleus_short"), history=reached(Reached("headstand", "left", "hamstring_short")))
    assert why(programme, "headstand") == "no longer in the library"


def test_a_second_activity_is_not_kept_up():
    sitting = Reached("movement_breaks", None, "prolonged_sitting")
    programme = planned(finding("prolonged_standing_hard_floor", None), history=reached(sitting))
    assert [i.exercise for i in programme.items if i.kind == "activity"] == ["standing_changes"]
    assert "one activity" in why(programme, "movement_breaks")


def test_what_did_not_help_gives_way_to_the_next_one_that_is_open():
    programme = planned(finding("iliopsoas_short"), history=unhelped(Unhelped(HALF_KNEELING, "right")))
    assert keys(programme)[0] == EDGE
    assert why(programme, HALF_KNEELING) == TRY_ANOTHER_WAY
    assert "instead of Half-kneeling hip flexor stretch" in programme.items[0].because


def test_what_did_not_help_one_leg_may_help_the_other():
    programme = planned(finding("iliopsoas_short", "left"), history=unhelped(Unhelped(HALF_KNEELING, "right")))
    assert keys(programme)[0] == HALF_KNEELING


def test_the_next_one_keeps_to_the_precautions():
    programme = planned(
        finding("iliopsoas_short"), conditions={"pregnancy": "yes"}, history=unhelped(Unhelped(HALF_KNEELING, "right"))
    )
    assert keys(programme)[0] == STANDING


def test_where_all_was_tried_it_is_said_to_stop_or_change_and_no_dose_goes_up():
    tried = [Unhelped(key, None) for key in (HALF_KNEELING, EDGE, STANDING, SEATED)]
    programme = planned(finding("iliopsoas_short"), history=unhelped(*tried))
    assert programme.no_exercise == (NoExercise("iliopsoas_short", "right", NOTHING_LEFT),)
    assert "do not raise the dose" in NOTHING_LEFT
    assert keys(programme) == ["bridge", "walking"]


def test_a_general_exercise_that_did_not_help_does_not_come_back_to_complete_the_programme():
    tried = [Unhelped("bridge", None), Unhelped("seated_hip_flexor_stretch", "left")]
    programme = planned(finding("soleus_short"), history=unhelped(*tried))
    assert "chair_squat" in keys(programme)
    assert "bridge" not in keys(programme)


def test_a_reason_of_the_caller_is_said_as_it_is():
    programme = planned(
        finding("soleus_short"), history=unhelped(Unhelped("wall_calf_stretch_bent_knee", "right", "0° in six weeks"))
    )
    assert why(programme, "wall_calf_stretch_bent_knee") == "0° in six weeks"


def test_no_muscle_is_stretched_for_more_than_ten_minutes_a_week():
    """At 70 a stretch alone takes ten minutes a week, so the muscle's former stretch is not kept up beside it."""
    former = Reached(EDGE, "right", "hip_extension_limited")
    older = planned(finding("iliopsoas_short"), age=70, history=reached(former))
    assert EDGE not in keys(older)
    assert why(older, EDGE) == "this muscle would be stretched more than 10 minutes a week, and more brings nothing"
    younger = planned(finding("iliopsoas_short"), age=40, history=reached(former))
    assert {HALF_KNEELING, EDGE} <= set(keys(younger))
    other_leg = planned(finding("iliopsoas_short", "left"), age=70, history=reached(former))
    assert {HALF_KNEELING, EDGE} <= set(keys(other_leg))


def test_exercises_for_both_legs_count_for_each():
    former = Reached("side_lunge_shift", "left", "adductors_short")
    programme = planned(finding("hip_abduction_limited", "right"), age=70, history=reached(former))
    assert keys(programme)[0] == "supine_butterfly"
    assert "10 minutes" in why(programme, "side_lunge_shift")


@pytest.mark.parametrize("age", [None, 8, 64, 65, 90])
@pytest.mark.parametrize("maintenance", [False, True])
def test_every_dose_of_the_library_is_below_the_ceiling(age, maintenance):
    longest = [
        weekly_seconds(dose_of(exercise, age, maintenance=maintenance))
        for exercise in LIBRARY.values()
        if DOSES.ceiling.counts(exercise)
    ]
    assert max(longest) <= DOSES.ceiling.seconds == 600


@pytest.mark.parametrize("exercise", LIBRARY.values(), ids=LIBRARY)
def test_maintenance_changes_nothing_but_the_days(exercise):
    usual, kept = dose_of(exercise, 40), dose_of(exercise, 40, maintenance=True)
    assert kept.days_per_week == min(3, usual.days_per_week)
    assert (kept.hold_seconds, kept.repetitions, kept.sets, kept.minutes) == (
        usual.hold_seconds, usual.repetitions, usual.sets, usual.minutes,
    )  # fmt: skip
