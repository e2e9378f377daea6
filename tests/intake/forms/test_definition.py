"""What is wrong with the definition of a form: one clear line each with its place, whatever somebody hands in."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.screening.definition import problems, shape_problems
from intake.screening.editing import choices_from, lines_of
from intake.screening.questionnaire import form_of, read_form, texts
from intake.screening.shipping import SHIPPED, finished

PT = read_form(SHIPPED["pt-first-visit"])


def changed(change, page=3, field=3):
    """The physiotherapy form with one field changed; `back_to_sleep` (asked after `wakes`) unless another is meant."""
    raw = copy.deepcopy(PT)
    raw["pages"][page]["fields"][field] |= change
    return [str(problem) for problem in problems(raw)]


@pytest.mark.parametrize("key", SHIPPED)
def test_what_comes_along_has_no_problem(key):
    assert problems(read_form(SHIPPED[key])) == []


AT = "pages[3].fields[3]"
FAULTS = [
    ({"label": ""}, f"{AT}.label: is empty"),
    ({"show_if": {"field": "nobody", "is": "yes"}}, f"{AT}.show_if.field: no question has the key nobody"),
    ({"show_if": {"field": "pain_best", "at_least": 3}},
     f"{AT}.show_if.field: pain_best is asked later; only an earlier answer can decide"),
    ({"show_if": {"field": "back_to_sleep", "is": "yes"}},
     f"{AT}.show_if.field: back_to_sleep is asked later; only an earlier answer can decide"),
    ({"show_if": {"field": "main_problem", "is": "yes"}},
     f"{AT}.show_if.field: the answer to a long_text can't decide"),
    ({"show_if": {"field": "wakes", "is": "often"}}, f"{AT}.show_if: often is not one of never, turning, some, every"),
    ({"show_if": {"field": "wakes"}}, f"{AT}.show_if: says exactly one of is, any_of and at_least"),
    ({"show_if": {"field": "pain_now", "is": "5"}}, f"{AT}.show_if: pain_now is a number: say at_least"),
    ({"show_if": {"field": "wakes", "at_least": 2}}, f"{AT}.show_if: wakes is no number: say is or any_of"),
    ({"score": {"perhaps": 1}}, f"{AT}.score: perhaps is not one of yes, no"),
    ({"type": "menu"}, f"{AT}.type: 'menu' is not one of"),
    ({"colour": "red"}, f"{AT} (back_to_sleep): unknown key 'colour'; known: key"),
    ({"key": "a\nb", "colour": "red"}, f"{AT} (a b): unknown key 'colour'; known: key"),
    ({"label": "a\x00b"}, f"{AT}.label: has a character that can't be kept"),
    ({"minimum": float("nan")}, f"{AT}.minimum: is no number"),
    ({"key": "wakes"}, f"{AT}.key: wakes stands 2 times"),
    ({"key": "pain"}, f"{AT}.key: pain stands 2 times"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "line"), FAULTS)
def test_a_fault_is_told_with_its_place(change, line):
    assert any(said.startswith(line) for said in changed(change)), changed(change)


MORE = [
    (0, 1, {"choices": []}, "pages[0].fields[1].choices: is empty"),
    (0, 1, {"choices": [{"value": "a", "label": "One"}, {"value": "a", "label": "Two"}]},
     "pages[0].fields[1].choices: a stands 2 times"),
    (0, 1, {"choices": [{"value": "a", "label": "One"}, {"value": "b", "label": "one "}]},
     "pages[0].fields[1].choices: “one” stands 2 times"),
    (3, 4, {"maximum": 11}, "pages[3].fields[4].minimum: a scale goes by whole numbers, within 0 to 10"),
    (3, 4, {"minimum": 2.5}, "pages[3].fields[4].minimum: a scale goes by whole numbers, within 0 to 10"),
    (4, 2, {"minimum": 600}, "pages[4].fields[2].minimum: 600 is not below the maximum 600"),
    (6, 5, {"maximum": 30}, "pages[6].fields[5].maximum: sitting_hours_per_day goes from 0 to 24"),
    (6, 8, {"choices": [{"value": "boots", "label": "Boots"}]},
     "pages[6].fields[8].choices[0].value: boots is not one of supportive"),
    (6, 8, {"type": "multi_choice"}, "pages[6].fields[8].type: footwear is asked as choice, not as multi_choice"),
    (10, 0, {"show_if": {"field": "had_before", "is": "yes"}},
     "pages[10].fields[0].show_if: safety questions, agreement and signature are always asked"),
    (10, 0, {"items": ["saddle_numbness"]}, "red_flags.bladder_or_bowel_change: asked 0 times, not once"),
    (16, 0, {"key": "agreed"}, "pages[16].fields[0].key: a consent has the key consent, not agreed"),
    (16, 1, {"type": "text", "key": "name"},
     "pages[16].fields: has 0 fields of type signature; a form has exactly one"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "field", "change", "line"), MORE)
def test_a_fault_of_another_question_is_told_with_its_place(page, field, change, line):
    assert any(said.startswith(line) for said in changed(change, page, field)), changed(change, page, field)


def test_the_signature_belongs_on_the_last_page():
    raw = copy.deepcopy(PT)
    raw["pages"].append({"key": "after", "title": "After", "fields": [{"key": "x", "type": "text", "label": "X"}]})
    assert "pages[16].fields[1]: signature belongs on the last page" in [str(each) for each in problems(raw)]


def test_a_page_takes_no_word_of_the_product():
    raw = copy.deepcopy(PT)
    raw["pages"][0]["key"] = "sent"
    assert [str(each) for each in problems(raw)] == ["pages[0].key: sent is a word of the product; choose another"]


def test_a_draft_may_be_unfinished_but_not_of_another_shape():
    draft = {
        "key": "a",
        "pages": [{"key": "p", "fields": [{"key": "q", "type": "choice", "label": "", "choices": []}]}],
    }
    assert shape_problems(draft) == []
    assert problems(draft) != []
    assert shape_problems({"key": "a", "pages": [{"key": "p", "fields": [{"key": "q", "type": "choice", "label": 3}]}]})


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NUMBERS = [-1, 2.5, 10**400, float("nan"), float("inf")]
NASTY = [None, True, 0, *NUMBERS, "", "x", "a\nb", "\x00", "\ud800", "x" * 9000,
         [], [None], ["x", "x"], {}, {"x": []}, {"is": 3}, [[[]]] * 200]  # fmt: skip
NUMBERED = ("fields", "bands", "score", "show_if")
KEYS = ["key", "type", "label", "choices", "sides", "minimum", "maximum", "show_if", "score", "items", "block", "most"]


def one_of_each():
    """The first question of each kind in the physiotherapy form: with a condition, with points, with a unit."""
    found = {}
    for asked in (field for page in PT["pages"] for field in page["fields"]):
        found.setdefault((asked["type"], *({"show_if", "score", "unit"} & set(asked))), asked)
    return list(found.values())


QUESTIONS = one_of_each()


def parts(raw, kind="form"):
    """Every part that has parts, each with what it is: a page, a question, an answer, a score, translations."""
    if isinstance(raw, dict):
        yield kind, raw
        for key, inner in raw.items():
            yield from parts(inner, key)
    elif isinstance(raw, list):
        for inner in raw:
            yield from parts(inner, kind)


@st.composite
def definitions(draw):
    """A small form with parts of it replaced, removed or doubled: small, so that many can be tried."""
    asked = draw(st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=3))
    scores = [{"key": "s", "label": "S", "fields": [asked[0]["key"]], "bands": [{"at_least": 1, "label": "A"}]}]
    page = {"key": "p", "title": "P", "intro": "I", "fields": asked}
    told = {"es": {f"fields.{asked[0]['key']}.label": "L"}}
    raw = {"key": "f", "version": "1", "title": "F", "pages": [page], "scores": scores, "translations": told}
    raw = copy.deepcopy(raw)
    for _ in range(draw(st.integers(1, 3))):
        there = list(parts(raw))
        kind = draw(st.sampled_from(sorted({kind for kind, _ in there})))
        target = draw(st.sampled_from([part for each, part in there if each == kind]))
        key = draw(st.sampled_from([*[*target] * 4, *KEYS, "", "a\nb"]))
        match draw(st.sampled_from(["replace", "replace", "remove", "double"])):
            case "replace":
                target[key] = copy.deepcopy(draw(st.sampled_from([*NASTY, *NUMBERS * (kind in NUMBERED)])))
            case "remove":
                target.pop(key, None)
            case "double" if isinstance(target.get(key), list):
                target[key] = copy.deepcopy(target[key] * draw(st.sampled_from([2, 61])))
    return raw


def expect_lines_and_no_crash(raw):
    for problem in problems(raw):
        assert "\n" not in problem.path
        assert 0 < len(problem.message) < 400
    if not shape_problems(raw):
        json.dumps(raw, allow_nan=False).encode()
        form = form_of(raw)
        assert texts(form.in_language("es")) is not None
        finished(raw, None, 1)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(definitions())
def test_whatever_somebody_makes_of_a_form_gets_lines_and_no_crash(raw):
    expect_lines_and_no_crash(raw)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(JUNK)
def test_whatever_is_no_form_at_all_gets_lines_and_no_crash(raw):
    expect_lines_and_no_crash(raw)


# --- answers as somebody types them into the builder ------------------------------------------------------------------


def test_answers_keep_their_word_when_their_label_changes():
    before = [{"value": "never", "label": "No"}, {"value": "some", "label": "Some nights"}]
    found, score = choices_from("No = 0\nOn some nights = 2,5", before)
    assert found == [{"value": "never", "label": "No"}, {"value": "some", "label": "On some nights"}]
    assert score == {"never": 0, "some": 2.5}
    assert lines_of(found, score) == "No = 0\nOn some nights = 2.5"
    found, _ = choices_from("Some nights\nNo\nEvery night", before)
    assert [choice["value"] for choice in found] == ["some", "never", "every_night"]


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_lines_become_answers_with_words_of_their_own(first, second):
    before, _ = choices_from(first, [])
    found, score = choices_from(second, before)
    values = [choice["value"] for choice in found]
    assert len(set(values)) == len(values)
    assert set(score) <= set(values)
    assert all(choice["label"].strip() for choice in found)
