"""Who is found as perhaps the same person, who is not, and what the pages make of it."""

import datetime

import pytest
from django.urls import reverse

from clinic.models import AuditEntry, Client
from clinic.queries import duplicates, traits
from tests.people import make_client

pytestmark = pytest.mark.django_db
BORN = datetime.date(1978, 3, 2)
ADA = {"given_name": "Ada", "family_name": "Brandt", "date_of_birth": BORN, "email": "", "phone": ""}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("brandt", "brandt", True), ("brandt", "brant", True), ("brandt", "brandtt", True), ("brandt", "bramdt", True),
        ("brandt", "barndt", True), ("brandt", "brantd", True), ("brandt", "brndat", False), ("brandt", "brank", False),
        ("brandt", "bra", False), ("li", "lu", False), ("li", "li", True), ("ada", "adaa", True), ("ab", "ba", False),
        ("", "", True), ("", "a", False),
    ],
)  # fmt: skip
def test_one_letter_makes_no_other_name(one, other, same):
    assert traits.near(one, other) is same
    assert traits.near(other, one) is same


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({"given_name": "Adda"}, "same date of birth, similar name"),
        ({"given_name": "Brandt", "family_name": "Ada"}, "same date of birth, similar name"),
        ({"given_name": "ÁDA", "family_name": "brandt "}, "same date of birth, similar name"),
        ({"family_name": "Brandt-Weiss"}, "same date of birth, similar name"),
        ({"date_of_birth": datetime.date(1978, 2, 3)}, "date of birth almost the same, similar name"),
        ({"date_of_birth": datetime.date(1979, 3, 2)}, "date of birth almost the same, similar name"),
        ({"date_of_birth": datetime.date(1981, 7, 9)}, ""),
        ({"date_of_birth": None}, ""),
        ({"date_of_birth": None, "email": "ADA@x.example"}, "same e-mail address, similar name"),
        ({"date_of_birth": None, "phone": "+491701234567"}, "same phone number, similar name"),
        ({"given_name": "Otto", "family_name": "Maier"}, ""),
        ({"given_name": "Bea", "date_of_birth": datetime.date(2001, 1, 1), "email": "ada@x.example"}, ""),
        ({"given_name": "Otto", "family_name": "Maier", "email": "ada@x.example"},
         "same date of birth, same e-mail address"),
        ({"given_name": "Bea"}, ""),  # a twin
    ],
)  # fmt: skip
def test_who_is_alike(practice, known, why):
    make_client(practice, **ADA | known)
    new = Client(practice=practice, **ADA | {"email": "ada@x.example", "phone": "+491701234567"})
    assert [each.why for each in duplicates.alike(new, by_contact=True)] == ([why] if why else [])


def test_not_of_elsewhere_and_not_who_is_archived(practice, other_practice):
    make_client(other_practice, **ADA)
    make_client(practice, **ADA | {"archived_at": "2026-01-01T00:00Z"})
    assert duplicates.alike(Client(practice=practice, **ADA | {"given_name": "Adda"})) == []


@pytest.mark.parametrize("count", [1, 3])
def test_pairs_cost_three_queries(practice, django_assert_num_queries, count):
    for number in range(count):
        born = BORN + datetime.timedelta(days=number)
        make_client(practice, **ADA | {"ref": f"A{number}", "date_of_birth": born, "family_name": f"Brandt{number}"})
        name = {"given_name": "Adda", "family_name": f"Brandt{number}"}
        make_client(practice, **ADA | {"ref": f"B{number}", "date_of_birth": born, **name})
    with django_assert_num_queries(3):
        found = duplicates.pairs(practice)
    wanted = [pair for pair in found if pair.one.date_of_birth == pair.other.date_of_birth]
    assert len(wanted) == count


def test_who_was_said_to_be_two_people_is_not_asked_about_again(client, practice, therapist):
    one, other = make_client(practice, **ADA), make_client(practice, **ADA | {"ref": "C2", "given_name": "Adda"})
    client.force_login(therapist.user)
    assert "Adda" in client.get(reverse("clinic:duplicates")).content.decode()
    for _again in range(2):
        client.post(reverse("clinic:keep_apart", args=[other.pk, one.pk]))
    client.get(reverse("clinic:duplicates"))  # says that it was done
    assert "Adda" not in client.get(reverse("clinic:duplicates")).content.decode()
    assert duplicates.pairs(practice) == []
    assert duplicates.alike(one) == []
    assert duplicates.alike(other) == []
    assert AuditEntry.objects.filter(verb="client.kept_apart").count() == 1


def test_adding_somebody_alike_asks_first(client, practice, receptionist):
    known = make_client(practice, **ADA)
    client.force_login(receptionist.user)
    typed = {"given_name": "Adda", "family_name": "Brandt", "date_of_birth": "1978-03-02", "sex": "female"}
    answer = client.post(reverse("clinic:add_client"), typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "here already" in page
    assert str(known.pk) in page
    assert 'value="Adda"' in page
    assert Client.objects.count() == 1
    assert client.post(reverse("clinic:add_client"), {**typed, "anyway": "yes"}).status_code == 302
    assert Client.objects.count() == 2


def test_from_the_record_to_one_row(client, practice, therapist):
    goes_on = make_client(practice, **ADA)
    ends = make_client(practice, **ADA | {"ref": "C2", "given_name": "Adda", "phone": "+491701234567"})
    client.force_login(therapist.user)
    record = client.get(reverse("clinic:client", args=[goes_on.pk])).content.decode()
    compare = reverse("clinic:compare_clients", args=[goes_on.pk, ends.pk])
    assert compare in record
    page = client.get(compare).content.decode()
    assert 'name="take_phone" value="other" checked' in page
    merge = reverse("clinic:merge_clients", args=[goes_on.pk, ends.pk])
    page = client.get(f"{merge}?take_phone=other&take_given_name=own").content.decode()
    assert "+491701234567" in page
    assert Client.objects.get(pk=ends.pk).archived_at is None
    assert client.post(merge, {"take": ["phone"]}).status_code == 302
    goes_on.refresh_from_db()
    assert (str(goes_on.phone), goes_on.given_name) == ("+491701234567", "Ada")
    assert "goes on with everything" in client.get(reverse("clinic:client", args=[ends.pk])).content.decode()
    assert client.post(merge).status_code == 422


def test_another_practices_client_is_none(client, practice, other_client, therapist):
    mine = make_client(practice)
    client.force_login(therapist.user)
    for name in ("compare_clients", "merge_clients", "keep_apart"):
        for pair in ((mine.pk, other_client.pk), (other_client.pk, mine.pk), (mine.pk, mine.pk)):
            assert client.post(reverse(f"clinic:{name}", args=pair)).status_code in (404, 405)
            assert client.get(reverse(f"clinic:{name}", args=pair)).status_code in (404, 405)
