"""Everything about a client: nothing undecided, nothing of anybody else, nothing of the staff's own."""

import io
import json
import zipfile

import pytest
from django.apps import apps
from django.urls import reverse

from clinic import links, own_data
from clinic.models import AuditEntry, Message
from clinic.services.merge import references
from tests.architecture.world import TODAY, everything_about
from tests.people import BORN, make_client
from tests.treatments.conftest import make_running
from treatments.models import HomeDay, Programme

pytestmark = pytest.mark.django_db
INSIDE = own_data.given()


def files_of(http, person):
    address = reverse("clinic:own_data", args=[links.sign("portal", person.pk)])
    http.post(address, BORN)
    answer = http.post(address)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return packed.read("everything.html").decode(), json.loads(packed.read("everything.json"))


def test_every_model_that_refers_to_a_client_is_decided_upon():
    assert {model._meta.label for model, _name in references()} == {part.key for part in own_data.parts}


@pytest.mark.parametrize("part", INSIDE, ids=lambda part: part.key)
def test_every_field_of_what_is_given_is_decided_upon(part):
    model = apps.get_model(part.key)
    named = [*part.fields, *part.without]
    assert sorted(named) == sorted(set(named))
    assert {field.name for field in model._meta.fields} - own_data.BOOKKEEPING == set(named) - own_data.BOOKKEEPING
    assert all(part.without.values())


def test_what_a_client_gave_and_was_given_is_there_and_the_staffs_own_is_not(client, practice, therapist):
    person = make_client(practice)
    everything_about(person, therapist)
    HomeDay.objects.create(practice=practice, client=person, local_date=TODAY, pain_before=3)
    Programme.objects.filter(client=person).update(note="Slowly, please", left_out=[{"because": "A secret thought"}])
    page, told = files_of(client, person)
    text = json.dumps(told)
    for words in ("ada@clients.example", "A secret message", "Slowly, please", "Half-kneeling", "too_painful"):
        assert words.casefold() in (page + text).casefold().replace("too painful", "too_painful")
    for words in ("A secret note", "A secret letter", "A secret finding", "A secret complaint", "A secret reason",
                  "A secret thought"):  # fmt: skip
        assert words not in page + text
    assert told["treatments.HomeDay"][0][1]["said"] == 3
    assert len(told["treatments.Programme"]) == 1  # the draft is nobody's yet
    assert AuditEntry.objects.get(verb="client.own_data_downloaded").actor_client == person


def test_nothing_of_anybody_else(client, practice, other_practice, therapist, other_therapist):
    person = make_client(practice)
    for number, (place, by) in enumerate([(practice, therapist), (other_practice, other_therapist)]):
        other = make_client(place, ref=f"X{number}", given_name="Zoe", family_name="Elsewhere")
        everything_about(other, by)
    page, told = files_of(client, person)
    assert "Zoe" not in page
    assert {key for key, rows in told.items() if isinstance(rows, list) and rows} == {"clinic.Client"}


def test_looking_makes_nothing_and_typed_html_stays_text(client, practice):
    person = make_client(practice)
    Message.objects.create(practice=practice, client=person, text="<script>x</script>", sent_key=person.pk)
    client.get(reverse("clinic:own_data", args=[links.sign("portal", person.pk)]))
    assert not AuditEntry.objects.exists()
    page, _told = files_of(client, person)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_side_of_an_exercise_is_a_word_of_the_language(client, practice):
    person = make_client(practice, language="es")
    make_running(person)
    page, told = files_of(client, person)
    assert "lado derecho" in page
    assert "right" not in json.dumps(told["treatments.Programme"])


def test_in_the_clients_language_and_zone(client, practice):
    person = make_client(practice, language="es", timezone="Asia/Tokyo")
    page, told = files_of(client, person)
    assert '<html lang="es"' in page
    assert told["made_at"].endswith("+09:00")
