"""A practice's own questions: what is asked, what is kept, what it counts."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.figure import chart
from intake.screening import fitting, hidden, is_shown, read_intake, scores_of, screen, vocabulary, without_hidden
from intake.screening.definition import PT_FIRST_VISIT as FORM
from intake.screening.questionnaire import form_of
from intake.screening.shipping import SHIPPED, read_form
from tests.intake.conftest import full_answers

MARK = {"view": "back", "kind": "ache", "severity": 4, "points": [[480, 370], [490, 380]]}
GOOD = {
    "main_problem": "A pain in the hip", "began": "weeks", "how_it_began": "suddenly", "what_happened": "A fall",
    "had_before": "no", "worst_time": ["morning", "night"], "wakes": "some", "back_to_sleep": "yes", "pain_now": 3,
    "minutes_until_worse": 7.5, "imaging": ["xray"], "imaging_when": "2026-03-01", "body_chart": [MARK],
}  # fmt: skip


def read(own, form=FORM):
    answers, problems = read_intake({"own": own}, path="", form=form)
    return answers, [str(problem) for problem in problems]


def test_good_answers_are_kept_and_no_rule_reads_them():
    answers, problems = read(GOOD)
    assert problems == []
    assert answers.own == GOOD
    full = full_answers()
    with_own, without = read_intake({**full, "own": GOOD})[0], read_intake(full)[0]
    assert screen(with_own, age=50) == screen(without, age=50)


REFUSED = [
    ("began", "soon", ".own.began: 'soon' is not one of days, weeks, months, longer"),
    ("had_before", True, ".own.had_before: True is not one of yes, no"),
    ("pain_now", 11, ".own.pain_now: 11 is not a whole number from 0 to 10"),
    ("pain_now", 2.5, ".own.pain_now: 2.5 is not a whole number from 0 to 10"),
    ("minutes_until_worse", 601, ".own.minutes_until_worse: 601 is not a number from 0 to 600 (minutes)"),
    ("minutes_until_worse", float("inf"), ".own.minutes_until_worse: inf is not a number from 0 to 600 (minutes)"),
    ("worst_time", ["noon"], ".own.worst_time[0]: 'noon' is not one of on_waking"),
    ("worst_time", "morning", ".own.worst_time: 'morning' is not a list"),
    ("imaging_when", "2026-02-30", ".own.imaging_when: '2026-02-30' is not a date like 2026-03-01, from 1900 to 2100"),
    ("main_problem", "x" * 2001, ".own.main_problem: has 2001 characters; at most 2000"),
    ("main_problem", "a\x00", ".own.main_problem: has a character that can't be kept"),
    ("body_chart", [{**MARK, "severity": 11}], ".own.body_chart[0].severity: 11 is not a whole number from 0 to 10"),
    ("body_chart", [{**MARK, "points": [[0, 1001]]}], ".own.body_chart[0].points: has to be 1 to 200 pairs"),
    ("body_chart", [{**MARK, "kind": "itch"}], ".own.body_chart[0].kind: 'itch' is not one of pain, ache"),
    ("nobody_asked", "x", ".own.nobody_asked: this form does not ask it under own"),
    ("footwear", "worn", ".own.footwear: this form does not ask it under own"),
    ("Bad\nkey", "x", ".own.'Bad\\nkey': is no key of a question"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "line"), REFUSED)
def test_a_bad_answer_is_named_with_its_place_and_range(key, value, line):
    _, problems = read({**GOOD, key: value})
    assert len(problems) == 1
    assert problems[0].startswith(line), problems


def test_marks_speak_the_words_of_the_chart():
    assert set(vocabulary.PAIN_KINDS) == set(chart.KINDS)
    assert set(vocabulary.VIEWS) <= set(chart.VIEWS)


# --- conditions -------------------------------------------------------------------------------------------------------


def test_what_an_answer_makes_needless_is_neither_asked_nor_kept():
    answers = {"own": {**GOOD, "wakes": "never", "how_it_began": "gradually"}, "footwear": "worn"}
    assert {"back_to_sleep", "what_happened"} <= hidden(FORM, answers)
    kept = without_hidden(FORM, answers)
    assert "back_to_sleep" not in kept["own"]
    assert "what_happened" not in kept["own"]
    assert kept["footwear"] == "worn"


def test_what_hangs_on_a_question_that_is_not_asked_is_not_asked_either():
    own = {"work_status": "employed", "work_demands": ["lifting"]}
    assert is_shown(FORM.field("lifting_kg"), FORM, {"own": own})
    own["work_status"] = "retired"
    assert not is_shown(FORM.field("lifting_kg"), FORM, {"own": own})


@pytest.mark.parametrize(("given_", "asked"), [(None, False), (3, False), (4, True), (9, True)])
def test_from_a_number_on(given_, asked):
    raw = read_form(SHIPPED["pt-first-visit"])
    raw["pages"][3]["fields"][5]["show_if"] = {"field": "pain_now", "at_least": 4}
    form = form_of(raw)
    assert is_shown(form.field("pain_worst"), form, {"own": {"pain_now": given_}}) is asked


def test_earlier_answers_are_taken_as_far_as_they_fit():
    old = {"own": {**GOOD, "gone_question": "x", "began": "last_year"}, "footwear": "worn", "pain": [{"site": "hip"}]}
    kept = fitting(FORM, old)
    assert "gone_question" not in kept["own"]
    assert "began" not in kept["own"]
    assert kept["own"]["main_problem"] == GOOD["main_problem"]
    assert (kept["footwear"], kept["pain"]) == ("worn", [{"site": "hip"}])


# --- points -----------------------------------------------------------------------------------------------------------

EVERYDAY = ("walk_far", "stairs", "sit_long", "stand_long", "socks", "carry", "floor")


def test_points_are_summed_and_an_open_question_leaves_them_open():
    own = dict.fromkeys(EVERYDAY, "much")
    score = scores_of(FORM, {"own": own})["everyday"]
    assert (score["points"], score["lowest"], score["highest"], score["open"]) == (14, 0, 21, [])
    del own["socks"]
    score = scores_of(FORM, {"own": own})["everyday"]
    assert (score["points"], score["band"], score["open"]) == (None, "", ["Putting on shoes and socks"])


@pytest.mark.parametrize(("points", "band"), [(0, "little"), (7, "little"), (8, "much"), (10, "much")])
def test_a_band_begins_at_its_number(points, band):
    raw = read_form(SHIPPED["pt-first-visit"])
    bands = [{"at_least": 0, "label": "little"}, {"at_least": 8, "label": "much"}]
    raw["scores"] = [{"key": "now", "label": "Now", "fields": ["pain_now"], "bands": bands}]
    assert scores_of(form_of(raw), {"own": {"pain_now": points}})["now"]["band"] == band


# --- whatever comes ---------------------------------------------------------------------------------------------------

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*MARK, "x"]), inner, max_size=5),
    max_leaves=8,
)
OWN = st.dictionaries(st.sampled_from([field.key for field in FORM.fields]) | st.text(max_size=6), JUNK, max_size=8)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(OWN | JUNK)
def test_whatever_is_answered_gets_lines_and_no_crash(own):
    for form in (FORM, None):
        answers, problems = read_intake({"own": own}, path="", form=form)
        assert all("\n" not in str(problem) and len(problem.message) < 300 for problem in problems)
        kept = {"own": dict(answers.own)}
        assert read_intake(kept, path="", form=form)[1] == []
    fitted = fitting(FORM, {"own": own if isinstance(own, dict) else {}})
    assert read_intake(fitted, form=FORM)[1] == []
    scores_of(FORM, fitted)
