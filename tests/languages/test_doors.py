"""Which language a page is in: the client's, the browser's where nobody is known, English for the staff."""

import pytest
from django.urls import reverse

from clinic import links

SPANISH = {"accept-language": "es-MX,es;q=0.9,en;q=0.5"}


@pytest.fixture
def token(client_person):
    return links.sign("portal", client_person.pk)


def language_of(answer):
    return answer.content.decode().partition('<html lang="')[2].partition('"')[0]


def test_a_client_reads_their_own_language_whatever_the_browser_says(client, client_person, token):
    page = reverse("treatments:portal", args=[token])
    assert language_of(client.get(page, headers=SPANISH)) == "en"
    client_person.practice.language = "es"
    client_person.practice.save(update_fields=["language"])
    assert language_of(client.get(page)) == "es"
    client_person.language = "en"
    client_person.save(update_fields=["language"])
    assert language_of(client.get(page, headers=SPANISH)) == "en"


@pytest.mark.parametrize("name", ["treatments:portal", "intake:start"])
def test_a_link_that_names_nobody_answers_in_the_language_of_the_browser(db, client, name):
    page = reverse(name, args=["forged"])
    assert language_of(client.get(page, headers=SPANISH)) == "es"
    assert language_of(client.get(page, headers={"accept-language": "fi"})) == "en"


def test_the_log_in_page_is_in_the_language_of_the_browser(db, client):
    answer = client.get(reverse("account_login"), headers=SPANISH)
    assert language_of(answer) == "es"
    assert "Contraseña" in answer.content.decode()


def test_the_staff_reads_english(client, therapist):
    client.force_login(therapist.user)
    assert language_of(client.get(reverse("clinic:dashboard"), headers=SPANISH)) == "en"


def test_a_mail_is_in_the_clients_language_and_the_subject_too(client_person, client):
    from clinic.mail import letter
    from clinic.models import Reminder
    from treatments.services.home_mail import SUBJECT

    client_person.language = "es"
    row = Reminder(practice=client_person.practice, client=client_person, kind="home_stretch")
    told = letter(row, "treatments/mail/home_stretch", subject=SUBJECT, url="https://x.example/", shown=(), more=0)
    assert told.subject == "Su parte de hoy"
    assert '<html lang="es"' in told.html
    assert f"Hola, {client_person.given_name}:" in told.text


def test_what_is_kept_stays_english(client, client_person, therapist):
    """What the portal writes is read by the staff: an exercise keeps its English name however the client reads it."""
    from treatments.models import ProgrammeItem

    item = ProgrammeItem(exercise="bridge", repetitions=10, sets=2, changes=[])
    from django.utils import translation

    with translation.override("es"):
        assert item.about.name == "Bridge"
        assert item.told.name == "Puente"
        assert item.dose == "10 veces, 2 series"
    assert item.told.name == "Bridge"
    assert item.dose == "10 times, 2 rounds"
