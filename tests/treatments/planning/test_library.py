import copy
import json
import re
from pathlib import Path

import pytest

from assessments.rules import RULE_DATA
from intake.screening import CONDITIONS
from intake.screening.vocabulary import APPROACHES, RESTRICTIONS
from treatments.planning import LIBRARY, NO_EXERCISE
from treatments.planning.library import (
    CONDITION_PRECAUTIONS,
    FINDING_PRECAUTIONS,
    LIBRARY_FOLDER,
    check_library,
    read_exercise,
)

# Contract §2, written out: a code that ships is never renamed.
CODES = set(
    """
    hip_flexion_limited hip_extension_limited hip_abduction_limited hip_adduction_limited hip_internal_rotation_limited
    hip_external_rotation_limited ankle_dorsiflexion_limited hip_motion_asymmetric hypermobility_screen iliopsoas_short
    rectus_femoris_short hamstring_short itb_tfl_short hip_rotators_short adductors_short gastrocnemius_short
    soleus_short calf_short plantar_fascia_tight hip_abductors_weak hip_extensors_weak neural_tension_sign foot_pronated
    foot_supinated gait_deviation leg_length_insufficient_data leg_length_no_difference
    leg_length_functional_suspected leg_length_functional_foot_suspected leg_length_functional_supported
    leg_length_unloaded_asymmetry leg_length_structural_suspected leg_length_structural_confirmed leg_length_mixed
    leg_length_contracture_possible leg_length_conflicting leg_length_refer prolonged_sitting
    prolonged_standing_hard_floor unsupportive_footwear
    """.split()  # noqa: SIM905
)
SERVED = {code for exercise in LIBRARY.values() for code in exercise.for_findings}
TAGS = {tag for exercise in LIBRARY.values() for tag in exercise.tags}
RAW = json.loads((LIBRARY_FOLDER / "exercises.json").read_text(encoding="utf-8"))["exercises"][0]


def test_every_finding_is_served_or_listed_as_having_no_exercise():
    assert SERVED | set(NO_EXERCISE) == CODES
    assert not SERVED & set(NO_EXERCISE)


@pytest.mark.parametrize("exercise", LIBRARY.values(), ids=LIBRARY)
def test_an_exercise_speaks_to_the_client_and_names_its_source(exercise):
    assert exercise.source
    assert exercise.tag in "VCUD"
    assert exercise.evidence.sentence.endswith(".")
    assert exercise.evidence.level != "contradicted"
    assert len(exercise.steps) >= 2
    assert not re.search(r"\b(the patient|the client|ipsilateral|supine|prone)\b", " ".join(exercise.steps))


@pytest.mark.parametrize(
    "precaution", [*CONDITION_PRECAUTIONS.values(), *FINDING_PRECAUTIONS.values()], ids=lambda p: p.key
)
def test_a_precaution_uses_tags_that_exercises_carry(precaution):
    used = {*precaution.excludes, *precaution.changes, *RESTRICTIONS}
    assert used <= TAGS
    assert precaution.source
    assert set(precaution.excludes_by_approach) in (set(), set(APPROACHES))
    assert {tag for tags in precaution.excludes_by_approach.values() for tag in tags} <= TAGS


def test_each_condition_has_a_precaution_and_each_finding_precaution_a_code():
    assert set(CONDITION_PRECAUTIONS) == set(CONDITIONS)
    assert set(FINDING_PRECAUTIONS) <= CODES


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "dance"},
        {"evidence": {"level": "sure", "sentence": "."}},
        {"kind": "activity"},
        {"contraindications": {"gout": {"effect": "exclude", "reason": "r"}}},
        {"contraindications": {"polio": {"effect": "maybe", "reason": "r"}}},
    ],
)
def test_an_exercise_with_a_word_we_do_not_know_is_refused(change):
    with pytest.raises(ValueError, match=r"half_kneeling_hip_flexor_stretch: "):
        read_exercise({**copy.deepcopy(RAW), **change})


def test_a_library_that_could_not_complete_a_programme_is_refused():
    only_stretches = {key: exercise for key, exercise in LIBRARY.items() if exercise.kind != "strength"}
    with pytest.raises(ValueError, match="no general strength"):
        check_library(only_stretches, CONDITION_PRECAUTIONS)


def test_a_condition_without_precaution_is_refused():
    with pytest.raises(ValueError, match="without a precaution: hip_replacement"):
        check_library(LIBRARY, {key: rule for key, rule in CONDITION_PRECAUTIONS.items() if key != "hip_replacement"})


def test_the_files_are_plain_json_beside_the_app():
    assert {path.name for path in Path(LIBRARY_FOLDER).glob("*.json")} >= {"exercises.json", "precautions.json"}
    assert RULE_DATA
