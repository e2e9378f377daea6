"""Many at once, each with a connection of its own: exactly one wins, and the others are told clearly."""

import datetime
import random
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.models import Role, Visit
from clinic.services import visits
from clinic.services.visits import EditConflict
from tests.clinic.visits.conftest import DAY, TODAY, at
from tests.people import make_client, make_member

BOOKERS = 32


def all_at_once(works):
    """What each made of it, or the exception; all begin together."""
    gate = threading.Barrier(len(works))
    found = [None] * len(works)

    def run(number, work):
        try:
            connections["default"].ensure_connection()  # of this thread
            gate.wait(30)
            found[number] = work()
        except Exception as error:
            found[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.fixture
def people(practice):
    return [make_client(practice, ref=f"C{n}", given_name=f"N{n}", email="") for n in range(BOOKERS)]


def booker(client, therapist, **details):
    times = {"starts_at": at(10, day=TODAY + 400 * DAY), "ends_at": at(11, day=TODAY + 400 * DAY)}
    return lambda: visits.book(client=client, therapist=therapist, by=therapist, **{**times, **details})


def won_and_told(found):
    won = [one for one in found if isinstance(one, Visit)]
    told = [one for one in found if isinstance(one, ValidationError)]
    assert len(won) + len(told) == len(found), [one for one in found if one not in won + told]
    return won, told


@pytest.mark.django_db(transaction=True)
def test_32_book_the_same_therapist(people, therapist):
    """Each at an own minute, so that no two ask for the same row."""
    base = at(10, day=TODAY + 400 * DAY)
    minute = datetime.timedelta(minutes=1)
    works = [
        booker(person, therapist, starts_at=base + n * minute, ends_at=base + n * minute + 45 * minute)
        for n, person in enumerate(people)
    ]
    won, told = won_and_told(all_at_once(works))
    assert (len(won), len(told), Visit.objects.count()) == (1, 31, 1)
    winner = won[0]
    hours = f"{winner.starts_at.astimezone(therapist.practice.zone):%H:%M}"
    for error in told:
        assert error.message_dict["therapist"][0].startswith(f"Tomas is with {winner.client} from {hours} to ")


@pytest.mark.django_db(transaction=True)
def test_32_book_the_same_room_with_32_therapists(people, practice, room):
    members = [make_member(practice, Role.THERAPIST, f"T{n}") for n in range(BOOKERS)]
    works = [booker(person, member, room=room) for person, member in zip(people, members, strict=True)]
    won, told = won_and_told(all_at_once(works))
    assert (len(won), len(told)) == (1, 31)
    assert {error.message_dict["room"][0] for error in told} == {
        f"Room 1 is taken from 10:00 to 11:00 ({won[0].therapist} with {won[0].client})."
    }


@pytest.mark.django_db(transaction=True)
def test_many_move_to_the_same_time(people, therapist):
    base = TODAY + 400 * DAY
    standing = [
        visits.book(
            client=person, therapist=therapist, by=therapist,
            starts_at=at(8 + n, day=base), ends_at=at(9 + n, day=base),
        )
        for n, person in enumerate(people[:8])
    ]  # fmt: skip
    goal = {"starts_at": at(20, day=base), "ends_at": at(21, day=base)}
    works = [lambda visit=v: visits.move(visit=visit, revision=1, by=therapist, **goal) for v in standing]
    won, told = won_and_told(all_at_once(works))
    assert (len(won), len(told)) == (1, 7)
    assert Visit.objects.filter(revision=2).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_editors_of_one_visit_one_wins_and_the_others_see_what_stands(people, therapist):
    visit = booker(people[0], therapist)()
    base = TODAY + 401 * DAY
    works = [
        lambda n=n: visits.move(
            visit=visit, revision=1, by=therapist, starts_at=at(8 + n, day=base), ends_at=at(9 + n, day=base)
        )
        for n in range(8)
    ]
    found = all_at_once(works)
    conflicts = [one for one in found if isinstance(one, EditConflict)]
    assert len(conflicts) == 7
    visit.refresh_from_db()
    assert visit.revision == 2
    assert {conflict.current.starts_at for conflict in conflicts} == {visit.starts_at}


@pytest.mark.django_db(transaction=True)
def test_swapping_therapists_and_rooms_at_once_never_hangs(people, practice, room):
    """Each wants what the other has: nobody waits for ever, and nothing overlaps."""
    from clinic.models import Room

    rooms = [room, Room.objects.create(practice=practice, location=room.location, name="Room 2")]
    members = [make_member(practice, Role.THERAPIST, name) for name in ("Xena", "Yuri")]
    made = [booker(person, member, room=place)() for person, member, place in zip(people, members, rooms, strict=False)]
    for _ in range(4):
        works = [
            lambda visit=visit, n=n: visits.move(
                visit=visit, revision=None, by=members[0], therapist=members[1 - n], room=random.choice(rooms)
            )
            for n, visit in enumerate(made)
        ]
        won_and_told(all_at_once(works))
        assert overlapping() == 0


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["book", "move", "cancel", "restore", "no_show", "came"]),
        st.integers(0, 7), st.integers(0, 1), st.integers(0, 2), st.integers(0, 16), st.integers(1, 8),
    ),
    min_size=2, max_size=25,
)  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_done_standing_visits_never_overlap(acts, practice, therapist, nadia, room, client_person):
    Visit.objects.all().delete()
    for verb, which, who, where, quarter, length in acts:
        starts_at = at(8, day=TODAY - DAY) + quarter * datetime.timedelta(minutes=15)
        times = {
            "therapist": [therapist, nadia][who], "room": [None, room, room][where], "starts_at": starts_at,
            "ends_at": starts_at + length * datetime.timedelta(minutes=15), "anyway": True,
        }  # fmt: skip
        rows = list(Visit.objects.all())
        try:
            if verb == "book" or not rows:
                visits.book(client=client_person, by=therapist, **times)
            elif verb == "move":
                visits.move(visit=rows[which % len(rows)], revision=None, by=therapist, **times)
            else:
                getattr(visits, verb)(visit=rows[which % len(rows)], revision=None, by=therapist)
        except ValidationError:
            pass
        assert overlapping() == 0


def overlapping() -> int:
    """Pairs of standing visits of one therapist, or in one room, that meet: counted without the constraint."""
    rows = list(Visit.objects.standing())
    return sum(
        1
        for n, one in enumerate(rows)
        for other in rows[n + 1 :]
        if (one.therapist_id == other.therapist_id or (one.room_id and one.room_id == other.room_id))
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
    )
