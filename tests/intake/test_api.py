import pytest
from rest_framework.test import APIClient

from clinic.models import Reminder
from clinic.services import clients
from intake.models import IntakeRequest
from intake.services import requests
from tests.intake.conftest import fill, sign
from tests.people import make_client, make_user

URL = "/api/v1/intakes/"


@pytest.fixture
def as_():
    def log_in(user) -> APIClient:
        made = APIClient()
        made.force_login(user)
        return made

    return log_in


def test_a_clinician_reads_signed_intakes(as_, therapist, completed):
    someone = as_(therapist.user)
    (listed,) = someone.get(URL).json()["results"]
    assert listed["id"] == str(completed.pk)
    one = someone.get(f"{URL}{completed.pk}/").json()
    assert one["answers"]["footwear"] == "worn"
    assert (one["form_key"], one["form_number"], one["referral_level"]) == ("first-visit", 1, "none")
    assert "signed_from" not in one


def test_drafts_other_practices_and_reception_see_nothing(as_, therapist, receptionist, other_therapist, invitation):
    draft = fill(invitation)
    assert as_(therapist.user).get(URL).json()["results"] == []
    assert as_(therapist.user).get(f"{URL}{draft.pk}/").status_code == 404
    response = sign(invitation)
    for nobody in (receptionist, other_therapist):
        assert as_(nobody.user).get(URL).json()["results"] == []
        assert as_(nobody.user).get(f"{URL}{response.pk}/").status_code == 404
    assert APIClient().get(URL).status_code in (401, 403)


def test_a_client_reads_their_own_and_sends_nothing(as_, completed):
    user = make_user("ada@clients.example")
    type(completed.client).objects.filter(pk=completed.client_id).update(user=user)
    assert len(as_(user).get(URL).json()["results"]) == 1
    assert as_(user).post(URL, {"client": str(completed.client_id)}, format="json").status_code == 403


def test_posting_a_client_sends_the_link(as_, receptionist, client_person):
    sent = as_(receptionist.user).post(URL, {"client": str(client_person.pk)}, format="json")
    assert sent.status_code == 201
    request = IntakeRequest.objects.get()
    assert sent.json()["id"] == str(request.pk)
    assert request.requested_by == receptionist
    assert Reminder.objects.get().subject == request.pk


def test_a_refusal_names_its_problem(as_, therapist, client_person, other_client):
    someone = as_(therapist.user)
    clients.change(client=client_person, by=therapist, email="")
    refused = someone.post(URL, {"client": str(client_person.pk)}, format="json")
    (problem,) = refused.json()["problems"]
    assert (refused.status_code, problem["path"]) == (400, "email")
    assert "no e-mail address" in problem["message"]
    for body in ({}, {"client": "x"}, {"client": str(other_client.pk)}):
        refused = someone.post(URL, body, format="json")
        assert (refused.status_code, refused.json()["problems"][0]["path"]) == (400, "client")
    assert not IntakeRequest.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_listing_takes_a_fixed_number_of_queries(as_, count, practice, therapist, django_assert_num_queries):
    for number in range(count):
        client = make_client(practice, ref=f"C{number}", given_name=f"Client{number}")
        invitation = requests.send(client=client, by=therapist)
        fill(invitation)
        sign(invitation)
    someone = as_(therapist.user)
    with django_assert_num_queries(5):  # session, user, membership, count, rows
        assert len(someone.get(URL).json()["results"]) == count
