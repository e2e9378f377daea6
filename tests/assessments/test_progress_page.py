"""What changed, as its page says it: from first to newest, step by step, in words where there are no numbers."""

import pytest
from django.urls import reverse

from assessments import queries
from assessments.rules import PACK
from assessments.views.progress import first_to_newest
from tests.assessments.conftest import block, day, hip_extension, tape


@pytest.fixture
def page(at, therapist, client_person):
    return lambda: at(therapist).get(reverse("assessments:progress", args=[client_person.pk]))


@pytest.fixture
def whole(client_person):
    """From first to newest: side, before, after, verdict."""

    def judged():
        visits = queries.signed_of(client_person).prefetch_related("readings").order_by("assessed_on")
        found = first_to_newest(visits, PACK)
        return [(change.side, change.before, change.after, change.verdict) for change in found]

    return judged


def test_small_steps_add_up_to_a_change_from_first_to_newest(signed, page):
    for month, value in enumerate((2, 9, 15), 1):
        signed(hip_extension("left", value), on=day(2, month))
    context = page().context
    (step,) = context["whole"]
    assert (step.before, step.after, step.why, step.change.verdict) == ("2°", "15°", "error 13°", "improved")
    assert (step.change.before_date, step.change.after_date) == (day(2, 1), day(2, 3))
    (steps,) = context["steps"]
    verdicts = [one.change.verdict for one in (steps.newest, *steps.earlier)]
    assert verdicts == ["within_error", "within_error"]
    assert steps.newest.after == "15°"


@pytest.mark.parametrize(
    ("first", "newest", "expected"),
    [
        (hip_extension("left", 2), hip_extension("left", 2, position="side_lying"), []),
        (hip_extension("left", 2), hip_extension("right", 2), []),
        (block(9, "right"), block(9, "left"), [("left", 9, 9, "not_comparable")]),
        (tape("left", 892), tape("left", 870), [("left", 892, 870, "not_comparable")]),
        (hip_extension("left", 2), hip_extension("left", 20), [("left", 2, 20, "improved")]),
        (hip_extension("left", 20), hip_extension("left", 2), [("left", 20, 2, "worse")]),
    ],
)
def test_only_the_same_way_is_compared(signed, whole, first, newest, expected):
    signed(first)
    signed(newest, on=day(2, 5))
    assert whole() == expected


def test_a_visit_that_only_graded_does_not_stand_between_numbers(signed, whole):
    signed(hip_extension("left", None, grade="marked"))
    signed(hip_extension("left", 2), on=day(2, 4))
    signed(hip_extension("left", 20), on=day(2, 5))
    assert whole() == [("left", 2, 20, "improved")]


@pytest.mark.parametrize(
    ("first", "newest", "said"),
    [
        ({"measure": "foot_posture", "observed": "pronated"}, {"observed": "neutral"}, ("pronated", "neutral")),
        ({"measure": "hamstring_length", "grade": "marked"}, {"grade": "mild"}, ("marked shortness", "mild shortness")),
        ({"measure": "hip_abductor_strength", "grade": "mild"}, {"grade": "none"}, ("mild weakness", "no weakness")),
    ],
)
def test_what_has_no_number_stands_in_words(signed, page, first, newest, said):
    signed({**first, "side": "left"})
    signed({"measure": first["measure"], "side": "left", **newest}, on=day(2, 5))
    answer = page()
    for step in (answer.context["whole"][0], answer.context["steps"][0].newest):
        assert (step.before, step.after) == said
    assert f"{said[0]} → {said[1]}" in answer.content.decode()
    assert "– → –" not in answer.content.decode()


def test_a_single_leg_has_no_error_of_its_own_and_the_page_says_which_has(signed, page):
    signed(tape("left", 892))
    signed(tape("left", 890), on=day(2, 5))
    text = page().content.decode()
    assert text.count("o error of a single length is published; the difference has a working error of 10 mm") == 3
    assert "No measurement error is known" not in text


def test_a_change_that_nobody_can_judge_is_drawn_like_none(signed, page):
    signed(tape("left", 892))
    signed(tape("left", 850), on=day(2, 5))
    text = page().content.decode()
    assert 'class="chart-dot left within-error"' in text
    assert "Not judged: no minimal detectable change is known for True leg length" in text


def test_the_short_list_has_units_and_folds_away_what_error_could_have_made(signed, at, therapist):
    signed(hip_extension("left", 2), hip_extension("right", 10))
    after = signed(hip_extension("left", 20.5), hip_extension("right", 12), on=day(2, 5))
    text = at(therapist).get(reverse("assessments:assessment", args=[after.pk])).content.decode()
    short = text[text.index("What changed") :]
    assert "2° → 20.5°" in short
    assert short.index("2° → 20.5°") < short.index("Inside the measurement error") < short.index("10° → 12°")
