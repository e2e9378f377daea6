"""The leg-length ledger as a drawing: what may be drawn, and what it is called."""

import datetime

import pytest

from assessments.services.explanation import explain
from assessments.views.pictures import legs_picture
from assessments.views.reasoning import ledger_shown
from clinic.charts.legs import Cause, places
from tests.assessments.conftest import block, hip_extension, tape
from tests.people import make_client

LEVEL_TAPE = [tape(side, 892, trial) for side in ("left", "right") for trial in (1, 2)]
SHORT_RIGHT = [tape(side, value, trial) for side, value in (("left", 892), ("right", 877)) for trial in (1, 2)]


def imaging(value, side="right"):
    return {
        "measure": "leg_length_difference_imaging", "side": side, "value": value, "instrument": "radiograph",
        "position": "standing",
    }  # fmt: skip


@pytest.fixture
def picture(record):
    def draw(*rows, **options):
        case = explain(record(*rows, **options)).reasoning
        return legs_picture(ledger_shown(case.ledger, case.case.pack, case.case.readings))

    return draw


@pytest.mark.parametrize(
    ("rows", "cause", "word", "side", "size"),
    [
        ([*SHORT_RIGHT, block(12)], Cause.BONE, "bone suspected, not confirmed", "right", 12),
        ([*SHORT_RIGHT, block(12), imaging(11)], Cause.BONE, "confirmed on imaging", "right", 11),
        ([*SHORT_RIGHT, block(12, "left")], Cause.CONFLICT, "methods disagree, drawn level", None, None),
        ([*LEVEL_TAPE, block(2)], Cause.LEVEL, "no difference beyond error", None, None),
        (SHORT_RIGHT[:1], Cause.UNSETTLED, "not settled, drawn level", None, None),
        (
            [*LEVEL_TAPE, {"measure": "leg_length_difference_prone", "side": "left", "value": 15, "position": "prone"},
             hip_extension("left", -2), hip_extension("right", 20)],
            Cause.PELVIS, "functional, suspected", "left", 15,
        ),
    ],
)  # fmt: skip
def test_what_the_table_answers_decides_what_is_drawn(picture, rows, cause, word, side, size):
    drawn = picture(*rows).drawn
    assert (drawn.cause, drawn.word, drawn.side, drawn.size) == (cause, word, side, size)


def test_only_imaging_is_called_confirmed(picture):
    for rows in ([*SHORT_RIGHT, block(12)], [*SHORT_RIGHT, block(12, "left")], SHORT_RIGHT):
        assert "confirmed on" not in picture(*rows).words


def test_methods_that_disagree_keep_their_own_sides_and_numbers(picture):
    one = picture(*SHORT_RIGHT, block(12, "left"))
    assert one.disagree
    assert [(method.side, method.size, method.beyond) for method in one.drawn.methods] == [
        ("right", 15, True), ("left", 12, True),
    ]  # fmt: skip
    hips, feet = places(one.drawn)
    assert len(set(hips.values())) == len(set(feet.values())) == 1


def test_a_contradiction_stays_one_beside_imaging(picture):
    one = picture(*SHORT_RIGHT, block(12, "left"), imaging(11))
    assert (one.disagree, one.drawn.cause) == (True, Cause.CONFLICT)


def test_inside_its_error_a_method_leans_without_naming_a_side(picture):
    (method,) = picture(tape("left", 892), tape("right", 888)).drawn.methods
    assert (method.side, method.beyond, method.said) == ("right", False, "4 mm, inside its error of 10 mm")


def test_one_leg_alone_has_nothing_to_compare(picture):
    (method,) = picture(tape("left", 892)).drawn.methods
    assert (method.size, method.said) == (None, "one leg measured, nothing to compare")


def test_the_words_say_every_method_as_the_table_does(picture):
    one = picture(*SHORT_RIGHT, block(12), imaging(11))
    for said in ("R shorter by 15 mm, measured", "R shorter by 12 mm, measured", "R shorter by 11 mm, on imaging"):
        assert said in one.words
    assert f"drawn {one.drawn.factor} times as large" in one.caption
    assert "methods are never averaged" in one.caption


def test_left_and_right_mirror(picture, practice):
    mirrored = [{**row, "side": {"left": "right", "right": "left"}[row["side"]]} for row in SHORT_RIGHT]
    other = make_client(practice, ref="C2", date_of_birth=datetime.date(1980, 1, 1))
    right, left = picture(*SHORT_RIGHT, block(12)).drawn, picture(*mirrored, block(12, "left"), client=other).drawn
    assert (right.side, left.side, right.size, right.word) == ("right", "left", left.size, left.word)


def test_the_page_draws_it_beside_the_table(record, at, therapist):
    text = at(therapist).get(f"/assessments/{record(*SHORT_RIGHT, block(12)).pk}/").content.decode()
    assert 'class="measure chart chart-legs"' in text
    assert "bone suspected, not" in text
    assert "12 mm, drawn ×5" in text
