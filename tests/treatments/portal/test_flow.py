import datetime
import html
import json
import re

import pytest

from tests.treatments.conftest import TODAY, make_running
from tests.treatments.portal.conftest import DAY, answered, hurt
from treatments.models import HomeDay, HomeLog, ProgrammeItem

pytestmark = pytest.mark.django_db


def tap(http, address, **fields):
    return http.post(address, {"local_date": TODAY.isoformat(), **fields})


@pytest.fixture
def items(everyday):
    return list(everyday.items.all())


def test_one_exercise_leads_to_the_next_and_the_last_to_today(client, client_person, items, at):
    first, second = items
    went = tap(client, at(client_person, "item", first), outcome="done")
    assert went.url == f"{at(client_person, 'item', second)}?said={first.pk}"
    page = client.get(went.url).content.decode()
    assert "Your last answer" in page
    assert first.about.name in page
    went = tap(client, at(client_person, "item", second), outcome="skipped")
    assert went.url == f"{at(client_person)}?said={second.pk}"
    page = client.get(went.url).content.decode()
    assert "That&#x27;s it for today" in page or "That's it for today" in page
    assert "The next exercises are on Thursday" in page


def test_a_word_can_be_added_after_the_tap(client, client_person, items, at):
    address = at(client_person, "item", items[0])
    tap(client, address, outcome="done")
    went = tap(client, address, outcome="done", word="a little stiff")
    log = HomeLog.objects.get()
    assert (log.outcome, log.word) == ("done", "a little stiff")
    assert "a little stiff" in client.get(went.url).content.decode()
    assert "a little stiff" in client.get(address).content.decode(), "and it stays when the answer changes"


@pytest.mark.parametrize("said", ["", "nonsense", "00000000-0000-0000-0000-000000000000", "open"])
def test_what_stands_in_the_address_shows_nothing_that_was_not_answered(client, client_person, items, at, said):
    known = str(items[0].pk) if said == "open" else said
    assert "Your last answer" not in client.get(at(client_person), {"said": known}).content.decode()


def test_too_painful_leads_on_without_a_timer_and_can_be_taken_back(client, client_person, items, at):
    address = at(client_person, "item", items[0])
    page = client.get(tap(client, address, outcome="too_painful").url).content.decode()
    assert "This exercise is stopped" in page
    assert at(client_person, "item", items[1]) in page
    assert "data-phases" not in page
    assert "Tapped by mistake?" in page
    tap(client, address, outcome="done")
    items[0].refresh_from_db()
    assert items[0].stopped_at is None


def test_pain_before_leads_to_the_first_exercise_and_is_not_asked_again(client, client_person, items, at):
    assert "How much does it hurt right now?" in client.get(at(client_person)).content.decode()
    went = tap(client, at(client_person, "pain"), before="4")
    assert went.url == at(client_person, "item", items[0])
    page = client.get(at(client_person)).content.decode()
    assert "Pain before: 4 of 10" in page
    tap(client, at(client_person, "pain"), before="0")
    assert "Pain before: 0 of 10" in client.get(at(client_person)).content.decode()
    assert HomeDay.objects.get().pain_before == 0


def test_pain_after_is_asked_when_everything_is_answered(client, client_person, everyday, at):
    assert "after the exercises?" not in client.get(at(client_person)).content.decode()
    answered(everyday, TODAY)
    answered(everyday, TODAY, place=1)
    assert "after the exercises?" in client.get(at(client_person)).content.decode()
    assert tap(client, at(client_person, "pain"), after="4").url == at(client_person)
    assert HomeDay.objects.get().pain_after == 4
    assert "Pain after: 4 of 10" in client.get(at(client_person)).content.decode()


@pytest.mark.parametrize("fields", [{}, {"before": "11"}, {"before": "much"}, {"after": "-1"}, {"local_date": "x"}])
def test_a_number_that_is_none_is_refused_in_words(client, client_person, everyday, at, fields):
    answer = tap(client, at(client_person, "pain"), **{"before": "", **fields})
    assert answer.status_code == 422
    assert b"That was not kept" in answer.content
    assert not HomeDay.objects.exists()


def test_pain_at_the_limit_leads_to_what_happens_now(client, client_person, everyday, at):
    client_person.practice.pain_pause_from = 7
    client_person.practice.save()
    page = client.get(tap(client, at(client_person, "pain"), before="8").url).content.decode()
    assert "Your programme is paused" in page


def test_an_exercise_carries_its_phases_for_the_timer(client, client_person, items, at):
    page = client.get(at(client_person, "item", items[0])).content.decode()
    phases = json.loads(html.unescape(re.search(r'data-phases="([^"]*)"', page)[1]))
    assert [(one["title"], one["seconds"], one["detail"]) for one in phases] == [
        ("Get ready", 5, "Right side · 1 of 2"),
        ("Hold", 30, "Right side · 1 of 2"),
        ("Let go", 10, "Right side · 2 of 2"),
        ("Hold", 30, "Right side · 2 of 2"),
    ]
    assert "About 2 minutes in all" in page


def test_a_dose_without_numbers_has_no_timer_and_still_its_answers(client, client_person, items, at):
    ProgrammeItem.objects.update(hold_seconds=None, repetitions=None)
    page = client.get(at(client_person, "item", items[0])).content.decode()
    assert "Start the timer" not in page
    assert 'value="done"' in page


def test_the_first_time_is_explained_and_only_the_first(client, client_person, everyday, at):
    explained = "Your therapist chose them for you"
    assert explained in client.get(at(client_person)).content.decode()
    answered(everyday, TODAY - DAY)
    assert explained not in client.get(at(client_person)).content.decode()


def test_looking_at_the_progress_changes_nothing_and_says_the_same_in_words(client, client_person, everyday, at):
    answered(everyday, TODAY - DAY)
    hurt(client_person, TODAY, before=3, after=4)
    page = client.get(at(client_person, "progress")).content.decode()
    for words in (
        "Tuesday, 3 March: ",
        "Done so far this week: 1 of 3 exercises",
        "1 of 9 days",
        "There are too few numbers",
    ):
        assert words in page
    assert "improved" not in page.lower()
    assert HomeDay.objects.count() == HomeLog.objects.count() == 1


def test_before_anything_the_progress_is_a_kind_page(client, client_person, at_noon, at):
    page = client.get(at(client_person, "progress"))
    assert page.status_code == 200
    assert b"Nothing here yet" in page.content


@pytest.mark.parametrize("count", [1, 3])
def test_the_queries_of_the_progress_do_not_grow(client, client_person, at_noon, at, django_assert_num_queries, count):
    for number in range(count):
        programme = make_running(
            client_person, starts_on=TODAY - (14 * (count - number)) * DAY, weeks=2, weekdays=[range(1, 8)] * count,
        )  # fmt: skip
        if number < count - 1:
            programme.state, programme.ended_at = "ended", programme.published_at + datetime.timedelta(hours=1)
            programme.save()
        for step in range(count):
            answered(programme, programme.starts_on + step * DAY)
            hurt(client_person, programme.starts_on + step * DAY, before=step)
    with django_assert_num_queries(9):
        client.get(at(client_person, "progress"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_queries_of_an_exercise_do_not_grow(client, client_person, at_noon, at, django_assert_num_queries, count):
    item = make_running(client_person, weekdays=[range(1, 8)] * count).items.first()
    with django_assert_num_queries(7):
        client.get(at(client_person, "item", item))
