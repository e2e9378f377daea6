"""The rarer turns of a practice's own questions, each by name: chance finds them only sometimes."""

import pytest

from intake.screening.asking import is_shown, range_of, scores_of
from intake.screening.own import MOST_ANSWERS, MOST_LIST, read_own
from intake.screening.questionnaire import form_of


def form(*fields, scores=()):
    page = {"key": "one", "title": "One", "fields": [{"label": field["key"], **field} for field in fields]}
    return form_of({"key": "own-form", "version": "1", "title": "Own", "pages": [page], "scores": list(scores)})


CHOICES = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]
SEVERAL = form({"key": "which", "type": "multi_choice", "choices": CHOICES})
CHART = form({"key": "chart", "type": "body_chart", "most": 1})
MARK = {"view": "back", "kind": "ache", "points": [[1, 2]]}


def lines(raw, asked=None):
    return [str(problem) for problem in read_own(raw, "own", asked)[1]]


def test_more_answers_than_any_form_has():
    raw = {f"q{number}": "x" for number in range(MOST_ANSWERS + 1)}
    assert lines(raw) == [f"own: has {MOST_ANSWERS + 1} answers; at most {MOST_ANSWERS}"]


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (["x"], "own: ['x'] is not an object"),
        ({"q": True}, "own.q: True is not a text, a number or a list"),
        ({"q": [3]}, "own.q[0]: 3 is not a text"),
        ({"q": [MARK | {"depth": 3}]}, "own.q[0]: 'depth' is not one of view, kind, severity, points"),
    ],
)
def test_what_no_answer_is_whatever_was_asked(raw, line):
    assert lines(raw) == [line]


def test_an_open_answer_is_no_answer():
    assert read_own({"q": None, "r": "x"}, "own") == ({"r": "x"}, [])


def test_a_list_longer_than_any_answer():
    assert f"own.q: has {MOST_LIST + 1} entries; at most {MOST_LIST}" in lines({"q": ["x"] * (MOST_LIST + 1)})


@pytest.mark.parametrize(
    ("asked", "answer", "line"),
    [
        (SEVERAL, {"which": ["a", "b", "a"]}, "own.which: has 3 entries; at most 2"),
        (CHART, {"chart": "left"}, "own.chart: 'left' is not a list of marks"),
        (CHART, {"chart": [MARK, MARK]}, "own.chart: has 2 marks; at most 1"),
        (CHART, {"chart": ["left"]}, "own.chart[0]: 'left' is not a mark"),
    ],
)
def test_too_much_and_the_wrong_kind(asked, answer, line):
    assert lines(answer, asked) == [line]


def test_in_a_draft_a_condition_on_a_later_question_hides_nothing():
    early = {"key": "early", "type": "text", "show_if": {"field": "late", "is": "yes"}}
    asked = form(early, {"key": "late", "type": "yes_no"})
    assert is_shown(asked.field("early"), asked, {"own": {}})


@pytest.mark.parametrize(
    ("field", "ends"),
    [
        ({"key": "n", "type": "number", "minimum": 2, "maximum": 9}, (2, 9)),
        ({"key": "m", "type": "multi_choice", "choices": CHOICES, "score": {"a": -1, "b": 3}}, (-1, 3)),
        ({"key": "c", "type": "choice", "choices": CHOICES, "score": {"a": 4}}, (0, 4)),
        ({"key": "c", "type": "choice", "choices": CHOICES, "score": {"a": 4, "b": 5}}, (4, 5)),
    ],
)
def test_fewest_and_most_points(field, ends):
    asked = form(field)
    assert range_of(asked.field(field["key"])) == ends


def test_points_of_what_is_no_number_are_none():
    score = {"key": "s", "label": "S", "fields": ["n"]}
    asked = form({"key": "n", "type": "number", "minimum": 0, "maximum": 9}, scores=[score])
    assert scores_of(asked, {"own": {"n": 7}})["s"]["points"] == 7
