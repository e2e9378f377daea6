"""The clinician's side: asked from the record, withdrawn with a way back."""

import pytest

from assessments.models import QuestionnaireRequest
from assessments.queries.asked import open_requests, usual

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def logged_in(client, therapist):
    client.force_login(therapist.user)


def record(client, person):
    return client.get(f"/clients/{person.pk}/?tab=assessments").content.decode()


def test_asked_from_the_record_withdrawn_and_asked_again(client, client_person, therapist):
    assert usual(client_person) == ["nprs", "psfs"]
    address = f"/clients/{client_person.pk}/questionnaires/"
    page = client.post(address, {"questionnaire": ["nprs", "groc"]}, follow=True).content.decode()
    assert "finds NPRS, GROC on their page now." in page
    assert page.count("Waits for the client") == 2
    row = QuestionnaireRequest.objects.get(questionnaire="groc")
    page = client.post(f"/asked/{row.pk}/withdraw/", follow=True).content.decode()
    assert "Ask again" in page
    assert [each.questionnaire for each in open_requests(client_person)] == ["nprs"]
    client.post(address, {"questionnaire": "groc", "due_on": client_person.today.isoformat()})
    assert len(open_requests(client_person)) == 2


def test_a_refusal_is_said_on_the_page(client, client_person):
    page = client.post(f"/clients/{client_person.pk}/questionnaires/", {"due_on": "0001-01-01"}, follow=True)
    assert "Choose at least one of NPRS, RMDQ, PSFS, GROC." in page.content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_open_requests_are_one_query(client_person, ask, django_assert_num_queries, many):
    for key in ("nprs", "psfs", "groc")[:many]:
        ask(key)
    with django_assert_num_queries(1):
        assert len([str(row.requested_by) for row in open_requests(client_person)]) == many
