"""How a measure is taken is drawn for the usual ones; a drawing names a measure that exists and says what it shows."""

from xml.etree import ElementTree

import pytest
from django.template import Context, Template

from assessments.rules import MEASURES
from assessments.templatetags.measure_drawings import PICTURES

ASKED_FOR = [
    "hip_flexion", "hip_extension", "hip_abduction", "hip_internal_rotation", "hip_external_rotation",
    "thomas_hip_angle", "thomas_knee_flexion", "knee_extension_deficit", "straight_leg_raise", "ely_knee_flexion",
    "ober_angle", "ankle_dorsiflexion", "weight_bearing_lunge", "leg_length_true", "leg_length_difference_block",
    "trendelenburg",
]  # fmt: skip


def drawing(key, side=""):
    source = "{% load measure_drawings %}{% measure_drawing key side %}"
    return Template(source).render(Context({"key": key, "side": side}))


def test_the_usual_measures_have_a_drawing_and_no_drawing_lacks_its_measure():
    assert set(ASKED_FOR) <= set(PICTURES) <= set(MEASURES)


@pytest.mark.parametrize("key", sorted(PICTURES))
def test_it_fits_and_says_what_it_shows(key):
    text = drawing(key, "right")
    assert len(text.encode()) <= 8 * 1024
    root = ElementTree.fromstring(text)
    assert [child.text for child in list(root)[:2]] == [
        f"How it is measured: {MEASURES[key].label}, right side",
        f"Drawing of the position of client and instrument. {MEASURES[key].how_to}",
    ]
    assert ">R</text>" in text


def test_a_measure_without_a_drawing_shows_nothing():
    assert drawing("iliac_crest") == ""
