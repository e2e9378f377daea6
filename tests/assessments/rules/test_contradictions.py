"""Where a measurement contradicts a picture of something that only wants stretching. One line, one case, in words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules import Facts, reason
from tests.assessments.rules.conftest import make_row as row
from tests.assessments.rules.conftest import read_all as read


def block(mm, side="left"):
    return row("leg_length_difference_block", side if mm else None, mm)


def tape(left, right):
    return [row("leg_length_true", "left", left), row("leg_length_true", "right", right)]


def imaging(left, right, *instruments):
    """Both legs on imaging, each with what it was taken with."""
    taken = zip(("left", "right"), (left, right), instruments, strict=True)
    return [row("leg_length_imaging", side, value, instrument=how) for side, value, how in taken]


def imaged(mm, instrument):
    return row("leg_length_difference_imaging", "left", mm, instrument=instrument)


def turning(degrees, side="left", **more):
    return row("hip_internal_rotation", side, degrees, position="seated", **more)


def thomas(degrees, held):
    return row("thomas_hip_angle", "left", degrees, pelvis_controlled=held)


def pain(site, **more):
    return {"site": site, "side": None, "severity": None, "weeks": None, "radiates_below_knee": None, **more}


NEW_HIP = {"conditions": {"hip_replacement": "yes"}, "condition_sides": {"hip_replacement": ("left",)}}
NEW_HIPS = {"conditions": {"hip_replacement": "yes"}, "condition_sides": {"hip_replacement": ("left", "right")}}
BENT = row("hip_extension", "left", -5)


def said(**flags):
    return {"red_flags": flags}


def hurts(site, **more):
    return {"pain": (pain(site, **more),)}


def ask(key):
    return {key: "ask"}


def urgent(key):
    return {key: "urgent"}


CHILD_SHORT = "short_leg_of_a_child"
CHILD_STIFF = "stiff_hip_of_a_child"
AFTER = "short_leg_after_something_happened"
HISTORY, LARGE = "short_leg_with_a_history", "large_difference"
TURNED = "short_leg_turned_out"
REPLACED = "painful_replaced_hip"
BENT_ILL = "contracture_with_fever"

CASES = [
    ("a child with a short leg", [block(5)], {"age": 12}, ask(CHILD_SHORT)),
    ("a child with level blocks", [block(4.9)], {"age": 12}, {}),
    ("a grown-up with a short leg", [block(5)], {"age": 18}, {}),
    ("a short leg, age unknown", [block(5)], {"age": None}, {}),
    ("a child, short leg, knee pain", [block(5)], {"age": 17, **hurts("knee")}, urgent(CHILD_SHORT)),
    ("a child, short leg, neck pain", [block(5)], {"age": 17, **hurts("neck")}, ask(CHILD_SHORT)),
    ("a child, short leg, limps", [block(5)], {"age": 8, **said(child_limp="yes")}, urgent(CHILD_SHORT)),
    ("a child, short leg, limp not sure", [block(5)], {"age": 8, **said(child_limp="unsure")}, ask(CHILD_SHORT)),
    ("a child, short leg, no limp", [block(5)], {"age": 8, **said(child_limp="no")}, ask(CHILD_SHORT)),
    ("a child, tape 10 mm", tape(800, 790), {"age": 12}, ask(CHILD_SHORT)),
    ("a child, tape 9 mm", tape(800, 791), {"age": 12}, {}),
    ("a child, one leg measured", tape(800, 791)[:1], {"age": 12}, {}),
    ("a child, 10 mm on CT", imaging(800, 790, "ct", "ct"), {"age": 12}, ask(CHILD_SHORT)),
    ("a child, 10 mm on imaging, which isn't said", imaging(800, 790, None, None), {"age": 12}, ask(CHILD_SHORT)),
    ("a child, difference on CT", [imaged(10, "ct")], {"age": 12}, ask(CHILD_SHORT)),
    ("a child, lying check 20 mm: too unreliable", [row("leg_length_difference_supine", "left", 20)], {"age": 12}, {}),
    ("a child, stiff hip, hip pain", [turning(14)], {"age": 12, **hurts("groin")}, urgent(CHILD_STIFF)),
    ("a child, 15 degrees, hip pain", [turning(15)], {"age": 12, **hurts("groin")}, {}),
    ("a child, stiff hip, no pain told", [turning(14)], {"age": 12}, ask(CHILD_STIFF)),
    ("a child, hip graded moderate, limps",
     [turning(None, grade="moderate")], {"age": 12, **said(child_limp="yes")}, urgent(CHILD_STIFF)),
    ("a child, hip graded mild, limps", [turning(None, grade="mild")], {"age": 12, **said(child_limp="yes")}, {}),
    ("a grown-up, stiff painful hip", [turning(5)], {"age": 40, **hurts("hip")}, {}),
    ("short leg, changed suddenly", [block(5)], said(sudden_leg_shortening="yes"), urgent(AFTER)),
    ("short leg, perhaps suddenly", [block(5)], said(sudden_leg_shortening="unsure"), ask(AFTER)),
    ("short leg, not suddenly", [block(5)], said(sudden_leg_shortening="no"), {}),
    ("short leg, nobody asked", [block(5)], said(), {}),
    ("level legs, said to be sudden", [block(0)], said(sudden_leg_shortening="yes"), {}),
    ("short leg after an accident", [block(5)], said(major_trauma="yes"), urgent(AFTER)),
    ("short leg after a small fall", [block(5)], said(minor_trauma_fragile_bone="yes"), urgent(AFTER)),
    ("short leg that bears no weight", [block(5)], said(cannot_bear_weight="yes"), urgent(AFTER)),
    ("short leg fixed turned out", [block(5), turning(-1)], {}, ask(TURNED)),
    ("short leg that turns in to neutral", [block(5), turning(0)], {}, {}),
    ("short leg, the other one turned out", [block(5), turning(-1, "right")], {}, {}),
    ("replaced hip that hurts when moved", [turning(30, pain=4)], NEW_HIP, ask(REPLACED)),
    ("replaced hip, pain 3", [turning(30, pain=3)], NEW_HIP, {}),
    ("two replaced hips, one hurts", [turning(30, "right", pain=4)], NEW_HIPS, ask(REPLACED)),
    ("the other hip hurts", [turning(30, "right", pain=9)], NEW_HIP, {}),
    ("a hip of one's own hurts", [turning(30, pain=9)], {"conditions": {"hip_replacement": "no"}}, {}),
    ("replaced hip, the calf hurts", [row("ankle_dorsiflexion", "left", 9, pain=9)], NEW_HIP, {}),
    ("replaced hip, provoked", [row("faber", "left", 1)], NEW_HIP, ask(REPLACED)),
    ("replaced hip, not provoked", [row("faber", "left", 0)], NEW_HIP, {}),
    ("replaced hip hurts, new pain told",
     [turning(30, pain=4)], {**NEW_HIP, **said(replaced_joint_new_pain="yes")}, urgent(REPLACED)),
    ("replaced hip hurts, groin pain for 6 weeks",
     [turning(30, pain=4)], {**NEW_HIP, **hurts("groin", weeks=6)}, urgent(REPLACED)),
    ("replaced hip hurts, groin pain for 7 weeks",
     [turning(30, pain=4)], {**NEW_HIP, **hurts("groin", weeks=7)}, ask(REPLACED)),
    ("replaced hip hurts, groin pain, since unknown",
     [turning(30, pain=4)], {**NEW_HIP, **hurts("groin")}, ask(REPLACED)),
    ("bent hip and fever", [BENT], said(fever_or_chills="yes"), urgent(BENT_ILL)),
    ("bent hip, perhaps fever", [BENT], said(fever_or_chills="unsure"), ask(BENT_ILL)),
    ("bent hip, no fever", [BENT], said(fever_or_chills="no"), {}),
    ("bent hip after an infection", [BENT], said(recent_infection="yes"), urgent(BENT_ILL)),
    ("bent hip, feels ill", [BENT], said(feels_ill="yes"), urgent(BENT_ILL)),
    ("bent knee and fever", [row("knee_extension", "left", -5)], said(fever_or_chills="yes"), urgent(BENT_ILL)),
    ("hip 4 degrees short of straight, fever", [row("hip_extension", "left", -4)], said(fever_or_chills="yes"), {}),
    ("hip graded marked, fever",
     [row("hip_extension", "left", grade="marked")], said(fever_or_chills="yes"), urgent(BENT_ILL)),
    ("hip graded moderate, fever", [row("hip_extension", "left", grade="moderate")], said(fever_or_chills="yes"), {}),
    ("thigh 5 degrees up, pelvis held, fever", [thomas(5, True)], said(fever_or_chills="yes"), urgent(BENT_ILL)),
    ("thigh 4 degrees up, pelvis held, fever", [thomas(4, True)], said(fever_or_chills="yes"), {}),
    ("thigh 30 degrees up, pelvis not held, fever", [thomas(30, False)], said(fever_or_chills="yes"), {}),
    ("short leg after polio", [block(5)], {"conditions": {"polio": "yes"}}, ask(HISTORY)),
    ("level legs after polio", [block(4.9)], {"conditions": {"polio": "yes"}}, {}),
    ("short leg, perhaps polio", [block(5)], {"conditions": {"polio": "unsure"}}, {}),
    ("20 mm by blocks", [block(20)], {}, ask(LARGE)),
    ("19 mm by blocks", [block(19)], {}, {}),
    ("two tape trials 20 mm apart", tape(900, 880), {}, ask(LARGE)),
    ("replaced hip that moves freely, new pain told",
     [turning(30)], {**NEW_HIP, **hurts("hip", weeks=2)}, ask(REPLACED)),
    ("replaced hip, new pain in the other one", [turning(30)], {**NEW_HIP, **hurts("hip", weeks=2, side="right")}, {}),
    ("replaced hip hurts, new pain in the other knee",
     [turning(30, pain=5)], {**NEW_HIP, **hurts("knee", weeks=2, side="right")}, ask(REPLACED)),
    ("replaced hip, new pain on both sides",
     [turning(30)], {**NEW_HIP, **hurts("hip", weeks=2, side="both")}, ask(REPLACED)),
    ("replaced hip, new pain, nothing measured there",
     [turning(30, "right")], {**NEW_HIP, **hurts("hip", weeks=2)}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "rows", "facts", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_reading_that_contradicts_a_stretch(words, rows, facts, expected):
    found = reason(read(*rows), Facts(**{"age": 40, **facts})).contradictions
    assert {one.key: one.level for one in found} == expected
    assert all(one.because and one.sentence for one in found)
    assert all(one.as_dict()["because"][0]["measure"] for one in found)


@pytest.mark.parametrize("facts", [{"age": 9, **hurts("hip")}, {"age": 40, **said(sudden_leg_shortening="yes")}])
@pytest.mark.parametrize(
    ("rows", "by_tape", "found"),
    [
        (imaging(800, 790, "ct", "ct"), (), True),
        (imaging(800, 790, "ct", "ct"), (0,), False),
        (imaging(800, 790, "ct", "ct"), (1,), False),
        ([imaged(10, "ct")], (), True),
        ([imaged(10, "ct")], (0,), False),
    ],
)
def test_imaging_counts_only_by_imaging(facts, rows, by_tape, found):
    """The form refuses a tape there; what is on record from elsewhere may say one."""
    readings = [
        replace(reading, instrument="tape") if place in by_tape else reading
        for place, reading in enumerate(read(*rows))
    ]
    assert [one.level for one in reason(readings, Facts(**facts)).contradictions] == ["urgent"] * found


def test_the_sentence_names_what_was_told():
    (found,) = reason(
        read(block(7)), Facts(age=9, red_flags={"child_limp": "unsure"}, pain=(pain("hip"),))
    ).contradictions
    assert "at 9 years" in found.sentence
    assert "pain at the hip" in found.sentence
    (found,) = reason(read(block(7)), Facts(age=9, **said(child_limp="unsure"))).contradictions
    assert "not sure: child limp" in found.sentence


CONTEXTS = [{"age": 40, **facts} for _, _, facts, _ in CASES]
ROWS = [row for _, rows, _, _ in CASES for row in rows]
ORDER = {None: 0, "ask": 1, "urgent": 2}


@given(st.lists(st.sampled_from(ROWS), max_size=6), st.sampled_from(ROWS), st.sampled_from(CONTEXTS))
def test_one_more_reading_never_takes_a_red_flag_away(rows, another, facts):
    def levels(entries):
        numbered = [{**entry, "trial": number} for number, entry in enumerate(entries, 1)]
        found = reason(read(*numbered), Facts(**{"age": 40, **facts})).contradictions
        return {one.key: one.level for one in found}

    before, after = levels(rows), levels([*rows, another])
    assert all(ORDER[after.get(key)] >= ORDER[level] for key, level in before.items())
