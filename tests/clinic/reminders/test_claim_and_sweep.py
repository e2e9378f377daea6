import datetime
import json
import os
import socket
import subprocess
import sys
import threading

import pytest
from django.db import connection, transaction

import clinic.services.reminders.claim as owners
from clinic.models import Reminder, State
from clinic.services import reminders
from clinic.services.reminders.claim import CLAIM, claim, host, is_dead, new_owner, release, started_at
from clinic.services.reminders.recheck import load
from clinic.services.reminders.settle import HAND_OVER, DayIsTaken, Settlement, hand_over, settle
from clinic.services.reminders.sweep import SWEEP, sweep
from tests.clinic.reminders.conftest import NOON
from tests.people import make_client

LONG = datetime.timedelta(minutes=10, seconds=1)


@pytest.fixture
def row(client_person, make_reminder, kind):
    return make_reminder(client_person)


def test_a_claim_takes_what_is_due_oldest_first(make_clients, make_reminder, kind):
    ages = [3, 1, 2, -1]
    rows = [
        make_reminder(person, not_before=NOON - datetime.timedelta(minutes=age))
        for person, age in zip(make_clients(4), ages, strict=True)
    ]
    assert claim("a:1:1:x", now=NOON, limit=2) == [rows[0].pk, rows[2].pk]
    assert claim("a:1:1:y", now=NOON, limit=9) == [rows[1].pk]
    assert claim("a:1:1:y", now=NOON, limit=9) == []
    rows[0].refresh_from_db()
    assert (rows[0].state, rows[0].claimed_by, rows[0].claimed_at) == ("claimed", "a:1:1:x", NOON)


@pytest.mark.django_db(transaction=True)
def test_a_claim_waits_for_nobody_and_shares_nothing(make_clients, make_reminder, kind):
    for person in make_clients(6):
        make_reminder(person)
    second = []

    def other():
        second.append(claim("b:1:1:x", now=NOON, limit=4))
        connection.close()

    with transaction.atomic():  # the first claim is not committed yet
        first = claim("a:1:1:x", now=NOON, limit=4)
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(5)
        assert not thread.is_alive()
    assert len(first) == 4
    assert len(second[0]) == 2
    assert not set(first) & set(second[0])


def test_a_claim_among_fifty_thousand_reads_the_index_of_its_practices(practice, kind):
    people = make_client(practice)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO clinic_practice (id, created_at, slug, name, timezone, reply_to, emergency_number,
                 reminder_time, quiet_from, quiet_until, client_counter)
               SELECT clinic_uuid7(), now(), 'p' || n, 'P', 'UTC', '', '112', '18:00', '21:00', '07:00', 0
               FROM generate_series(1, 49) n"""
        )
        cursor.execute(
            """INSERT INTO clinic_reminder (id, created_at, practice_id, kind, client_id, subject, local_date, slot,
                 due_at, not_before, state, reason, attempts, claimed_by, counted)
               SELECT clinic_uuid7(), now(), p.id, 'plain', %s, gen_random_uuid(), '2026-06-03', 0,
                 %s, %s - n * interval '1 s',
                 CASE WHEN n %% 19 = 0 THEN 'planned' WHEN n %% 1000 = 1 THEN 'claimed' ELSE 'sent' END,
                 '', 0, '', false
               FROM (SELECT id, row_number() OVER () AS nth FROM clinic_practice) p
               JOIN generate_series(1, 50000) n ON n %% 50 = p.nth - 1""",
            [people.pk, NOON, NOON],
        )
        cursor.execute("ANALYZE clinic_reminder")
        cursor.execute("EXPLAIN (FORMAT JSON) " + CLAIM, [NOON, "a", [practice.pk], NOON, ["plain"], 50, 50])
        claiming = json.dumps(cursor.fetchone()[0])
        cursor.execute("EXPLAIN (FORMAT JSON) " + SWEEP, ["", NOON, ["dead"], NOON])
        sweeping = json.dumps(cursor.fetchone()[0])
        cursor.execute("EXPLAIN (FORMAT JSON) " + HAND_OVER, [NOON, True, people.pk, "a"])
        beginning = json.dumps(cursor.fetchone()[0])
    assert "reminders_by_practice" in claiming
    assert "reminders_claimed" in sweeping
    for plan in (claiming, sweeping, beginning):
        assert "Seq Scan" not in plan


def test_an_owner_names_a_living_process_of_this_host():
    owner = new_owner()
    assert not is_dead(owner)
    assert new_owner() != owner
    assert len(owner) <= 80
    where, pid, started, nonce = owner.split(":")
    assert (where, int(pid)) == (host(), os.getpid())
    assert where.startswith(socket.gethostname()[:40])
    assert is_dead(f"{where}:{pid}:{int(started) - 500}:{nonce}")  # the number was given to another process since
    assert not is_dead(f"elsewhere:{pid}:1:{nonce}")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert started_at(gone.pid) is None
    assert is_dead(f"{where}:{gone.pid}:{started}:{nonce}")


def test_without_a_proc_a_process_is_told_by_what_the_system_says(monkeypatch):
    def missing(*_):
        raise FileNotFoundError

    known = new_owner()
    owners._boot_and_space.cache_clear()
    monkeypatch.setattr(owners.os, "readlink", missing)
    monkeypatch.setattr(owners.Path, "read_text", missing)
    owner = new_owner()
    assert owner != known
    assert not is_dead(owner)
    where, pid, started, nonce = owner.split(":")
    assert is_dead(f"{where}:{pid}:{int(started) - 500}:{nonce}")
    owners._boot_and_space.cache_clear()


@pytest.mark.parametrize("owner", ["", "?", "a:b", f"{host()}:x:y:z"])
def test_an_owner_that_nobody_can_read_is_not_known_to_be_dead(owner):
    assert not is_dead(owner)


def test_what_was_claimed_and_not_begun_can_be_given_back(make_clients, make_reminder, kind):
    begun, waiting = [make_reminder(person) for person in make_clients(2)]
    claim("a:1:1:x", now=NOON, limit=9)
    assert hand_over(begun, owner="a:1:1:x", counts=True)
    assert release("b:1:1:x") == 0
    assert release("a:1:1:x") == 1
    begun.refresh_from_db()
    waiting.refresh_from_db()
    assert (begun.state, waiting.state, waiting.claimed_by, waiting.claimed_at) == ("claimed", "planned", "", None)


def test_only_what_is_still_the_owners_and_not_begun_is_checked(make_clients, make_reminder, kind):
    begun, mine = [make_reminder(person) for person in make_clients(2)]
    ids = claim("a:1:1:x", now=NOON, limit=9)
    hand_over(begun, owner="a:1:1:x", counts=True)
    assert load(ids, "a:1:1:x") == [mine]
    assert load(ids, "b:1:1:x") == []
    release("a:1:1:x")
    assert load(ids, "a:1:1:x") == []


def test_a_row_is_begun_by_its_owner_once(row):
    claim("a:1:1:x", now=NOON, limit=9)
    assert not hand_over(row, owner="b:1:1:x", counts=True)
    assert hand_over(row, owner="a:1:1:x", counts=True)
    assert not hand_over(row, owner="a:1:1:x", counts=True)


@pytest.mark.django_db(transaction=True)
def test_the_day_is_taken_once_whoever_checked_first(client_person, make_reminder, kind, make_clients):
    first, second = make_reminder(client_person), make_reminder(client_person)
    before = make_reminder(make_clients(1)[0])
    claim("a:1:1:x", now=NOON, limit=9)
    assert hand_over(first, owner="a:1:1:x", counts=True)
    was = Settlement(before.pk, State.SENT, "", 1, NOON)
    with pytest.raises(DayIsTaken):
        hand_over(second, owner="a:1:1:x", counts=True, before=was)
    before.refresh_from_db()
    assert before.state == "sent"


def test_the_end_of_one_and_the_begin_of_the_next_are_one_statement(make_clients, make_reminder, kind):
    first, second = [make_reminder(person) for person in make_clients(2)]
    claim("a:1:1:x", now=NOON, limit=9)
    hand_over(first, owner="a:1:1:x", counts=True)
    assert hand_over(second, owner="a:1:1:x", counts=True, before=Settlement(first.pk, State.SENT, "", 1, NOON))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("sent", "claimed")
    assert second.handing_over_at is not None
    with connection.cursor() as cursor:  # the statement that wrote a row, within its transaction
        cursor.execute("SELECT count(DISTINCT (xmin::text, cmin::text)) FROM clinic_reminder")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(("begun", "state"), [(False, "planned"), (True, "uncertain")])
def test_a_row_claimed_too_long_ago_is_taken_back_or_shown(begun, state, row, noon):
    claim("elsewhere:1:1:x", now=NOON, limit=9)
    if begun:
        hand_over(row, owner="elsewhere:1:1:x", counts=True)
    assert sweep(NOON + LONG - datetime.timedelta(seconds=2)) == 0
    assert sweep(NOON + LONG) == 1
    row.refresh_from_db()
    assert row.state == state
    assert row.counted == begun
    assert row.claimed_by == ("elsewhere:1:1:x" if begun else "")
    assert bool(row.settled_at) == bool(row.reason) == begun


@pytest.mark.parametrize(("begun", "state"), [(False, "planned"), (True, "uncertain")])
def test_a_dead_process_of_this_host_is_not_waited_for(begun, state, row):
    owner = f"{host()}:{os.getpid()}:1:x"
    claim(owner, now=NOON, limit=9)
    if begun:
        hand_over(row, owner=owner, counts=True)
    assert sweep(NOON) == 1
    row.refresh_from_db()
    assert row.state == state


def test_a_living_process_of_this_host_is_left_alone(row):
    claim(new_owner(), now=NOON, limit=9)
    assert sweep(NOON) == 0


def test_a_slow_worker_may_still_say_what_became_of_its_row(row, noon):
    claim("elsewhere:1:1:x", now=NOON, limit=9)
    hand_over(row, owner="elsewhere:1:1:x", counts=True)
    sweep(NOON + LONG)
    settle([Settlement(row.pk, State.SENT, "", 1, NOON)], "elsewhere:1:1:other")
    row.refresh_from_db()
    assert row.state == "uncertain"
    settle([Settlement(row.pk, State.SENT, "", 1, NOON)], "elsewhere:1:1:x")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("sent", "")


def test_the_tick_of_the_clock_does_it_all(row, mail_server, noon):
    from clinic.tasks import wake_reminders

    claim(f"{host()}:{os.getpid()}:1:x", now=NOON, limit=9)
    wake_reminders()
    assert len(mail_server.messages) == 1
    assert reminders.wake() == 0
    assert Reminder.objects.get().state == "sent"
