"""Whether the explanation of an assessment is that of then, or what today's protocol and records make of it."""

import pytest
from django.urls import reverse

from assessments.models import Assessment, Finding
from assessments.services import assessments
from tests.assessments.conftest import block, day, hip_extension, tape

TIGHT = {"measure": "iliopsoas_length", "side": "right", "grade": "moderate"}
LEGS = [tape(side, value, trial) for side, value in (("left", 900), ("right", 885)) for trial in (1, 2)]
UNCHANGED = [*LEGS, block(14), TIGHT]  # unequal tissue explains it, unless weeks before it was the same
RECORDS = "As today's records show it"


def url(assessment):
    return reverse("assessments:assessment", args=[assessment.pk])


def explained(browser, assessment):
    page = browser.get(url(assessment))
    return page.context["explained"].as_then, RECORDS in page.content.decode()


def test_an_earlier_visit_is_part_of_the_explanation(at, therapist, signed):
    signed(*UNCHANGED)
    later = signed(*UNCHANGED, on=day(20, month=4))
    assert "leg_length_structural_suspected" in Finding.objects.filter(assessment=later).values_list("code", flat=True)
    page = at(therapist).get(url(later))
    reasoning = page.context["explained"].reasoning
    assert "leg_length_structural_suspected" in [finding.code for finding in reasoning.findings]
    assert [visit.on for visit in reasoning.case.earlier] == [day(2)]
    assert explained(at(therapist), later) == (True, False)


def test_a_visit_entered_late_is_said_to_change_the_explanation(at, therapist, signed):
    later = signed(*UNCHANGED, on=day(20, month=4))
    assert explained(at(therapist), later) == (True, False)
    signed(hip_extension(), on=day(1))
    signed(*UNCHANGED, on=day(25, month=4))
    assert explained(at(therapist), later) == (True, False)
    signed(*UNCHANGED)
    assert explained(at(therapist), later) == (False, True)
    assert "leg_length_structural_suspected" not in Finding.objects.filter(assessment=later).values_list(
        "code", flat=True
    )


def test_a_visit_marked_in_error_since_is_said_to_change_the_explanation(at, therapist, signed):
    first = signed(*UNCHANGED)
    later = signed(*UNCHANGED, on=day(20, month=4))
    assessments.mark_entered_in_error(assessment=first, by=therapist)
    assert explained(at(therapist), later) == (False, True)


@pytest.mark.parametrize(
    ("name", "value"), [("side", "right"), ("grade", "mild"), ("confidence", "low"), ("text", "Other words.")]
)
def test_any_difference_from_what_is_on_file_is_said(at, therapist, record, name, value):
    assessment = record(hip_extension("left", 2))
    Finding.objects.filter(assessment=assessment).update(**{name: value})
    assert explained(at(therapist), assessment) == (False, True)


def test_another_protocol_is_said_once(at, therapist, record):
    assessment = record(hip_extension("left", 2))
    Assessment.objects.update(protocol_version="1999.1")
    Finding.objects.all().delete()
    assert explained(at(therapist), assessment) == (False, False)
