"""What was tapped without a network counts once, by when it was tapped, however often it is sent."""

import datetime
import json
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic import links
from clinic.models import AuditEntry, Level
from clinic.services import safety
from tests.people import make_client
from tests.treatments.conftest import NOON, TODAY, make_running
from treatments.models import HomeDay, HomeLog
from treatments.services import sync

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def programme(client_person, at_noon):
    return make_running(client_person, starts_on=TODAY - 10 * DAY, weekdays=((1, 2, 3, 4, 5, 6, 7),) * 2)


def tap(item, outcome="done", *, at=NOON - HOUR, day=None, **more):
    local = day or at.date()
    return {
        "key": str(uuid.uuid4()), "item": str(item.pk), "outcome": outcome, "local_date": local.isoformat(),
        "word": "", "answered_at": at.isoformat(), "id": "its own", **more,
    }  # fmt: skip


def send(http, person, *taps, clock=None, body=None):
    address = reverse("treatments:portal_sync", args=[links.sign("portal", person.pk)])
    told = body or json.dumps({"sent_at": (clock or timezone.now()).isoformat(), "taps": taps})
    return http.post(address, told, content_type="application/json")


def whys(answer):
    assert answer.status_code == 200
    return [result["why"] for result in answer.json()["results"]]


def written():
    return [list(model.objects.order_by("pk").values()) for model in (HomeLog, HomeDay, AuditEntry)]


def test_ten_times_the_same_batch_is_one_answer_each(client, client_person, programme, time_machine):
    first, second = programme.items.all()
    pain = {"key": str(uuid.uuid4()), "local_date": TODAY.isoformat(), "before": "3", "answered_at": NOON.isoformat()}
    batch = [tap(first), tap(second, "too_painful", word="sharp"), pain]
    assert whys(send(client, client_person, *batch)) == ["", "", ""]
    before = written()
    for minutes in range(10):
        time_machine.move_to(NOON + datetime.timedelta(minutes=minutes), tick=False)
        assert whys(send(client, client_person, *batch)) == ["", "", ""]
    assert written() == before
    assert sorted(HomeLog.objects.values_list("outcome", "word")) == [("done", ""), ("too_painful", "sharp")]
    assert AuditEntry.objects.filter(verb="home_log.answered", actor_client=client_person).count() == 2
    assert HomeDay.objects.get().pain_before == 3
    second.refresh_from_db()
    assert second.stopped_at


def test_the_later_tap_of_a_day_counts_whichever_arrives_first(client, client_person, programme):
    item = programme.items.first()
    send(client, client_person, tap(item, "done", at=NOON - HOUR))
    send(client, client_person, tap(item, "skipped", at=NOON - 2 * HOUR))
    assert HomeLog.objects.get().outcome == "done"
    assert HomeLog.objects.get().answered_at == NOON - HOUR
    send(client, client_person, tap(item, "skipped", at=NOON - HOUR / 2))
    assert HomeLog.objects.get().outcome == "skipped"


def test_a_later_answer_with_a_network_is_not_undone_by_an_older_one(client, client_person, programme):
    item = programme.items.first()
    page = reverse("treatments:portal_item", args=[links.sign("portal", client_person.pk), item.pk])
    client.post(page, {"outcome": "skipped", "local_date": TODAY.isoformat()})
    send(client, client_person, tap(item, "done"))
    assert HomeLog.objects.get().outcome == "skipped"


def test_taps_of_a_day_are_taken_in_their_order(client, client_person, programme):
    item = programme.items.first()
    hurt, mistake = tap(item, "too_painful", at=NOON - 2 * HOUR), tap(item, "done", at=NOON - HOUR)
    assert whys(send(client, client_person, mistake, hurt)) == ["", ""]
    item.refresh_from_db()
    assert HomeLog.objects.get().outcome == "done"
    assert item.stopped_at is None


@pytest.mark.parametrize(
    ("days", "on_day", "taken"), [(1, 1, True), (6, 7, True), (6, 8, False), (7, 7, True), (8, 8, False)]
)
def test_a_week_at_most_and_only_for_its_day_or_the_one_before(
    client, client_person, programme, days, on_day, taken
):  # fmt: skip
    answer = tap(programme.items.first(), at=NOON - days * DAY, day=TODAY - on_day * DAY)
    why = whys(send(client, client_person, answer))[0]
    assert (why == "") is taken
    assert HomeLog.objects.exists() is taken


def test_of_very_many_the_rest_is_to_be_sent_again(client, client_person, programme, monkeypatch):
    monkeypatch.setattr(sync, "MOST_AT_ONCE", 2)
    first, second = programme.items.all()
    batch = [tap(first, at=NOON - HOUR / 2), tap(second, at=NOON - 2 * HOUR), tap(first, "skipped", at=NOON - HOUR)]
    results = {each["key"]: each for each in send(client, client_person, *batch).json()["results"]}
    assert [results[each["key"]]["again"] for each in batch] == [True, False, False]
    assert sorted(HomeLog.objects.values_list("outcome", flat=True)) == ["done", "skipped"]
    assert [each["again"] for each in send(client, client_person, batch[0]).json()["results"]] == [False]
    assert set(HomeLog.objects.values_list("outcome", flat=True)) == {"done"}


def test_a_tap_that_says_nothing_is_told_in_the_clients_language(client, client_person, programme):
    client_person.language = "es"
    client_person.save()
    assert whys(send(client, client_person, tap(programme.items.first(), ""))) == ["No se pudo leer esta respuesta."]
    assert not HomeLog.objects.exists()


def test_how_long_ago_is_right_where_the_clock_is_wrong(client, client_person, programme):
    in_the_past = NOON - 400 * DAY
    send(client, client_person, tap(programme.items.first(), at=in_the_past - HOUR, day=TODAY), clock=in_the_past)
    assert HomeLog.objects.get().answered_at == NOON - HOUR


def test_another_clients_exercise_is_none_of_theirs(client, client_person, programme, practice):
    stranger = make_client(practice, ref="C0009", given_name="Bo")
    assert whys(send(client, stranger, tap(programme.items.first()))) == [
        "This exercise is no longer in your programme."
    ]
    assert not HomeLog.objects.exists()


def test_that_it_hurt_is_never_turned_away(client, client_person, programme):
    safety.raise_alert(
        client=client_person, level=Level.URGENT, because=["x"], source="intake", source_id=uuid.uuid4(),
        by=client_person,
    )  # fmt: skip
    first, second = programme.items.all()
    done, hurt = whys(send(client, client_person, tap(first), tap(second, "too_painful", at=NOON)))
    assert "talk to your practice" in done
    assert hurt == ""


def test_an_answer_to_what_has_ended_since_counts(client, client_person, programme):
    type(programme).objects.update(state="ended", ended_at=NOON - HOUR)
    first, second = programme.items.all()
    late, good = tap(first, at=NOON - HOUR / 2), tap(second, at=NOON - 2 * HOUR)
    assert [bool(why) for why in whys(send(client, client_person, late, good))] == [False, True]
    assert HomeLog.objects.get().item == second


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "null", '"x"', "{", '{"taps": []}', '{"taps": {}, "sent_at": "2026-03-04T12:00:00Z"}', "[" * 100_000,
        '{"taps": [1], "sent_at": "2026-03-04T12:00:00Z"}', '{"taps": [], "sent_at": "2026-03-04T12:00:00"}',
        '{"taps": [], "sent_at": 5}', '{"taps": [], "sent_at": "2026-13-41T12:00:00Z"}',
    ],
)  # fmt: skip
def test_what_is_no_batch_is_refused(client, client_person, programme, body):
    assert send(client, client_person, body=body or " ").status_code == 400


ODD = [
    None,
    7,
    [],
    {},
    "x",
    "",
    "\ud800",
    "a\0b",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+14:00",
    1e400,
    "é" * 999,
]


@pytest.mark.parametrize("name", ["key", "item", "outcome", "local_date", "word", "answered_at", "before"])
def test_odd_values_are_a_line_each_and_no_fault(client, client_person, programme, name):
    taps = [tap(programme.items.first(), at=NOON) | {name: value} for value in ODD]
    results = [send(client, client_person, each).json()["results"] for each in taps]
    assert [len(each) for each in results] == [1] * len(taps)


def test_a_form_of_another_site_does_not_arrive(client, client_person, programme):
    address = reverse("treatments:portal_sync", args=[links.sign("portal", client_person.pk)])
    told = json.dumps({"sent_at": NOON.isoformat(), "taps": [tap(programme.items.first())]})
    assert client.post(address, told, content_type="text/plain").status_code == 400
    assert not HomeLog.objects.exists()


@pytest.mark.parametrize("forged", ["x", "0:0:0"])
def test_only_the_link_opens_it(client, programme, forged):
    assert client.post(reverse("treatments:portal_sync", args=[forged])).status_code == 404
