import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic import links
from clinic.models import AuditEntry, Level
from clinic.models.base import uuid7
from clinic.services import audit, safety
from tests.people import make_client
from tests.treatments.conftest import TODAY, make_running
from treatments.models import HomeLog, Programme, ProgrammeItem
from treatments.queries import today
from treatments.services import home_logs, programmes

pytestmark = pytest.mark.django_db


def portal(client, item=None):
    token = links.sign("portal", client.pk)
    if item is None:
        return reverse("treatments:portal", args=[token])
    return reverse("treatments:portal_item", args=[token, item.pk])


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (HomeLog, Programme, ProgrammeItem, AuditEntry)]


def answer(client, item, http, outcome, day=TODAY, word=""):
    return http.post(portal(client, item), {"outcome": outcome, "local_date": day.isoformat(), "word": word})


@pytest.fixture
def item(running):
    return running.items.get(kind="stretch")


def test_the_list_shows_the_next_exercise_first_and_looking_changes_nothing(client, client_person, running, item):
    before = rows()
    page = client.get(portal(client_person)).content.decode()
    for row in running.items.all():
        client.get(portal(client_person, row))
        client.head(portal(client_person, row))
    assert rows() == before
    assert page.index(running.items.first().about.name) < page.index(running.items.last().about.name)
    assert 'class="button button-primary"' in page


def test_an_exercise_shows_steps_side_dose_and_honest_evidence(client, client_person, item):
    page = client.get(portal(client_person, item)).content.decode()
    for words in (item.about.steps[0], "Right", "Hold 30 seconds, 2 times"):
        assert words in page
    assert item.about.evidence.sentence.split(".")[0] in page


def test_done_is_one_tap_and_can_be_answered_again(client, client_person, item):
    assert answer(client_person, item, client, "done").status_code == 302
    assert HomeLog.objects.get().outcome == "done"
    answer(client_person, item, client, "skipped")
    assert HomeLog.objects.get().outcome == "skipped"
    assert AuditEntry.objects.filter(verb="home_log.answered", actor_client=client_person).count() == 2


def test_too_painful_stops_the_exercise_at_once_and_says_what_happens(client, client_person, running, item):
    response = client.post(
        portal(client_person, item),
        {"outcome": "too_painful", "local_date": TODAY.isoformat(), "word": "sharp"},
        follow=True,
    )
    item.refresh_from_db()
    assert item.stopped_at
    page = response.content.decode()
    assert "This exercise is stopped" in page
    assert "Your therapist has been told" in page
    later = TODAY + datetime.timedelta(days=1)
    assert item.pk not in [task.item.pk for task in today(client_person, later)]
    assert HomeLog.objects.get().seen_at is None


def test_a_wrong_tap_on_too_painful_is_undone_by_answering_again(client, client_person, item):
    answer(client_person, item, client, "too_painful")
    answer(client_person, item, client, "done")
    item.refresh_from_db()
    assert item.stopped_at is None


def test_once_the_therapist_has_read_it_the_exercise_stays_stopped(client, client_person, item, therapist):
    answer(client_person, item, client, "too_painful")
    home_logs.mark_seen(answer=HomeLog.objects.get(), by=therapist)
    assert answer(client_person, item, client, "done").status_code == 422
    item.refresh_from_db()
    assert item.stopped_at


def test_a_locked_client_sees_no_exercise_and_can_answer_none(client, client_person, item):
    safety.raise_alert(
        client=client_person, level=Level.URGENT, because=["Fever"], source="intake", source_id=uuid7(),
        by=audit.Machine.COMMAND,
    )  # fmt: skip
    page = client.get(portal(client_person)).content.decode()
    assert "Please talk to your practice first" in page
    assert item.about.name not in page
    assert "Fever" not in page
    assert item.about.name not in client.get(portal(client_person, item)).content.decode()
    assert answer(client_person, item, client, "done").status_code == 422
    assert not HomeLog.objects.exists()


@pytest.mark.parametrize("token", ["forged", "forged:1:x", ""])
def test_a_forged_link_is_404_and_says_what_to_do(client, client_person, token):
    response = client.get(f"/p/{token or links.sign('intake', client_person.pk)}/")
    assert response.status_code == 404
    assert b"This link does not work" in response.content


def test_an_old_link_is_410_and_says_how_to_get_a_new_one(client, client_person, running, time_machine):
    url = portal(client_person)
    time_machine.move_to(timezone.now() + datetime.timedelta(days=29))
    assert client.get(url).status_code == 200
    time_machine.move_to(timezone.now() + datetime.timedelta(days=2))
    response = client.get(url)
    assert response.status_code == 410
    assert b"newest mail" in response.content


def test_somebody_elses_exercise_by_ones_own_link_is_404(client, practice, client_person, running):
    other = make_client(practice, ref="C0002", given_name="Bo", email="bo@clients.example")
    item = make_running(other).items.get()
    assert client.get(portal(client_person, item)).status_code == 404
    assert answer(client_person, item, client, "done").status_code == 404


def test_a_draft_is_not_shown(client, client_person, draft):
    assert b"not ready yet" in client.get(portal(client_person)).content
    assert client.get(portal(client_person, draft.items.first())).status_code == 404


def test_a_day_without_exercises_an_ended_and_a_coming_programme_are_designed(
    client, client_person, therapist, at_noon
):
    programme = make_running(client_person, weekdays=[(5,)])
    page = client.get(portal(client_person)).content.decode()
    assert "A day off" in page
    assert "Friday" in page
    Programme.objects.update(starts_on=TODAY + datetime.timedelta(days=2))
    assert b"It starts on Friday" in client.get(portal(client_person)).content
    programmes.end(programme=programme, because="", by=therapist)
    assert b"Your programme is over" in client.get(portal(client_person)).content


def test_only_today_and_yesterday_can_be_answered(client, client_person, item):
    for day, status in [(TODAY, 302), (TODAY - datetime.timedelta(days=1), 422), (TODAY + datetime.timedelta(1), 422)]:
        assert answer(client_person, item, client, "done", day=day).status_code == status
    assert answer(client_person, item, client, "nonsense").status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_three(
    client, client_person, at_noon, django_assert_num_queries, count
):
    make_running(client_person, weekdays=[range(1, 8)] * count)
    with django_assert_num_queries(11):
        client.get(portal(client_person))
