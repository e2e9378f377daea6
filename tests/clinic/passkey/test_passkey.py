"""A client opens their address with a passkey; nobody else's log-in is touched by it."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.utils import timezone

from clinic import links
from clinic.models import AuditEntry
from clinic.queries.logins import is_ours, own_user, portal_of
from clinic.services import audit, logins, people
from tests.people import BORN, make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(client, client_person):
    """Opened: the date of birth was given in this browser."""
    page = f"/p/{links.sign('portal', client_person.pk)}/passkey/"
    assert client.post(page, BORN).status_code == 302
    return page


def passkey_of(client):
    """A row as `finish` makes it; only what it says of itself is made up."""
    user = own_user(client) or logins._new_user(client)
    client.user = user
    client.save()
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": "iPhone", "credential": {}})


def test_looking_makes_no_log_in_and_beginning_makes_one_that_nobody_can_use(client, client_person, address):
    before = get_user_model().objects.count()
    assert client.get(address).status_code == 200
    assert get_user_model().objects.count() == before
    for _ in range(2):
        told = client.post(f"{address}begin/").json()["publicKey"]
    user = own_user(client_person)
    assert (user.email, user.has_usable_password(), get_user_model().objects.count()) == ("", False, before + 1)
    assert told["user"]["name"] == "Ada Brandt, Riverside Bodywork"
    assert told["authenticatorSelection"]["residentKey"] == "required"
    assert told["authenticatorSelection"]["userVerification"] == "required"
    client_person.refresh_from_db()
    assert client_person.user is None
    assert portal_of(user) is None


@pytest.mark.parametrize("credential", ["", "{", "[]", "{}", '{"id": "x"}', '"\\u0000"', json.dumps({"response": 5})])
def test_what_no_browser_makes_is_refused_in_words(client, client_person, address, credential):
    client.post(f"{address}begin/")
    answer = client.post(address, {"credential": credential})
    assert answer.status_code == 422
    assert "That did not work. Please try once more." in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_a_log_in_of_the_staff_with_the_same_address_is_not_touched(client, client_person, therapist, address):
    client_person.email = therapist.user.email
    client_person.save()
    before = get_user_model().objects.filter(pk=therapist.user_id).values().get()
    client.post(f"{address}begin/")
    passkey_of(client_person)
    assert get_user_model().objects.filter(pk=therapist.user_id).values().get() == before
    assert client_person.user != therapist.user
    assert not Authenticator.objects.filter(user=therapist.user).exists()


def test_on_a_device_where_the_staff_is_logged_in_none_is_made(client, therapist, address):
    client.force_login(therapist.user)
    line = "Somebody of the practice is logged in here, and the passkey would be theirs. Use your own phone."
    assert line in client.get(address).content.decode()
    assert client.post(f"{address}begin/").json() == {"line": line}
    assert client.post(address, {"credential": "{}"}).status_code == 422


def test_a_log_in_that_we_did_not_make_gets_no_key_by_a_link(client, client_person, address):
    """Whoever holds the link would hold that log-in from then on, and all that it opens."""
    client_person.user = make_user("ada@clients.example")
    client_person.save()
    assert client.post(f"{address}begin/").json() == {
        "line": "You have a log-in of your own already. Log in with it as before."
    }
    assert own_user(client_person) is None


def test_the_last_one_takes_the_log_in_with_it_and_others_cannot_be_removed(
    client, client_person, address, other_client
):
    first, second, strange = passkey_of(client_person), passkey_of(client_person), passkey_of(other_client)
    client.force_login(client_person.user)
    for row in (strange, second):
        client.post(f"{address}remove/", {"passkey": row.pk})
    assert set(Authenticator.objects.all()) == {first, strange}
    client.post(f"{address}remove/", {"passkey": first.pk})
    client_person.refresh_from_db()
    assert client_person.user is None
    assert own_user(client_person) is None
    assert AuditEntry.objects.filter(verb="client.passkey_removed", client=client_person).count() == 2
    assert "_auth_user_id" not in client.session or client.get("/").status_code == 302


def test_after_a_merge_the_log_in_goes_on_with_the_row_that_does(client, client_person, practice, address):
    before = make_client(practice, ref="C0007", given_name="Adah")
    passkey = passkey_of(before)
    client_person.user, before.user, before.merged_into = before.user, None, client_person
    client_person.save()
    before.save()
    assert portal_of(client_person.user)[0] == client_person
    assert "iPhone" in client.get(address).content.decode()
    client.post(f"{address}remove/", {"passkey": passkey.pk})
    client_person.refresh_from_db()
    assert client_person.user is None
    assert not Authenticator.objects.exists()


def test_there_is_an_end_to_them(client_person):
    for _ in range(logins.MOST):
        passkey_of(client_person)
    with pytest.raises(ValidationError, match="Remove one first"):
        logins.begin(client=client_person, visitor=AnonymousUser())


@pytest.fixture
def inside(client, client_person):
    """A browser that came in by the client's passkey."""
    passkey_of(client_person)
    client.force_login(client_person.user)
    return client


def test_an_address_written_into_a_passkeys_log_in_makes_nobody_of_the_practice(client_person, practice, owner):
    """Somebody with a client's link adds a colleague's address; the owner adds the colleague."""
    passkey_of(client_person)
    get_user_model().objects.filter(pk=client_person.user_id).update(email="new@riverside.example")
    member = people.add(practice=practice, email="new@riverside.example", display_name="Nina", role="owner", by=owner)
    assert member.user_id != client_person.user_id
    assert not is_ours(member.user)


@pytest.mark.parametrize("page", ["email/", "password/change/", "password/set/", "2fa/", "2fa/webauthn/add/",
                                  "sessions/", "reauthenticate/"])  # fmt: skip
def test_account_pages_lead_a_passkey_to_its_own_page(inside, client_person, page):
    for answer in (inside.get(f"/accounts/{page}"), inside.post(f"/accounts/{page}", {"email": "new@x.example"})):
        assert answer.status_code == 302
        assert inside.get(answer.url).context["client"] == client_person
    assert inside.get("/accounts/logout/").status_code == 200
    client_person.archived_at = timezone.now()
    client_person.save()
    assert inside.get(f"/accounts/{page}").status_code == 404


def test_a_passkey_opens_nothing_of_the_api(inside, client_person):
    for path in ("clients/", f"clients/{client_person.pk}/", "visits/", "programmes/"):
        assert inside.get(f"/api/v1/{path}").status_code == 403, path


def test_the_staff_keep_their_account_pages(client, owner):
    client.force_login(owner.user)
    assert client.get("/accounts/password/change/").status_code == 200


def test_the_practice_sees_a_passkey_and_takes_all_of_them_away(client_person, therapist, inside):
    audit.record("client.passkey_added", on=client_person, by=client_person)
    passkey_of(client_person)
    staff = Browser()
    staff.force_login(therapist.user)
    record = f"/clients/{client_person.pk}/"
    assert "Remove passkeys" in staff.get(record).content.decode()
    told = staff.post(f"{record}passkeys/remove/", follow=True).content.decode()
    assert "No passkey opens the page of Ada Brandt any more." in told
    assert "Remove passkeys" not in told
    client_person.refresh_from_db()
    assert client_person.user is None
    assert not Authenticator.objects.exists()
    assert inside.get("/clients/").status_code == 302, "logged out there"
    shown = staff.get(record).content.decode()
    assert "Can open their page with a passkey" in shown
    assert "All their passkeys removed" in shown


def test_a_log_in_of_another_kind_is_not_the_practices_to_remove(client, client_person, owner):
    client_person.user = make_user("ada@clients.example")
    client_person.save()
    client.force_login(owner.user)
    said = client.post(f"/clients/{client_person.pk}/passkeys/remove/", follow=True).content.decode()
    assert "Ada Brandt has no passkey here." in said
    client_person.refresh_from_db()
    assert client_person.user is not None
