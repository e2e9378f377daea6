"""The charts of one visit: what is drawn, and the same in words."""

import datetime
import re

import pytest

from assessments import queries
from assessments.services import packs
from assessments.views.pictures import pictures_of
from clinic.charts import sides
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
    """`draw(*measurements, client=...)`: (row, note, table) for each line of a first visit in March 2026."""
    return lambda *rows, **options: lines(pictures_of(record(*rows, **options), changes=[]))


def lines(pictures):
    """Each row with its note and what the tables say of its marks."""
    found = []
    for picture in pictures:
        table = list(picture.table)
        for row, note in zip(picture.rows, picture.notes, strict=True):
            found.append((row, note, [table.pop(0) for _ in row.marks]))
        assert table == []
    return found


def test_left_stands_before_right_however_it_was_entered(draw):
    ((row, _, _),) = draw(extension("right", 2), extension("left", 14))
    assert [(mark.side, mark.value, mark.said) for mark in row.marks] == [("left", 14, "14°"), ("right", 2, "2°")]
    assert row.threshold == 10


def test_motions_stand_together_in_one_chart_in_the_order_of_the_protocol(record):
    flexion = {**extension("left", 100), "measure": "hip_flexion", "position": "supine"}
    charts = pictures_of(record(deficit("left", 30), extension("left", 14), flexion), [])
    titles = [(chart.title, [row.title.partition(" · ")[0] for row in chart.rows]) for chart in charts]
    assert titles == [
        ("Hip motion: left and right", ["Hip flexion", "Hip extension"]),
        ("Muscle length: left and right", ["Knee extension deficit, 90/90"]),
    ]
    assert len({chart.key for chart in charts}) == 2


@pytest.mark.parametrize(("right", "differs"), [(1, "sides differ 13°"), (1.1, "")])
def test_sides_differ_once_the_error_could_not_have_made_it(draw, right, differs):
    ((row, note, _),) = draw(extension("left", 14), extension("right", right))
    assert row.differs == differs
    assert ("Bracket" in note.caption) is bool(differs)


def test_the_error_is_that_of_the_measure(draw):
    ((row, note, _),) = draw(extension("left", 14))
    assert row.marks[0].error == 13
    assert "±13°" in note.caption


def test_observations_have_no_picture(draw):
    assert draw({"measure": "foot_posture", "side": "left", "observed": "pronated"}) == []


def test_a_study_with_a_spread_makes_a_band_around_its_mean(draw, someone):
    ((row, note, _),) = draw(extension("left", 2), extension("right", 17), client=someone(1955, "female"))
    assert (row.band, row.mean) == ((8, 25.6), 16.8)
    assert note.norm.startswith("Band: 95 of 100 people of this study would lie between 8° and 25.6°")
    assert "Jung & Yamasaki 2016" in note.norm


@pytest.mark.parametrize(
    ("born", "sex", "mean", "doubtful", "said"),
    [
        (1978, "female", 16.7, False, "corroborated by a second document"),
        (2007, "male", 18.2, True, "unverified: our own working value"),
        (2018, "male", 28.3, False, "verified in the source"),
    ],
)
def test_a_mean_alone_is_a_tick_with_its_source_and_never_a_band(draw, someone, born, sex, mean, doubtful, said):
    ((row, note, _),) = draw(extension("left", 14), client=someone(born, sex))
    assert row.band is None
    assert (row.mean, row.doubtful) == (mean, doubtful)
    assert note.norm.startswith("Tick: average of healthy ")
    assert "Soucie 2011" in note.norm
    assert said in note.norm


def test_where_no_norm_fits_the_caption_says_why_and_nothing_is_drawn(draw, someone):
    ((row, note, _),) = draw(extension("left", 14), client=someone(1950, "male"))
    assert note.norm == "No norm for this: the study ends at 69 years."
    assert (row.band, row.mean) == (None, None)


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
    ((row, note, _),) = draw(extension("left", 14))
    assert (row.threshold, row.marks[0].error) == (7, 7)
    assert "±7°" in note.caption


@pytest.mark.parametrize(
    ("mode", "sex", "line"),
    [
        ("active", "male", 33),
        ("active", "female", 23.4),
        ("passive", "male", 32.2),
        ("passive", "female", 19.2),
    ],
)
def test_a_threshold_that_depends_on_sex_and_mode_is_the_one_of_this_reading(draw, someone, mode, sex, line):
    ((row, _, _),) = draw(deficit("left", 30, mode), client=someone(2004, sex))
    assert row.threshold == line


def test_the_error_is_that_of_the_way_it_was_measured(draw):
    (passive, *_), (active, *_) = draw(deficit("left", 30), deficit("left", 30, "active"))
    assert (passive.marks[0].error, active.marks[0].error) == (21, 8)


def test_two_examiners_have_the_error_that_their_change_was_judged_by(signed, record):
    signed(deficit("left", 30, "active"))
    again = record({**deficit("left", 20, "active"), "examiner": "Olga"}, on=LATER)
    (picture,) = pictures_of(again, queries.changes_into(again))
    (mark,) = picture.rows[0].marks
    assert (mark.before, mark.error, mark.within) == (30, 12, True)
    assert "±12°" in picture.notes[0].caption


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
    ((_, _, (said,)),) = draw(*rows, client=someone(1955, "female"))
    assert said.against == against


@pytest.mark.parametrize(("value", "against"), [(20, "3.3° above the average"), (16.7, "at the average")])
def test_against_a_mean_the_table_gives_the_distance_only(draw, value, against):
    ((_, _, (said,)),) = draw(extension("left", value))
    assert said.against == against


def test_the_scale_names_no_value_that_the_measure_cannot_have(record):
    imaging = {
        "measure": "leg_length_difference_imaging", "side": "left", "value": 2, "instrument": "radiograph",
        "position": "standing",
    }  # fmt: skip
    (picture,) = pictures_of(record(imaging), [])
    ticks = [float(text) for text in re.findall(r'class="tick-label"[^>]*>([^<]*)<', picture.svg)]
    assert min(ticks) == 0


@pytest.mark.parametrize(
    ("after", "verdict", "square"), [(10, "within_error", True), (20, "improved", False), (-20, "worse", False)]
)
def test_what_is_inside_the_error_is_never_drawn_as_a_change(signed, record, after, verdict, square):
    signed(extension("left", 2))
    again = record(extension("left", after), on=LATER)
    changes = queries.changes_into(again)
    assert [change.verdict for change in changes] == [verdict]
    (picture,) = pictures_of(again, changes)
    assert ('dot-today left within-error"' in picture.svg) is square
    assert ('dot-today left"' in picture.svg) is not square


def test_the_words_of_a_chart_are_those_of_its_table(signed, record):
    signed(extension("left", 2), extension("right", 14))
    again = record(extension("left", 20), extension("right", 15), on=LATER)
    (picture,) = pictures_of(again, queries.changes_into(again))
    assert [(row.side, row.now, row.before, row.judged) for row in picture.table] == [
        ("left", "20°", "2°", "improved"), ("right", "15°", "14°", "within error"),
    ]  # fmt: skip
    for row in picture.table:
        assert f"{row.measure}, {row.side} {row.now}, before {row.before}: {row.judged}, {row.against}" in picture.words
    assert f'<desc id="picture-1-words">{picture.words[:40]}' in picture.svg


def test_every_mark_of_a_chart_is_a_row_of_its_table(draw):
    found = draw(extension("left", 14), extension("right", 2), deficit("right", 30))
    for row, _, table in found:
        assert [(mark.side, mark.said) for mark in row.marks] == [(said.side, said.now) for said in table]
        assert isinstance(row, sides.Row)


def test_the_page_shows_picture_norm_and_table(record, at, therapist):
    page = (
        at(therapist).get(f"/assessments/{record(extension('left', 14), extension('right', 2)).pk}/").content.decode()
    )
    assert len(re.findall(r'class="norm-mean"', page)) == 2  # one in the chart, one in the legend
    assert "Tick: average of healthy women aged 45 to 69: 16.7°; no spread on file." in page
    assert "Against the norm" in page
    assert "2.7° below the average" in page
