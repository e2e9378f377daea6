"""Somebody on the telephone says a name or a number: who is it?"""

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import Client
from clinic.queries.search import normal, search
from tests.people import make_client


@pytest.fixture
def ada(practice):
    return make_client(practice, phone="+493012345678", ref="C0042")


def names(words):
    return [found.given_name for found in search(Client.objects.all(), words).clients]


@pytest.mark.parametrize(
    "words",
    [
        "ada", "BRANDT", "brandt ad", "c0042", "42",
        "030 123 456 78", "030/12345678", "030-1234", "(030) 12345678", "+49 30 12345678", "+49 (0)30 12345678",
        "0049 30 1234 5678", "49 30 12345678", "5678", "brandt 030 1234",
    ],
)  # fmt: skip
def test_found_however_it_is_spelt(ada, words):
    assert names(words) == ["Ada"]


@pytest.mark.parametrize("words", ["", "   ", "zoe", "031", "ada zoe", "!!", "&|:*", "1234'"])
def test_not_found_without_a_fitting_word(ada, words):
    assert names(words) == ([] if words != "1234'" else names("1234"))


def test_archived_ones_come_last_and_are_marked(client, receptionist, ada):
    make_client(ada.practice, ref="C1", family_name="Aalto", date_of_birth=None, archived_at=timezone.now())
    assert [found.family_name for found in search(Client.objects.all(), "ada").clients] == ["Brandt", "Aalto"]
    client.force_login(receptionist.user)
    html = client.get(reverse("clinic:search"), {"q": "ada"}).text
    assert html.count("Archived") == 1
    assert html.index("Brandt, Ada") < html.index("Archived")


def test_only_ones_own_practice_is_searched(client, receptionist, ada, other_practice):
    make_client(other_practice, family_name="Elsewhere")
    client.force_login(receptionist.user)
    html = client.get(reverse("clinic:search"), {"q": "ada"}).text
    assert "Brandt, Ada" in html
    assert "Elsewhere" not in html


def test_a_long_list_says_that_there_is_more(practice):
    for number in range(3):
        make_client(practice, ref=f"C{number}", given_name=f"Ada{number}")
    found = search(Client.objects.all(), "ada", most=2)
    assert (len(found.clients), found.more) == (2, True)
    assert not search(Client.objects.all(), "ada", most=3).more


@pytest.mark.parametrize("many", [1, 3])
def test_it_costs_the_same_however_many(client, receptionist, practice, many, django_assert_num_queries):
    for number in range(many):
        make_client(practice, ref=f"C{number}", given_name=f"Ada{number}", phone="+493012345678")
    client.force_login(receptionist.user)
    with django_assert_num_queries(4):  # session, user, membership, the clients
        assert client.get(reverse("clinic:search"), {"q": "ada"}).text.count("search-hit") == many


def test_htmx_gets_the_list_alone(client, receptionist, ada):
    client.force_login(receptionist.user)
    part = client.get(reverse("clinic:search"), {"q": "ada"}, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "Brandt, Ada" in part
    hostile = client.get(reverse("clinic:search"), {"q": "<b>\x00"}, headers={"HX-Request": "true"})
    assert hostile.status_code == 200
    assert "<b>" not in hostile.text


def test_numbers_become_one_piece():
    assert normal("0171 - 23 45.67 Ada") == "0171234567 Ada"


class TestPhoneOfAClient:
    def test_typed_as_at_home_kept_for_abroad(self, client, receptionist, practice):
        practice.country = "DE"
        practice.save()
        client.force_login(receptionist.user)
        new = {"given_name": "Bea", "family_name": "Neu", "sex": "female", "phone": "030 123456"}
        client.post(reverse("clinic:add_client"), new)
        assert str(Client.objects.get().phone) == "+4930123456"

    def test_what_is_none_is_refused_with_an_example(self, client, receptionist, practice):
        practice.country = "DE"
        practice.save()
        client.force_login(receptionist.user)
        new = {"given_name": "Bea", "family_name": "Neu", "sex": "female", "phone": "12"}
        answer = client.post(reverse("clinic:add_client"), new)
        assert answer.status_code == 422
        assert "Enter a valid phone number (e.g. 030 123456)" in answer.text
        assert not Client.objects.exists()

    def test_by_the_api(self, client, receptionist, practice):
        client.force_login(receptionist.user)
        new = {"given_name": "Bea", "family_name": "Neu", "sex": "female", "phone": "+49 30 123456"}
        added = client.post("/api/v1/clients/", new, content_type="application/json")
        assert (added.status_code, added.json()["phone"]) == (201, "+4930123456")
        url = f"/api/v1/clients/{added.json()['id']}/"
        refused = client.patch(url, {"phone": "12"}, content_type="application/json")
        assert refused.status_code == 400
        assert "No phone number" in refused.text
        assert client.patch(url, {"phone": ""}, content_type="application/json").json()["phone"] == ""
