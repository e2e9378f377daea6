"""Small pictures of what was measured."""

import datetime
import re

import pytest

from assessments import queries
from assessments.rules import PACK
from assessments.services import packs
from assessments.views.pictures import Person, pictures_of, pictures_of_changes
from tests.people import make_client

GONIOMETER = {"mode": "passive", "position": "prone", "instrument": "goniometer", "examiner": "Tomas"}
LATER = datetime.date(2026, 5, 4)


def extension(side, value, **more):
    return {"measure": "hip_extension", "side": side, "value": value, **GONIOMETER, **more}


def deficit(side, value, mode="passive"):
    return {"measure": "knee_extension_deficit", "side": side, "value": value, **GONIOMETER, "mode": mode}


@pytest.fixture
def someone(practice):
    """`someone(born, sex)`: a client of the practice."""
    return lambda born, sex: make_client(practice, ref=f"C{born}", date_of_birth=datetime.date(born, 1, 2), sex=sex)


@pytest.fixture
def draw(record):
    """`draw(*measurements, client=...)`: the pictures of a first visit in March 2026."""
    return lambda *rows, **options: pictures_of(record(*rows, **options), changes=[])


def test_left_stands_above_right_however_it_was_entered(draw):
    (picture,) = draw(extension("right", 2), extension("left", 14))
    assert [lane.letter for lane in picture.lanes] == ["L", "R"]


def test_a_larger_value_lies_further_right_and_the_threshold_between(draw):
    (picture,) = draw(extension("left", 14), extension("right", 2))
    left, right = picture.lanes
    assert right.x < picture.threshold.x < left.x
    assert (left.label, right.label) == ("14°", "2°")


def test_the_whisker_is_the_measurement_error_on_both_sides(draw):
    (picture,) = draw(extension("left", 14))
    (lane,) = picture.lanes
    low, high = lane.whisker
    assert round(lane.x - low) == round(high - lane.x) > 0


def test_observations_have_no_picture(draw):
    assert draw({"measure": "foot_posture", "side": "left", "observed": "pronated"}) == []


def test_a_study_with_a_spread_makes_a_band_around_its_mean(draw, someone):
    (picture,) = draw(extension("left", 2), extension("right", 17), client=someone(1955, "female"))
    left, right = picture.lanes
    assert left.x < picture.band.x < right.x < picture.band.end
    assert picture.band.x < picture.mean.x < picture.band.end
    assert picture.norm.startswith("Band: 95 of 100 people of this study would lie between 8° and 25.6°")
    assert "Jung & Yamasaki 2016" in picture.norm


@pytest.mark.parametrize(
    ("born", "sex", "label", "doubtful", "said"),
    [
        (1978, "female", "16.7°", False, "corroborated by a second document"),
        (2007, "male", "18.2°", True, "unverified: our own working value"),
        (2018, "male", "28.3°", False, "verified in the source"),
    ],
)
def test_a_mean_alone_is_a_tick_with_its_source_and_never_a_band(draw, someone, born, sex, label, doubtful, said):
    (picture,) = draw(extension("left", 14), client=someone(born, sex))
    assert picture.band is None
    assert (picture.mean.label, picture.doubtful) == (label, doubtful)
    assert picture.norm.startswith("Tick: average of healthy ")
    assert "Soucie 2011" in picture.norm
    assert said in picture.norm


def test_where_no_norm_fits_the_caption_says_why_and_nothing_is_drawn(draw, someone):
    (picture,) = draw(extension("left", 14), client=someone(1950, "male"))
    assert picture.norm == "No norm for this: the study ends at 69 years."
    assert (picture.band, picture.mean) == (None, None)
    assert picture.words.endswith(picture.norm)


def test_a_practice_is_drawn_with_its_own_threshold_and_error(draw, practice, owner):
    own = {
        "findings": {
            "hip_extension_limited": {
                "bands": [{"from_age": 18, "limits": [{"below": 7, "grade": "moderate"}]}],
                "source": "our own audit",
            }
        },
        "mdc": {"hip_extension": {"same_examiner": 7, "source": "our own audit"}},
    }
    packs.adopt(practice=practice, overrides=own, why="audit", by=owner)
    (picture,) = draw(extension("left", 14))
    assert picture.threshold.label == "7°"
    assert "±7°" in picture.caption


@pytest.mark.parametrize(
    ("mode", "sex", "line"),
    [
        ("active", "male", "33°"),
        ("active", "female", "23.4°"),
        ("passive", "male", "32.2°"),
        ("passive", "female", "19.2°"),
    ],
)
def test_a_threshold_that_depends_on_sex_and_mode_is_the_one_of_this_reading(draw, someone, mode, sex, line):
    (picture,) = draw(deficit("left", 30, mode), client=someone(2004, sex))
    assert picture.threshold.label == line


def test_the_error_is_that_of_the_way_it_was_measured(draw):
    passive, active = draw(deficit("left", 30), deficit("left", 30, "active"))
    assert "±21°" in passive.caption
    assert "±8°" in active.caption


def test_two_examiners_have_the_error_that_their_change_was_judged_by(signed, record):
    signed(deficit("left", 30, "active"))
    again = record({**deficit("left", 20, "active"), "examiner": "Olga"}, on=LATER)
    (picture,) = pictures_of(again, queries.changes_into(again))
    assert "±12°" in picture.caption
    assert picture.lanes[0].within
    assert picture.lanes[0].whisker[1] > picture.lanes[0].before


@pytest.mark.parametrize(
    ("value", "against"),
    [
        (40, "in the range"),
        (0, "8° below the range; its edge lies within the measurement error"),
        (-20, "28° below the range"),
        (12, "in the range; its edge lies within the measurement error"),
    ],
)
def test_the_table_says_where_a_value_lies_and_when_the_error_may_have_carried_it(draw, someone, value, against):
    measure = {"measure": "hip_flexion", "position": "supine"} if value == 40 else {}
    rows = [extension("left", 120 if value == 40 else value, **measure)]
    (picture,) = draw(*rows, client=someone(1955, "female"))
    assert picture.rows[0].against == against
    assert against in picture.words


@pytest.mark.parametrize(("value", "against"), [(20, "3.3° above the average"), (16.7, "at the average")])
def test_against_a_mean_the_table_gives_the_distance_only(draw, value, against):
    (picture,) = draw(extension("left", value))
    assert picture.rows[0].against == against


def test_the_scale_names_no_value_that_the_measure_cannot_have(draw):
    (picture,) = draw(
        {
            "measure": "leg_length_difference_imaging", "side": "left", "value": 2, "instrument": "radiograph",
            "position": "standing",
        }
    )  # fmt: skip
    assert min(float(tick.label) for tick in picture.ticks) == 0


def test_the_newest_change_stands_beside_the_norm_of_the_person(signed):
    signed(extension("left", 2))
    after = signed(extension("left", 4), on=LATER)
    changes = queries.changes(after.client)
    (picture,) = pictures_of_changes(changes, Person(48, "female"), PACK)
    assert picture.mean.label == "16.7°"


def test_the_page_shows_picture_norm_and_table(record, at, therapist):
    page = (
        at(therapist).get(f"/assessments/{record(extension('left', 14), extension('right', 2)).pk}/").content.decode()
    )
    assert len(re.findall(r'class="norm-mean"', page)) == 3  # one in each lane, one in the legend
    assert "Tick: average of healthy women aged 45 to 69: 16.7°; no spread on file." in page
    assert "Against the norm" in page
    assert "2.7° below the average" in page
