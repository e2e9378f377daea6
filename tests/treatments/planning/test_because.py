"""The chain that a therapist reads: findings, choice, dose and its source."""

import pytest

from tests.treatments.planning.making import finding, planned
from treatments.planning import LIBRARY, Dose
from treatments.planning.because import amount, name_of
from treatments.planning.dose import dose_source


def chains(programme):
    return {item.exercise: item.because for item in programme.items}


@pytest.mark.parametrize(
    ("dose", "said"),
    [
        (Dose(30, 2, 1, 5), "30 s × 2, 5 days a week"),
        (Dose(10, 10, 3, 7), "10 s × 10 × 3 rounds, 7 days a week"),
        (Dose(30, 1, 1, 3), "30 s, 3 days a week"),
        (Dose(None, 10, 2, 3), "10 times × 2 rounds, 3 days a week"),
        (Dose(None, 1, 1, 5, 20), "20 min, 5 days a week"),
        (Dose(None, 8, 1, 5, 2), "2 min × 8, 5 days a week"),
        (Dose(None, 6, None, 2), "6 times, 2 days a week"),
    ],
)
def test_a_dose_in_words(dose, said):
    assert amount(dose) == said


def test_the_first_choice_names_all_its_findings_and_the_source_of_the_dose():
    said = chains(planned(finding("hip_extension_limited"), finding("iliopsoas_short")))
    assert said["half_kneeling_hip_flexor_stretch"].startswith(
        "Hip extension limited, Iliopsoas short: first choice of the library. "
        "30 s × 2, 5 days a week: Garber 2011 MSSE 43:1334"
    )


def test_another_choice_says_what_is_preferred_and_closed():
    said = chains(planned(finding("iliopsoas_short"), conditions={"knee_replacement": "yes"}))
    assert said["supine_edge_of_bed_hip_flexor_stretch"].startswith(
        "Iliopsoas short: first choice that is open here, instead of Half-kneeling hip flexor stretch. 30 s × 2"
    )


def test_what_only_completes_a_programme_says_so():
    said = chains(planned(finding("soleus_short")))
    assert said["bridge"].startswith("No finding asks for it. Every programme strengthens")
    assert said["walking"].startswith("No finding asks for it. Every programme keeps moving")
    assert "20 min, 5 days a week" in said["walking"]


def test_older_people_see_the_source_for_older_people():
    assert (
        "holds of 30-60 s in older adults"
        in chains(planned(finding("soleus_short"), age=65))["wall_calf_stretch_bent_knee"]
    )


def test_a_dose_of_its_own_has_the_source_of_the_exercise():
    assert dose_source(LIBRARY["short_foot"], 40) == LIBRARY["short_foot"].source


def test_an_item_carries_its_evidence():
    item = planned(finding("itb_tfl_short")).items[0]
    assert (item.evidence, item.source) == ("weak", LIBRARY["side_lying_tfl_stretch"].source)


def test_a_finding_of_a_hosts_own_rule_is_named_by_its_code():
    assert name_of("toe_short") == "Toe short"
