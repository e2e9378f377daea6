"""Who a client's mail comes from: read in the mail that arrived over a real socket."""

import datetime
import uuid

import pytest
import time_machine
from django.urls import reverse

from clinic.models import AuditEntry, Reminder
from clinic.reminders import kinds
from clinic.services import reminders
from tests.clinic.practice.test_details import post
from tests.clinic.reminders.plain_kind import PlainKind

NOON = datetime.datetime(2026, 6, 3, 10, 0, tzinfo=datetime.UTC)  # 12:00 in Berlin
SAMPLE = reverse("clinic:send_sample")


@pytest.fixture
def mail(settings):
    settings.CLINIC = {"reminders": {"jitter": 0}}
    settings.DEFAULT_FROM_EMAIL = "Plumbline <mail@clinic.example>"


def send_reminder(client_person, mail_server):
    with time_machine.travel(NOON), kinds.temporarily(PlainKind()):
        Reminder.objects.create(
            practice=client_person.practice, client=client_person, kind="plain", subject=uuid.uuid4(),
            local_date=NOON.date(), due_at=NOON, not_before=NOON,
        )  # fmt: skip
        assert reminders.wake() == 1
    return mail_server.messages[-1]


@pytest.mark.parametrize("name", ["Olga at Riverside", "Körperarbeit Köln", "Berg, Olga <me>", "手技療法"])
def test_a_reminder_comes_from_the_name_that_the_practice_chose(
    name, mail, as_owner, practice, client_person, mail_server
):
    assert post(as_owner, reverse("clinic:practice_reminders"), mail_name=name).status_code == 302
    arrived = send_reminder(client_person, mail_server)
    (sender,) = arrived["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (name, "mail@clinic.example")
    assert str(arrived["Reply-To"]) == "Riverside Bodywork <desk@riverside.example>"


def test_without_a_name_of_its_own_it_is_the_name_of_the_practice(mail, practice, client_person, mail_server):
    assert str(send_reminder(client_person, mail_server)["From"]) == "Riverside Bodywork <mail@clinic.example>"


def test_a_name_that_got_past_every_check_begins_no_header(mail, practice, client_person, mail_server):
    type(practice).objects.filter(pk=practice.pk).update(mail_name="Olga\r\nBcc: all@example.org")
    client_person.refresh_from_db()
    with time_machine.travel(NOON), kinds.temporarily(PlainKind()):
        row = Reminder.objects.create(
            practice=practice, client=client_person, kind="plain", subject=uuid.uuid4(), local_date=NOON.date(),
            due_at=NOON, not_before=NOON,
        )  # fmt: skip
        reminders.wake()
    assert mail_server.messages == []
    row.refresh_from_db()
    assert row.reason == "The mail could not be prepared (ValueError)."


def test_the_test_mail_goes_to_me_as_a_client_would_get_it(mail, as_owner, practice, owner, mail_server):
    practice.mail_name = "Körperarbeit"
    practice.save()
    shown = as_owner.get(reverse("clinic:practice_reminders")).content.decode()
    assert "Körperarbeit &lt;mail@clinic.example&gt;" in shown
    text = as_owner.post(SAMPLE, follow=True).content.decode()
    assert "A mail is on its way to olga@riverside.example." in text
    (arrived,) = mail_server.to("olga@riverside.example")
    assert arrived["From"].addresses[0].display_name == "Körperarbeit"
    assert "List-Unsubscribe" not in arrived
    assert "Nobody else got this mail." in arrived.get_body(["plain"]).get_content()
    assert AuditEntry.objects.get(verb="practice.sample_sent").facts == {"state": "sent"}
    assert not Reminder.objects.exists()


def test_a_mail_server_that_takes_nothing_is_named(mail, as_owner, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    text = as_owner.post(SAMPLE, follow=True).content.decode()
    assert "The mail to olga@riverside.example did not leave. The mail server did not take mail." in text


def test_a_name_that_fits_no_header_is_said_before_anything_leaves(mail, as_owner, practice, mail_server):
    type(practice).objects.filter(pk=practice.pk).update(mail_name="Olga\nBcc: all@example.org")
    assert "cannot stand in a mail" in as_owner.get(reverse("clinic:practice_reminders")).content.decode()
    text = as_owner.post(SAMPLE, follow=True).content.decode()
    assert "cannot stand in a mail: correct it" in text
    assert mail_server.messages == []
