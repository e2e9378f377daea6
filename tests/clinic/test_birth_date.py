"""A link alone opens neither the download of everything nor a way in for good, where the practice asks who is there."""

import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clinic import links
from clinic.models import AuditEntry, Practice
from clinic.queries.logins import own_user
from tests.people import BORN

pytestmark = pytest.mark.django_db
WRONG = {**BORN, "year": "1979"}
GUARDED = ("clinic:own_data", "clinic:portal_passkey")


@pytest.fixture
def address(client_person):
    token = links.sign("portal", client_person.pk)
    return lambda name: reverse(name, args=[token])


@pytest.mark.parametrize("name", GUARDED)
def test_the_date_comes_first_and_this_browser_is_asked_once_an_hour(client, address, name, monkeypatch):
    assert "When were you born?" in client.get(address(name)).content.decode()
    assert client.post(address(name)).status_code == 403
    assert client.post(address(name), WRONG).status_code == 422
    assert "When were you born?" in client.get(address(name)).content.decode()
    let_in = client.post(address(name), BORN)
    assert (let_in.status_code, let_in.url) == (302, address(name))
    for guarded in GUARDED:
        assert "When were you born?" not in client.get(address(guarded)).content.decode()
        assert "When were you born?" in Browser().get(address(guarded)).content.decode()
    later = timezone.now().timestamp() + 3601
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert "When were you born?" in client.get(address(name)).content.decode()


def test_nothing_is_made_and_nothing_given_before(client, client_person, address):
    assert client.post(address("clinic:portal_passkey_begin")).status_code == 422
    assert own_user(client_person) is None
    assert client.post(address("clinic:own_data"))["Content-Type"].startswith("text/html")
    assert not AuditEntry.objects.filter(verb="client.own_data_downloaded").exists()


def test_five_wrong_dates_a_day_whatever_the_browser(client_person, address, monkeypatch):
    for _ in range(5):
        Browser().post(address("clinic:own_data"), WRONG)
    assert Browser().post(address("clinic:own_data"), {**BORN, "day": "x"}).status_code == 403
    shut = Browser().post(address("clinic:portal_passkey"), BORN)
    assert shut.status_code == 403
    assert "Closed until tomorrow" in shut.content.decode()
    told = AuditEntry.objects.filter(verb="client.wrong_birth_date", client=client_person)
    assert told.count() == 5
    assert "1979" not in str(list(told.values()))
    tomorrow = timezone.now() + datetime.timedelta(days=1, minutes=1)
    monkeypatch.setattr("clinic.services.birth_date.timezone.now", lambda: tomorrow)
    assert Browser().post(address("clinic:own_data"), BORN).status_code == 302


def test_nobody_elses_answer_counts(client, address, other_client):
    theirs = links.sign("portal", other_client.pk)
    client.post(address("clinic:own_data"), BORN)
    assert "When were you born?" in client.get(reverse("clinic:own_data", args=[theirs])).content.decode()


def test_it_is_not_asked_where_the_practice_does_not_want_it_or_knows_none(client, client_person, address):
    Practice.objects.update(check_birth_date=False)
    assert client.post(address("clinic:own_data"))["Content-Type"] == "application/zip"
    Practice.objects.update(check_birth_date=True)
    client_person.date_of_birth = None
    client_person.save()
    assert client.post(address("clinic:own_data"))["Content-Type"] == "application/zip"


def test_it_is_asked_in_the_clients_language(client, client_person, address):
    client_person.language = "es"
    client_person.save()
    page = client.get(address("clinic:own_data")).content.decode()
    assert "¿" in page
    assert "When were you born?" not in page
    assert "asks this" not in page


def test_a_post_from_another_site_is_refused(client, client_person, address):
    page = address("clinic:preferences")
    assert client.post(page, {}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get(page, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
    for said in ("same-origin", "none"):
        assert client.post(page, {}, headers={"Sec-Fetch-Site": said}).status_code != 403
