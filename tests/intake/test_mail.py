import datetime

import pytest
from django.utils import timezone

from clinic import links
from clinic.models import Practice, Reminder
from clinic.reminders import kinds
from clinic.services import clients, logos
from intake.models import IntakeRequest
from intake.services import requests
from tests.intake.conftest import fill, sign
from tests.people import make_client


@pytest.fixture
def kind():
    return kinds["intake_link"]


def rows() -> list[Reminder]:
    """As the engine hands them over: the practice comes with its logo."""
    found = list(Reminder.objects.select_related("client").order_by("created_at", "id"))
    practices = logos.with_logo(Practice.objects.all()).in_bulk()
    for row in found:
        row.practice = practices[row.practice_id]
    return found


def test_the_kind_was_asked_for_and_may_be_sent_again(kind):
    assert kind.requested
    assert kind.resend_uncertain


def test_the_letter_is_neutral_and_holds_a_working_link(kind, invitation, client, settings):
    settings.PUBLIC_URL = "https://practice.example"
    (reminder,) = rows()
    letter = kind.compose([reminder])[reminder.pk]
    assert letter.subject == "Before your visit at Riverside Bodywork"
    link = f"https://practice.example/i/{links.sign('intake', invitation.pk)}/"
    assert link.rsplit(":", 2)[0] in letter.text
    assert link.rsplit(":", 2)[0] in letter.html
    assert "Hello Ada," in letter.text
    path = next(word for word in letter.text.split() if "/i/" in word).removeprefix("https://practice.example")
    assert client.get(path).status_code == 200
    for word in ("pain", "hip", "back", "health", "safety"):
        assert word not in letter.subject.lower()


def test_a_wanted_link_is_not_spoken_against(kind, invitation):
    assert kind.unwanted(rows()) == {}


def revoke(invitation, therapist):
    requests.revoke(request=invitation, by=therapist)


def expire(invitation, therapist):
    IntakeRequest.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1))


def finish(invitation, therapist):
    fill(invitation)
    sign(invitation)


def archive(invitation, therapist):
    clients.archive(client=invitation.client, by=therapist)


SPOILED = [
    (revoke, "The link was withdrawn."),
    (expire, "The link had expired."),
    (finish, "The form was answered already."),
    (archive, "The link was withdrawn."),
]


@pytest.mark.parametrize(("spoil", "reason"), SPOILED)
def test_a_link_that_no_longer_works_is_not_mailed(kind, invitation, therapist, spoil, reason):
    spoil(invitation, therapist)
    (reminder,) = rows()
    assert kind.unwanted([reminder]) == {reminder.pk: reason}


def test_a_second_link_makes_the_first_mail_unwanted(kind, invitation, therapist):
    requests.send(client=invitation.client, by=therapist)
    first, _second = rows()
    assert set(kind.unwanted(rows())) == {first.pk}


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_takes_one_query(kind, count, practice, therapist, django_assert_num_queries):
    for number in range(count):
        requests.send(client=make_client(practice, ref=f"C{number}", given_name=f"Client{number}"), by=therapist)
    batch = rows()
    with django_assert_num_queries(1):
        assert kind.unwanted(batch) == {}
    with django_assert_num_queries(1):
        assert len(kind.compose(batch)) == count
