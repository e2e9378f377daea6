from hypothesis import given
from hypothesis import strategies as st

from intake.services.merging import merged

SEEN = {"footwear": "worn", "red_flags": {"diabetes": "no"}, "pain": [{"site": "hip", "severity": 3}]}


def test_without_what_was_seen_everything_given_counts():
    now = {"footwear": "flat", "red_flags": {"new_lump": "no"}}
    assert merged(now, {"footwear": "worn", "red_flags": {"new_lump": None}}) == {"footwear": "worn", "red_flags": {}}


def test_an_answer_of_another_device_stays_where_this_one_said_nothing_new():
    now = {"footwear": "flat", "red_flags": {"diabetes": "yes", "new_lump": "no"}}
    given = {"footwear": "worn", "red_flags": {"diabetes": "no", "new_lump": None, "feels_ill": "no"}}
    said = merged(now, given, SEEN)
    assert said == {"footwear": "flat", "red_flags": {"diabetes": "yes", "new_lump": "no", "feels_ill": "no"}}


def test_of_two_new_answers_to_one_question_the_later_counts():
    assert merged({"footwear": "flat"}, {"footwear": "barefoot"}, SEEN)["footwear"] == "barefoot"


def test_painful_places_are_kept_one_by_one():
    now = {"pain": [{"site": "hip", "severity": 3}, {"site": "neck", "severity": 8}]}
    knee = {"site": "knee", "severity": 1}
    assert merged(now, {"pain": [{"site": "hip", "severity": 5}, knee]}, SEEN)["pain"] == [
        {"site": "hip", "severity": 5}, {"site": "neck", "severity": 8}, knee,
    ]  # fmt: skip
    assert merged(now, {"pain": []}, SEEN)["pain"] == [{"site": "neck", "severity": 8}]


def test_a_page_left_empty_is_an_answer_only_where_none_is():
    assert merged({}, {"pain": [], "tried": []}, {}) == {"pain": [], "tried": []}
    assert merged({"tried": ["massage"]}, {"tried": []}, {}) == {"tried": ["massage"]}


KEYS = st.sampled_from(["a", "b", "c", "d"])
BLOCK = st.dictionaries(KEYS, st.sampled_from(["yes", "no", "unsure"]))


@given(start=BLOCK, one=BLOCK, other=BLOCK)
def test_nothing_that_only_one_device_changed_is_lost(start, one, other):
    """Both began with `start`; whatever one of them changed and the other did not is there in the end."""
    begin = {"red_flags": start}
    sent = [{"red_flags": {**start, **said}} for said in (one, other)]
    end = merged(merged(begin, sent[0], begin), sent[1], begin)["red_flags"]
    for key, said in one.items():
        if other.get(key, start.get(key)) == start.get(key) and key not in other:
            assert end[key] == said
    for key, said in other.items():
        if said != start.get(key):
            assert end[key] == said


def test_a_page_that_says_nonsense_about_what_it_showed_breaks_nothing():
    knee = {"site": "knee", "severity": 1}
    seen = {"pain": [{"site": []}, {"site": {}}, 5], "red_flags": 5}
    assert merged({"pain": [{"site": []}]}, {"pain": [knee], "red_flags": {}}, seen)["pain"] == [knee]
