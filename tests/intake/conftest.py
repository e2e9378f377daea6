import pytest

from clinic import links
from intake.models import IntakeRequest
from intake.screening import CONDITIONS, RED_FLAGS
from intake.services import requests, responses


def full_answers(**different) -> dict:
    """Every question answered, no to everything; keywords replace a part or one item of red_flags or conditions."""
    answers = {
        "pain": [{"site": "low_back", "side": "right", "severity": 5, "weeks": 26, "radiates_below_knee": False}],
        "sitting_hours_per_day": 9,
        "standing_hours_per_day": 1.5,
        "standing_surface": "hard",
        "footwear": "worn",
        "tried": ["massage", "foam_roller"],
        "red_flags": dict.fromkeys(RED_FLAGS, "no"),
        "conditions": dict.fromkeys(CONDITIONS, "no"),
    }
    for block in ("red_flags", "conditions"):
        answers[block] |= different.pop(block, {})
    return answers | different


def fill(intake: IntakeRequest, **different):
    return responses.save_page(request=intake, answers=full_answers(**different), by=intake.client)


def sign(intake: IntakeRequest):
    return responses.complete(
        request=intake, signed_name="Ada Brandt", consent=True, ip="203.0.113.9", by=intake.client
    )


@pytest.fixture
def invitation(client_person, therapist) -> IntakeRequest:
    return requests.send(client=client_person, by=therapist)


@pytest.fixture
def completed(invitation):
    fill(invitation)
    return sign(invitation)


@pytest.fixture
def token(invitation) -> str:
    return links.sign("intake", invitation.pk)
