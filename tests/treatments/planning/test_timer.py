import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatments.planning.timer import Timed, phases, seconds


def said(dose):
    return [(phase.kind, phase.seconds, phase.side, phase.number) for phase in phases(dose)]


def test_two_holds_of_each_side_with_a_change_between():
    assert said(Timed(("left", "right"), hold_seconds=30, repetitions=2)) == [
        ("ready", 5, "left", 1),
        ("hold", 30, "left", 1),
        ("let_go", 10, "left", 2),
        ("hold", 30, "left", 2),
        ("change", 10, "right", 0),
        ("hold", 30, "right", 1),
        ("let_go", 10, "right", 2),
        ("hold", 30, "right", 2),
    ]


def test_what_is_counted_waits_for_a_tap_and_rests_between_the_rounds():
    assert said(Timed(("right",), repetitions=10, rounds=2)) == [
        ("ready", 5, "right", 0),
        ("move", None, "right", 0),
        ("rest", 30, "right", 0),
        ("move", None, "right", 0),
    ]
    assert seconds(Timed(("right",), repetitions=10, rounds=2)) == 5 + 40 + 30 + 40


def test_an_activity_is_one_long_phase():
    assert said(Timed(minutes=20, repetitions=1)) == [("ready", 5, "", 0), ("hold", 1200, "", 0)]


def test_short_holds_have_short_rests():
    rests = {phase.seconds for phase in phases(Timed(hold_seconds=10, repetitions=10)) if phase.kind == "let_go"}
    assert rests == {5}
    assert {phase.seconds for phase in phases(Timed(hold_seconds=11, repetitions=2)) if phase.kind == "let_go"} == {10}


def test_a_dose_without_numbers_has_no_timer():
    assert phases(Timed(("left", "right"), rounds=3)) == []


@given(
    st.sampled_from([("",), ("left",), ("left", "right")]),
    st.none() | st.integers(1, 120),
    st.none() | st.integers(1, 20),
    st.integers(1, 5),
)
def test_every_side_gets_the_whole_dose(sides, hold, times, rounds):
    found = phases(Timed(sides, hold, times, rounds))
    for side in sides:
        work = [phase for phase in found if phase.kind in ("hold", "move") and phase.side == side]
        if hold:
            assert sum(phase.seconds for phase in work) == hold * (times or 1) * rounds
        else:
            assert sum(phase.of for phase in work) == (times or 0) * rounds
    kinds = [phase.kind for phase in found]
    assert kinds[:1] == ["ready"][: len(kinds)]
    assert all(kinds[place + 1] in ("hold", "move") for place, kind in enumerate(kinds) if kind not in ("hold", "move"))


@pytest.mark.parametrize("dose", [Timed(hold_seconds=1), Timed(minutes=1), Timed(repetitions=1)])
def test_the_last_phase_is_work(dose):
    assert phases(dose)[-1].kind in ("hold", "move")


def test_a_dose_without_hold_and_count_has_nothing_to_time():
    assert said(Timed(("right",))) == []
