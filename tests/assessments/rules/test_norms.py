"""A norm fits when everything it names is known and the same; otherwise a plain reason. No interval of a mean, ever."""

from copy import deepcopy
from dataclasses import replace

import pytest

from assessments.rules import PACK, Norm
from assessments.rules.norms import NoNorm, describe, norm_for, range_of
from assessments.rules.protocol import DOCUMENTS, SCHEMAS
from clinic import packs

GONIOMETER = {"mode": "passive", "position": "prone", "instrument": "goniometer"}
#: The 95 % confidence intervals of the means that the CDC prints, by measure. None of them is a range of people.
INTERVALS = {
    "hip_extension": "23.9-28.5 27.2-29.4 18.6-22.4 16.6-19.8 17.0-19.2 16.3-18.5 15.5-17.9 12.5-14.5",
    "hip_flexion": "139.2-142.4 129.4-132.8 133.0-136.8 133.0-137.4 132.5-135.1 129.0-131.8 129.2-132.4 125.7-128.7",
    "knee_extension": "3.9-6.9 0.9-2.3 1.5-3.3 0.9-2.7 1.1-2.1 0.6-1.4 0.7-1.7 0.1-0.9",
    "ankle_dorsiflexion": "22.5-27.1 21.3-24.3 15.6-19.0 14.8-17.8 12.9-14.7 11.6-13.8 10.6-12.6 10.9-12.9",
}
KNEE_STRAIGHT = PACK.measures["knee_extension_deficit"]
HIP_FLEXION = PACK.measures["hip_flexion"]


def look(measure, **known):
    """Of a woman of 40, passive, prone, by goniometer, unless told another."""
    return norm_for(measure, **{"age": 40, "sex": "female", **GONIOMETER, **known})


def reason(measure, **known):
    none = look(measure, **known)
    assert isinstance(none, NoNorm)
    return none.reason


def a_norm(**more):
    return Norm(**{"measure": "hip_flexion", "mean": 120, "source": "s", "tag": "V", "population": "people", **more})


def pack_with(*norms):
    return replace(PACK, norms=norms)


@pytest.mark.parametrize(
    ("age", "sex", "mean"),
    [
        (2, "female", 26.2), (8, "female", 26.2), (8, "male", 28.3), (9, "male", 18.2), (18, "female", 20.5),
        (18, "male", 18.2), (19, "male", 18.2), (20, "male", 17.4), (44, "female", 18.1), (44, "male", 17.4),
        (45, "female", 16.7), (45, "male", 13.5), (64, "female", 16.7), (65, "female", 16.8), (69, "female", 16.8),
        (69, "male", 13.5), (70, "female", 16.8), (83, "female", 16.8),
    ],
)  # fmt: skip
def test_the_mean_of_hip_extension_by_age_and_sex(age, sex, mean):
    assert look("hip_extension", age=age, sex=sex).mean == mean


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"age": 70, "sex": "male"}, "the study ends at 69 years"),
        ({"age": 90, "sex": "male"}, "the study ends at 69 years"),
        ({"age": 84}, "the study ends at 83 years"),
        ({"age": 90}, "the study ends at 83 years"),
        ({"age": 1}, "the study begins at 2 years"),
        ({"age": None}, "the age isn't recorded"),
        ({"sex": "unspecified"}, "the sex isn't recorded"),
        ({"sex": None}, "the sex isn't recorded"),
        ({"mode": "active"}, "this is active motion, and the study measured passive"),
        ({"mode": None}, "active or passive isn't recorded"),
        ({"instrument": None}, "the instrument isn't recorded"),
        ({"mode": None, "instrument": None}, "active or passive isn't recorded; the instrument isn't recorded"),
        # What nobody can record any more goes before what is missing.
        ({"mode": "active", "instrument": None}, "this is active motion, and the study measured passive"),
        (
            {"instrument": "inclinometer"},
            "this was taken by inclinometer, the study measured by goniometer, and the two aren't interchangeable",
        ),
        ({"mode": "active", "age": 80, "sex": "male"}, "the study measured women only"),
    ],
)  # fmt: skip
def test_why_hip_extension_has_no_norm(known, said):
    assert reason("hip_extension", **known) == said


@pytest.mark.parametrize(
    ("measure", "known", "said"),
    [
        ("navicular_drop", {}, "none is on file for this measure"),
        ("straight_leg_raise", {}, "none is on file for this measure"),
        ("hip_abduction", {}, "this is passive motion, and the reference is for active"),
        ("hip_abduction", {"mode": "active", "age": 17}, "the reference is used from 18 years on"),
        ("ober_angle", {"age": 8, "instrument": "inclinometer"}, "the study is used from 18 years on"),
        ("knee_extension_deficit", {"age": 25}, "the study ends at 24 years"),
        ("knee_extension_deficit", {"age": 17}, "the study begins at 18 years"),
        ("hip_internal_rotation", {"position": None}, "the position isn't recorded"),
        ("hip_internal_rotation", {"position": "standing"}, "this was standing, and the study measured prone"),
        ("hip_external_rotation", {"position": "side_lying"}, "this was side lying, and the study measured prone"),
        ("hip_internal_rotation", {"age": 70}, "the study ends at 60 years"),
        ("knee_extension", {"age": 70}, "the study ends at 69 years"),
    ],
)
def test_why_other_measures_have_no_norm(measure, known, said):
    assert reason(measure, **known) == said


@pytest.mark.parametrize(
    ("measure", "position", "mean"),
    [
        ("hip_internal_rotation", "supine", 29.6),
        ("hip_internal_rotation", "prone", 35.2),
        ("hip_internal_rotation", "seated", 37.9),
        ("hip_external_rotation", "supine", 38.5),
        ("hip_external_rotation", "prone", 41.8),
        ("hip_external_rotation", "seated", 40.6),
    ],
)
def test_rotations_have_the_norm_of_their_own_position(measure, position, mean):
    assert look(measure, position=position).mean == mean


def test_a_norm_that_names_nothing_fits_everybody():
    everybody = a_norm()
    assert look("hip_flexion", age=None, sex=None, mode=None, instrument=None, pack=pack_with(everybody)) == everybody


def test_a_rotation_of_a_study_that_does_not_say_its_position_fits_nobody():
    without = pack_with(a_norm(measure="hip_internal_rotation"))
    assert reason("hip_internal_rotation", pack=without) == (
        "the source doesn't say in which position it measured the rotation"
    )


@pytest.mark.parametrize(
    ("mode", "sex", "mean", "reach"),
    [
        ("active", "male", 17.8, (0, 35.6)),
        ("active", "female", 13.4, (1.6, 25.2)),
        ("passive", "male", 17.1, (0, 34.9)),
        ("passive", "female", 9.8, (0, 21.0)),
    ],
)
def test_knee_extension_deficit_by_sex_and_mode_never_below_straight(mode, sex, mean, reach):
    norm = look("knee_extension_deficit", age=18, sex=sex, mode=mode, position="supine")
    assert norm.mean == mean
    assert range_of(norm, KNEE_STRAIGHT) == reach


@pytest.mark.parametrize(
    "better",
    [
        {"sd": 5.0, "tag": "C"},
        {"sd": 5.0, "caveat": ""},
        {"tag": "V"},
    ],
)  # fmt: skip
def test_the_better_norm_wins_wherever_it_stands(better):
    worse = a_norm(tag="C", caveat="mind this")
    best = replace(worse, **{"caveat": "", **better})
    for order in ([worse, best], [best, worse]):
        assert look("hip_flexion", pack=pack_with(*order)) == best


@pytest.mark.parametrize(
    ("best", "worse"),
    [
        (a_norm(sd=5.0, tag="D"), a_norm()),
        (a_norm(), a_norm(tag="C")),
        (a_norm(tag="C"), a_norm(tag="D")),
        (a_norm(tag="D"), a_norm(tag="U")),
        (a_norm(tag="C"), a_norm(kind="consensus")),
        (a_norm(kind="consensus"), a_norm(tag="U")),
    ],
)
def test_range_before_mean_and_study_before_consensus_and_unverified_last(best, worse):
    assert look("hip_flexion", pack=pack_with(worse, best)) == best


def test_a_range_is_the_mean_and_1_96_deviations_to_both_sides_as_far_as_the_measure_goes():
    norm = look("hip_flexion", age=70)
    assert norm.range == (101.4, 143.8) == range_of(norm, HIP_FLEXION)
    wide = a_norm(sd=100.0)
    assert range_of(wide, HIP_FLEXION) == (0, 165)
    assert range_of(wide, replace(HIP_FLEXION, hard_min=None, hard_max=None)) == wide.range == (-76, 316)
    assert range_of(a_norm(), HIP_FLEXION) is None


def test_no_confidence_interval_of_a_mean_is_loaded_as_a_range():
    printed = {
        (measure, *map(float, interval.split("-"))) for measure, row in INTERVALS.items() for interval in row.split()
    }
    assert len(printed) == 32
    edges = {(measure, edge) for measure, *both in printed for edge in both}
    for norm in PACK.norms:
        assert not {(norm.measure, norm.lowest), (norm.measure, norm.highest)} & edges
        assert norm.range is None or (norm.measure, *norm.range) not in printed


def test_only_cited_studies_with_a_spread_make_a_range():
    with_range = [norm for norm in PACK.norms if norm.range]
    assert with_range
    assert {norm.kind for norm in with_range} == {"study"}
    assert {norm.tag for norm in with_range} <= {"V", "C"}
    assert all(norm.sd for norm in with_range)
    assert not any("CDC" in norm.source for norm in with_range)


def test_both_sexes_and_four_age_bands_of_the_cdc_are_there_for_each_of_its_measures():
    cells = {(norm.measure, norm.sex, norm.from_age) for norm in PACK.norms if "CDC" in norm.source}
    assert cells == {(m, sex, first) for m in INTERVALS for sex in ("female", "male") for first in (2, 9, 20, 45)}
    assert {norm.mode for norm in PACK.norms if "CDC" in norm.source} == {"passive"}


@pytest.mark.parametrize("wrong", [{"kind": "consensus", "sd": 5}, {"tag": "U", "sd": 5}])
def test_the_schema_refuses_a_spread_that_nobody_measured_or_verified(wrong):
    document = deepcopy(DOCUMENTS["norms"])
    document["norms"][0].update(wrong)
    (line,) = packs.faults(document, SCHEMAS / "norms.schema.json", "norms.json")
    assert line.startswith("norms.json: norms[0].sd: None was expected")


def test_words_of_a_range_say_whose_and_that_it_is_our_computation():
    assert describe(look("hip_flexion", age=70), HIP_FLEXION, "°") == (
        "95 of 100 people of this study would lie between 101.4° and 143.8°, if spread evenly around the mean "
        "(mean ± 1.96 SD, our computation): 95 community-dwelling older women (65 to 83; the table says neither the "
        "position nor active or passive), mean 122.6°, SD 10.8°. "
        "Jung & Yamasaki 2016 J Physiol Anthropol 35:30, table 3 (verified in the source)."
    )


@pytest.mark.parametrize(
    ("norm", "words"),
    [
        (a_norm(n=84), "Average of 84 people: 120°; no spread on file. s (verified in the source)."),
        (a_norm(tag="C"), "Average of people: 120°; no spread on file. s (corroborated by a second document)."),
        (a_norm(tag="U"), "Average of people: 120°; no spread on file. s (unverified: our own working value)."),
        (a_norm(tag="D"), "Average of people: 120°; no spread on file. s (our own working value)."),
        (a_norm(sd=3, caveat="x"), "Average of people: 120°; no range follows. Mind: x. s (verified in the source)."),
        (
            a_norm(kind="consensus"),
            "Consensus reference 120°, agreed upon and not measured in people. s (verified in the source).",
        ),
    ],
)  # fmt: skip
def test_words_of_a_norm_without_a_range(norm, words):
    assert describe(norm, HIP_FLEXION, "°") == words
