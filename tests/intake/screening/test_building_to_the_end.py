"""The rarer turns of building a form, each by name: what is wrong with one, what nobody can do, what comes along."""

import pytest

from intake.screening import editing
from intake.screening.definition import problems
from intake.screening.questionnaire import read_form
from intake.screening.shipping import SHIPPED, title_of

CHOICES = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]


@pytest.fixture
def body():
    return read_form(SHIPPED["first-visit"])


def keys_of(body, page):
    return [field["key"] for each in body["pages"] if each["key"] == page for field in each["fields"]]


def field_of(body, key):
    number, index = editing.field_at(body, key)
    return body["pages"][number]["fields"][index]


def said_of(body):
    return [str(problem) for problem in problems(body)]


def with_question(body, **question):
    """The form with one more question on the page of shoes, and where it stands."""
    changed = editing.put_field(body, "shoes", {"key": "mine", "label": "Mine?", **question}, None)
    number, index = editing.field_at(changed, question.get("key", "mine"))
    return changed, f"pages[{number}].fields[{index}]"


# --- what is wrong with a form ----------------------------------------------------------------------------------------

MANY = [{"value": f"a{number}", "label": f"A{number}"} for number in range(61)]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ({"type": "choice", "choices": MANY}, ".choices: has 61 entries; at most 60"),
        ({"type": "choice", "choices": CHOICES, "score": {f"a{n}": n for n in range(61)}},
         ".score: has 61 entries; at most 60"),
        ({"type": "choice", "choices": [CHOICES[0], CHOICES[0]]}, ".choices: has an entry twice"),
        ({"type": "text", "score": {"a": 1}},
         ".score: a field of type text has no points; one of choice, multi_choice, yes_no"),
        ({"type": "pain_sites", "key": "ache", "choices": CHOICES, "sides": CHOICES, "minimum": 0, "maximum": 10},
         ".key: painful places have the key pain, not ache"),
    ],
)  # fmt: skip
def test_a_question_that_can_not_be(body, question, line):
    changed, place = with_question(body, **question)
    assert f"{place}{line}" in said_of(changed)


def test_a_painful_place_is_on_a_side_that_the_document_knows(body):
    field_of(body, "pain")["sides"][0]["value"] = "front"
    assert any(".sides[0].value: front is not one of left, right" in line for line in said_of(body))


def score(**different):
    return {"key": "all", "label": "All", "fields": ["sitting_hours_per_day"], **different}


@pytest.mark.parametrize(
    ("scores", "lines"),
    [
        ([score(), score()], ["scores[0].key: all stands 2 times", "scores[1].key: all stands 2 times"]),
        ([score(fields=["footwear", "nobody"])],
         ["scores[0].fields[0]: footwear is no question with points, no scale and no number",
          "scores[0].fields[1]: nobody is no question with points, no scale and no number"]),
        ([score(bands=[{"at_least": 8, "label": "much"}, {"at_least": 8, "label": "more"}])],
         ["scores[0].bands: each band begins above the one before"]),
        ([score(bands=[{"at_least": 0, "label": "little"}, {"at_least": 8, "label": "much"}])], []),
    ],
)  # fmt: skip
def test_a_score_that_can_not_be(body, scores, lines):
    assert said_of({**body, "scores": scores}) == lines


# --- what nobody can do -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "line"),
    [
        (lambda body: editing.remove_page(body, "gone"), "This page is not in the form any more"),
        (lambda body: editing.remove_field(body, "gone"), "This question is not in the form any more"),
        (lambda body: editing.add_field(body, "shoes", "menu"), "There is no question of type “menu”"),
        (lambda body: editing.add_known(body, "shoes", {"key": "footwear"}), "This question is in the form already"),
        (lambda body: editing.move_field(body, "signature", 0), "The agreement and the signature stand at the end"),
        (lambda body: editing.move_to_page(body, "consent", "shoes"), "The agreement and the signature stand at the"),
        (lambda body: editing.move_to_page(body, "footwear", "gone"), "This page is not in the form any more"),
    ],
)
def test_what_can_not_be_done_is_refused_in_words(body, act, line):
    with pytest.raises(editing.Refused, match=line):
        act(body)


def test_a_question_that_rules_read_comes_back_as_it_was(body):
    shoes = dict(field_of(body, "footwear"))
    without, _ = editing.remove_field(body, "footwear")
    again, key = editing.add_known(without, "day", shoes)
    assert key == "footwear"
    assert keys_of(again, "day") == [*keys_of(body, "day"), "footwear"]
    assert field_of(again, "footwear") == shoes


def test_nothing_comes_behind_the_agreement_on_its_page(body):
    changed, key = editing.add_field(body, "agreement", "text")
    assert keys_of(changed, "agreement") == [key, "consent", "signature"]


def test_two_new_answers_whose_letters_are_the_same_get_two_words():
    found, _ = editing.choices_from("No!\nNo?\nno", [])
    assert [choice["value"] for choice in found] == ["no", "no_2", "no_3"]


@pytest.mark.parametrize("key", SHIPPED)
def test_a_form_that_comes_along_has_its_title(key):
    assert title_of(key) == read_form(SHIPPED[key])["title"]
