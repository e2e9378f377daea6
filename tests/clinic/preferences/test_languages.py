"""Who speaks what: the practice's language holds until the client, or somebody for them, chose another."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clinic.models import Client, Practice
from clinic.services import clients, practices

pytestmark = pytest.mark.django_db


def test_the_practice_decides_and_the_client_overrides(practice, owner, client_person):
    practices.change(practice=practice, seen={"language": "en"}, by=owner, language="es")
    assert Client.objects.get().speaks == "es"
    clients.change(client=client_person, by=owner, language="en")
    assert Client.objects.get().speaks == "en"


def test_a_language_without_texts_is_refused_in_one_line(practice, owner, client_person):
    for write in (
        lambda: clients.change(client=client_person, by=owner, language="tlh"),
        lambda: practices.change(practice=practice, seen={"language": "en"}, by=owner, language="tlh"),
    ):
        with pytest.raises(ValidationError) as refused:
            write()
        assert refused.value.message_dict == {"language": ["“tlh” is no language of ours; there are en, es."]}
    assert (Client.objects.get().language, Practice.objects.get().language) == ("", "en")


def test_the_staff_choose_it_on_the_clients_page(client, owner, client_person):
    client.force_login(owner.user)
    page = client.get(reverse("clinic:change_client", args=[client_person.pk])).content.decode()
    assert "Same as the practice (English)" in page
    assert '<option value="es">español</option>' in page
