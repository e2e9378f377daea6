"""Session notes that wait, on the dashboard of whom they wait for."""

import pytest

from clinic.models import Role
from tests.clinic.today.conftest import NOON, TODAY
from tests.people import make_member
from treatments.models import SessionNote
from treatments.queries.open_notes import open_notes

pytestmark = pytest.mark.django_db


def note(client, author, state="draft"):
    signed = None if state == "draft" else NOON
    return SessionNote.objects.create(
        practice=client.practice, client=client, author=author, held_on=TODAY, state=state, signed_at=signed
    )


def found(membership):
    panel = open_notes(membership)
    return panel and panel["notes"]


def test_drafts_are_for_who_wrote_them_and_waiting_ones_for_who_signs_with_them(
    client, practice, client_person, therapist, owner, other_therapist
):
    trainee = make_member(practice, Role.THERAPIST, "Tina")
    trainee.supervisor = therapist
    trainee.save()
    mine, waits = note(client_person, therapist), note(client_person, trainee, "waiting")
    begun = note(client_person, trainee)
    note(client_person, therapist, "signed")
    assert found(therapist) == [mine, waits]
    assert found(trainee) == [begun]
    assert found(owner) == [waits]
    assert found(other_therapist) is None
    client.force_login(therapist.user)
    text = client.get("/").text
    assert f'href="/notes/{mine.pk}/edit/"' in text
    assert f'href="/notes/{waits.pk}/"' in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_price_of_the_notes(client_person, therapist, count, django_assert_num_queries):
    for _ in range(count):
        note(client_person, therapist)
    with django_assert_num_queries(1):
        assert len(found(therapist)) == count
