import datetime
import html
import io
import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from clinic import links, mail
from clinic.clinic_hooks import mail_of_client
from clinic.models import AuditEntry, Client, Reminder
from clinic.services import attention, audit, clients, reminders
from tests.clinic.reminders.conftest import NOON
from tests.people import make_client

pytestmark = pytest.mark.django_db
LIST = "/reminders/"


@pytest.fixture
def row(client_person, make_reminder, kind, noon):
    return make_reminder(client_person)


@pytest.fixture
def put(row):
    def put(state, **details):
        for field, value in {"state": state, "settled_at": NOON, **details}.items():
            setattr(row, field, value)
        row.save()
        return row

    return put


# --- by hand ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "resend_uncertain", "allowed"),
    [("failed", False, True), ("uncertain", True, True), ("uncertain", False, False), ("sent", True, False)],
)
def test_who_may_be_sent_a_mail_again(state, resend_uncertain, allowed, put, kind, receptionist, mail_server):
    kind.resend_uncertain = resend_uncertain
    row = put(state, attempts=3, handing_over_at=NOON, claimed_by="x", reason="x", counted=state != "failed")
    if not allowed:
        with pytest.raises(ValidationError):
            reminders.resend(reminder=row, by=receptionist)
        return
    again = reminders.resend(reminder=row, by=receptionist)
    assert (again.pk, again.state, again.attempts, again.handing_over_at, again.claimed_by) == (
        row.pk, "planned", 0, None, "",
    )  # fmt: skip
    assert AuditEntry.objects.get(verb="reminder.resent").actor_user == receptionist.user
    assert reminders.wake() == 1
    assert mail_server.messages[0]["Message-ID"].startswith(f"<{row.pk}@")


def test_yesterdays_mail_is_not_sent_again_unless_it_was_asked_for(put, kind, receptionist):
    row = put("failed", local_date=datetime.date(2026, 6, 2))
    with pytest.raises(ValidationError):
        reminders.resend(reminder=row, by=receptionist)
    kind.requested = True
    assert reminders.resend(reminder=row, by=receptionist).state == "planned"


def test_what_was_asked_for_long_ago_leaves_when_it_is_sent_again(put, kind, receptionist, mail_server):
    kind.requested = True
    long_ago = NOON - datetime.timedelta(days=4)
    row = put("failed", due_at=long_ago, not_before=long_ago, local_date=long_ago.date())
    reminders.resend(reminder=row, by=receptionist)
    reminders.wake()
    row.refresh_from_db()
    assert (row.state, row.reason) == ("sent", "")


def test_mail_to_an_address_that_came_back_is_not_sent_again(put, receptionist):
    row = put("failed")
    Client.objects.update(email_bounced_at=NOON)
    with pytest.raises(ValidationError):
        reminders.resend(reminder=row, by=receptionist)


def test_seen_takes_it_off_the_list_once(put, receptionist):
    row = put("uncertain")
    reminders.mark_seen(reminder=row, by=receptionist)
    assert not Reminder.objects.needing_a_person().exists()
    assert AuditEntry.objects.filter(verb="reminder.seen").count() == 1
    with pytest.raises(ValidationError):
        reminders.mark_seen(reminder=row, by=receptionist)


def test_seen_is_taken_back(put, make_reminder, receptionist):
    row = put("uncertain")
    other = make_reminder(row.client, state="sent", settled_at=NOON)
    reminders.mark_seen(reminder=row, by=receptionist)
    everything = Reminder.objects.filter(pk__in=[row.pk, other.pk])
    assert reminders.mark_unseen(reminders=everything, by=receptionist) == 1
    assert list(Reminder.objects.needing_a_person()) == [row]
    assert AuditEntry.objects.filter(verb="reminder.unseen").count() == 1
    assert reminders.mark_unseen(reminders=everything, by=receptionist) == 0


# --- the practice's list ----------------------------------------------------------------------------------------------


def test_the_list_says_why_and_offers_one_action(client, put, receptionist):
    client.force_login(receptionist.user)
    row = put("failed", reason="The mail server refused the message (554).")
    text = client.get(LIST).content.decode()
    assert "Failed on 3 June 2026, 12:00. The mail server refused the message (554)." in text
    assert f"/reminders/{row.pk}/resend/" in text
    assert f"/reminders/{row.pk}/seen/" not in text
    put("uncertain")
    text = client.get(LIST + "?state=attention").content.decode()
    assert f"/reminders/{row.pk}/seen/" in text
    assert f"/reminders/{row.pk}/resend/" not in text
    put("uncertain", seen_at=NOON)
    assert "Nothing needs a person" in client.get(LIST + "?state=attention").content.decode()
    assert "No mail in this state" in client.get(LIST + "?state=sent").content.decode()
    assert "Ada Brandt" in client.get(LIST + "?state=nonsense").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_list(count, client, receptionist, make_clients, make_reminder, kind, django_assert_num_queries):
    for person in make_clients(count):
        make_reminder(person)
    client.force_login(receptionist.user)
    # session, user, membership; rows, open questions; counts, those that need a person; the engine's three
    with django_assert_num_queries(10):
        client.get(LIST)


def test_the_list_is_paged_and_keeps_the_state(client, receptionist, make_reminder, client_person, kind, noon):
    for _ in range(51):
        make_reminder(client_person)
    client.force_login(receptionist.user)
    first = client.get(LIST + "?state=planned").content.decode()
    assert first.count('data-label="Client"') == 50
    older = html.unescape(re.search(r'href="([^"]*before=[^"]*)"', first).group(1))
    assert older.startswith(LIST + "?state=planned&before=")
    last = client.get(older).content.decode()
    assert last.count('data-label="Client"') == 1
    assert "Older mails" not in last
    assert f'href="{LIST}?state=planned"' in last.split('aria-label="Pages"')[1]


def test_an_empty_list_says_when_something_will_be_there(client, receptionist):
    client.force_login(receptionist.user)
    assert "No mail yet" in client.get(LIST).content.decode()


def test_the_actions_by_page(client, put, receptionist):
    client.force_login(receptionist.user)
    row = put("failed")
    answer = client.post(f"/reminders/{row.pk}/resend/")
    assert (answer.status_code, answer.url) == (302, "/reminders/?state=attention")
    row.refresh_from_db()
    assert row.state == "planned"
    put("uncertain")
    text = client.post(f"/reminders/{row.pk}/resend/", follow=True).content.decode()
    assert "This mail cannot be sent again." in text
    client.post(f"/reminders/{row.pk}/seen/")
    row.refresh_from_db()
    assert row.seen_at is not None


@pytest.mark.parametrize(
    ("came_from", "to"),
    [
        ("/reminders/?state=attention&q=brandt&before=x", "/reminders/?state=attention&q=brandt&before=x"),
        ("https://evil.example/", "/reminders/?state=attention"),
        ("//evil.example/", "/reminders/?state=attention"),
        ("javascript:alert(1)", "/reminders/?state=attention"),
        ("", "/reminders/?state=attention"),
    ],
)
def test_a_button_leads_back_to_where_it_was(client, put, receptionist, came_from, to):
    client.force_login(receptionist.user)
    row = put("uncertain")
    for page in (f"/reminders/{row.pk}/seen/", f"/reminders/{row.pk}/resend/", "/reminders/seen/"):
        assert client.post(page, {"next": came_from}).url == to


def test_every_button_knows_its_page_and_its_client(client, put, receptionist, client_person):
    client.force_login(receptionist.user)
    for state, said in [("failed", "Send again<"), ("uncertain", "Seen<")]:
        put(state)
        attention.look_at(client_person)
        for page in ("/", LIST + "?state=attention&amp;q=ada", f"/clients/{client_person.pk}/?tab=reminders"):
            text = client.get(html.unescape(page)).text
            form = text.split(said)[0].rsplit("<form", 1)[1]
            assert f'name="next" value="{page}"' in form
            assert "Ada Brandt" in text.split(said)[1].split("</button>")[0]


def test_a_page_of_what_needs_a_person_is_seen_at_once(
    client, receptionist, make_reminder, client_person, other_client, noon
):
    client.force_login(receptionist.user)
    mine = [make_reminder(client_person, state="failed") for _ in range(3)]
    sent, foreign = make_reminder(client_person, state="sent"), make_reminder(other_client, state="failed")
    text = client.get(LIST + "?state=attention").text
    form = text.split('action="/reminders/seen/"')[1].split("</form>")[0]
    ids = re.findall(r'name="mail" value="([^"]+)"', form)
    assert set(ids) == {str(row.pk) for row in mine}
    assert "Seen: all 3 of this page" in form
    late = make_reminder(client_person, state="failed")
    assert "Noted: 3 mails." in client.post("/reminders/seen/", {"mail": [*ids, str(sent.pk)]}, follow=True).text
    assert set(Reminder.objects.needing_a_person()) == {late, foreign}
    assert AuditEntry.objects.filter(verb="reminder.seen", actor_user=receptionist.user).count() == 3
    assert "/reminders/seen/" not in client.get(LIST).text
    for wrong in ([str(foreign.pk)], ["x"], []):
        answer = client.post("/reminders/seen/", {"mail": wrong}, follow=True)
        assert "Choose the mails that you have seen." in answer.text
    assert foreign in Reminder.objects.needing_a_person()


def test_nobody_else_sees_or_touches_it(client, put, other_therapist):
    row = put("failed")
    assert client.get(LIST).status_code == 302
    client.force_login(other_therapist.user)
    assert "Ada" not in client.get(LIST).content.decode()
    assert client.post(f"/reminders/{row.pk}/resend/").status_code == 404
    assert client.post(f"/reminders/{row.pk}/seen/").status_code == 404
    assert client.get(f"/reminders/{row.pk}/seen/").status_code == 405


def test_the_record_shows_each_clients_mail(client, put, receptionist, client_person):
    put("failed")
    assert [line.action for line in mail_of_client(receptionist, client_person)["lines"]] == ["resend"]
    client.force_login(receptionist.user)
    record = client.get(f"/clients/{client_person.pk}/?tab=reminders").text
    assert "Mail to this client" in record
    assert "Plain reminder for 3 June 2026" in record


# --- what the record says about a client's reminders ------------------------------------------------------------------


def start(client, person):
    return client.post(f"/clients/{person.pk}/reminders/start/", follow=True).text


def test_starting_again_says_what_still_holds_back(client, receptionist, client_person, noon):
    client.force_login(receptionist.user)
    record = f"/clients/{client_person.pk}/"
    Client.objects.update(reminders_stopped_at=NOON)
    assert "Start reminders again" in client.get(record).text
    assert "Reminders to Ada Brandt go out again." in start(client, client_person)
    Client.objects.update(reminders_stopped_at=NOON, email_bounced_at=NOON)
    text = start(client, client_person)
    assert ("go out again" in text, "none goes out: address came back." in text) == (False, True)
    Client.objects.update(reminders_stopped_at=NOON, archived_at=NOON)
    assert "Start reminders again" not in client.get(record).text


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ({"reminders_stopped_at": NOON}, "Reminders: stopped"),
        ({"email_refused_at": NOON}, "Reminders: consent withdrawn"),
        ({"email_bounced_at": NOON}, "Reminders: address came back"),
        ({}, ""),
    ],
)
def test_the_head_of_a_record_tells_it_beside_a_pause(client, receptionist, client_person, noon, state, shown):
    Client.objects.update(reminders_paused_until=datetime.date(2026, 6, 10), **state)
    client.force_login(receptionist.user)
    text = client.get(f"/clients/{client_person.pk}/").text
    assert (shown or "Ada Brandt") in text
    assert ("Reminders: " in text) is bool(shown)


def test_a_withdrawn_consent_has_the_clients_date(client, receptionist, client_person, noon):
    late = datetime.datetime(2026, 6, 2, 23, 0, tzinfo=datetime.UTC)
    Client.objects.update(email_refused_at=late)
    client.force_login(receptionist.user)
    record = client.get(f"/clients/{client_person.pk}/?tab=reminders").text
    assert "withdrew their consent to mail on 3 June 2026" in record


def test_a_complaint_is_told_until_the_client_starts_and_stops_by_themselves(client, receptionist, client_person, noon):
    client.force_login(receptionist.user)

    def told():
        record = client.get(f"/clients/{client_person.pk}/?tab=reminders").text
        return "marked a mail as unwanted on 3 June 2026" in record

    assert not told()
    clients.stop_reminders(client=client_person, by=audit.Machine.REMINDERS)
    assert told()
    clients.start_reminders(client=client_person, by=receptionist)
    clients.stop_reminders(client=client_person, by=client_person)
    assert not told()


# --- the client's way out ---------------------------------------------------------------------------------------------


@pytest.fixture
def link(client_person):
    return reverse("clinic:unsubscribe", args=[links.sign("unsubscribe", client_person.pk)])


def test_following_the_link_changes_nothing(client, link, client_person):
    before = Client.objects.filter(pk=client_person.pk).values().get()
    text = client.get(link).content.decode()
    assert "Nothing has changed yet" in text
    assert client.head(link).status_code in (200, 405)
    assert Client.objects.filter(pk=client_person.pk).values().get() == before
    assert not AuditEntry.objects.exists()


@pytest.fixture
def strict_client():
    from django.test import Client as Browser

    return Browser(enforce_csrf_checks=True)


def test_one_click_by_a_mail_program_stops_reminders(strict_client, link, client_person):
    for _ in range(2):
        answer = strict_client.post(link, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    client_person.refresh_from_db()
    assert client_person.reminders_stopped_at is not None
    entry = AuditEntry.objects.get(verb="reminders.stopped")
    assert entry.actor_client == client_person


def test_the_buttons_of_the_page_do_what_they_say(client, link, client_person, noon):
    text = client.get(link).content.decode()
    names = re.findall(r'<button[^>]*name="(\w+)"', text)
    assert names == ["pause", "stop"]
    assert "Reminders are paused" in client.post(link, {"pause": "week"}).content.decode()
    client_person.refresh_from_db()
    assert (client_person.reminders_paused_until, client_person.reminders_stopped_at) == (
        datetime.date(2026, 6, 10),
        None,
    )
    assert "Reminders are stopped" in client.post(link, {"stop": "stop"}).content.decode()
    client_person.refresh_from_db()
    assert client_person.reminders_stopped_at is not None


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"reminders_stopped_at": NOON}, "You will get no more reminders"),
        ({"email_refused_at": NOON}, "sends you no reminders any more"),
        ({"archived_at": NOON}, "sends you no reminders any more"),
        ({"reminders_paused_until": datetime.date(2026, 6, 8)}, "None comes before 8 June 2026"),
    ],
)
def test_the_page_says_how_it_is_already(client, link, client_person, noon, state, said):
    Client.objects.update(**state)
    text = client.get(link).text
    assert (said in text, "sends you reminders by mail" in text, 'name="pause"' in text) == (True, False, False)
    text = client.post(link, {"pause": "week"}).text
    assert ("None comes before" in text) is ("reminders_paused_until" in state)


def test_a_post_that_chooses_nothing_changes_nothing(client, link, client_person):
    assert client.post(link, {"x": "y"}).status_code == 422
    client_person.refresh_from_db()
    assert client_person.reminders_stopped_at is None


def test_a_forged_link_or_one_for_another_purpose_is_404(client, client_person):
    for token in ("nonsense", links.sign("portal", client_person.pk)):
        for answer in (client.get(f"/u/{token}/"), client.post(f"/u/{token}/", {"stop": "1"})):
            assert answer.status_code == 404
            assert "This link does not work" in answer.content.decode()


# --- the command ------------------------------------------------------------------------------------------------------


def explain(*args):
    out = io.StringIO()
    call_command("explain_reminders", *args, stdout=out)
    return out.getvalue()


def test_the_command_says_why(put, other_practice):
    put("skipped", reason="The client stopped reminders.")
    assert explain("c0001") == "2026-06-03  Plain reminder: Not sent. The client stopped reminders.\n"
    (found,) = json.loads(explain("C0001", "--json"))
    assert (found["state"], found["sentence"]) == ("skipped", "Not sent. The client stopped reminders.")
    nobody = make_client(other_practice)
    with pytest.raises(CommandError, match="--practice"):
        explain("C0001")
    assert "Nothing was ever planned" in explain("C0001", "--practice", nobody.practice.slug)
    with pytest.raises(CommandError, match="There is no client X at riverside"):
        explain("X", "--practice", "riverside")
    with pytest.raises(CommandError, match="There is no client X"):
        explain("X")


def test_the_command_knows_mail_whose_app_is_gone(put):
    put("planned", kind="gone")
    assert explain("C0001") == (
        "2026-06-03  gone: Due on 3 June 2026, 12:00, but nothing here sends this kind of mail any more.\n"
    )


# --- letters ----------------------------------------------------------------------------------------------------------


def test_the_base_of_every_letter(row, kind, practice):
    practice.name = "Tom & Co <Bodywork>"
    row.practice = row.client.practice = practice
    letter = mail.letter(row, "clinic/mail/base", subject="Your day")
    assert "Tom & Co <Bodywork>" in letter.text
    assert "Tom &amp; Co &lt;Bodywork&gt;" in letter.html
    for part in (letter.text, letter.html):
        assert "/u/" in part
    assert "\n-- \n" in letter.text
    assert "src=" not in letter.html  # nothing is loaded, so nothing tells that it was opened
    kind.requested = True
    assert "/u/" not in mail.letter(row, "clinic/mail/base", subject="Your form").text
