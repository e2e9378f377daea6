"""Booking, moving and what becomes of a visit: what refuses, what asks, what is kept."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from clinic.models import Absence, AuditEntry, Client, Hours, Role, Visit
from clinic.services import visits
from clinic.services.visits import Asks, EditConflict
from tests.clinic.visits.conftest import DAY, HOUR, TODAY, at
from tests.people import make_client, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]


def lines(refused) -> dict:
    return refused.value.message_dict


def test_a_visit_is_booked_with_one_line_in_the_log(book, therapist, client_person, room):
    visit = book(10, room=room, purpose="first", note="Brings pictures")
    assert (visit.starts_at, visit.ends_at, visit.state, visit.revision) == (at(10), at(11), "booked", 1)
    assert visit.booked_by == therapist
    entry = AuditEntry.objects.get(verb="visit.booked")
    assert (entry.object_id, entry.client, entry.facts) == (visit.pk, client_person, {})


@pytest.mark.parametrize(("hour", "minute"), [(9, 30), (10, 0), (10, 15), (10, 59)])
def test_a_taken_therapist_is_named_with_their_hours(book, ben, hour, minute):
    book(10)
    with pytest.raises(ValidationError) as refused:
        book(hour, minute, client=ben)
    line = "Tomas is with Ada Brandt from 10:00 to 11:00. Choose another time."
    assert lines(refused) == {"therapist": [line]}
    assert Visit.objects.count() == 1


@pytest.mark.parametrize("hour", [9, 11])
def test_visits_that_touch_are_fine(book, ben, hour):
    book(10)
    book(hour, client=ben)


def test_a_taken_room_is_named(book, ben, nadia, room):
    book(10, room=room)
    with pytest.raises(ValidationError) as refused:
        book(10, client=ben, therapist=nadia, room=room)
    assert lines(refused) == {"room": ["Room 1 is taken from 10:00 to 11:00 (Tomas with Ada Brandt)."]}
    book(10, client=ben, therapist=nadia)


def test_the_time_of_a_cancelled_visit_is_free(book, ben, therapist):
    visits.cancel(visit=book(10), revision=1, by=therapist)
    book(10, client=ben)


@pytest.mark.parametrize("anyway", [False, True])
def test_what_cannot_be_is_refused_whatever_is_said(book, practice, therapist, receptionist, other_client, anyway):
    archived = make_client(practice, ref="C9", given_name="Old", archived_at=at(1))
    gone = make_member(practice, Role.THERAPIST, "Gone")
    gone.is_active = False
    for details, field, line in [
        ({"client": archived}, "client", "Old Brandt is archived and gets no visits."),
        ({"therapist": gone}, "therapist", "Gone does not work here any more."),
        ({"therapist": receptionist}, "therapist", "Rita sees no clients: choose a therapist."),
        ({"client": other_client}, "therapist", "Nobody of this practice."),
        ({"length": 4}, "ends_at", "A visit lasts between 5 minutes and 8 hours."),
        ({"length": 481}, "ends_at", "A visit lasts between 5 minutes and 8 hours."),
        ({"length": -60}, "ends_at", "A visit lasts between 5 minutes and 8 hours."),
        ({"day": datetime.date(1999, 12, 31)}, "starts_at", "Choose a day between 2000 and 2100."),
        ({"purpose": "tea"}, "purpose", "There is no such purpose."),
    ]:
        with pytest.raises(ValidationError) as refused:
            book(10, anyway=anyway, **details)
        assert lines(refused)[field] == [line]
    assert not Visit.objects.exists()


def test_outside_hours_asks_and_can_be_said_anyway(book, hours):
    with pytest.raises(Asks) as asked:
        book(17, 30, anyway=False)
    assert asked.value.lines == ["Riverside Bodywork has other hours on Wednesdays: 08:00 to 18:00."]
    with pytest.raises(Asks, match="has no hours on Saturdays"):
        book(10, day=TODAY + 3 * DAY, anyway=False)
    book(17, anyway=False)
    book(18, anyway=True)


def test_where_no_hours_are_written_nothing_is_closed(book):
    book(3, day=TODAY + DAY, anyway=False)


def test_own_hours_count_too(book, hours, practice, therapist):
    Hours.objects.create(practice=practice, member=therapist, weekday=3, opens="12:00", closes="16:00")
    with pytest.raises(Asks, match="Tomas has other hours on Wednesdays: 12:00 to 16:00"):
        book(10, anyway=False)
    with pytest.raises(Asks, match="Tomas has no hours on Thursdays"):
        book(13, day=TODAY + DAY, anyway=False)
    book(12, anyway=False)


def test_an_absence_asks(book, practice, therapist, nadia, ben):
    Absence.objects.create(practice=practice, member=therapist, starts_at=at(9), ends_at=at(12), reason="Training")
    Absence.objects.create(practice=practice, starts_at=at(15), ends_at=at(20))
    with pytest.raises(Asks) as asked:
        book(10, anyway=False)
    assert asked.value.lines == ["Tomas is away until Wednesday 13 May, 12:00: Training."]
    with pytest.raises(Asks, match="Riverside Bodywork is closed until Wednesday 13 May, 20:00"):
        book(16, therapist=nadia, anyway=False)
    book(10, therapist=nadia, anyway=False)


def test_the_past_and_another_visit_of_the_client_ask(book, nadia):
    with pytest.raises(Asks, match="in the past"):
        book(6, anyway=False)
    book(10)
    with pytest.raises(Asks) as asked:
        book(10, 30, therapist=nadia, anyway=False)
    assert asked.value.lines == ["Ada Brandt has another visit then, with Tomas from 10:00 to 11:00."]


def test_somebody_new_is_added_with_the_visit_or_not_at_all(practice, therapist):
    person = {"given_name": "New", "family_name": "Person", "phone": "+493012345678"}
    times = {"therapist": therapist, "starts_at": at(10), "ends_at": at(11)}
    visit = visits.book_somebody_new(practice=practice, person=person, by=therapist, **times)
    assert (str(visit.client), visit.client.ref) == ("New Person", "C0001")
    other = {**person, "given_name": "Other"}
    with pytest.raises(ValidationError, match="is with New Person"):
        visits.book_somebody_new(practice=practice, person=other, by=therapist, **times)
    assert Client.objects.count() == 1


def test_moving_keeps_what_is_not_said(book, nadia, room, therapist):
    visit = book(10, room=room, note="Parks in the yard")
    moved = visits.move(
        visit=visit, revision=1, by=therapist, therapist=nadia, starts_at=at(14), ends_at=at(15), anyway=True
    )
    assert (moved.therapist, moved.room, moved.starts_at, moved.revision) == (nadia, room, at(14), 2)
    assert moved.note == "Parks in the yard"
    fields = ["ends_at", "starts_at", "therapist"]
    assert AuditEntry.objects.get(verb="visit.moved").facts == {"fields": fields}


def test_moving_to_where_it_is_changes_nothing(book, therapist):
    visit = book(10)
    same = visits.move(visit=visit, revision=1, by=therapist, starts_at=at(10), ends_at=at(11))
    assert same.revision == 1
    assert not AuditEntry.objects.filter(verb="visit.moved").exists()


def test_a_visit_may_move_over_its_own_time_but_not_over_anothers(book, ben, therapist):
    visit = book(10)
    book(12, client=ben)
    moved = visits.move(visit=visit, revision=1, by=therapist, starts_at=at(10, 30), ends_at=at(11, 30))
    with pytest.raises(ValidationError, match="is with Ben Okafor from 12:00 to 13:00"):
        visits.move(visit=moved, revision=2, by=therapist, starts_at=at(11, 30), ends_at=at(12, 30))


def test_a_note_can_be_changed_outside_of_hours_without_a_question(book, hours, therapist):
    visit = book(20)
    assert visits.move(visit=visit, revision=1, by=therapist, note="New").note == "New"


def test_a_second_editor_is_told_and_nothing_is_written(book, therapist, nadia):
    visit = book(10)
    visits.move(visit=visit, revision=1, by=therapist, starts_at=at(14), ends_at=at(15))
    for write in (visits.cancel, visits.came, visits.no_show, visits.restore):
        with pytest.raises(EditConflict) as conflict:
            write(visit=visit, revision=1, by=nadia)
        assert conflict.value.current.starts_at == at(14)
    with pytest.raises(EditConflict, match="revision 2 was saved in the meantime"):
        visits.move(visit=visit, revision=1, by=nadia, starts_at=at(9), ends_at=at(10))
    visit.refresh_from_db()
    assert (visit.starts_at, visit.state, visit.revision) == (at(14), "booked", 2)


@pytest.mark.parametrize(
    ("write", "state", "verb"),
    [(visits.cancel, "cancelled", "cancelled"), (visits.no_show, "no_show", "missed"), (visits.came, "done", "came")],
)
def test_what_became_of_a_visit_can_be_taken_back(book, therapist, write, state, verb):
    visit = write(visit=book(10), revision=1, by=therapist)
    assert (visit.state, visit.revision) == (state, 2)
    assert AuditEntry.objects.filter(verb=f"visit.{verb}").count() == 1
    assert write(visit=visit, revision=2, by=therapist).revision == 2, "said twice, it is so once"
    with pytest.raises(ValidationError, match="Restore it first"):
        visits.move(visit=visit, revision=2, by=therapist, starts_at=at(14), ends_at=at(15))
    back = visits.restore(visit=visit, revision=2, by=therapist)
    assert (back.state, back.state_because, back.revision) == ("booked", "", 3)


def test_a_visit_whose_time_was_given_away_is_not_restored(book, ben, therapist):
    visit = visits.cancel(visit=book(10), revision=1, by=therapist, because="Ill")
    book(10, 30, client=ben)
    with pytest.raises(ValidationError, match="Tomas is with Ben Okafor from 10:30 to 11:30"):
        visits.restore(visit=visit, revision=2, by=therapist)
    visit.refresh_from_db()
    assert (visit.state, visit.state_because) == ("cancelled", "Ill")


@pytest.mark.parametrize("write", [visits.came, visits.no_show])
def test_who_came_is_said_on_the_day_not_before(book, therapist, write):
    with pytest.raises(ValidationError, match="This visit is on Thursday 14 May"):
        write(visit=book(10, day=TODAY + DAY), revision=1, by=therapist)
    assert write(visit=book(18), revision=1, by=therapist).revision == 2


def test_the_database_itself_refuses_two_at_once(book, ben, therapist, practice):
    from django.db import IntegrityError, transaction

    book(10)
    times = {"starts_at": at(10) + HOUR / 2, "ends_at": at(12)}
    with pytest.raises(IntegrityError, match="nobody_works_twice_at_once"), transaction.atomic():
        Visit.objects.create(practice=practice, client=ben, therapist=therapist, **times)
