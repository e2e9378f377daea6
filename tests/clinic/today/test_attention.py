"""Looking around: again and again the same, in turn, in the transaction of the write; putting off."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from clinic.attention import Action, AttentionKind, kinds
from clinic.models import Attention, AuditEntry, Role
from clinic.queries import attention as queries
from clinic.services import attention
from tests.clinic.today.conftest import DAY, NOON, TODAY, look, mail, needs, painful
from tests.people import make_member
from treatments.services import home_logs

pytestmark = pytest.mark.django_db


def versions():
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text, id FROM clinic_attention ORDER BY id")
        return cursor.fetchall()


def test_looking_again_writes_nothing(client_person):
    painful(client_person)
    mail(client_person)
    look()
    before = versions()
    assert len(before) == 2
    with transaction.atomic():  # what is written here would carry another xmin
        look()
    assert versions() == before


def test_what_changed_is_told_anew_and_keeps_its_age(client_person):
    answer = painful(client_person, word="sharp")
    look()
    first = Attention.objects.get()
    answer.word = "dull"
    answer.changed_at = NOON + DAY
    answer.save()
    look()
    now = Attention.objects.get()
    assert (now.pk, now.since, now.facts["word"]) == (first.pk, first.since, "dull")


class Fail(Exception):
    pass


def test_a_write_that_is_taken_back_leaves_no_row(client_person, therapist):
    answer = painful(client_person)
    look()
    try:
        with transaction.atomic():
            home_logs.mark_seen(answer=answer, by=therapist)
            assert needs() == []
            raise Fail
    except Fail:
        assert needs() == ["too_painful"]


def test_a_round_looks_at_each_kind_in_its_turn(client_person):
    asked = []

    class Counting(AttentionKind):
        key, label, rank = "counting", "Counting", 99
        every = datetime.timedelta(minutes=10)
        so = "SELECT practice_id, id AS client_id, id AS subject, %(now)s AS since, '{{}}'::jsonb AS facts FROM clinic_client c WHERE {scope}"  # noqa: E501

        def sentence(self, row):
            return "Counted."

        def action(self, row):
            return Action("Open", "/")

    with kinds.temporarily(Counting()):
        for minute in range(0, 60, 2):
            Attention.objects.all().delete()
            attention.look_around(NOON + datetime.timedelta(minutes=minute))
            asked.append("counting" in needs())
    assert sum(asked) == 6


def test_only_one_looks_around(client_person):
    painful(client_person)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [attention.LOCK])
            attention.look_around(NOON)
            assert needs() == []
            cursor.execute("SELECT pg_advisory_unlock(%s)", [attention.LOCK])
    finally:
        other.close()
    attention.look_around(NOON)
    assert needs() == ["too_painful"]


# --- who sees what ------------------------------------------------------------------------------------------------


def keys(membership, *, mine=False):
    return [group.kind.key for group in queries.groups(membership, mine=mine)]


def test_reception_sees_mail_and_who_slipped_away_only(client_person, make_people, book, owner, receptionist):
    painful(client_person)
    mail(client_person)
    book(make_people(1)[0], NOON - 50 * DAY, state="done")
    look()
    assert keys(owner) == ["too_painful", "mail_uncertain", "slipped_away"]
    assert keys(receptionist) == ["mail_uncertain", "slipped_away"]


@pytest.mark.parametrize("named", [True, False])
def test_mine_are_my_clients_and_nobodys(make_people, practice, therapist, monkeypatch, named):
    """Found by the ids of the clients, or in the order of all rows where the clients are too many to be named."""
    monkeypatch.setattr(queries, "MOST_NAMED", 1000 if named else 0)
    colleague = make_member(practice, Role.THERAPIST, "Nadia")
    for person in [*make_people(1, therapist=therapist), *make_people(1), *make_people(2, therapist=colleague)]:
        painful(person)
    look()
    assert queries.counts(therapist, mine=True) == {"too_painful": "2"}
    assert len(queries.page(therapist, mine=True, kind="", after="").lines) == 2
    assert queries.counts(therapist, mine=False) == {"too_painful": "4"}


def test_a_practice_sees_its_own(client_person, other_therapist):
    painful(client_person)
    look()
    assert keys(other_therapist) == []


# --- putting off --------------------------------------------------------------------------------------------------


def test_put_off_is_out_of_sight_for_two_weeks_and_comes_back(client_person, therapist, owner, noon):
    painful(client_person)
    look()
    row = attention.put_off(row=Attention.objects.get(), by=therapist)
    assert row.put_off_until == TODAY + 14 * DAY
    look()
    assert keys(owner) == []
    noon.move_to(NOON + 14 * DAY, tick=False)
    assert keys(owner) == ["too_painful"]
    assert AuditEntry.objects.get(verb="attention.put_off").facts == {"until": "2026-04-01"}


def test_putting_off_is_undone(client_person, therapist, owner):
    painful(client_person)
    look()
    row = attention.put_off(row=Attention.objects.get(), by=therapist)
    attention.take_up(row=row, by=therapist)
    assert keys(owner) == ["too_painful"]
    assert AuditEntry.objects.filter(verb="attention.taken_up").count() == 1


def test_nobody_puts_off_what_they_do_not_see(client_person, receptionist, other_therapist):
    painful(client_person)
    look()
    for by in (receptionist, other_therapist):
        with pytest.raises(ValidationError, match="not yours"):
            attention.put_off(row=Attention.objects.get(), by=by)
    assert Attention.objects.get().put_off_until is None
