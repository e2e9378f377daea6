"""A library that can't be used says so in one line for each fault, with all lines at once."""

import json
import shutil

import pytest

from assessments.rules import PACK
from clinic.packs import PackError
from treatments.planning.checks import referral_faults
from treatments.planning.dose import ceiling_faults
from treatments.planning.library import LIBRARY_FOLDER, build_exercise, read_library

BRIDGE, WALKING, FIRST = "bridge", "walking", "half_kneeling_hip_flexor_stretch"


@pytest.fixture
def folder(tmp_path):
    for name in ("exercises", "precautions"):
        shutil.copy(LIBRARY_FOLDER / f"{name}.json", tmp_path)
    return tmp_path


def edited(folder, name, edit):
    path = folder / f"{name}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    edit(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def lines(folder, findings=PACK.rules):
    with pytest.raises(PackError) as refused:
        read_library(folder, findings)
    return refused.value.lines


def exercise(document, key):
    return next(entry for entry in document["exercises"] if entry["key"] == key)


def on(key, /, **values):
    return lambda document: exercise(document, key).update(values)


def precaution(key, /, **values):
    def edit(document):
        next(entry for entry in document["conditions"] + document["findings"] if entry["key"] == key).update(values)

    return edit


def only_with_tags(document):
    """Every strengthening exercise has something that a precaution may forbid."""
    for entry in document["exercises"]:
        if entry["kind"] == "strength":
            entry["tags"] = ["hip"]


def test_the_shipped_files_are_sound(folder):
    assert set(read_library(folder).exercises)


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (on(BRIDGE, harder="flip"), "exercises.json: bridge: harder: 'flip' is no other exercise of the library"),
        (on(BRIDGE, easier="bridge"), "exercises.json: bridge: easier: 'bridge' is no other exercise of the library"),
        (on(BRIDGE, for_findings=["hip_sad"]), "exercises.json: bridge: for_findings: no rule makes 'hip_sad'"),
        (on(BRIDGE, tags=["hipp"]), "exercises.json: bridge: tags: 'hipp' is not in the vocabulary"),
        (
            on(BRIDGE, contraindications={"gout": {"effect": "exclude", "reason": "r"}}),
            "exercises.json: bridge: contraindications: 'gout' is no condition of the intake",
        ),
        (
            lambda document: document["tags"].update(somersaults="turns over"),
            "exercises.json: tags: no exercise carries 'somersaults'",
        ),
        (
            lambda document: document["no_exercise_by_itself"].pop("foot_supinated"),
            "exercises.json: no_exercise_by_itself: foot_supinated is neither served by an exercise nor listed here",
        ),
        (
            lambda document: document["no_exercise_by_itself"].update(hamstring_short="no"),
            "exercises.json: no_exercise_by_itself: hamstring_short is listed here, and an exercise serves it",
        ),
        (
            lambda document: document["no_exercise_by_itself"].update(hip_sad="no"),
            "exercises.json: no_exercise_by_itself: no rule makes 'hip_sad'",
        ),
        (
            lambda document: document["exercises"].append(exercise(document, BRIDGE)),
            "exercises.json: bridge: stands there 2 times",
        ),
        (only_with_tags, "exercises.json: no general strength exercise is free of tags and contraindications"),
        (
            on(BRIDGE, target="foot_intrinsics"),
            "exercises.json: bridge: completes programmes, but doesn't strengthen the back",
        ),
        (
            on(WALKING, general=False),
            "exercises.json: no general activity exercise is free of tags and contraindications",
        ),
    ],
)  # fmt: skip
def test_exercises_that_do_not_fit(folder, edit, line):
    edited(folder, "exercises", edit)
    assert line in lines(folder)


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (precaution("polio", excludes=["hipp"]), "precautions.json: polio: no exercise carries 'hipp'"),
        (precaution("polio", changes={"lifting": "Less."}), "precautions.json: polio: no exercise carries 'lifting'"),
        (
            precaution("hip_provocation_sign", excludes_across=["other"]),
            "precautions.json: hip_provocation_sign: no exercise carries 'other'",
        ),
        (precaution("polio", key="gout"), "precautions.json: gout: there is no such condition"),
        (precaution("polio", key="gout"), "precautions.json: condition polio is missing"),
        (precaution("polio", key="osteoporosis"), "precautions.json: osteoporosis: stands there 2 times"),
        (precaution("hypermobility_screen", key="hip_sad"), "precautions.json: hip_sad: there is no such finding"),
        (
            lambda document: document["findings"].append(document["findings"][0]),
            "precautions.json: neural_tension_sign: stands there 2 times",
        ),
    ],
)  # fmt: skip
def test_precautions_that_do_not_fit(folder, edit, line):
    edited(folder, "precautions", edit)
    assert line in lines(folder)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"kind": "dance"}, ".kind: 'dance' is not one of stretch, strength, mobility, balance, activity"),
        ({"evidence": {"level": "sure", "sentence": "s"}}, ".evidence.level: 'sure' is not one of"),
        ({"kind": "activity"}, ": 'dose' is missing"),
        ({"contraindications": {"polio": {"effect": "maybe", "reason": "r"}}}, ".effect: 'maybe' is not one of"),
        ({"dose": {"repetitions": 500, "sets": 1, "days_per_week": 3}}, "500 is greater than the maximum of 50"),
        ({"steps": ["Lie down."]}, ".steps: "),
        ({"steps": ["One."] * 6}, ".steps: "),
        ({"sauce": "x"}, ": unknown key 'sauce'"),
        ({"source": ""}, ".source: is empty"),
        ({"tag": "X"}, ".tag: 'X' is not one of V, C, U, D"),
    ],
)
def test_an_exercise_that_the_schema_refuses(folder, values, said):
    edited(folder, "exercises", on(FIRST, **values))
    (line,) = lines(folder)
    assert line.startswith("exercises.json: exercises[0]")
    assert said in line


def without_crossing(document):
    for entry in document["exercises"]:
        entry["tags"] = [tag for tag in entry["tags"] if tag != "crosses_midline"]


def test_a_restriction_of_surgeons_that_no_exercise_carries(folder):
    edited(folder, "exercises", without_crossing)
    assert "exercises.json: tags: no exercise carries the surgeon's restriction 'crosses_midline'" in lines(folder)


def test_all_faults_come_together(folder):
    edited(folder, "exercises", on(BRIDGE, harder="somersault", tags=["hipp"]))
    edited(folder, "precautions", precaution("polio", key="gout"))
    assert len(lines(folder)) == 4


def test_a_finding_that_the_rules_learn_needs_an_answer_here(folder):
    assert lines(folder, [*PACK.rules, "toe_sad"]) == (
        "exercises.json: no_exercise_by_itself: toe_sad is neither served by an exercise nor listed here",
    )


@pytest.mark.parametrize(
    ("dose", "said"),
    [
        ({"hold_seconds": 60, "repetitions": 2, "sets": 1, "days_per_week": 5}, []),
        (
            {"hold_seconds": 61, "repetitions": 2, "sets": 1, "days_per_week": 5},
            [f"exercises.json: {FIRST}: dose: 10.2 minutes a week, above the ceiling of 10"],
        ),
        (
            {"hold_seconds": 60, "repetitions": 3, "sets": 1, "days_per_week": 7},
            [f"exercises.json: {FIRST}: dose: 21 minutes a week, above the ceiling of 10"],
        ),
    ],
)
def test_no_stretch_is_longer_than_ten_minutes_a_week(dose, said):
    document = json.loads((LIBRARY_FOLDER / "exercises.json").read_text(encoding="utf-8"))
    stretch = build_exercise({**exercise(document, FIRST), "dose": dose})
    assert list(ceiling_faults([stretch])) == said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, []),
        (
            {"refer_history": ["polio", "hip_replacment"]},
            ["leg_length.json: refer_history: 'hip_replacment' is no condition of the intake"],
        ),
        ({"refer_flags": ["xx"]}, ["leg_length.json: refer_flags: 'xx' is no red flag of the intake"]),
    ],
)
def test_what_refers_a_leg_is_an_answer_of_the_intake(change, said):
    assert list(referral_faults({**PACK.leg, **change})) == said
