"""What holds for every intake that can be thought of."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from intake.screening import Answers, Pain, screen
from tests.intake.screening.contract import BACK, ELSEWHERE, EMERGENCY, EVERY, ORDER

FLAGS = st.dictionaries(st.sampled_from(EVERY), st.sampled_from(["yes", "no", "unsure"]))
PAINS = st.lists(st.sampled_from(BACK + ELSEWHERE), max_size=3).map(lambda sites: tuple(Pain(site) for site in sites))
INTAKES = st.builds(Answers, red_flags=FLAGS, pain=PAINS)
AGES = st.none() | st.integers(0, 120)
ONE = st.sampled_from(EVERY)


def height(answers, age):
    return ORDER.index(screen(answers, age=age).level)


def saying(answers, key, said):
    return replace(answers, red_flags={**answers.red_flags, key: said})


def sure(answers):
    """The same intake with every not sure taken as no."""
    return replace(answers, red_flags={key: said if said == "yes" else "no" for key, said in answers.red_flags.items()})


@given(INTAKES, AGES, ONE)
def test_another_yes_never_lowers_the_level(answers, age, key):
    assert height(saying(answers, key, "yes"), age) >= height(answers, age)


@given(INTAKES, AGES, ONE)
def test_not_sure_never_lowers_what_no_or_nothing_left(answers, age, key):
    without = replace(answers, red_flags={flag: said for flag, said in answers.red_flags.items() if flag != key})
    unsure = height(saying(answers, key, "unsure"), age)
    assert unsure >= height(saying(answers, key, "no"), age) == height(without, age)
    assert unsure >= ORDER.index("ask")


@given(INTAKES, AGES)
def test_not_sure_is_ask_and_never_part_of_a_combination(answers, age):
    asked = "ask" if "unsure" in answers.red_flags.values() else "none"
    assert height(answers, age) == max(ORDER.index(asked), height(sure(answers), age))
    combined = {line for line in screen(sure(answers), age=age).because if "answered" not in line}
    assert {line for line in screen(answers, age=age).because if "answered" not in line} == combined


@given(INTAKES, AGES, st.randoms())
def test_the_order_of_answers_and_places_changes_nothing(answers, age, random):
    flags, places = list(answers.red_flags.items()), list(answers.pain)
    random.shuffle(flags)
    random.shuffle(places)
    assert screen(Answers(red_flags=dict(flags), pain=tuple(places)), age=age) == screen(answers, age=age)


@given(INTAKES, AGES)
def test_the_same_intake_gives_the_same_referral(answers, age):
    before = dict(answers.red_flags)
    assert screen(answers, age=age) == screen(answers, age=age)
    assert answers.red_flags == before


@given(INTAKES, AGES)
def test_emergency_exactly_when_an_emergency_flag_is_yes(answers, age):
    said = any(answers.red_flags.get(key) == "yes" for key in EMERGENCY)
    assert (screen(answers, age=age).level == "emergency") is said


@given(INTAKES, AGES)
def test_a_level_has_reasons_each_once_and_no_level_has_none(answers, age):
    referral = screen(answers, age=age)
    assert (referral.level == "none") is (referral.because == ())
    assert len(set(referral.because)) == len(referral.because)


@given(INTAKES, AGES)
def test_knowing_the_age_never_lowers_the_level(answers, age):
    assert height(answers, age) >= height(answers, None)
