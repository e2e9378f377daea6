"""The client hears at once that a passkey was added to their page, and removes one that is not theirs by one tap."""

import datetime
import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.core import serializers
from django.test import Client as Browser

from clinic import links
from clinic.models import AuditEntry, Client, Reminder, SafetyAlert
from clinic.models.base import uuid7
from clinic.services import clients, logins
from clinic.services.reminders import wake
from tests.clinic.passkey.test_passkey import passkey_of
from tests.people import make_client

pytestmark = pytest.mark.django_db
#: A quarter past two at night in Berlin, on a Tuesday.
NIGHT = datetime.datetime(2026, 3, 3, 1, 15, tzinfo=datetime.UTC)
LINK = re.compile(r"""https?://[^\s"<>]+""")
BOTH = ["multipart/alternative", "text/plain", "text/html"]


@pytest.fixture
def add(client_person, monkeypatch, time_machine):
    """`add("iPhone")`: as `finish` does; only what the browser's cryptography says is made up."""
    time_machine.move_to(NIGHT, tick=False)
    monkeypatch.setattr(logins, "_read", lambda user, credential, name: {"name": name, "credential": {}})

    def add(name="iPhone", person=client_person):
        person.refresh_from_db()
        assert logins.own_user(person) or logins._new_user(person)
        return logins.finish(client=person, visitor=AnonymousUser(), credential="{}", name=name)

    return add


def reasons():
    return list(Reminder.objects.order_by("id").values_list("kind", "state", "reason"))


def address(mail_or_text):
    (link,) = set(LINK.findall(mail_or_text))
    return "/" + link.split("/", 3)[3]


def test_it_arrives_at_once_at_night_and_says_when_and_where(add, mail_server, client_person):
    add()
    assert wake() == 1
    (mail,) = mail_server.messages
    assert [part.get_content_type() for part in mail.walk()] == BOTH
    assert not mail.defects
    assert str(mail["Subject"]) == "A passkey was added to your page"
    assert str(mail["To"]) == "Ada Brandt <ada@clients.example>"
    assert mail["From"].addresses[0].display_name == "Riverside Bodywork"
    assert str(mail["Reply-To"]) == "Riverside Bodywork <desk@riverside.example>"
    assert mail["List-Unsubscribe"] is None, "a stop of reminders would not stop it"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))
    for said in (text, html):
        assert "Tuesday 3 March, 02:15" in said
        assert "on this device: iPhone" in said
        assert "Was it you? Then there is nothing to do." in said
        assert address(said).endswith("/passkey/added/")
    assert "Was it you?" in html.split("</div>")[0], "the preheader"
    assert reasons() == [("passkey_added", "sent", "")]


def test_a_device_that_did_not_say_what_it_is(add, mailoutbox):
    add("?")
    wake()
    assert "on a device that did not say what it is" in mailoutbox[0].body
    assert "?" not in re.sub(r"Was it \w+( \w+)?\?", "", LINK.sub("", mailoutbox[0].body))


def test_it_is_in_the_clients_language(add, client_person, mailoutbox):
    Client.objects.update(language="es")
    client_person.refresh_from_db()
    add()
    wake()
    assert mailoutbox[0].subject == "Se añadió una llave de acceso a su página"
    assert "martes 3 de marzo" in mailoutbox[0].body


@pytest.mark.parametrize("hold", [
    lambda person: clients.stop_reminders(client=person, by=person),
    lambda person: clients.pause_reminders(client=person, until=person.today + datetime.timedelta(days=9), by=person),
    lambda person: Client.objects.update(reminder_days=[], reminders_skipped_on=person.today),
    lambda person: SafetyAlert.objects.create(
        practice=person.practice, client=person, level="urgent", because=["x"], source="x", source_id=uuid7()),
    lambda person: Reminder.objects.create(
        practice=person.practice, client=person, kind="home_stretch", subject=uuid7(), local_date=person.today,
        due_at=NIGHT, not_before=NIGHT, state="sent", counted=True, settled_at=NIGHT),
], ids=["stopped", "paused", "no days", "red flag", "one a day"])  # fmt: skip
def test_what_holds_back_reminders_does_not_hold_it_back(add, client_person, mailoutbox, hold):
    add()
    hold(client_person)
    wake()
    assert len(mailoutbox) == 1
    assert not Reminder.objects.filter(kind="passkey_added", counted=True).exists(), "tomorrow's plan is not affected"


@pytest.mark.parametrize(("change", "reason"), [
    ({"email": ""}, "The client has no e-mail address."),
    ({"email_bounced_at": NIGHT}, "Mail to the client's address came back."),
    ({"email_refused_at": NIGHT}, "The client withdrew their consent to mail."),
    ({"archived_at": NIGHT}, "The client is archived."),
])  # fmt: skip
def test_what_is_no_address_gets_nothing_and_the_practice_sees_both(
    add, client_person, mailoutbox, change, reason, therapist, client
):
    add()
    Client.objects.update(**change)
    wake()
    assert mailoutbox == []
    assert reasons() == [("passkey_added", "skipped", reason)]
    client.force_login(therapist.user)
    assert "Can open their page with a passkey" in client.get(f"/clients/{client_person.pk}/").content.decode()


def test_what_is_removed_already_is_not_said_nor_what_is_of_three_days_ago(
    add, client_person, mailoutbox, time_machine
):
    made = add()
    logins.remove(client=client_person, passkey=made.pk, by=client_person)
    wake()
    add()
    time_machine.shift(datetime.timedelta(days=3, minutes=1))
    wake()
    assert mailoutbox == []
    assert [reason for _, _, reason in reasons()] == [
        "The passkey is removed already.", "It was asked for too long ago."
    ]  # fmt: skip


def test_each_passkey_has_a_mail_and_each_mail_removes_its_own(add, mailoutbox, client, client_person):
    first, second = add("iPhone"), add("Mac")
    wake()
    assert len(mailoutbox) == 2
    page = address(next(mail.body for mail in mailoutbox if "iPhone" in mail.body))
    shown = client.get(page).content.decode()
    assert "Tuesday 3 March, 02:15" in shown
    assert "iPhone" in shown
    assert "Mac" not in shown
    answer = client.post(page, follow=True)
    assert "This passkey opens nothing any more" in answer.content.decode()
    assert list(Authenticator.objects.all()) == [second]
    assert first.pk != second.pk
    assert AuditEntry.objects.filter(verb="client.passkey_removed", actor_client=client_person).count() == 1
    client.post(page)  # tapped twice
    assert list(Authenticator.objects.all()) == [second]


def test_whoever_is_logged_in_with_it_is_out_also_where_another_one_stays(add, mailoutbox, client_person):
    add("Android")
    add("iPhone")
    wake()
    client_person.refresh_from_db()
    stranger = Browser()
    stranger.force_login(client_person.user)
    assert stranger.get("/accounts/login/").url.startswith("/p/"), "it leads to a fresh link"
    page = address(next(mail.body for mail in mailoutbox if "Android" in mail.body))
    Browser(enforce_csrf_checks=True).post(page)
    assert stranger.get("/accounts/login/").status_code == 200, "nobody is logged in there"
    client_person.refresh_from_db()
    assert client_person.user is not None
    Browser().post(address(next(mail.body for mail in mailoutbox if "iPhone" in mail.body)))
    client_person.refresh_from_db()
    assert client_person.user is None


def test_a_scanner_that_follows_the_link_ten_times_changes_nothing(add, mailoutbox, client):
    add()
    wake()
    page = address(mailoutbox[0].body)
    kept = (Authenticator, Client, Reminder, AuditEntry)
    before = [serializers.serialize("json", model.objects.order_by("pk")) for model in kept]
    for _ in range(10):
        assert client.get(page).status_code == 200
        assert client.head(page).status_code == 200
    assert before == [serializers.serialize("json", model.objects.order_by("pk")) for model in kept]
    assert client.get(page).headers["Cache-Control"].count("no-store") == 1


def test_the_link_goes_on_after_months_and_a_merge_and_opens_nothing_else(
    add, mailoutbox, client, practice, client_person
):
    before = make_client(practice, ref="C0007", given_name="Adah")
    add(person=before)
    wake()
    page = address(mailoutbox[0].body)
    before.refresh_from_db()
    client_person.user, before.user, before.merged_into, before.archived_at = before.user, None, client_person, NIGHT
    before.save()
    client_person.save()
    token = page.split("/")[2]
    for other in (f"/p/{token}/", f"/p/{token}/passkey/", f"/p/{token}/settings/", f"/u/{token}/"):
        assert client.get(other).status_code == 404
    portal = links.sign("portal", client_person.pk)
    assert client.get(f"/p/{portal}/passkey/added/").status_code == 404
    assert client.get(f"/p/{links.sign('passkey_added', uuid7())}/passkey/added/").status_code == 404
    assert client.post(page, follow=True).status_code == 200
    assert not Authenticator.objects.exists()


def test_a_passkey_of_somebody_else_is_left_alone(add, client, client_person, other_client):
    """The entry names a passkey by number; the client whose entry it is must own it."""
    strange = passkey_of(other_client)
    entry = AuditEntry.objects.create(
        practice=client_person.practice, verb="client.passkey_added", object_type="clinic.client",
        object_id=client_person.pk, client=client_person, facts={"passkey": strange.pk},
    )  # fmt: skip
    add()
    page = f"/p/{links.sign('passkey_added', entry.pk)}/passkey/added/"
    assert "This passkey opens nothing any more" in client.post(page, follow=True).content.decode()
    assert Authenticator.objects.filter(pk=strange.pk).exists()


@pytest.mark.parametrize("many", [1, 3])
def test_a_batch_asks_twice(add, django_assert_num_queries, many, practice):
    from clinic.queries.logins import added

    for place in range(many):
        add(person=make_client(practice, ref=f"C10{place}", given_name=f"N{place}"))
    entries = list(Reminder.objects.values_list("subject", flat=True))
    with django_assert_num_queries(2):
        assert sum(one.device == "iPhone" for one in added(entries).values()) == many


BROKEN = [
    "{", "[", '{"id": "x"}', "[" * 3000, "1" * 5000, json.dumps({"id": "x", "response": {"userHandle": 5}}),
]  # fmt: skip


@pytest.mark.parametrize("credential", BROKEN)
@pytest.mark.parametrize("begun", [False, True])
def test_the_log_in_answers_400_to_what_no_browser_sends(db, client, credential, begun):
    page = "/accounts/2fa/webauthn/login/"
    if begun:
        assert client.get(page, headers={"x-requested-with": "XMLHttpRequest"}).json()["request_options"]
    assert client.post(page, {"credential": credential}).status_code == 400


@pytest.mark.parametrize("credential", ["[" * 3000, "1" * 5000])
def test_adding_one_refuses_it_in_words(client, client_person, credential):
    client_person.date_of_birth = None
    client_person.save()
    page = f"/p/{links.sign('portal', client_person.pk)}/passkey/"
    client.post(f"{page}begin/")
    answer = client.post(page, {"credential": credential})
    assert answer.status_code == 422
    assert "That did not work. Please try once more." in answer.content.decode()
