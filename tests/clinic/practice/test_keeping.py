"""Who is past the years for which records are kept; put away in one step, and back."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from clinic import undo
from clinic.models import AuditEntry, Client, SafetyAlert
from clinic.models.base import uuid7
from clinic.queries import retention as queries
from clinic.services import clients, people, retention
from tests.people import make_client

NOW = datetime.datetime(2026, 6, 1, 8, tzinfo=datetime.UTC)
LONG_AGO = NOW - datetime.timedelta(days=365 * 12)
KEEPING = reverse("clinic:practice_keeping")


@pytest.fixture
def old(practice):
    """Four clients of twelve years ago: silent, seen lately, written about lately, with an open red flag."""
    with time_machine.travel(LONG_AGO):
        return {
            name: make_client(practice, ref=name, family_name=name, email="")
            for name in ("Silent", "Seen", "Written", "Flagged")
        }


@pytest.fixture
def world(old, practice, owner, therapist, book):
    with time_machine.travel(NOW) as clock:
        make_client(practice, ref="New", family_name="New", email="")
        book(therapist, -24 * 365, client=old["Seen"], state="done")
        clients.change(client=old["Written"], by=owner, phone="")
        SafetyAlert.objects.create(
            practice=practice, client=old["Flagged"], level="ask", because=[], source="x", source_id=uuid7()
        )
        yield clock


def test_only_who_had_no_contact_is_past(world, old, practice):
    found = queries.past(practice, NOW)
    assert {client.ref: client.alert for client in found.shown} == {"Silent": False, "Flagged": True}
    assert (found.in_care, found.archived) == (2, 0)
    assert found.shown[0].last_contact == LONG_AGO


def test_more_years_and_a_leap_day(world, practice):
    practice.keep_years = 13
    assert queries.past(practice, NOW).in_care == 0
    practice.keep_years = 1
    assert queries.border(practice, datetime.datetime(2028, 2, 29, 12, tzinfo=datetime.UTC)).date() == datetime.date(
        2027, 2, 28
    )


def test_handing_over_is_no_contact(world, old, practice, owner, therapist, colleague):
    Client.objects.filter(pk=old["Silent"].pk).update(therapist=therapist)
    people.hand_over(member=therapist, to=colleague, by=owner)
    assert old["Silent"] in queries.past(practice, NOW).shown


def test_one_step_archives_and_undo_brings_back(world, old, as_owner, practice):
    text = as_owner.get(KEEPING).content.decode()
    assert "2 clients in care without any contact since 1 June 2016" in text
    assert "stays: a red flag is open" in text
    page = as_owner.post(reverse("clinic:archive_past"), follow=True)
    assert list(Client.objects.exclude(archived_at=None)) == [old["Silent"]]
    assert AuditEntry.objects.get(verb="client.archived").facts == {"because": "retention", "years": 10}
    assert queries.past(practice, NOW).archived == 1
    (offered,) = [undo.of_message(message) for message in page.context["messages"]]
    as_owner.post(offered.url, dict(offered.fields))
    assert not Client.objects.exclude(archived_at=None).exists()
    assert queries.past(practice, NOW).in_care == 2


def test_who_was_added_again_meanwhile_stays_archived_and_is_named(world, old, practice, owner):
    _count, at = retention.archive_past(practice=practice, by=owner)
    make_client(practice, ref="Again", family_name="Silent", email="")
    count, lines = retention.bring_back(practice=practice, archived_at=at, by=owner)
    assert count == 0
    assert lines == ["Ada Silent: This practice already has a client of this name and date of birth."]


def test_another_practice_is_left_alone(world, old, other_practice, as_owner, practice):
    with time_machine.travel(LONG_AGO):
        theirs = make_client(other_practice, ref="Theirs", email="")
    as_owner.post(reverse("clinic:archive_past"))
    theirs.refresh_from_db()
    assert theirs.archived_at is None


@pytest.mark.parametrize("at", ["", "never", "2026-13-01T00:00:00Z", "2026-06-01T08:00:00"])
def test_an_undo_that_is_none_does_nothing(at, world, as_owner):
    assert as_owner.post(reverse("clinic:bring_back"), {"at": at}).status_code == 302


def test_the_page_asks_as_often_for_three_as_for_one(world, old, as_owner, practice, django_assert_num_queries):
    Client.objects.filter(pk=old["Flagged"].pk).delete()
    with django_assert_num_queries(7):
        as_owner.get(KEEPING)
    with time_machine.travel(LONG_AGO):
        for name in ("More", "Most"):
            make_client(practice, ref=name, family_name=name, email="")
    with django_assert_num_queries(7):
        as_owner.get(KEEPING)
