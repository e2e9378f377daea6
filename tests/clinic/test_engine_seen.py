"""Silence, lateness and a resting mail server are told: on the dashboard, to load balancers, to Prometheus."""

import datetime
import json

import pytest
from django.db import OperationalError
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from clinic.clinic_hooks import trouble_with_mail
from clinic.config.environment import Unusable, read
from clinic.models import MailServer, Pulse, Reminder, SafetyAlert
from clinic.models.base import uuid7
from clinic.queries import engine
from clinic.queries.reminders import reminders_of
from clinic.services import clock, reminders
from clinic.services.reminders import breaker
from tests.clinic.reminders.conftest import NOON, kind, mail_server, make_reminder, noon  # noqa: F401  (fixtures)
from tests.config.test_environment import PRODUCTION

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "kind")]
MINUTE = datetime.timedelta(minutes=1)
TOKEN = "a token of sixteen letters"


def ago(minutes):
    return NOON - MINUTE * minutes


@pytest.fixture
def alive():
    """`alive(clock=1, worker=1)`: minutes since each was heard; None for never."""

    def alive(clock=0, worker=0, lag=0.5):
        if clock is not None:
            Pulse.objects.create(role="clock", at=ago(clock))
        if worker is not None:
            Pulse.objects.create(role="worker", name="one", at=ago(worker), lag=lag)
            Pulse.objects.create(role="worker", name="long gone", at=ago(worker + 600), lag=99)

    return alive


def rest(minutes=5, **details):
    known = {
        "key": "mail.example:25", "failures": 12, "down_since": ago(2), "rest_until": NOON + MINUTE * minutes,
        "reason": "The mail server did not take mail (421).",
    }  # fmt: skip
    return MailServer.objects.create(**{**known, **details})


# --- what is wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "worker", "trouble"),
    [
        (None, None, "never"), (0, 0, ""), (1.9, 0, ""), (2.1, 0, "clock"), (2.1, 9, "clock"), (None, 0, "clock"),
        (0, 4.9, ""), (0, 5.1, "worker"), (0, None, "worker"),
    ],
)  # fmt: skip
def test_who_is_silent(alive, clock, worker, trouble):
    alive(clock, worker)
    assert engine.read(timezone.now()).trouble == trouble


def test_how_long_is_a_setting(alive, settings):
    alive(clock=3, worker=8)
    minutes = {"silent_after": MINUTE * 4, "worker_silent_after": MINUTE * 9}
    settings.CLINIC = {"reminders": minutes}
    assert engine.read(timezone.now()).trouble == ""


@pytest.mark.parametrize(("minutes", "late"), [(14, ""), (16, "late")])
def test_mail_that_is_due_and_does_not_leave(alive, make_reminder, minutes, late):  # noqa: F811
    alive()
    make_reminder(due_at=ago(minutes))
    assert engine.read(timezone.now()).trouble == late


@pytest.mark.parametrize("held", [{"state": "sent"}, {"not_before": NOON + MINUTE}, {"kind": "of an app that is gone"}])
def test_what_is_not_due_is_not_late(alive, make_reminder, held):  # noqa: F811
    alive()
    make_reminder(**{"due_at": ago(60), **held})
    found = engine.read(timezone.now())
    assert (found.trouble, found.oldest_due, engine.waiting(NOON)) == ("", None, 0)


def test_a_server_of_long_ago_rests_no_more(alive):
    alive()
    rest(minutes=-16)
    assert engine.read(timezone.now()).resting is None
    rest(key="other.example:25", minutes=-14)
    assert engine.read(timezone.now()).trouble == "server"


def test_what_the_engine_writes_down_is_what_is_read(make_reminder, client_person, mail_server, owner, scrape):  # noqa: F811
    make_reminder(client_person)
    reminders.ticked()
    assert reminders.wake() == 1
    assert trouble_with_mail(owner) is None
    assert scrape()[("clinic_reminders_total", "sent")] == 1
    breaker.failed(clock.now(), "It said no (421).", trial=False)
    assert told(owner)[0].startswith("The mail server takes no mail since 12:00: It said no (421). 0 mails wait")
    breaker.answered()
    assert trouble_with_mail(owner) is None


# --- the dashboard ----------------------------------------------------------------------------------------------------


def told(membership):
    trouble = trouble_with_mail(membership)["trouble"]
    return f"{trouble.title}: {trouble.text}", trouble.commands


def test_the_dashboard_is_quiet_while_all_is_well(alive, owner):
    alive()
    assert trouble_with_mail(owner) is None


def test_a_fresh_install_is_told_what_to_start(owner):
    text, commands = told(owner)
    assert text.startswith("Reminders have never run here: Nothing is sent until a worker and the clock run.")
    assert [" ".join(command.split()[:4]) for command in commands] == [
        "celery -A clinic.config worker", "celery -A clinic.config beat",
    ]  # fmt: skip


def test_silence_is_told_in_the_practices_time(alive, owner):
    alive(clock=5)
    text, commands = told(owner)
    assert text.startswith("No reminders are being sent: The clock (celery beat) was last heard at 11:55.")
    assert commands == ("celery -A clinic.config beat",)
    Pulse.objects.update(at=ago(24 * 60))
    assert "last heard on 2 June 2026, 12:00." in told(owner)[0]
    Pulse.objects.filter(role="clock").update(at=NOON)
    text, commands = told(owner)
    assert "The clock ticks, but a worker was last heard on 2 June 2026, 12:00." in text
    assert commands == ("celery -A clinic.config worker --loglevel INFO",)
    Pulse.objects.filter(role="worker").delete()
    assert "a worker was last heard never" not in told(owner)[0]
    assert "no worker was ever heard" in told(owner)[0]


def test_a_resting_server_is_told_with_what_waits(alive, owner, make_reminder, client_person, other_client):  # noqa: F811
    alive()
    rest()
    make_reminder(client_person, due_at=ago(1))
    make_reminder(client_person, due_at=ago(1), not_before=NOON + MINUTE * 4)  # put off to the end of the rest
    make_reminder(client_person, due_at=NOON + MINUTE * 6)
    make_reminder(other_client, due_at=ago(1))
    assert told(owner)[0] == (
        "The mail server takes no mail since 11:58: The mail server did not take mail (421). 2 mails wait; "
        "next try 12:05."
    )
    MailServer.objects.update(rest_until=ago(1))
    assert told(owner)[0].endswith("1 mail waits; next try now.")


def test_late_mail_is_told_to_its_own_practice(alive, owner, other_therapist, make_reminder, client_person):  # noqa: F811
    alive()
    make_reminder(client_person, due_at=ago(30))
    assert told(owner)[0] == "Reminders are late: 1 mail waits; the oldest is due since 11:30. The oldest leave first."
    assert trouble_with_mail(other_therapist) is None
    Reminder.objects.update(not_before=NOON - MINUTE * 24 * 60)
    assert "the oldest is due since 2 June 2026, 12:00." in told(owner)[0]


def test_many_that_wait_are_not_counted_out(alive, owner, make_reminder, client_person, monkeypatch):  # noqa: F811
    alive()
    monkeypatch.setattr(engine, "MOST_SHOWN", 2)
    for _ in range(3):
        make_reminder(client_person, due_at=ago(30))
    assert "2+ mails wait" in told(owner)[0]


def test_the_pages_show_it(alive, client, receptionist):
    client.force_login(receptionist.user)
    for page in ("/", "/reminders/"):
        assert "Reminders have never run here" in client.get(page).text
    alive()
    for page in ("/", "/reminders/"):
        assert "never run" not in client.get(page).text


def test_the_panel_asks_three_things(alive, owner, django_assert_num_queries):
    alive()
    with django_assert_num_queries(3):  # pulses, servers, the oldest
        trouble_with_mail(owner)


# --- for load balancers and pagers ------------------------------------------------------------------------------------


def test_the_health_page_says_ages_and_what_is_wrong(alive, client, make_reminder):  # noqa: F811
    answer = client.get("/healthz/reminders/")
    assert (answer.status_code, answer.json()["trouble"], answer.json()["last_tick_seconds"]) == (503, "never", None)
    alive(clock=1, worker=0.5)
    make_reminder(due_at=ago(2))
    answer = client.get("/healthz/reminders/")
    assert answer.status_code == 200
    found = answer.json()
    assert (found["trouble"], found["mail_server_rests_until"]) == (None, None)
    ages = [found[f"{name}_seconds"] for name in ("oldest_due", "last_tick", "last_worker")]
    assert ages == pytest.approx([120, 60, 30], abs=5)
    assert "Ada" not in answer.text
    rest()
    answer = client.get("/healthz/reminders/")
    assert (answer.status_code, answer.json()["trouble"]) == (503, "server")
    assert answer.json()["mail_server_rests_until"] == "2026-06-03T10:05:00+00:00"


@pytest.mark.parametrize("page", ["/healthz/reminders/", "/metrics/"])
def test_without_a_database_they_say_so(page, client, monkeypatch, settings):
    """A database that is gone for one page only cannot be had for real."""

    def gone(*_):
        raise OperationalError

    settings.DEBUG = True
    monkeypatch.setattr(engine, "read", gone)
    answer = client.get(page)
    assert (answer.status_code, answer.text) == (503, "The database does not answer.\n")


# --- for Prometheus ---------------------------------------------------------------------------------------------------


@pytest.fixture
def scrape(client, settings):
    settings.METRICS_TOKEN = TOKEN

    def scrape():
        answer = client.get("/metrics/", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.headers["Content-Type"].startswith("text/plain")
        families = text_string_to_metric_families(answer.text)
        return {
            (sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples
        }

    return scrape


def test_the_numbers(alive, scrape, make_reminder, client_person):  # noqa: F811
    alive(clock=1, worker=2, lag=0.25)
    Pulse.objects.create(role="total", at=NOON, sent=7, skipped=5, failed=3, uncertain=1, retried=11)
    rest()
    rest(key="idle.example:25", rest_until=None)
    make_reminder(client_person, due_at=ago(10))
    make_reminder(client_person, due_at=ago(5))
    make_reminder(client_person, state="failed")
    make_reminder(client_person, state="uncertain", seen_at=NOON)
    found = scrape()
    for name, seconds in [("oldest_due", 600), ("last_tick", 60), ("last_worker", 120)]:
        assert found.pop((f"clinic_reminders_{name}_seconds",)) == pytest.approx(seconds, abs=5)
    assert found == {
        ("clinic_reminders_waiting",): 2,
        ("clinic_reminders_needing_a_person",): 1,
        ("clinic_reminders_total", "sent"): 7,
        ("clinic_reminders_total", "skipped"): 5,
        ("clinic_reminders_total", "failed"): 3,
        ("clinic_reminders_total", "uncertain"): 1,
        ("clinic_reminders_retries_total",): 11,
        ("clinic_reminders_tick_lag_seconds",): 0.25,
        ("clinic_mail_server_resting", "mail.example:25"): 1,
        ("clinic_mail_server_resting", "idle.example:25"): 0,
    }


def test_each_mail_server_that_rests_is_marked(scrape):
    for name in ("a", "b"):
        rest(key=f"{name}.example:25")
    rest(key="c.example:25", rest_until=None)
    found = scrape()
    assert [found[("clinic_mail_server_resting", f"{name}.example:25")] for name in ("a", "b", "c")] == [1, 1, 0]


def test_where_nothing_ever_ran_counters_are_0_and_ages_are_not_there(scrape):
    found = scrape()
    assert found[("clinic_reminders_total", "sent")] == 0
    assert found[("clinic_reminders_oldest_due_seconds",)] == 0
    assert ("clinic_reminders_last_tick_seconds",) not in found


def test_a_scrape_is_five_queries(alive, scrape, django_assert_num_queries):
    alive()
    with django_assert_num_queries(5):  # pulses, servers, the oldest, how many wait, how many need a person
        scrape()


@pytest.mark.parametrize(
    ("token", "debug", "sent", "status"),
    [
        ("", False, "", 404), ("", True, "", 200), (TOKEN, False, "", 401), (TOKEN, True, "", 401),
        (TOKEN, False, "Bearer wrong", 401), (TOKEN, False, TOKEN, 401), (TOKEN, False, f"Bearer {TOKEN}", 200),
        ("", False, "Bearer ", 404),
    ],
)  # fmt: skip
def test_the_numbers_are_behind_a_token(client, settings, token, debug, sent, status):
    settings.METRICS_TOKEN, settings.DEBUG = token, debug
    assert client.get("/metrics/", headers={"Authorization": sent}).status_code == status


def test_the_token_comes_from_the_environment_and_is_no_short_one(tmp_path):
    def token(value):
        return read({**PRODUCTION, "METRICS_TOKEN": value}, base=tmp_path, var=tmp_path).metrics_token

    assert (token(TOKEN), token("")) == (TOKEN, "")
    with pytest.raises(Unusable, match="METRICS_TOKEN is too short"):
        token("short")


# --- the word for a client's reminders --------------------------------------------------------------------------------

WORDS = [
    ({}, False, "On"),
    ({}, True, "Paused: question open"),
    ({"reminders_paused_until": datetime.date(2026, 6, 10)}, False, "Paused until 10 Jun"),
    ({"reminders_paused_until": datetime.date(2026, 6, 3)}, False, "On"),
    ({"reminders_stopped_at": NOON}, True, "Stopped"),
    ({"email_bounced_at": NOON, "reminders_stopped_at": NOON}, False, "Address came back"),
    ({"email": ""}, False, "No e-mail address"),
    ({"email_refused_at": NOON, "email_bounced_at": NOON}, False, "Consent withdrawn"),
    ({"archived_at": NOON, "email_refused_at": NOON}, False, "Ended: archived"),
]


@pytest.mark.parametrize(("state", "locked", "words"), WORDS)
def test_one_word_says_what_holds_back(client_person, state, locked, words):
    for field, value in state.items():
        setattr(client_person, field, value)
    assert reminders_of(client_person, locked)[1] == words


@pytest.mark.parametrize(("level", "words"), [("urgent", "Paused: question open"), ("ask", "On")])
def test_the_list_and_the_record_say_the_same(client, receptionist, client_person, level, words):
    SafetyAlert.objects.create(
        practice=client_person.practice, client=client_person, level=level, because=["Fever."], source="intake",
        source_id=uuid7(),
    )  # fmt: skip
    client.force_login(receptionist.user)
    for page in ("/clients/", f"/clients/{client_person.pk}/"):
        text = client.get(page).text
        assert f"<span>{words}</span>" in text
        assert "Fever" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_word_costs_the_list_nothing(client, receptionist, practice, count, django_assert_num_queries):
    from tests.people import make_client

    for number in range(count):
        make_client(practice, ref=f"N{number}", family_name=f"Number{number}")
    client.force_login(receptionist.user)
    with django_assert_num_queries(7):  # session, user, membership, colleagues, ids, rows, what needs somebody
        client.get("/clients/")


def test_the_health_page_is_json_without_people(client, make_reminder):  # noqa: F811
    make_reminder()
    assert set(json.loads(client.get("/healthz/reminders/").text)) == {
        "trouble", "oldest_due_seconds", "last_tick_seconds", "last_worker_seconds", "mail_server_rests_until",
    }  # fmt: skip
