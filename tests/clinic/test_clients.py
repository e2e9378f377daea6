import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.urls import reverse

from clinic.models import AuditEntry, Client
from clinic.services import clients
from tests.people import make_client

NEW = {"given_name": "Bea", "family_name": "Neu", "sex": "female", "email": "bea@clients.example"}


def test_adding_gives_a_reference_and_one_audit_row(practice, therapist):
    first = clients.add(practice=practice, by=therapist, **NEW)
    second = clients.add(practice=practice, by=therapist, given_name="Carl", family_name="Neu")
    assert [first.ref, second.ref] == ["C0001", "C0002"]
    entry = AuditEntry.objects.get(client=first)
    assert (entry.verb, entry.actor_user, entry.facts) == ("client.added", therapist.user, {})


def test_the_same_person_twice_is_refused_and_nothing_is_written(practice, therapist):
    born = datetime.date(1980, 1, 2)
    clients.add(practice=practice, by=therapist, date_of_birth=born, **NEW)
    with pytest.raises(ValidationError, match="already has a client of this name and date of birth"):
        clients.add(practice=practice, by=therapist, date_of_birth=born, **{**NEW, "given_name": "BEA"})
    assert (Client.objects.count(), AuditEntry.objects.count()) == (1, 1)


def test_the_same_person_may_be_in_two_practices(practice, other_practice, therapist, other_therapist):
    clients.add(practice=practice, by=therapist, **NEW)
    clients.add(practice=other_practice, by=other_therapist, **NEW)
    assert Client.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "line"),
    [
        ("email", "no address", "Enter a valid email address."),
        ("timezone", "Mars/Olympus", "“Mars/Olympus” is no time zone. Use a name such as Europe/Berlin."),
        ("timezone", "CET", "“CET” is no time zone. Use a name such as Europe/Berlin."),
        ("date_of_birth", datetime.date(2999, 1, 1), "A date of birth lies between 120 years ago and today."),
        ("date_of_birth", datetime.date(1850, 1, 1), "A date of birth lies between 120 years ago and today."),
        ("sex", "other", "Value 'other' is not a valid choice."),
    ],
)
def test_bad_details_are_refused_with_a_line(practice, therapist, field, value, line):
    with pytest.raises(ValidationError) as refused:
        clients.add(practice=practice, by=therapist, **{**NEW, field: value})
    assert refused.value.message_dict == {field: [line]}
    assert not Client.objects.exists()


def test_the_same_person_added_twice_at_once_is_refused_with_a_line(practice, therapist, monkeypatch):
    born = datetime.date(1980, 1, 2)
    clients.add(practice=practice, by=therapist, date_of_birth=born, **NEW)
    monkeypatch.setattr(Client, "full_clean", lambda self: None)  # the check of the second came before the first's save
    with pytest.raises(ValidationError, match="in the same moment"):
        clients.add(practice=practice, by=therapist, date_of_birth=born, **NEW)
    assert Client.objects.count() == 1


def test_a_new_address_clears_an_earlier_bounce(client_person, therapist):
    client_person.email_bounced_at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    client_person.save()
    clients.change(client=client_person, by=therapist, email="new@clients.example")
    assert Client.objects.get().email_bounced_at is None


def test_a_change_leaves_alone_what_was_said_elsewhere_meanwhile(client_person, receptionist):
    read_before = Client.objects.get()
    clients.stop_reminders(client=client_person, by=client_person)
    clients.change(client=client_person, by=client_person, mail_detail="exercises")
    changed = clients.change(client=read_before, by=receptionist, phone="+49 30 901820")
    now = Client.objects.get()
    assert now.reminders_stopped_at is not None
    assert now.mail_detail == "exercises" == changed.mail_detail
    assert str(now.phone) == "+4930901820"
    assert Client.objects.matching("1820").exists()


def test_a_pause_takes_no_stop_back_that_was_said_meanwhile(client_person):
    read_before = Client.objects.get()
    clients.stop_reminders(client=client_person, by=client_person)
    clients.pause_reminders(client=read_before, until=client_person.today, by=client_person)
    assert Client.objects.get().reminders_stopped_at is not None
    clients.pause_reminders(client=read_before, until=client_person.today, by=client_person, instead_of_stop=True)
    assert Client.objects.get().reminders_stopped_at is None


def test_stopping_reminders_twice_is_one_write(client_person):
    clients.stop_reminders(client=client_person, by=client_person)
    clients.stop_reminders(client=client_person, by=client_person)
    assert AuditEntry.objects.get().actor_client == client_person


def test_refusing_and_allowing_mail_is_one_write_each(client_person, receptionist):
    for _ in range(2):
        clients.refuse_mail(client=client_person, by=receptionist)
    assert Client.objects.get().email_refused_at is not None
    for _ in range(2):
        clients.allow_mail(client=client_person, by=receptionist)
    assert Client.objects.get().email_refused_at is None
    assert [entry.verb for entry in AuditEntry.objects.order_by("created_at", "id")] == [
        "client.mail_refused", "client.mail_allowed",
    ]  # fmt: skip


def test_neither_a_new_address_nor_starting_reminders_brings_consent_back(client_person, receptionist):
    clients.refuse_mail(client=client_person, by=receptionist)
    clients.change(client=client_person, by=receptionist, email="new@clients.example")
    clients.start_reminders(client=client_person, by=receptionist)
    assert Client.objects.get().email_refused_at is not None


def test_consent_to_mail_leaves_a_stop_as_it_was(client_person, receptionist):
    clients.stop_reminders(client=client_person, by=client_person)
    clients.refuse_mail(client=client_person, by=receptionist)
    clients.allow_mail(client=client_person, by=receptionist)
    assert Client.objects.get().reminders_stopped_at is not None


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (datetime.date(2000, 2, 29), datetime.date(2026, 2, 28), 25),
        (datetime.date(2000, 2, 29), datetime.date(2026, 3, 1), 26),
        (datetime.date(1978, 3, 2), datetime.date(2026, 3, 2), 48),
        (None, datetime.date(2026, 3, 2), None),
    ],
)
def test_age_is_completed_years(born, day, age):
    assert Client(date_of_birth=born).age_on(day) == age


def test_search_ignores_case_and_accents(practice):
    make_client(practice, given_name="José", family_name="Ångström")
    assert Client.objects.matching("jose angst").exists()
    assert Client.objects.matching("C0001").exists()
    assert not Client.objects.matching("jose berg").exists()


class TestPages:
    def test_a_duplicate_is_said_on_the_form_with_everything_still_there(self, client, therapist, client_person):
        client.force_login(therapist.user)
        typed = {"given_name": "Ada", "family_name": "Brandt", "date_of_birth": "1978-03-02", "sex": "female"}
        answer = client.post(reverse("clinic:add_client"), typed)
        assert answer.status_code == 422
        assert "already has a client of this name and date of birth" in answer.text
        assert 'value="Brandt"' in answer.text
        assert Client.objects.count() == 1

    def test_adding_leads_to_the_record(self, client, therapist):
        client.force_login(therapist.user)
        answer = client.post(reverse("clinic:add_client"), NEW, follow=True)
        assert answer.redirect_chain == [(reverse("clinic:client", args=[Client.objects.get().pk]), 302)]
        assert "Bea Neu is now in your care as C0001." in answer.text

    @pytest.mark.parametrize("many", [1, 3])
    def test_the_list_costs_the_same_however_many(self, client, therapist, practice, many, django_assert_num_queries):
        for number in range(many):
            make_client(practice, ref=f"C{number}", given_name=f"Name{number}", therapist=therapist)
        client.force_login(therapist.user)
        # session, user, membership, colleagues, ids, rows, what was done at home, what needs somebody
        with django_assert_num_queries(8):
            answer = client.get(reverse("clinic:clients"))
        assert answer.text.count("Brandt, Name") == many

    def test_the_list_finds_and_says_when_it_does_not(self, client, receptionist, client_person):
        client.force_login(receptionist.user)
        assert "Brandt, Ada" in client.get(reverse("clinic:clients"), {"q": "ada"}).text
        assert "Nobody found" in client.get(reverse("clinic:clients"), {"q": "zzz"}).text

    def test_archived_clients_leave_the_list(self, client, therapist, client_person):
        client.force_login(therapist.user)
        client.post(reverse("clinic:archive_client", args=[client_person.pk]))
        assert "Brandt, Ada" not in client.get(reverse("clinic:clients")).text
        assert "Brandt, Ada" in client.get(reverse("clinic:clients"), {"show": "archived"}).text

    def test_consent_to_mail_is_withdrawn_and_given_on_the_record(self, client, receptionist, client_person):
        client.force_login(receptionist.user)
        record = reverse("clinic:client", args=[client_person.pk])
        mail = record + "?tab=reminders"
        refuse, allow = (reverse(f"clinic:{name}", args=[client_person.pk]) for name in ("refuse_mail", "allow_mail"))
        before = client.get(record).text
        assert (refuse in before, allow in before) == (True, False)
        assert "No mail wanted" not in client.get(mail).text
        after = client.post(refuse, follow=True).text
        assert "Ada Brandt gets no mail of any kind any more." in after
        assert (refuse in after.split("data-undo")[1], allow in after) == (False, True)
        assert "No mail wanted" in client.get(mail).text
        assert reverse("intake:send", args=[client_person.pk]) not in after
        assert "withdrew their consent to mail, so no link can be sent" in after
        assert "Consent withdrawn" in client.get(reverse("clinic:clients")).text
        assert "Ada Brandt may get mail again." in client.post(allow, follow=True).text
        assert refuse in client.get(record).text


class TestApi:
    def test_add_list_change(self, client, therapist):
        client.force_login(therapist.user)
        added = client.post("/api/v1/clients/", NEW, content_type="application/json")
        assert added.status_code == 201
        assert added.json()["ref"] == "C0001"
        listed = client.get("/api/v1/clients/").json()
        assert [row["id"] for row in listed["results"]] == [added.json()["id"]]
        changed = client.patch(
            f"/api/v1/clients/{added.json()['id']}/", {"family_name": "Alt"}, content_type="application/json"
        )
        assert changed.json()["family_name"] == "Alt"

    def test_consent_to_mail_is_read_as_a_field_and_written_by_an_action(self, client, therapist, client_person):
        client.force_login(therapist.user)
        url = f"/api/v1/clients/{client_person.pk}/"
        body = {"email_refused_at": "2026-01-01T00:00:00Z"}
        assert client.patch(url, body, content_type="application/json").json()["email_refused_at"] is None
        assert client.post(f"{url}refuse-mail/").json()["email_refused_at"] is not None
        assert client.get(url).json()["email_refused_at"] is not None
        assert client.post(f"{url}allow-mail/").json()["email_refused_at"] is None

    def test_problems_have_a_place_and_nothing_is_written(self, client, therapist):
        client.force_login(therapist.user)
        answer = client.post("/api/v1/clients/", {**NEW, "email": "x", "sex": "?"}, content_type="application/json")
        assert answer.status_code == 400
        assert [line["path"] for line in answer.json()["problems"]] == ["sex", "email"]
        assert not Client.objects.exists()

    def test_broken_json_is_one_line(self, client, therapist):
        client.force_login(therapist.user)
        answer = client.post("/api/v1/clients/", "{broken", content_type="application/json")
        assert answer.status_code == 400
        assert "JSON parse error" in answer.text

    def test_a_colleague_of_another_practice_is_no_therapist(self, client, therapist, other_therapist):
        client.force_login(therapist.user)
        answer = client.post(
            "/api/v1/clients/", {**NEW, "therapist": str(other_therapist.pk)}, content_type="application/json"
        )
        assert answer.status_code == 400
        assert answer.json()["problems"][0]["path"] == "therapist"

    def test_a_client_with_a_log_in_cannot_write(self, client, client_person, django_user_model):
        client_person.user = django_user_model.objects.create_user("ada")
        client_person.save()
        client.force_login(client_person.user)
        url = f"/api/v1/clients/{client_person.pk}/"
        assert client.get(url).status_code == 200
        assert client.patch(url, {"family_name": "X"}, content_type="application/json").status_code == 403

    def test_a_token_is_as_good_as_a_session(self, client, therapist, client_person):
        key = client.post(
            "/api/v1/token/",
            {"username": therapist.user.username, "password": "a long enough password"},
            content_type="application/json",
        ).json()["token"]
        answer = client.get("/api/v1/clients/", headers={"Authorization": f"Token {key}"})
        assert answer.json()["count"] == 1
        assert client.get("/api/v1/clients/").status_code == 401

    def test_a_password_is_not_enough_where_there_is_a_second_factor(self, client, therapist):
        Authenticator.objects.create(user=therapist.user, type=Authenticator.Type.TOTP, data={"secret": "x"})
        log_in = {"username": therapist.user.username, "password": "a long enough password"}
        answer = client.post("/api/v1/token/", log_in, content_type="application/json")
        assert answer.status_code == 400
        assert "second factor" in answer.json()["problems"][0]["message"]


@pytest.mark.parametrize(
    ("quiet", "asked", "refused"),
    [
        (("21:00", "07:00"), "20:59", False),
        (("21:00", "07:00"), "21:00", True),
        (("21:00", "07:00"), "06:59", True),
        (("21:00", "07:00"), "07:00", False),
        (("12:00", "14:00"), "13:00", True),
        (("12:00", "14:00"), "14:00", False),
        (("08:00", "08:00"), "08:00", False),
    ],
)
def test_a_reminder_time_at_which_no_mail_leaves_is_refused(client_person, receptionist, quiet, asked, refused):
    practice = client_person.practice
    practice.quiet_from, practice.quiet_until = map(datetime.time.fromisoformat, quiet)
    practice.save()
    at = datetime.time.fromisoformat(asked)
    if refused:
        with pytest.raises(ValidationError, match="choose a time outside of that"):
            clients.change(client=client_person, by=receptionist, reminder_time=at)
    else:
        clients.change(client=client_person, by=receptionist, reminder_time=at)
