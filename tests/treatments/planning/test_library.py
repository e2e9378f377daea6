import json
import re
from itertools import pairwise

import pytest

from assessments.rules import PACK
from intake.screening import CONDITIONS
from intake.screening.vocabulary import APPROACHES
from treatments.planning import LIBRARY, NO_EXERCISE
from treatments.planning.dose import DOSES
from treatments.planning.library import CONDITION_PRECAUTIONS, FINDING_PRECAUTIONS, LIBRARY_FOLDER

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
    prolonged_standing_hard_floor unsupportive_footwear hip_provocation_sign
    """.split()  # noqa: SIM905
)
# Keys that shipped: programmes of clients name them, so they stay.
SHIPPED = set(
    """
    half_kneeling_hip_flexor_stretch supine_edge_of_bed_hip_flexor_stretch side_lying_heel_to_buttock
    standing_heel_to_buttock prone_strap_knee_bend supine_strap_hamstring_stretch supine_active_knee_extension
    supine_figure_four_stretch seated_figure_four_stretch seated_hip_rotation knee_to_opposite_shoulder
    double_knee_to_chest supine_butterfly side_lunge_shift side_lying_tfl_stretch standing_cross_leg_side_lean
    wall_calf_stretch_straight_knee step_edge_heel_drop wall_calf_stretch_bent_knee standing_heel_raise_hold
    plantar_fascia_stretch side_lying_leg_raise lateral_step_up bridge chair_squat static_lunge bird_dog short_foot
    seated_trunk_bracing movement_breaks standing_changes walking
    """.split()  # noqa: SIM905
)
SERVED = {code for exercise in LIBRARY.values() for code in exercise.for_findings}
ONE_WAY_ONLY = {"prolonged_sitting", "prolonged_standing_hard_floor"}  # habits, not stretches: one piece of advice each


def sentences(exercise):
    return [said for said in re.split(r"(?<=[.!?])\s+", " ".join(exercise.steps)) if said]


def test_every_finding_is_served_or_listed_as_having_no_exercise():
    assert SERVED | set(NO_EXERCISE) == CODES == set(PACK.rules)
    assert not SERVED & set(NO_EXERCISE)


def test_what_shipped_is_still_there():
    assert set(LIBRARY) >= SHIPPED
    assert len(LIBRARY) >= 34


@pytest.mark.parametrize("code", sorted(SERVED - ONE_WAY_ONLY))
def test_a_finding_is_served_in_two_positions(code):
    serving = [exercise for exercise in LIBRARY.values() if code in exercise.for_findings]
    assert len(serving) >= 2
    assert len({exercise.position for exercise in serving}) >= 2


@pytest.mark.parametrize("exercise", LIBRARY.values(), ids=LIBRARY)
def test_an_exercise_speaks_to_the_client_and_names_its_source(exercise):
    assert exercise.source
    assert exercise.evidence.sentence.endswith(".")
    assert 2 <= len(sentences(exercise)) <= 5
    assert max(len(said.split()) for said in sentences(exercise)) <= 25
    assert not re.search(r"\b(the patient|the client|ipsilateral|supine|prone)\b", " ".join(exercise.steps))


@pytest.mark.parametrize("exercise", LIBRARY.values(), ids=LIBRARY)
def test_no_exercise_promises_what_studies_deny(exercise):
    """Clinical §4.2: stretching alone did no better than control for back pain, so it never counts as supported."""
    promise = r"\b(cures?|heals?|corrects?|prevents?|fixe?s?|guarantees?|realigns?|eases? your)\b"
    assert not re.search(promise, exercise.evidence.sentence, re.IGNORECASE)
    if exercise.kind in ("stretch", "mobility", "balance"):
        assert exercise.evidence.level != "supported"
    assert "no trial" not in exercise.source or exercise.tag == "U"


@pytest.mark.parametrize("exercise", LIBRARY.values(), ids=LIBRARY)
def test_a_ladder_leads_up_and_ends(exercise):
    seen = [exercise.key]
    while LIBRARY[seen[-1]].harder:
        seen.append(LIBRARY[seen[-1]].harder)
        assert len(seen) == len(set(seen)), seen
    assert all(LIBRARY[lower].easier != upper for lower, upper in pairwise(seen))
    assert exercise.easier != exercise.harder or exercise.easier is None


@pytest.mark.parametrize("exercise", LIBRARY.values(), ids=LIBRARY)
def test_neighbours_on_a_ladder_are_for_the_same(exercise):
    for key in filter(None, (exercise.easier, exercise.harder)):
        other = LIBRARY[key]
        assert other.target == exercise.target or set(other.for_findings) & set(exercise.for_findings)


@pytest.mark.parametrize("exercise", LIBRARY.values(), ids=LIBRARY)
def test_tags_fit_the_position(exercise):
    lying = {"supine": "lying_supine", "prone": "lying_prone"}
    expected = {lying[exercise.position]} if exercise.position in lying else set()
    assert exercise.tags & set(lying.values()) == expected
    assert ("kneeling" in exercise.tags) >= (exercise.position in ("half-kneeling", "hands and knees"))
    if "end_range_hip" in exercise.tags or "hip_strength" in exercise.tags:
        assert "hip" in exercise.tags
    if "hip_rotation_end_range" in exercise.tags:
        assert exercise.tags & {"hip_internal_rotation", "hip_external_rotation"}


@pytest.mark.parametrize(
    "precaution", [*CONDITION_PRECAUTIONS.values(), *FINDING_PRECAUTIONS.values()], ids=lambda p: p.key
)
def test_a_precaution_says_why_and_whence(precaution):
    assert precaution.source
    assert precaution.reason
    assert set(precaution.excludes_by_approach) in (set(), set(APPROACHES))
    assert bool(precaution.until) == bool(precaution.reason_until) == bool(precaution.excludes_by_approach)


def test_each_condition_has_a_precaution_and_each_finding_precaution_a_code():
    assert set(CONDITION_PRECAUTIONS) == set(CONDITIONS)
    assert set(FINDING_PRECAUTIONS) <= CODES


def test_usual_doses_carry_their_source():
    assert all(usual.source for usual in DOSES.usual.values())
    assert DOSES.maintenance_source
    assert DOSES.ceiling.source
    assert DOSES.day.source.startswith("our own working value")


@pytest.mark.parametrize("name", ["exercises", "precautions", "doses"])
def test_a_file_has_its_schema_beside_it(name):
    schema = json.loads((LIBRARY_FOLDER / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
