"""The screen through services and pages: what reaches the record, the client and the rules of assessments."""

import re

import pytest
from django.urls import reverse

from clinic import links
from intake.queries import facts_for_rules
from intake.screening import FIRST_VISIT, RED_FLAGS
from intake.services import conditions, requests
from tests.intake.conftest import fill, sign
from tests.intake.screening.test_wording import EVERY_DISEASE, ITEMS, TOLD, words
from tests.people import make_client

MATTERS = {
    "pregnancy_bleeding": "urgent",
    "new_sexual_dysfunction": "emergency",
    "sudden_tearing_pain": "emergency",
    "pulsing_abdomen": "emergency",
    "known_aneurysm": "urgent",
    "cancer_history": "urgent",
    "minor_trauma_fragile_bone": "urgent",
    "long_term_steroids": "ask",
}


@pytest.mark.parametrize("sex", ["female", "male", "unspecified"])
@pytest.mark.parametrize(("key", "level"), MATTERS.items())
def test_the_recorded_sex_never_silences_a_flag(practice, therapist, sex, key, level):
    """A record may be wrong, and a yes is a yes: also to a question that is mostly for one sex."""
    client = make_client(practice, sex=sex)
    invitation = requests.send(client=client, by=therapist)
    fill(invitation, red_flags={key: "yes"})
    assert sign(invitation).referral_level == level


def seen(client, invitation):
    """The words of every page that a client can reach, without what the questions in TOLD have to name."""
    token = links.sign("intake", invitation.pk)
    start = reverse("intake:start", args=[token])
    pages = ["", *(page.key for page in FIRST_VISIT.pages), "safety_now/stop", "safety_health/stop", "sent"]
    answers = [client.get(f"{start}{page}/" if page else start, follow=True) for page in pages]
    text = " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()) for answer in answers)
    for key in TOLD:
        text = text.replace(ITEMS[key].question, "").replace(ITEMS[key].help, "")
    return text


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("level", ["emergency", "urgent", "ask"])
def test_no_page_of_the_client_shows_what_a_flag_suspects(client, invitation, level, signed):
    fill(invitation, red_flags={key: "yes" for key, item in RED_FLAGS.items() if item.level == level})
    if signed:
        response = sign(invitation)
        assert response.referral_level == level or level == "ask"
        assert any(item.suspects in line for item in RED_FLAGS.values() for line in response.referral_because)
    text = seen(client, invitation)
    shown = words(text) & EVERY_DISEASE
    assert shown == set()
    assert "Riverside Bodywork" in text


def test_the_rules_get_pain_and_the_sides_of_conditions(invitation, therapist):
    low_back = {"site": "low_back", "side": "right", "severity": 5, "weeks": 26, "radiates_below_knee": False}
    nothing_said = {"side": None, "severity": None, "weeks": None, "radiates_below_knee": None}
    knees = [{"answer": "yes", "side": "right"}, {"answer": "no", "side": "left"}]
    fill(
        invitation,
        pain=[low_back, {"site": "hip", "severity": 0}],
        conditions={
            "knee_replacement": knees,
            "polio": "yes",
            "hip_joint_disease": {"answer": "unsure", "side": "left"},
        },
    )
    sign(invitation)
    known = facts_for_rules(invitation.client)
    assert known["pain"] == (low_back, {"site": "hip", **nothing_said, "severity": 0})
    assert known["condition_sides"] == {"knee_replacement": ("right",), "polio": ("left", "right")}
    hip = {"answer": "yes", "side": "left"}
    conditions.answer(client=invitation.client, condition="hip_replacement", answer=hip, by=therapist)
    assert facts_for_rules(invitation.client)["condition_sides"]["hip_replacement"] == ("left",)


def test_before_any_intake_the_rules_get_neither(client_person):
    known = facts_for_rules(client_person)
    assert (known["pain"], known["condition_sides"]) == ((), {})
