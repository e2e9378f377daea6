"""The therapist looks at the client's mail, in each detail and language, and sends it to themselves."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from clinic import links, paper
from clinic.models import AuditEntry, Client, Reminder
from clinic.services import logos
from tests.clinic.preferences.test_logo import picture
from treatments.queries.paper import programme_html, programme_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def http(client, therapist):
    client.force_login(therapist.user)
    return client


def test_the_preview_shows_what_was_chosen_or_what_is_asked_for(http, programme, client_person):
    address = reverse("treatments:preview_mail", args=[programme.pk])
    assert "Half-kneeling" not in http.get(address).content.decode()
    told = http.get(address, {"detail": "pictures", "language": "es"}).content.decode()
    assert 'lang="es"' in told
    assert told.count('src="data:image/png;base64,') == 3
    assert "cid:" not in told
    assert "/p/preview/" in told
    Client.objects.update(mail_detail="exercises")
    assert "Half-kneeling" in http.get(address).content.decode()
    assert "Half-kneeling" in http.get(address, {"detail": "all", "language": "tlh"}).content.decode()
    assert not Reminder.objects.exists()


def test_the_mail_goes_to_whoever_asks_and_acts_for_nobody(http, programme, therapist, mail_server):
    given = {"detail": "pictures", "language": "es"}
    answer = http.post(reverse("treatments:send_sample", args=[programme.pk]), given, follow=True)
    assert f"The mail is on its way to {therapist.user.email}." in answer.content.decode()
    (mail,) = mail_server.messages
    assert mail["To"].addresses[0].addr_spec == therapist.user.email
    assert "List-Unsubscribe" not in mail
    text = mail.get_body(["plain"]).get_content()
    assert "/p/preview/" in text
    assert "Hola, Ada" in text, "as the client would read it"
    assert sum(part.get_content_type() == "image/png" for part in mail.walk()) == 3
    assert AuditEntry.objects.filter(verb="practice.sample_sent").count() == 1
    assert not Reminder.objects.exists()


def test_a_client_looks_at_each_way_on_their_own_page(client, programme, client_person):
    token = links.sign("portal", client_person.pk)
    for detail, pictures in (("neutral", 0), ("exercises", 0), ("pictures", 3)):
        answer = client.get(reverse("clinic:mail_sample", args=[token, detail]))
        told = answer.content.decode()
        assert told.count('src="data:image/png') == pictures
        assert ("Bridge" in told) is (detail != "neutral")
        assert token not in told
        assert "sandbox" in answer["Content-Security-Policy"]


def test_the_logo_stands_on_paper(programme, practice, owner):
    assert "logo-inside" not in programme_html(programme)
    bare = len(programme_pdf(programme)) if not paper.obstacle() else 0
    logos.put(practice=practice, content=ContentFile(picture(), name="logo.png"), by=owner)
    programme.refresh_from_db()
    assert '<img class="logo-inside" src="data:image/png;base64,' in programme_html(programme)
    if not paper.obstacle():
        assert b"/Image" in programme_pdf(programme)
        assert len(programme_pdf(programme)) > bare
