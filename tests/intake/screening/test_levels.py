"""Every flag alone, every pair that combines, every age at every limit, and answers that are missing."""

from itertools import combinations, product

import pytest

from intake.screening import LEVELS, RED_FLAGS, Answers, Pain, screen
from tests.intake.screening.contract import (
    ASK,
    BACK,
    ELSEWHERE,
    EMERGENCY,
    EVERY,
    LEVEL,
    LOCAL,
    ORDER,
    SYSTEMIC,
    URGENT,
    answered,
    highest,
)

AGES = range(8, 91)
PAIRS = {
    **dict.fromkeys(combinations(SYSTEMIC, 2), "urgent"),
    **dict.fromkeys(product(SYSTEMIC, LOCAL), "urgent"),
    **dict.fromkeys(combinations(LOCAL, 2), "ask"),
}


def level(*yes, age=40, **more):
    return screen(answered(*yes, **more), age=age).level


def test_the_flags_and_their_levels_are_those_of_the_contract():
    assert {key: item.level for key, item in RED_FLAGS.items()} == LEVEL
    assert {key for key, item in RED_FLAGS.items() if item.group == "systemic"} == set(SYSTEMIC)
    assert {key for key, item in RED_FLAGS.items() if item.group == "local"} == set(LOCAL)
    assert LEVELS == ORDER


@pytest.mark.parametrize("key", EVERY)
@pytest.mark.parametrize("said", ["yes", "unsure", "no", None])
@pytest.mark.parametrize("others", ["no", None])
def test_each_flag_alone(key, said, others):
    """The level and the one sentence why, whether all other questions were answered no or none of them was."""
    flags = dict.fromkeys(EVERY, others) | {key: said}
    referral = screen(Answers(red_flags={flag: answer for flag, answer in flags.items() if answer}), age=40)
    assert referral.level == {"yes": LEVEL[key], "unsure": "ask"}.get(said, "none")
    assert len(referral.because) == (said in ("yes", "unsure"))
    assert all(RED_FLAGS[key].suspects in sentence for sentence in referral.because)


def test_all_pairs_of_asking_flags_are_here():
    assert {frozenset(pair) for pair in PAIRS} == {frozenset(pair) for pair in combinations(ASK, 2)}


@pytest.mark.parametrize(("pair", "expected"), PAIRS.items())
def test_each_pair_of_asking_flags(pair, expected):
    """Both yes combine by their groups; as soon as one of them is not sure, nothing combines."""
    first, second = pair
    assert level(first, second) == level(second, first) == expected
    assert level(first, unsure=[second]) == level(second, unsure=[first]) == level(unsure=pair) == "ask"
    assert level(first) == level(second) == level(first, unanswered=[second]) == "ask"


@pytest.mark.parametrize("pressing", EMERGENCY + URGENT)
def test_an_asking_flag_changes_nothing_beside_a_pressing_one(pressing):
    for other in (*ASK, *URGENT):
        assert level(pressing, other) == LEVEL[pressing]
        assert level(other, unsure=[pressing]) == LEVEL[other]


@pytest.mark.parametrize("pair", list(combinations(EMERGENCY + URGENT, 2)))
def test_of_two_pressing_flags_the_higher_counts_and_comes_first(pair):
    referral = screen(answered(*pair), age=40)
    assert referral.level == highest(*(LEVEL[key] for key in pair))
    first = next(key for key in EVERY if key in pair)
    assert RED_FLAGS[first].name.lower() in referral.because[0].lower()


@pytest.mark.parametrize("age", AGES)
def test_one_systemic_flag_is_urgent_over_seventy(age):
    for key in SYSTEMIC:
        assert level(key, age=age) == ("urgent" if age >= 71 else "ask"), key
        assert level(unsure=[key], age=age) == "ask"


@pytest.mark.parametrize("age", AGES)
def test_local_flags_stay_ask_at_every_age(age):
    assert {level(key, age=age) for key in LOCAL} == {"ask"}
    assert level(*LOCAL, age=age) == "ask"
    assert level(age=age) == "none"


@pytest.mark.parametrize("age", AGES)
def test_back_pain_is_ask_under_eighteen_and_urgent_with_a_systemic_flag(age):
    minor, old = age <= 17, age >= 71
    for site in BACK:
        assert level(age=age, sites=[site]) == ("ask" if minor else "none")
        assert level(age=age, sites=["knee", site]) == ("ask" if minor else "none")
        assert {level(key, age=age, sites=[site]) for key in SYSTEMIC} == {"urgent" if minor or old else "ask"}
        assert {level(key, age=age, sites=[site]) for key in LOCAL} == {"ask"}
        assert {level(unsure=[key], age=age, sites=[site]) for key in SYSTEMIC} == {"ask"}


@pytest.mark.parametrize("site", ELSEWHERE)
@pytest.mark.parametrize("age", [8, 17, 18, 70])
def test_pain_elsewhere_is_no_back_pain(site, age):
    assert level(age=age, sites=[site]) == "none"
    assert {level(key, age=age, sites=[site]) for key in SYSTEMIC} == {"ask"}


@pytest.mark.parametrize("key", EVERY)
def test_an_unknown_age_leaves_what_a_flag_says_by_itself(key):
    assert level(key, age=None, sites=BACK) == LEVEL[key]
    assert level(unsure=[key], age=None, sites=BACK) == "ask"


@pytest.mark.parametrize(("pair", "expected"), PAIRS.items())
def test_pairs_combine_without_an_age_too(pair, expected):
    assert level(*pair, age=None) == expected


@pytest.mark.parametrize("age", [None, 8, 17, 18, 70, 71, 90])
def test_nothing_answered_says_nothing_but_is_reported(age):
    referral = screen(Answers(), age=age)
    assert (referral.level, referral.because) == ("none", ())
    assert Answers().unanswered_red_flags == tuple(RED_FLAGS)
    assert set(Answers(red_flags={"diabetes": "no"}).unanswered_red_flags) == set(EVERY) - {"diabetes"}


@pytest.mark.parametrize("place", [Pain("low_back"), Pain("low_back", "left", 0, 0, False), Pain("low_back", "both")])
def test_back_pain_counts_however_little_was_said_about_it(place):
    assert screen(Answers(pain=(place,)), age=17).level == "ask"


def test_sentences_name_the_flags_the_age_and_the_limit():
    because = screen(answered("feels_ill", "diabetes", sites=["low_back"]), age=17).because
    assert because == (
        "A general sign with a local one: feeling generally ill, with diabetes.",
        "Back pain at 17 years with a general sign: feeling generally ill.",
        "Feeling generally ill: answered yes. Consider malignancy or infection.",
        "Diabetes: answered yes. Consider infection risk, nerve damage in the feet.",
        "Back pain at 17 years, under 18.",
    )
    old = screen(answered("feels_ill", "immune_suppression"), age=71).because
    both = "feeling generally ill; weakened immune system"
    assert old[:2] == (f"Two or more general signs together: {both}.", f"A general sign at 71 years, over 70: {both}.")


def test_at_least_raises_but_never_lowers():
    none, urgent = screen(answered(), age=40), screen(answered("new_lump"), age=40)
    assert none.at_least("ask", "leg").level == "ask"
    assert urgent.at_least("ask", "leg").level == "urgent"
    assert urgent.at_least("ask", "leg").because[-1] == "leg"
    assert urgent.as_dict() == {"level": "urgent", "because": list(urgent.because)}


@pytest.mark.parametrize(
    ("flag", "locks"), [(None, False), ("diabetes", False), ("new_lump", True), (EMERGENCY[0], True)]
)
def test_urgent_and_emergency_lock(flag, locks):
    assert screen(answered(*[flag] if flag else []), age=40).locks is locks
