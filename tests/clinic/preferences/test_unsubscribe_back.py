"""The page behind the link in each mail: what it did can be taken back there."""

import datetime

import pytest
from django.utils import timezone

from clinic import links
from clinic.models import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(client_person):
    return f"/u/{links.sign('unsubscribe', client_person.pk)}/"


def test_stop_and_start_again(client, link, client_person):
    assert "Start them again" in client.post(link, {"stop": "stop"}).content.decode()
    assert "Nothing has changed yet" in client.post(link, {"start": "start"}).content.decode()
    assert Client.objects.get().reminders_stopped_at is None


def test_pause_until_a_day_and_go_on(client, link):
    day = timezone.localdate() + datetime.timedelta(days=30)
    assert "Go on now" in client.post(link, {"until": day.isoformat()}).content.decode()
    assert Client.objects.get().reminders_paused_until == day
    client.post(link, {"start": "start"})
    assert Client.objects.get().reminders_paused_until is None


def test_a_day_that_cannot_be_is_said(client, link):
    answer = client.post(link, {"until": "2001-01-01"})
    assert (answer.status_code, "within a year" in answer.content.decode()) == (422, True)


def test_in_the_clients_language_and_never_in_a_cache(client, link):
    Client.objects.update(language="es")
    answer = client.get(link)
    assert '<html lang="es"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
