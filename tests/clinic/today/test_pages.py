"""The dashboard and the list of what needs somebody, as people use them."""

import re

import pytest
from django.utils import timezone

from clinic.models import Attention, Membership, Pulse
from tests.clinic.today.conftest import look, mail, needs, painful
from treatments.models import HomeLog

pytestmark = pytest.mark.django_db


def test_an_empty_day_says_so(client, therapist):
    Pulse.objects.create(role="clock", at=timezone.now())
    Pulse.objects.create(role="worker", name="one", at=timezone.now())
    client.force_login(therapist.user)
    text = client.get("/").text
    assert "Nobody is booked today" in text
    assert "Nothing needs you" in text


def test_the_next_visit_stands_open_and_the_past_is_folded(client, therapist, book, make_people):
    people = make_people(3)
    for person, at in zip(people, (-3, 1, 3), strict=True):
        book(person, at)
    client.force_login(therapist.user)
    text = client.get("/").text
    assert "1 earlier today" in text
    assert len(re.findall(r"<details open", text)) == 1
    opened = text[text.index("<details open") :]
    assert opened.index(str(people[1])) < opened.index(str(people[2]))
    assert f"/clients/{people[1].pk}/" in opened


def test_times_are_those_of_the_practice(client, therapist, book, make_people):
    book(make_people(1)[0], 1)
    client.force_login(therapist.user)
    assert '<span class="coming-time">13:00</span>' in client.get("/").text


def test_each_row_says_why_and_has_its_one_action(client, therapist, client_person):
    answer = painful(client_person, word="sharp")
    look()
    client.force_login(therapist.user)
    text = client.get("/").text
    assert "on 18 March: “sharp”. It is stopped." in text
    assert client.post(f"/home-logs/{answer.pk}/seen/", {"next": "/?who=all"}).url == "/?who=all"
    assert HomeLog.objects.get().seen_at
    assert "It is stopped" not in client.get("/").text


def test_what_is_put_off_is_taken_up_again_by_undo(client, therapist, client_person):
    painful(client_person)
    look()
    row = Attention.objects.get()
    client.force_login(therapist.user)
    text = client.post(f"/attention/{row.pk}/put-off/", {"next": "/"}, follow=True).text
    assert "Ada Brandt: put off until 1 April." in text
    assert "It is stopped" not in text
    assert f'action="/attention/{row.pk}/take-up/"' in text
    assert "It is stopped" in client.post(f"/attention/{row.pk}/take-up/", {"next": "/"}, follow=True).text


def test_what_a_role_does_not_see_it_cannot_put_off(client, receptionist, client_person):
    painful(client_person)
    look()
    client.force_login(receptionist.user)
    assert client.post(f"/attention/{Attention.objects.get().pk}/put-off/").status_code == 404
    for page in ("/", "/attention/", "/attention/?kind=too_painful"):
        assert "stopped" not in client.get(page).text


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_a_button_leads_to_no_other_site(client, therapist, client_person, back):
    painful(client_person)
    look()
    client.force_login(therapist.user)
    assert client.post(f"/attention/{Attention.objects.get().pk}/put-off/", {"next": back}).url == "/"


def test_a_long_group_is_cut_and_leads_to_all_of_it(client, owner, make_people):
    for person in make_people(9):
        painful(person)
    look()
    client.force_login(owner.user)
    text = client.get("/").text
    assert text.count("It is stopped.") == 8
    assert 'href="/attention/?kind=too_painful&amp;who=all"' in text
    assert client.get("/attention/?kind=too_painful&who=all").text.count("It is stopped.") == 9


def test_all_pages_together_show_everybody_once(client, owner, make_people):
    people = make_people(60)
    for number, person in enumerate(people):
        mail(person) if number % 2 else painful(person)
    look()
    client.force_login(owner.user)
    found, address = [], "/attention/"
    while address:
        text = client.get(address).text
        found += re.findall(r'id="needs-([0-9a-f-]+)"', text)
        onward = re.search(r'href="(\?[^"]*after=[^"]*)"', text)
        address = "/attention/" + onward.group(1).replace("&amp;", "&") if onward else ""
    assert len(found) == len(set(found)) == 60
    order = Attention.objects.order_by("rank", "-since", "id")
    assert found == [str(pk) for pk in order.values_list("pk", flat=True)]


@pytest.mark.parametrize("mark", ["x", "1_2_3", "10_2026-01-01T00:00:00+00:00_nobody"])
def test_a_spoilt_mark_is_the_first_page(client, owner, client_person, mark):
    painful(client_person)
    look()
    client.force_login(owner.user)
    assert "It is stopped." in client.get("/attention/", {"after": mark}).text


def test_whose(client, therapist, practice, make_people, owner):
    mine, others = make_people(1, therapist=therapist)[0], make_people(1, therapist=owner)[0]
    for person in (mine, others):
        painful(person)
    look()
    client.force_login(therapist.user)
    for page, both in [("/", False), ("/?who=all", True), ("/attention/", False), ("/attention/?who=all", True)]:
        text = client.get(page).text
        assert str(mine) in text
        assert (str(others) in text) is both


def test_who_works_at_two_practices_sees_the_chosen_one(client, therapist, other_practice, other_client, client_person):
    Membership.objects.create(
        practice=other_practice, user=therapist.user, role="therapist", display_name="Tomas over there"
    )
    painful(client_person)
    painful(other_client)
    look()
    client.force_login(therapist.user)
    client.post("/practice/", {"practice": str(other_practice.pk)})
    text = client.get("/").text
    assert "Otis Other" in text
    assert "Ada Brandt" not in text


def test_the_price_of_the_pages(client, owner, make_people, book, django_assert_num_queries):
    client.force_login(owner.user)
    for count in (1, 2):
        for number, person in enumerate(make_people(count)):
            painful(person)
            mail(person)
            book(person, count * 3 + number, by=owner)
        look()
        with django_assert_num_queries(27):
            client.get("/")
        with django_assert_num_queries(5):  # session, user, membership, counts, rows
            client.get("/attention/")
    assert len(needs()) == 6
