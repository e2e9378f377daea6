"""What a device is told to keep, and as whom an app is installed."""

import datetime
import json
import re

import pytest
from django.urls import reverse

from clinic import links
from clinic.models import AuditEntry
from tests.treatments.conftest import NOON, TODAY, make_running

pytestmark = pytest.mark.django_db
DOORS = ("portal_manifest", "portal_worker", "portal_kept", "portal_phone")
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


def address(name, person):
    return reverse(f"treatments:{name}", args=[links.sign("portal", person.pk)])


def kept(http, person):
    return json.loads(http.get(address("portal_kept", person)).content)


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_of_today_cost_the_same_however_many(
    client, client_person, at_noon, count, django_assert_num_queries
):  # fmt: skip
    programme = make_running(client_person, weekdays=(EVERY_DAY,) * count)
    with django_assert_num_queries(5):
        told = kept(client, client_person)
    start = address("portal", client_person)
    items = [f"{start}{item.pk}/" for item in programme.items.all()]
    assert told["pages"] == [start, *items, f"{start}phone/"]
    assert [(each["url"], each["open"]) for each in told["items"]] == [(url, True) for url in items]
    for url in told["pages"]:
        assert client.get(url).status_code == 200


def test_another_day_or_another_dose_is_another_version_and_an_answer_is_not(
    client, client_person, at_noon, time_machine
):  # fmt: skip
    programme = make_running(client_person, weekdays=(EVERY_DAY,))
    first = kept(client, client_person)
    item = programme.items.get()
    page = reverse("treatments:portal_item", args=[links.sign("portal", client_person.pk), item.pk])
    client.post(page, {"outcome": "done", "local_date": TODAY.isoformat()})
    answered = kept(client, client_person)
    assert answered["version"] == first["version"]
    assert [each["open"] for each in answered["items"]] == [False]
    programme.items.update(hold_seconds=45)
    changed = kept(client, client_person)
    assert changed["version"] != first["version"]
    time_machine.move_to(NOON + datetime.timedelta(days=1), tick=False)
    assert kept(client, client_person)["version"] != changed["version"]


def test_the_app_has_the_practices_name_and_no_persons(client, client_person, practice, at_noon):
    told = client.get(address("portal_manifest", client_person))
    manifest = json.loads(told.content)
    assert manifest["name"] == practice.name
    assert manifest["start_url"] == address("portal", client_person)
    assert manifest["start_url"].startswith(manifest["scope"])
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    for personal in (client_person.given_name, client_person.family_name, str(client_person.pk), client_person.ref):
        assert personal not in told.content.decode()


def test_an_older_and_a_newer_link_of_one_person_are_one_app(
    client, client_person, other_client, at_noon, time_machine
):
    def app(person):
        return json.loads(client.get(address("portal_manifest", person)).content)

    older = app(client_person)
    time_machine.shift(3600)
    newer = app(client_person)
    assert older["start_url"] != newer["start_url"]
    assert older["id"] == newer["id"] != app(other_client)["id"]


def test_the_worker_may_have_the_pages_of_its_link_and_no_others(client, client_person):
    told = client.get(address("portal_worker", client_person))
    assert told["Service-Worker-Allowed"] == address("portal", client_person)
    assert told["Content-Type"].startswith("text/javascript")


def test_looking_changes_nothing_and_a_dead_link_opens_none_of_it(client, client_person, at_noon, time_machine):
    make_running(client_person, weekdays=(EVERY_DAY,))
    doors = [address(name, client_person) for name in DOORS]
    for door in doors * 3:
        assert client.get(door).status_code == 200
    assert not AuditEntry.objects.exists()
    time_machine.shift(datetime.timedelta(days=31))
    assert [client.get(door).status_code for door in doors] == [410] * len(doors)
    forged = [re.sub(r"/p/[^/]+/", "/p/forged/", door) for door in doors]
    assert [client.get(door).status_code for door in forged] == [404] * len(forged)
