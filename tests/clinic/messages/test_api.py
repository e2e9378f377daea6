"""Messages over the API: read by the staff of the practice, their own by a client; written by the staff, once."""

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from tests.clinic.messages.conftest import texts, write
from tests.people import make_client, make_user

pytestmark = pytest.mark.django_db
KEY = "0193f5a0-0000-7000-8000-000000000001"


def caller(user):
    return APIClient(headers={"Authorization": f"Token {Token.objects.create(user=user).key}"})


def test_written_once_listed_and_read(client_person, therapist, receptionist, other_therapist):
    api, elsewhere = caller(receptionist.user), caller(other_therapist.user)
    question = write(client_person, text="A question")
    body = {"client": str(client_person.pk), "text": "An answer", "sent_key": KEY}
    for _ in range(2):
        answer = api.post("/api/v1/messages/", body, format="json")
        assert (answer.status_code, answer.json()["written_by"]) == (201, str(receptionist.pk))
    assert texts() == ["A question", "An answer"]
    listed = api.get("/api/v1/messages/?unread=true&from_client=true").json()["results"]
    assert [row["text"] for row in listed] == ["A question"]
    read = api.post(f"/api/v1/messages/{question.pk}/read/").json()
    assert (read["read_by"], bool(read["read_at"])) == (str(receptionist.pk), True)
    assert api.get("/api/v1/messages/?unread=true&from_client=true").json()["results"] == []
    assert elsewhere.get("/api/v1/messages/").json()["results"] == []
    assert elsewhere.post("/api/v1/messages/", body, format="json").status_code == 400


def test_a_clients_own_log_in_sees_their_own_and_writes_nothing_here(practice, client_person, therapist):
    person = make_client(practice, user=make_user("b@clients.example"), ref="C0002", given_name="Ben")
    write(client_person)
    mine = write(person, by=therapist)
    api = caller(person.user)
    assert [row["id"] for row in api.get("/api/v1/messages/").json()["results"]] == [str(mine.pk)]
    body = {"client": str(person.pk), "text": "Hello"}
    assert api.post("/api/v1/messages/", body, format="json").status_code == 403
    assert api.post(f"/api/v1/messages/{mine.pk}/read/").status_code == 403


@pytest.mark.parametrize("text", ["", " ", "x" * 2001, "a\x00", None, ["x"]])
def test_what_is_no_message_is_refused_with_its_place(client_person, therapist, text):
    answer = caller(therapist.user).post(
        "/api/v1/messages/", {"client": str(client_person.pk), "text": text}, format="json"
    )
    assert answer.status_code == 400
    assert "text" in str(answer.json())
    assert texts() == []
