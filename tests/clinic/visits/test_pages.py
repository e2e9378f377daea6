"""The pages of the diary without JavaScript: everything can be seen and done by links and forms."""

import datetime
import re

import pytest
import time_machine
from django.urls import reverse

from clinic.models import Absence, Client, Role, Visit
from clinic.queries.visits import day_of, open_hours
from clinic.services import visits
from tests.clinic.visits.conftest import DAY, TODAY, at
from tests.people import make_client, make_member

pytestmark = [pytest.mark.django_db]
DIARY, WEEK, BOOK = "/diary/", "/diary/week/", "/diary/book/"


@pytest.fixture
def desk(client, receptionist, in_may):
    client.force_login(receptionist.user)
    return client


@pytest.fixture
def form(client_person, therapist):
    return {
        "client": client_person.pk, "therapist": therapist.pk, "date": "2026-05-13", "start": "10:00", "minutes": 60,
        "purpose": "follow_up", "room": "", "note": "", "words": "",
    }  # fmt: skip


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_an_empty_diary_says_so(desk):
    assert "Nobody works here yet" in text_of(desk.get(DIARY))
    assert "Nobody works here yet" in text_of(desk.get(WEEK))


def test_the_day_shows_who_comes_to_whom(desk, book, room, hours, nadia, ben):
    book(10, room=room, purpose="first")
    book(11, client=ben, therapist=nadia)
    said = text_of(desk.get(DIARY))
    for words in ("Wednesday 13 May", "10:00 –11:00 Ada Brandt First visit Room 1", "Ben Okafor", "2 visits"):
        assert words in said
    by_room = text_of(desk.get(DIARY, {"by": "room"}))
    assert "Room 1" in by_room and "No room" in by_room and "Tomas" in by_room  # noqa: PT018
    assert "Nobody is booked on this day yet" in text_of(desk.get(DIARY, {"day": "2026-05-14"}))
    for odd in ("tomorrow", "2026-13-01", "9999-12-31", "0001-01-01"):
        assert "Wednesday 13 May" in text_of(desk.get(DIARY, {"day": odd}))


def test_a_closed_day_says_why(desk, hours, practice, therapist):
    Absence.objects.create(practice=practice, starts_at=at(0), ends_at=at(0, day=TODAY + DAY), reason="Holiday")
    assert "Riverside Bodywork is closed: Holiday." in text_of(desk.get(DIARY))
    assert "Riverside Bodywork is closed." in text_of(desk.get(DIARY, {"day": "2026-05-16"}))


def test_the_week_of_one_therapist(desk, book, nadia, ben, hours):
    book(10)
    book(10, day=TODAY + 2 * DAY, client=ben, therapist=nadia)
    said = text_of(desk.get(WEEK, {"therapist": nadia.pk}))
    assert "11 May to 17 May" in said
    assert "Ben Okafor" in said
    assert "Ada Brandt" not in said
    assert desk.get(WEEK, {"therapist": "x"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("url", "queries"), [(DIARY, 6), (f"{DIARY}?by=room", 7), (WEEK, 6)])
def test_a_page_costs_the_same_however_full(client, therapist, book, room, hours, in_may, url, queries, count,
                                            django_assert_num_queries):  # fmt: skip
    """Session, user, membership; hours, absences, visits, therapists, rooms."""
    for n in range(count):
        book(8 + n, room=room)
    client.force_login(therapist.user)
    client.get(url)
    with django_assert_num_queries(queries + 1):
        client.get(url)


def test_of_many_therapists_only_those_of_the_day_have_a_column(practice, hours, book, in_may):
    members = [make_member(practice, Role.THERAPIST, f"T{n:03}") for n in range(40)]
    assert len(day_of(practice, TODAY).columns) == 0
    book(10, therapist=members[7])
    diary = day_of(practice, TODAY, me=members[9], also=[str(members[3].pk), "x"])
    assert [column.title for column in diary.columns] == ["T009", "T003", "T007"]
    assert len(diary.others) == 38


def test_booking_by_form_and_undoing_it(desk, form, client_person):
    answer = desk.post(BOOK, form, follow=True)
    assert answer.redirect_chain == [("/diary/?day=2026-05-13", 302)]
    assert "Ada Brandt is booked for Wednesday 13 May, 10:00." in text_of(answer)
    visit = Visit.objects.get()
    assert (visit.starts_at, visit.ends_at, visit.client) == (at(10), at(11), client_person)
    undo = {"revision": 1, "because": "Booked by mistake."}
    assert f'action="/diary/{visit.pk}/cancel/"' in answer.content.decode()
    answer = desk.post(f"/diary/{visit.pk}/cancel/", undo, follow=True)
    assert "is cancelled" in text_of(answer)
    visit.refresh_from_db()
    assert visit.state == "cancelled"


def test_a_refused_form_keeps_what_was_typed_and_asks_where_it_may(desk, form, hours):
    late = {**form, "start": "19:30", "note": "By the back door"}
    answer = desk.post(BOOK, late)
    assert answer.status_code == 422
    said = text_of(answer)
    assert "has other hours on Wednesdays: 08:00 to 18:00" in said
    assert "Book anyway" in said
    assert 'value="By the back door"' in answer.content.decode()
    assert desk.post(BOOK, {**late, "anyway": "1"}).status_code == 302
    assert desk.post(BOOK, {**form, "start": "19:45"}).status_code == 422
    assert Visit.objects.count() == 1


def test_whoever_never_came_is_booked_for_a_first_visit(desk, form, client_person, therapist, in_may):
    new = desk.get(BOOK, {"client": client_person.pk}).content.decode()
    assert '<option value="first" selected>' in new
    desk.post(BOOK, form)
    assert '<option value="follow_up" selected>' in desk.get(BOOK, {"client": client_person.pk}).content.decode()
    somebody = {"client": "", "given_name": "Mia", "family_name": "Sander", "start": "15:00"}
    assert desk.post(BOOK, {**form, **somebody}).status_code == 302
    assert Visit.objects.get(client__family_name="Sander").purpose == "first"


def test_who_comes_is_found_by_words(desk, form, ben, practice):
    make_client(practice, ref="C3", given_name="Bea", family_name="Okafor", email="")
    nobody = {**form, "client": ""}
    assert "Say who comes" in text_of(desk.post(BOOK, nobody))
    assert "Nobody is found by these words" in text_of(desk.post(BOOK, {**nobody, "words": "zzz"}))
    two = desk.post(BOOK, {**nobody, "words": "okafor"})
    assert "Choose who comes" in text_of(two)
    assert two.content.decode().count('name="client"') == 2
    assert desk.post(BOOK, {**nobody, "words": "ben oka"}).status_code == 302
    assert Visit.objects.get().client == ben
    found = text_of(desk.get("/diary/clients/", {"words": "oka"}))
    assert "Ben Okafor" in found and "Ada" not in found  # noqa: PT018


def test_somebody_new_is_added_in_the_same_step(desk, form, practice):
    practice.country = "DE"
    practice.save()
    new = {**form, "client": "", "given_name": "New", "family_name": "Person", "phone": "030 12345678"}
    assert desk.post(BOOK, new).status_code == 302
    person = Client.objects.get(given_name="New")
    visit = Visit.objects.get()
    assert (visit.client, visit.purpose, person.therapist) == (person, "first", visit.therapist)
    assert person.phone.as_e164 == "+493012345678"
    assert "needs a given name and a family name" in text_of(desk.post(BOOK, {**new, "family_name": ""}))


def test_the_sheet_moves_a_visit_and_undo_moves_it_back(desk, book, nadia):
    visit = book(10)
    answer = desk.post(
        f"/diary/{visit.pk}/move/", {"revision": 1, "start": "14:30", "therapist": nadia.pk}, follow=True
    )
    assert "Ada Brandt: now Wednesday 13 May, 14:30 with Nadia." in text_of(answer)
    visit.refresh_from_db()
    assert (visit.starts_at, visit.ends_at, visit.therapist) == (at(14, 30), at(15, 30), nadia)
    form = re.search(r'<form[^>]*action="/diary/[^"]*/move/"[^>]*data-undo.*?</form>', answer.content.decode(), re.S)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.group()))
    desk.post(f"/diary/{visit.pk}/move/", fields)
    visit.refresh_from_db()
    assert (visit.starts_at, visit.ends_at, visit.therapist.display_name) == (at(10), at(11), "Tomas")


def test_a_second_editor_sees_both_versions(desk, book, therapist):
    visit = book(10)
    visits.move(visit=visit, revision=1, by=therapist, starts_at=at(14), ends_at=at(15))
    answer = desk.post(f"/diary/{visit.pk}/move/", {"revision": 1, "start": "16:00"})
    assert answer.status_code == 409
    said = text_of(answer)
    assert "Wednesday 13 May, 14:00 to 15:00" in said
    assert "what you wanted: 2026-05-13, 16:00, 60 minutes" in said
    assert 'name="revision" value="2"' in answer.content.decode()
    stale = desk.post(f"/diary/{visit.pk}/cancel/", {"revision": 1})
    assert stale.status_code == 409
    visit.refresh_from_db()
    assert (visit.state, visit.revision) == ("booked", 2)


def test_a_taken_time_names_who_is_there(desk, book, ben):
    visit = book(10)
    book(14, client=ben)
    answer = desk.post(f"/diary/{visit.pk}/move/", {"revision": 1, "start": "14:30"})
    assert answer.status_code == 422
    assert "Tomas is with Ben Okafor from 14:00 to 15:00. Choose another time." in text_of(answer)
    assert "Move it anyway" not in text_of(answer)


def test_the_record_shows_the_next_and_the_last_visit(desk, book, client_person, therapist, in_may):
    visits.came(visit=book(6), revision=1, by=therapist)
    book(10, day=TODAY + DAY)
    said = text_of(desk.get(reverse("clinic:client", args=[client_person.pk])))
    assert "Thursday 14 May, 10:00 with Tomas" in said
    assert "Wednesday 13 May 2026 with Tomas" in said


def test_nothing_leads_to_another_site(desk, form):
    answer = desk.post(BOOK, {**form, "next": "https://evil.example/"})
    assert answer["Location"] == "/diary/?day=2026-05-13"


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-03-30", 24), ("2026-10-25", 25)])
def test_a_day_is_as_long_as_it_is(practice, therapist, day, hours):
    with time_machine.travel(at(12), tick=False):
        diary = day_of(practice, datetime.date.fromisoformat(day), whole=True)
    assert diary.hours == len(diary.marks) == hours
    labels = [mark.label for mark in diary.marks]
    assert labels.count("02:00") == {23: 0, 24: 1, 25: 2}[hours]


def test_what_undo_needs_is_not_left_on_the_device(desk, book):
    visit = book(10, note="Sciatica, left")
    answer = desk.post(f"/diary/{visit.pk}/move/", {"revision": 1, "note": "Bring the pictures"})
    kept = " ".join(cookie.OutputString() for cookie in (*answer.cookies.values(), *desk.cookies.values()))
    assert "messages=" not in kept
    assert "Brandt" not in kept
    assert "Sciatica, left" in desk.get("/diary/").content.decode()


def test_a_time_that_the_clocks_skip_moves_forward(desk, form, practice):
    answer = desk.post(BOOK, {**form, "date": "2026-03-29", "start": "02:30", "anyway": "1"}, follow=True)
    assert "booked for Sunday 29 March, 03:30" in text_of(answer)
    visit = Visit.objects.get()
    assert visit.starts_at == datetime.datetime(2026, 3, 29, 1, 30, tzinfo=datetime.UTC)
    assert (visit.ends_at - visit.starts_at) == datetime.timedelta(hours=1)
    (column,) = day_of(practice, datetime.date(2026, 3, 29), whole=True).columns
    (block,) = column.blocks
    assert (block.row, block.rows) == (1 + 30, 12), "two and a half hours after midnight"


def test_an_hour_that_comes_twice_stays_the_one_that_it_was(desk, book, therapist):
    second = datetime.datetime(2026, 10, 25, 1, 30, tzinfo=datetime.UTC)  # 02:30 for the second time
    visit = book(12)
    Visit.objects.filter(pk=visit.pk).update(starts_at=second, ends_at=second + datetime.timedelta(hours=1))
    desk.post(f"/diary/{visit.pk}/move/", {"revision": 1, "note": "x"})
    visit.refresh_from_db()
    assert (visit.note, visit.starts_at) == ("x", second)


def test_open_hours(practice, hours, therapist):
    Absence.objects.create(practice=practice, member=therapist, starts_at=at(10), ends_at=at(12))
    spans = [(span.starts_at, span.ends_at) for span in open_hours(practice, TODAY, therapist)]
    assert spans == [(at(8), at(10)), (at(12), at(18))]
    assert open_hours(practice, TODAY + 3 * DAY) == []
