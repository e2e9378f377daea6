"""The list of clients: every order shows everybody once, every filter what it says, a page costs what a row costs."""

import datetime
import itertools
import re

import pytest

from clinic.models import Client, Role
from clinic.queries import caseload
from clinic.queries.caseload import Asked
from tests.clinic.today.conftest import DAY, EVERY_DAY, NOON, TODAY, look, painful
from tests.people import make_member
from tests.treatments.conftest import make_running
from treatments.models import HomeLog

pytestmark = pytest.mark.django_db


def names(page):
    return [row.client.family_name for row in page.rows]


def all_pages(membership, **asked):
    """Every client of every page, in order."""
    found, after = [], ""
    for _ in itertools.count():
        page = caseload.caseload(membership, Client.objects.all(), Asked(after=after, **asked))
        found += names(page)
        after = page.after
        if not after:
            return found
    return None


def ask(membership, **asked):
    return names(caseload.caseload(membership, Client.objects.all(), Asked(**asked)))


def test_by_name(therapist, make_people, practice):
    people = make_people(60)
    for given, person in zip("cab", people[:3], strict=True):  # the same family name three times
        person.family_name, person.given_name = "Family000", given
        person.save()
    found = all_pages(therapist)
    assert found == sorted(found)
    assert len(found) == 60
    first = caseload.caseload(therapist, Client.objects.all(), Asked())
    assert [row.client.given_name for row in first.rows[:3]] == ["a", "b", "c"]


def test_a_page_may_break_between_namesakes(therapist, make_people):
    for number, person in enumerate(make_people(53)):
        person.family_name, person.given_name, person.date_of_birth = "Same", f"Given{number % 2}", None
        person.save()
    first = caseload.caseload(therapist, Client.objects.all(), Asked())
    second = caseload.caseload(therapist, Client.objects.all(), Asked(after=first.after))
    third = caseload.caseload(therapist, Client.objects.all(), Asked(after=second.after))
    ids = [row.client.pk for page in (first, second, third) for row in page.rows]
    assert len(ids) == len(set(ids)) == 53
    assert third.after == ""


def test_by_when_they_were_added(therapist, make_people):
    make_people(30)
    assert all_pages(therapist, sort="added") == [f"Family{n:03d}" for n in range(30, 0, -1)]


@pytest.mark.parametrize("with_visit", [0, 10, 24, 25, 26, 40])
def test_by_the_next_visit_then_by_name(therapist, make_people, book, with_visit):
    people = make_people(40)
    for number, person in enumerate(people[:with_visit]):
        book(person, NOON + (100 - number) * DAY)  # the last one comes first
        book(person, NOON + (200 - number) * DAY)
        book(person, NOON - (10 + number) * DAY, state="done")
        book(person, NOON + number * DAY, state="cancelled")
    expected = [person.family_name for person in [*people[:with_visit][::-1], *people[with_visit:]]]
    assert all_pages(therapist, sort="next") == expected


@pytest.mark.parametrize("with_visit", [0, 10, 25, 40])
def test_by_the_last_visit_then_by_name(therapist, make_people, book, with_visit):
    people = make_people(40)
    for number, person in enumerate(people[:with_visit]):
        book(person, NOON - (100 - number) * DAY, state="done")
        book(person, NOON - (200 - number) * DAY, state="done")
        book(person, NOON - (number + 1) * DAY, state="no_show")
    expected = [person.family_name for person in [*people[:with_visit][::-1], *people[with_visit:]]]
    assert all_pages(therapist, sort="seen") == expected


def test_what_stands_in_a_row(client, therapist, make_people, book):
    person = make_people(1, therapist=therapist)[0]
    book(person, NOON + 2 * DAY)
    book(person, NOON - 9 * DAY, state="done")
    programme = make_running(person, starts_on=TODAY - 21 * DAY, weekdays=EVERY_DAY)
    for back in (1, 2, 3, 8):
        HomeLog.objects.create(
            practice=person.practice, client=person, item=programme.items.get(), outcome="done",
            local_date=TODAY - back * DAY,
        )  # fmt: skip
    look()
    client.force_login(therapist.user)
    text = client.get("/clients/").text
    assert "Fri 20 Mar, 12:00" in text
    assert "9 Mar 2026" in text
    assert 'aria-label="3 of 7 last week. Done by week: 0 %, 14 %, 43 %."' in text
    assert 'aria-label="Less than half done at home"' in text


def test_filters(therapist, owner, practice, make_people, book):
    colleague = make_member(practice, Role.THERAPIST, "Nadia")
    mine, theirs, nobodys = make_people(1, therapist=therapist), make_people(1, therapist=colleague), make_people(1)
    archived = make_people(1, archived_at=NOON)
    make_running(mine[0], starts_on=TODAY)
    book(theirs[0], NOON + DAY)
    book(nobodys[0], NOON + DAY, state="cancelled", by=colleague)
    painful(nobodys[0])
    look()
    one, two, three, four = ([person.family_name for person in group] for group in (mine, theirs, nobodys, archived))
    assert ask(therapist, shown="mine") == one
    assert ask(therapist, shown="archived") == four
    assert ask(therapist, therapist=str(colleague.pk)) == two
    assert ask(therapist, therapist="none") == three
    assert ask(therapist, ahead="some") == two
    assert ask(therapist, ahead="none") == one + three
    assert ask(therapist, needs="yes") == three
    assert ask(therapist, narrowed={"programme": "none"}) == two
    assert ask(therapist, narrowed={"programme": "running"}) == one + three
    assert ask(therapist, ahead="none", needs="yes", sort="next", words="given3") == three


@pytest.mark.parametrize(("words", "found"), [("fam", 3), ("family002", 1), ("N0003", 1), ("amily", 0), ("  ", 3)])
def test_search_by_how_words_begin(therapist, make_people, words, found):
    make_people(3)
    assert len(ask(therapist, words=words)) == found


def test_reception_sees_no_home_programme_and_cannot_ask_for_one(client, receptionist, make_people):
    person = make_people(1)[0]
    make_running(person, starts_on=TODAY - 21 * DAY, weekdays=EVERY_DAY)
    painful(make_people(1)[0])
    look()
    client.force_login(receptionist.user)
    for query in ("", "?programme=running", "?programme=none"):
        text = client.get(f"/clients/{query}").text
        assert person.family_name in text
        assert "At home" not in text
        assert "Too painful" not in text


@pytest.mark.parametrize(
    "query", ["?sort=x&show=y&therapist=z&ahead=1&needs=2&programme=3", "?after=x", "?sort=next&after=vx", "?after=n"]
)
def test_what_cannot_be_understood_is_left_out(client, therapist, make_people, query):
    make_people(2)
    client.force_login(therapist.user)
    assert "Family001" in client.get(f"/clients/{query}").text


def test_the_other_practice_is_never_in_it(therapist, other_client, make_people):
    make_people(1)
    for sort in caseload.SORTS:
        assert ask(therapist, sort=sort) == ["Family001"]


def test_pages_keep_what_was_asked(client, therapist, make_people):
    make_people(26, therapist=therapist)
    client.force_login(therapist.user)
    text = client.get("/clients/?show=mine&q=fam&sort=added").text
    onward = re.search(r'href="(\?[^"]*after=[^"]*)"', text).group(1).replace("&amp;", "&")
    assert {"q=fam", "show=mine", "sort=added"} <= set(onward[1:].split("&"))
    assert client.get(f"/clients/{onward}").text.count('data-label="Name"') == 1


@pytest.mark.parametrize("sort", caseload.SORTS)
@pytest.mark.parametrize("count", [1, 3, 25])
def test_the_price_of_a_page(client, therapist, make_people, book, sort, count, django_assert_num_queries):
    for number, person in enumerate(make_people(count, therapist=therapist)):
        book(person, NOON + datetime.timedelta(hours=number + 1), minutes=30)
        book(person, NOON - datetime.timedelta(hours=number + 1), minutes=30, state="done")
        painful(person)
    look()
    client.force_login(therapist.user)
    # session, user, membership, colleagues, ids, rows, home, needs; by the diary those without a visit, too
    with django_assert_num_queries(8 if sort in ("name", "added") else 9):
        assert client.get(f"/clients/?sort={sort}").text.count('data-label="Name"') == count
