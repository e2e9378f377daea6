from datetime import date

import pytest

from assessments.rules import MEASURES, compare

BEFORE, AFTER = date(2026, 3, 1), date(2026, 4, 12)


@pytest.fixture
def judge(read):
    """All changes between two lists of rows."""

    def run(before, after):
        return compare(read(*before), read(*after), before_date=BEFORE, after_date=AFTER)

    return run


@pytest.fixture
def verdict(row, judge):
    """The one change of a measure on the left side, from one number to another."""

    def run(measure, before, after, earlier=(), later=(), **both):
        rows = [[row(measure, "left", before, **{**both, **dict(earlier)})]]
        rows += [[row(measure, "left", after, **{**both, **dict(later)})]]
        (change,) = judge(*rows)
        return change

    return run


@pytest.mark.parametrize(
    ("measure", "start", "mdc", "better", "more"),
    [
        ("hip_flexion", 100, 9.7, 1, {}),
        ("hip_extension", 2, 13.0, 1, {}),
        ("hip_internal_rotation", 20, 10, 1, {}),
        ("hip_external_rotation", 20, 10, 1, {"position": "seated"}),
        ("hip_abduction", 30, 10, 1, {}),
        ("hip_adduction", 15, 10, 1, {}),
        ("thomas_knee_flexion", 60, 19, 1, {}),
        ("ely_knee_flexion", 100, 8, 1, {}),
        ("straight_leg_raise", 70, 7, 1, {}),
        ("knee_extension_deficit", 40, 8, -1, {"mode": "active"}),
        ("knee_extension_deficit", 40, 21, -1, {}),
        ("knee_extension_deficit", 40, 21, -1, {"mode": "passive"}),
        ("weight_bearing_lunge", 8, 1.9, 1, {}),
        ("weight_bearing_lunge_angle", 35, 4.7, 1, {}),
        ("leg_length_difference_true", 30, 10, -1, {}),
        ("leg_length_difference_block", 30, 5, -1, {}),
        ("leg_length_difference_supine", 30, 10, -1, {}),
    ],
)
def test_a_change_counts_from_exactly_the_detectable_change(verdict, measure, start, mdc, better, more):
    good, bad = round(start + better * mdc, 6), round(start - better * mdc, 6)
    inside = round(start + better * (mdc - 0.1), 6)
    change = verdict(measure, start, good, **more)
    assert (change.verdict, change.mdc, change.difference) == ("improved", mdc, round(better * mdc, 6))
    assert verdict(measure, start, bad, **more).verdict == "worse"
    assert verdict(measure, start, inside, **more).verdict == "within_error"


def test_values_dates_and_the_way_of_measuring_are_kept(verdict):
    how = {"mode": "passive", "position": "prone", "instrument": "goniometer", "examiner": "Ann"}
    change = verdict("hip_extension", 2, 16, **how)
    assert change.as_dict() == {
        "measure": "hip_extension",
        "side": "left",
        "mode": "passive",
        "position": "prone",
        "instrument": "goniometer",
        "before": 2,
        "after": 16,
        "before_date": "2026-03-01",
        "after_date": "2026-04-12",
        "difference": 14,
        "mdc": 13.0,
        "verdict": "improved",
        "note": "",
    }


def test_dates_may_be_missing(read, row):
    readings = read(row("hip_extension", "left", 2))
    (change,) = compare(readings, readings, before_date=None, after_date=None)
    assert (change.as_dict()["before_date"], change.as_dict()["after_date"]) == (None, None)


def test_trials_are_averaged_before_they_are_compared(judge, row):
    before = [row("hip_extension", "left", value, trial=trial) for trial, value in ((1, 0), (2, 4))]
    (change,) = judge(before, [row("hip_extension", "left", 15)])
    assert (change.before, change.after, change.difference, change.verdict) == (2, 15, 13, "improved")


def test_a_reading_without_an_earlier_one_is_left_out(judge, row):
    assert judge([row("hip_extension", "left", 2)], [row("hip_extension", "right", 15)]) == []
    assert judge([row("hip_extension", "left", 2)], [row("hip_flexion", "left", 115)]) == []
    assert judge([], [row("hip_extension", "left", 2)]) == []


@pytest.mark.parametrize(
    ("key", "was", "now"),
    [
        ("position", "prone", "side_lying"),
        ("instrument", "goniometer", None),
        ("mode", None, "active"),
    ],
)
def test_an_earlier_reading_taken_in_another_way_is_not_comparable_and_says_why(verdict, key, was, now):
    change = verdict("hip_extension", 2, 30, earlier={key: was}, later={key: now})
    assert (change.verdict, change.difference, change.before) == ("not_comparable", None, 2)
    assert change.note == (f"measured in another way: {key} was {was or 'not recorded'}, now {now or 'not recorded'}")


def test_the_earlier_reading_taken_in_the_same_way_is_preferred(judge, row):
    before = [row("hip_extension", "left", 9, mode="active"), row("hip_extension", "left", 2, mode="passive")]
    (change,) = judge(before, [row("hip_extension", "left", 16, mode="passive")])
    assert (change.before, change.verdict) == (2, "improved")


@pytest.mark.parametrize(
    "measure",
    ["thomas_hip_angle", "ober_angle", "foot_posture_index", "leg_length_true", "ankle_dorsiflexion", "trendelenburg"],
)
def test_without_a_known_detectable_change_nothing_is_judged(verdict, measure):
    value = 900 if measure == "leg_length_true" else 0
    change = verdict(measure, value, value + 1)
    assert (change.verdict, change.mdc) == ("not_comparable", None)
    assert change.note == f"no minimal detectable change is known for {MEASURES[measure].label}"


def test_grades_and_observations_are_never_trended(judge, row):
    grades = [[row("hip_extension", "left", grade=grade)] for grade in ("marked", "mild")]
    (change,) = judge(*grades)
    assert (change.verdict, change.before, change.after) == ("not_comparable", None, None)
    assert change.note == "grades and observations are not compared as numbers"
    (mixed,) = judge(grades[0], [row("hip_extension", "left", 20)])
    assert mixed.verdict == "not_comparable"


@pytest.mark.parametrize(
    ("measure", "position"),
    [
        ("hip_abduction", "supine"),
        ("hip_abduction", "side_lying"),
        ("hip_external_rotation", "supine"),
        ("hip_external_rotation", None),
    ],
)
def test_two_named_examiners_make_unreliable_motions_not_comparable(verdict, measure, position):
    change = verdict(measure, 20, 45, position=position, earlier={"examiner": "Ann"}, later={"examiner": "Ben"})
    assert change.verdict == "not_comparable"
    assert change.note == "not comparable between different examiners (Ann; Ben)"
    same = verdict(measure, 20, 45, position=position, examiner="Ann")
    assert same.verdict == "improved"


def test_two_named_examiners_are_named_beside_other_comparisons(verdict):
    examiners = {"earlier": {"examiner": "Ann"}, "later": {"examiner": "Ben"}}
    change = verdict("hip_external_rotation", 20, 45, position="seated", instrument="goniometer", **examiners)
    assert (change.verdict, change.note) == ("improved", "different examiners: Ann; Ben")
    change = verdict("knee_extension_deficit", 40, 29, mode="active", **examiners)
    assert (change.verdict, change.mdc) == ("within_error", 12)


@pytest.mark.parametrize("named", [{}, {"earlier": {"examiner": "Ann"}}, {"later": {"examiner": "Ann"}}])
def test_an_unnamed_examiner_is_only_mentioned(verdict, named):
    change = verdict("hip_abduction", 20, 45, position="supine", instrument="goniometer", **named)
    assert (change.verdict, change.note) == ("improved", "examiner not recorded both times")


def test_what_is_not_recorded_of_the_way_is_mentioned(verdict):
    change = verdict("hip_internal_rotation", 20, 45, examiner="Ann")
    assert change.note == "position not recorded; instrument not recorded"
    change = verdict("knee_extension_deficit", 40, 30, examiner="Ann", position="supine", instrument="goniometer")
    assert (change.verdict, change.mdc) == ("within_error", 21)
    assert change.note == "active or passive not recorded: the larger error was used"


def test_a_difference_that_vanished_has_improved(judge, row):
    (change,) = judge([row("leg_length_difference_block", "left", 8)], [row("leg_length_difference_block", None, 0)])
    assert (change.verdict, change.side, change.difference) == ("improved", "left", -8)


def test_a_difference_that_changed_sides_is_not_comparable(judge, row):
    rows = [[row("leg_length_difference_block", side, 8)] for side in ("left", "right")]
    (change,) = judge(*rows)
    assert (change.verdict, change.difference) == ("not_comparable", None)
    assert change.note == "the shorter side was left, now right"
