"""The question at the door of a form, and links that do not work: what is said, and that looking changes nothing."""

import datetime

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clinic import links
from clinic.attention import kinds
from clinic.models import Attention, AuditEntry, Practice
from clinic.services import audit, clients
from clinic.services.birth_date import days_meant
from intake.models import IntakeRequest
from intake.services import requests
from tests.intake.conftest import fill, sign

BORN = {"day": "2", "month": "3", "year": "1978"}
WRONG = {"day": "3", "month": "4", "year": "1978"}
BIRTHDAY = datetime.date(1978, 3, 2)


@pytest.fixture
def start(token):
    return reverse("intake:start", args=[token])


@pytest.mark.parametrize(
    "typed", ["2 3 1978", "3 2 1978", "1978 03 02", "02 03 78", "2.3.1978  ", " 1978-03-02 ", "٢ ٣ ١٩٧٨"]
)
def test_three_numbers_in_any_order_are_the_day(typed):
    assert BIRTHDAY in days_meant(typed)


@pytest.mark.parametrize("typed", ["", "2 3", "2 3 1978 5", "31 2 31", "2 March 1978", "2 3 197800"])
def test_what_is_no_day_is_none(typed):
    assert BIRTHDAY not in days_meant(typed)


def test_nothing_about_the_person_is_shown_before_and_this_browser_is_asked_once(client, start, invitation):
    fill(invitation)
    page = client.get(start).content.decode()
    assert "When were you born?" in page
    assert not [word for word in ("Ada", "Brandt", "1978-03", "Lower back", "first visit") if word in page]
    for end in ("day/", "sent/", "day/stop/"):
        assert client.get(start + end).url == start
    assert client.post(start + "day/", {"sitting_hours_per_day": "3"}).url == start
    assert client.post(start, BORN).url == start
    assert "Go on where you left off" in client.get(start).content.decode()
    assert "When were you born?" in Browser().get(start).content.decode()


def test_five_wrong_dates_close_the_link_for_strangers_until_it_is_sent_anew(client, start, invitation, therapist):
    inside = Browser()
    inside.post(start, BORN)
    for left in (4, 3, 2, 1, 0):
        answer = client.post(start, WRONG)
        assert answer.status_code == 422 if left else 403
        assert (f"{left} more time" in answer.content.decode()) == bool(left)
    assert "This link is closed" in client.get(start).content.decode()
    assert client.post(start, BORN).url == start
    assert "This link is closed" in client.get(start).content.decode()
    assert inside.get(start + "day/").status_code == 200, "who was let in before stays in"
    row = Attention.objects.get(kind="intake_link_wanted")
    assert kinds[row.kind].sentence(row).startswith("The link is closed: the date of birth did not match five times.")
    again = requests.send(client=invitation.client, by=therapist)
    anew = reverse("intake:start", args=[links.sign("intake", again.pk)])
    assert "When were you born?" in client.get(anew).content.decode()
    assert not Attention.objects.filter(kind="intake_link_wanted").exists()


def test_what_is_no_date_costs_no_try(client, start, invitation):
    assert "as numbers" in client.post(start, {"day": "2"}).content.decode()
    invitation.refresh_from_db()
    assert invitation.birth_tries == 0


@pytest.mark.parametrize("why", ["practice", "unknown"])
def test_nobody_is_asked_where_the_practice_does_not_want_it_or_knows_no_date(client, start, invitation, why, owner):
    if why == "practice":
        Practice.objects.update(check_birth_date=False)
    else:
        clients.change(client=invitation.client, by=owner, date_of_birth=None)
    assert "Start" in client.get(start).content.decode()


def test_a_cookie_of_another_form_opens_nothing(client, start, invitation, other_client):
    theirs = requests.send(client=other_client, by=audit.Machine.SEED)
    client.post(reverse("intake:start", args=[links.sign("intake", theirs.pk)]), BORN)
    (mine,) = [value for name, value in client.cookies.items() if theirs.pk.hex in name]
    client.cookies[f"intake_{invitation.pk.hex}"] = mine.value
    assert "When were you born?" in client.get(start).content.decode()


def test_the_tablet_of_the_practice_is_not_asked(client, therapist, client_person):
    client.force_login(therapist.user)
    page = client.post(reverse("intake:here", args=[client_person.pk]), follow=True).content.decode()
    assert "Before your first visit" in page


def expired(invitation, therapist):
    IntakeRequest.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1))


def revoked(invitation, therapist):
    requests.revoke(request=invitation, by=therapist)


@pytest.mark.parametrize("close", [expired, revoked])
def test_one_tap_asks_for_a_new_link_once_a_day(client, start, invitation, therapist, close):
    close(invitation, therapist)
    assert "Ask for a new link" in client.get(start).content.decode()
    for _ in range(3):
        assert "has been told" in client.post(start + "link/new/").content.decode()
    assert AuditEntry.objects.filter(verb="intake_request.new_link_wanted").count() == 1
    row = Attention.objects.get(kind="intake_link_wanted")
    assert kinds[row.kind].sentence(row).startswith("Asked for a new link to the form on ")
    assert kinds[row.kind].action(row).url == reverse("intake:send", args=[invitation.client_id])
    requests.send(client=invitation.client, by=therapist)
    assert not Attention.objects.filter(kind="intake_link_wanted").exists()


def test_a_link_that_works_asks_for_no_other(client, start, invitation):
    assert client.post(start + "link/new/").url == start
    assert client.get(start + "link/new/").status_code == 405
    assert not Attention.objects.filter(kind="intake_link_wanted").exists()


def opened(invitation, therapist):
    fill(invitation, red_flags={"saddle_numbness": "yes"})


def finished(invitation, therapist):
    fill(invitation)
    sign(invitation)


def dump() -> dict[str, list]:
    """Every row of every table of ours."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            found[table] = cursor.fetchall()
    return found


@pytest.mark.parametrize("let_in", [True, False])
@pytest.mark.parametrize("state", [None, opened, expired, revoked, finished])
def test_a_scanner_that_opens_every_link_ten_times_changes_nothing(client, start, invitation, therapist, state, let_in):
    if let_in:
        client.post(start, BORN)
    if state:
        state(invitation, therapist)
    before = dump()
    for end in ("", "day/", "day/?change", "safety_now/stop/", "sent/", "day/save/", "link/new/", "hobbies/"):
        for _ in range(10):
            assert client.get(start + end).status_code < 500
    assert dump() == before
