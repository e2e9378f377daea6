"""Who comes today: in order of time, on the practice's clocks, with what to know, at a price that does not grow."""

import datetime

import pytest

from assessments.models import QuestionnaireResponse
from assessments.services import assessments
from clinic.models import Role, SafetyAlert
from clinic.models.base import uuid7
from clinic.queries import today
from tests.clinic.today.conftest import DAY, EVERY_DAY, NOON, TODAY, painful
from tests.people import make_member
from tests.treatments.conftest import answer_intake, make_running
from treatments.models import HomeLog, SessionNote

pytestmark = pytest.mark.django_db


def test_past_next_and_later(make_people, book, therapist):
    people = make_people(5)
    book(people[0], -3, state="done")
    book(people[1], -2)  # nobody said whether they came
    book(people[2], 1, state="cancelled")
    book(people[3], 2)
    book(people[4], 3)
    day = today.day_of(therapist, NOON, mine=True)
    assert [one.visit.client for one in day.past] == [people[0], people[1]]
    assert [(one.visit.client, one.place) for one in day.ahead] == [(people[3], "next"), (people[4], "later")]


def test_who_is_in_the_room_now_is_the_next_one(make_people, book, therapist):
    book(make_people(1)[0], -0.5)
    assert [one.place for one in today.day_of(therapist, NOON, mine=True).ahead] == ["next"]


def test_who_came_stays_on_top_until_the_visit_is_over(make_people, book, therapist):
    here, over, later = make_people(3)
    book(over, -2, state="done")
    book(here, -0.5, state="done")
    book(later, 2)
    day = today.day_of(therapist, NOON, mine=True)
    assert [one.visit.client for one in day.past] == [over]
    assert [(one.visit.client, one.place) for one in day.ahead] == [(here, "next"), (later, "later")]


@pytest.mark.parametrize("at", ["2026-03-17T22:15Z", "2026-03-18T23:00Z"])
def test_the_day_is_that_of_the_practice(make_people, book, therapist, at):
    book(make_people(1)[0], datetime.datetime.fromisoformat(at), minutes=30)
    assert today.day_of(therapist, NOON, mine=True).is_empty
    book(make_people(1)[0], datetime.datetime.fromisoformat("2026-03-17T23:00Z"), minutes=10)
    assert len(today.day_of(therapist, NOON, mine=True).past) == 1


def test_the_night_of_the_clock_change_is_one_day(make_people, book, therapist, noon):
    noon.move_to(datetime.datetime(2026, 3, 29, 12, tzinfo=datetime.UTC), tick=False)  # 23 hours long in Berlin
    for text in ("2026-03-28T23:00Z", "2026-03-29T21:30Z", "2026-03-29T22:00Z"):
        book(make_people(1)[0], datetime.datetime.fromisoformat(text), minutes=20)
    day = today.day_of(therapist, datetime.datetime(2026, 3, 29, 12, tzinfo=datetime.UTC), mine=True)
    assert (len(day.past), len(day.ahead)) == (1, 1)


def test_mine_and_everybodys(practice, make_people, book, therapist, receptionist, other_client, other_therapist):
    colleague = make_member(practice, Role.THERAPIST, "Nadia")
    book(make_people(1)[0], 1)
    book(make_people(1)[0], 1, by=colleague)
    book(other_client, 1, by=other_therapist)
    assert len(today.day_of(therapist, NOON, mine=True).ahead) == 1
    assert len(today.day_of(receptionist, NOON, mine=False).ahead) == 2
    assert [today.mine_by_default(one) for one in (therapist, receptionist)] == [True, False]


def test_a_day_too_full_is_cut(practice, make_people, book, therapist):
    people = make_people(1)
    for number in range(today.MOST + 1):
        book(people[0], number * 0.01, by=therapist, minutes=0.5)
    day = today.day_of(therapist, NOON, mine=True)
    assert (len(day.ahead), day.more) == (today.MOST, True)


# --- what to know -------------------------------------------------------------------------------------------------


def told(membership, *, status=None):
    lines = [line for one in today.day_of(membership, NOON, mine=False).ahead for line in one.lines]
    return [line.text for line in lines if status is None or line.status == status]


def test_everything_that_is_known_the_gravest_first(client_person, therapist, book):
    book(client_person, 1)
    answer_intake(
        client_person, conditions={"osteoporosis": "yes", "hip_replacement": {"answer": "yes", "side": "left"}}
    )
    flag(client_person)
    measured(client_person, therapist)
    pain(client_person, (TODAY - 20 * DAY, 6), (TODAY - 2 * DAY, 3))
    answer = painful(client_person, word="sharp")
    for back in (1, 2):
        HomeLog.objects.create(
            practice=client_person.practice, client=client_person, item=answer.item, outcome="done",
            local_date=TODAY - back * DAY,
        )  # fmt: skip
    SessionNote.objects.create(
        practice=client_person.practice, client=client_person, author=therapist, held_on=TODAY - 7 * DAY
    )
    assert told(therapist) == [
        "Urgent: Night pain.",
        "The intake is not read yet.",
        "Too painful on 18 March: Half-kneeling hip flexor stretch: “sharp”",
        "Hip replacement (left); osteoporosis",
        "Hip internal rotation, left: 40° → 25°, worse (measurement error 10°).",
        "The note of 11 March by Tomas is not signed.",
        "Hip extension, left: 2° → 20°, better (measurement error 13°).",
        "Pain 6 → 3 of 10 since 26 February 2026: better.",
        "At home: 2 of 3 done in the last 7 days.",
    ]


def flag(client):
    SafetyAlert.objects.create(
        practice=client.practice, client=client, level="urgent", because=["Night pain."], source="intake",
        source_id=uuid7(),
    )  # fmt: skip


def measured(client, by, extension=(2, 20), rotation=(40, 25)):
    for number, day in enumerate([TODAY - 20 * DAY, TODAY - 2 * DAY]):
        same = {"side": "left", "unit": "deg", "mode": "passive", "position": "prone", "instrument": "goniometer"}
        rows = [
            {"measure": "hip_extension", "value": extension[number], **same},
            {"measure": "hip_internal_rotation", "value": rotation[number], **same},
        ]
        draft = assessments.record(client=client, assessed_on=day, measurements=rows, by=by)
        assessments.sign(assessment=draft, by=by)


def pain(client, *answers):
    for day, score in answers:
        QuestionnaireResponse.objects.create(
            practice=client.practice, client=client, questionnaire="nprs", version="1", answered_on=day, score=score,
            answers={"average": score},
        )  # fmt: skip


def test_nothing_inside_the_error_is_called_better(client_person, therapist, book):
    book(client_person, 1)
    measured(client_person, therapist, extension=(2, 14.9), rotation=(40, 31))
    pain(client_person, (TODAY - 20 * DAY, 6), (TODAY - 2 * DAY, 5))
    assert told(therapist) == [
        "No intake answered yet.",
        "Measured on 16 March 2026: no change beyond the measurement error.",
        "Pain 6 → 5 of 10 since 26 February 2026: no change that counts.",
    ]


def test_reception_reads_nothing_of_it(client_person, therapist, receptionist, book):
    book(client_person, 1)
    flag(client_person)
    painful(client_person)
    assert told(receptionist) == []


def test_the_price_of_a_day(therapist, book, make_people, django_assert_num_queries):
    """The same for one visit and for three, each with everything there is to know."""
    for count in (1, 2):
        for number, person in enumerate(make_people(count)):
            book(person, count * 3 + number)
            answer_intake(person, conditions={"osteoporosis": "yes"})
            flag(person)
            measured(person, therapist)
            pain(person, (TODAY - 20 * DAY, 6), (TODAY - 2 * DAY, 3))
            make_running(person, starts_on=TODAY - 5 * DAY, weekdays=EVERY_DAY)
        with django_assert_num_queries(12):
            today.day_of(therapist, NOON, mine=True)
