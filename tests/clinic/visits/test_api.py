"""Visits over the API."""

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from clinic.models import Visit
from tests.clinic.visits.conftest import DAY, TODAY, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]
LIST = "/api/v1/visits/"


@pytest.fixture
def api(receptionist) -> APIClient:
    token = Token.objects.create(user=receptionist.user).key
    return APIClient(headers={"Authorization": f"Token {token}"})


@pytest.fixture
def asked(client_person, therapist) -> dict:
    return {
        "client": str(client_person.pk), "therapist": str(therapist.pk), "starts_at": at(10).isoformat(),
        "ends_at": at(11).isoformat(),
    }  # fmt: skip


def problems(answer) -> list[tuple[str, str]]:
    return [(problem["path"], problem["message"]) for problem in answer.json()["problems"]]


def test_booking_moving_cancelling(api, asked, receptionist):
    answer = api.post(LIST, asked, format="json")
    assert answer.status_code == 201
    visit = answer.json()
    assert (visit["state"], visit["revision"], visit["booked_by"]) == ("booked", 1, str(receptionist.pk))
    url = f"{LIST}{visit['id']}/"
    moved = api.patch(url, {"revision": 1, "ends_at": at(12).isoformat()}, format="json").json()
    assert (moved["revision"], moved["starts_at"], moved["ends_at"]) == (2, visit["starts_at"], "2026-05-13T10:00:00Z")
    stale = api.patch(url, {"revision": 1, "note": "x"}, format="json")
    assert stale.status_code == 409
    assert problems(stale) == [("revision", "is out of date: revision 2 was saved in the meantime")]
    assert api.patch(url, {"note": "x"}, format="json").status_code == 400, "without a revision nobody saw anything"
    gone = api.post(f"{url}cancel/", {"revision": 2, "because": "Ill"}, format="json").json()
    assert (gone["state"], gone["state_because"]) == ("cancelled", "Ill")
    assert api.post(f"{url}restore/", {"revision": 3}, format="json").json()["state"] == "booked"
    assert api.post(f"{url}came/", {"revision": 4}, format="json").json()["state"] == "done"
    assert api.post(f"{url}no-show/", {"revision": 4}, format="json").status_code == 409


def test_a_taken_time_is_refused_and_a_doubtful_one_asks(api, asked, hours, book, ben):
    book(10, client=ben)
    refused = api.post(LIST, asked, format="json")
    assert refused.status_code == 400
    line = "Tomas is with Ben Okafor from 10:00 to 11:00. Choose another time."
    assert problems(refused) == [("therapist", line)]
    late = {**asked, "starts_at": at(18).isoformat(), "ends_at": at(19).isoformat()}
    assert problems(api.post(LIST, late, format="json")) == [
        ("anyway", "Riverside Bodywork has other hours on Wednesdays: 08:00 to 18:00.")
    ]
    assert api.post(LIST, {**late, "anyway": True}, format="json").status_code == 201


def test_nothing_of_another_practice_can_be_named(api, asked, other_client, other_therapist, other_practice):
    for field, row in (("client", other_client), ("therapist", other_therapist), ("room", other_practice)):
        answer = api.post(LIST, {**asked, field: str(row.pk)}, format="json")
        assert answer.status_code == 400
        assert [path for path, _ in problems(answer)] == [field]
    assert not Visit.objects.exists()


def test_the_list_is_narrowed_and_in_order(api, book, nadia, ben):
    late, early = book(15), book(9)
    other = book(9, client=ben, therapist=nadia)
    tomorrow = book(9, day=TODAY + DAY)

    def ids(**narrowed):
        return [row["id"] for row in api.get(LIST, narrowed).json()["results"]]

    everything = [str(visit.pk) for visit in sorted([early, other, late, tomorrow], key=lambda v: (v.starts_at, v.pk))]
    assert ids() == everything
    assert ids(after=at(0).isoformat(), before=at(12).isoformat()) == everything[:2]
    assert ids(after=at(9, 30).isoformat(), before=at(10).isoformat()) == everything[:2], "what has begun counts"
    assert ids(therapist=nadia.pk) == ids(client=ben.pk) == [str(other.pk)]
    assert api.get(LIST, {"after": "noon"}).status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_however_long(api, book, count, django_assert_num_queries):
    for n in range(count):
        book(8 + n)
    with django_assert_num_queries(4):  # token with its user, membership, number of rows, rows
        assert api.get(LIST).json()["count"] == count
