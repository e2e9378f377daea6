import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.screening import RED_FLAGS, Answers, Pain, client_message, screen

SYSTEMIC = [key for key, item in RED_FLAGS.items() if item.group == "systemic"]
LOCAL = [key for key, item in RED_FLAGS.items() if item.group == "local"]


def answered(*yes, unsure=(), sites=()):
    flags = {**dict.fromkeys(RED_FLAGS, "no"), **dict.fromkeys(yes, "yes"), **dict.fromkeys(unsure, "unsure")}
    return Answers(red_flags=flags, pain=tuple(Pain(site) for site in sites))


def level(*yes, age=40, **more):
    return screen(answered(*yes, **more), age=age).level


@pytest.mark.parametrize(("key", "item"), RED_FLAGS.items())
def test_each_item_alone_has_its_own_level_and_says_why(key, item):
    referral = screen(answered(key), age=40)
    assert referral.level == item.level
    assert item.suspects in referral.because[0]


@pytest.mark.parametrize("key", RED_FLAGS)
def test_unsure_on_any_item_is_ask(key):
    assert level(unsure=[key]) == "ask"


def test_the_levels_are_those_of_the_contract():
    counted = {name: sum(item.level == name for item in RED_FLAGS.values()) for name in ("emergency", "urgent", "ask")}
    assert counted == {"emergency": 7, "urgent": 17, "ask": 10}
    assert (len(SYSTEMIC), len(LOCAL)) == (5, 5)


@pytest.mark.parametrize(
    ("yes", "age", "expected"),
    [
        (SYSTEMIC[:2], 40, "urgent"),
        ([SYSTEMIC[0], LOCAL[0]], 40, "urgent"),
        (LOCAL[:2], 40, "ask"),
        (LOCAL, 90, "ask"),
        (SYSTEMIC[:1], 70, "ask"),
        (SYSTEMIC[:1], 71, "urgent"),
        (SYSTEMIC[:1], None, "ask"),
        (LOCAL[:1], 71, "ask"),
        (["saddle_numbness", *SYSTEMIC], 40, "emergency"),
        ([], 90, "none"),
    ],
)
def test_combinations(yes, age, expected):
    assert level(*yes, age=age) == expected


@pytest.mark.parametrize(
    ("site", "yes", "age", "expected"),
    [
        ("low_back", [], 17, "ask"),
        ("upper_back", [], 17, "ask"),
        ("sacroiliac", [], 17, "ask"),
        ("low_back", [], 18, "none"),
        ("low_back", [], None, "none"),
        ("knee", [], 12, "none"),
        ("low_back", SYSTEMIC[:1], 17, "urgent"),
        ("low_back", LOCAL[:1], 17, "ask"),
        ("knee", SYSTEMIC[:1], 17, "ask"),
    ],
)
def test_back_pain_under_eighteen(site, yes, age, expected):
    assert level(*yes, age=age, sites=[site]) == expected


def test_unanswered_flags_change_no_level_but_are_reported():
    answers = Answers(red_flags={"diabetes": "no"})
    assert screen(answers, age=40).level == "none"
    assert screen(answers, age=40).because == ()
    assert set(answers.unanswered_red_flags) == set(RED_FLAGS) - {"diabetes"}


@given(
    unsure=st.sets(st.sampled_from(sorted(RED_FLAGS))),
    age=st.integers(0, 110),
    site=st.sampled_from(["low_back", "hip"]),
)
def test_unsure_never_makes_urgent(unsure, age, site):
    assert level(unsure=unsure, age=age, sites=[site]) in ("none", "ask")


@given(yes=st.sampled_from(SYSTEMIC), unsure=st.sets(st.sampled_from(sorted(RED_FLAGS))))
def test_unsure_never_counts_towards_a_combination(yes, unsure):
    assert level(yes, unsure=unsure - {yes}) == "ask"


@given(
    yes=st.sets(st.sampled_from(sorted(RED_FLAGS))), more=st.sampled_from(sorted(RED_FLAGS)), age=st.integers(0, 110)
)
def test_another_yes_never_lowers_the_level(yes, more, age):
    order = ["none", "ask", "urgent", "emergency"]
    assert order.index(level(*yes, more, age=age)) >= order.index(level(*yes, age=age))


def test_at_least_raises_but_never_lowers():
    none, urgent = screen(answered(), age=40), screen(answered("new_lump"), age=40)
    assert none.at_least("ask", "leg").level == "ask"
    assert urgent.at_least("ask", "leg").level == "urgent"
    assert urgent.at_least("ask", "leg").because[-1] == "leg"
    assert (none.locks, urgent.locks) == (False, True)


@pytest.mark.parametrize("stop", ["emergency", "urgent"])
def test_the_client_message_names_no_disease_and_the_number(stop):
    message = client_message(stop, emergency_number="112")
    text = " ".join((message.title, *message.paragraphs)).lower()
    assert "112" in text
    for word in {word for item in RED_FLAGS.values() for word in item.suspects.lower().split() if len(word) > 7}:
        assert word not in text


@pytest.mark.parametrize("calm", ["none", "ask"])
def test_nothing_interrupts_the_client_below_urgent(calm):
    assert client_message(calm, emergency_number="112") is None
