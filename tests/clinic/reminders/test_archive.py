import datetime
import os
import signal
import subprocess
import sys
import threading
import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.utils import timezone

from clinic import conf
from clinic.models import ArchivedReminder, Delivery, DeliveryEvent, Reminder, State
from clinic.services import reminders
from clinic.services.delivery import effects
from clinic.services.reminders import archive as archive_function
from clinic.services.reminders.claim import claim
from clinic.services.reminders.plan import plan_kind
from clinic.services.reminders.settle import Settlement, hand_over, settle
from tests.clinic.reminders.conftest import NOON
from tests.clinic.reminders.plain_kind import PlainKind
from tests.worker import ROOT, environment, wait_until

archiving = sys.modules[archive_function.__module__]
DAY = datetime.timedelta(days=1)


def id_made_at(at):
    return uuid.UUID(int=archiving.oldest_id(at).int + uuid.uuid4().int % (1 << 80))


@pytest.fixture
def settled(client_person, make_reminder):
    """A row that got its last state so many days before noon."""

    def settled(days, state="sent", **details):
        at = NOON - days * DAY
        known = {"id": id_made_at(at), "due_at": at, "settled_at": at, "state": state}
        return make_reminder(client_person, **{**known, **details})

    return settled


def kept():
    return set(Reminder.objects.values_list("pk", flat=True))


def archived():
    return set(ArchivedReminder.objects.values_list("pk", flat=True))


def test_what_was_settled_long_ago_moves_with_everything_it_says(settled, noon):
    row = settled(91, "skipped", reason="The client is archived.", attempts=3, slot=2, provider_id="x")
    before = Reminder.objects.values().get()
    assert reminders.archive(NOON) == 1
    after = ArchivedReminder.objects.values().get()
    assert abs(after.pop("archived_at") - timezone.now()) < 200 * 365 * DAY
    assert after == before
    assert after["id"] == row.pk
    assert kept() == set()
    assert reminders.archive(NOON) == 0


@pytest.mark.parametrize(
    ("state", "days", "seen", "moves"),
    [
        ("sent", 90.1, False, True),
        ("sent", 89.9, False, False),
        ("skipped", 90.1, False, True),
        ("skipped", 89.9, False, False),
        ("failed", 91, False, False),
        ("failed", 91, True, True),
        ("failed", 181, False, True),
        ("uncertain", 91, False, False),
        ("uncertain", 91, True, True),
        ("uncertain", 181, False, True),
        ("uncertain", 89, True, False),
    ],
)
def test_only_what_is_settled_long_ago_and_needs_nobody_moves(settled, state, days, seen, moves):
    row = settled(days, state, seen_at=NOON if seen else None)
    assert reminders.archive(NOON) == int(moves)
    assert (archived() if moves else kept()) == {row.pk}


@pytest.mark.parametrize("state", ["planned", "claimed"])
def test_what_is_not_settled_stays_however_old(settled, state):
    row = settled(400, state, settled_at=None)
    assert reminders.archive(NOON) == 0
    assert kept() == {row.pk}


def test_a_row_made_long_ago_and_settled_lately_stays(settled):
    row = settled(120, settled_at=NOON - DAY)
    assert reminders.archive(NOON) == 0
    assert kept() == {row.pk}


def test_a_call_does_a_bounded_number_of_batches_oldest_first(settled, monkeypatch):
    monkeypatch.setattr(archiving, "BATCH", 2)
    monkeypatch.setattr(archiving, "BATCHES", 2)
    rows = [settled(100 + age) for age in range(5)]
    assert reminders.archive(NOON) == 4
    assert kept() == {rows[0].pk}
    assert reminders.archive(NOON) == 1
    assert archived() == {row.pk for row in rows}


def test_how_long_is_a_setting_and_never_so_short_that_a_mail_could_be_planned_again(settled, settings):
    settled(10)
    settings.CLINIC = {"reminders": {"keep_for": 9 * DAY}}
    assert reminders.archive(NOON) == 1
    settings.CLINIC = {"reminders": {"keep_for": DAY}}
    with pytest.raises(ImproperlyConfigured, match="keep_for"):
        conf.reminders()


def test_the_clock_calls_for_it(settled, noon):
    from django.conf import settings

    from clinic.tasks import archive_reminders

    settled(91)
    archive_reminders()
    assert len(archived()) == 1
    assert archive_reminders.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


@pytest.mark.database_clock
def test_the_databases_clock_says_what_is_old(settled, time_machine):
    """A worker whose own clock is a year ahead moves nothing."""
    from clinic.tasks import archive_reminders

    settled(0, id=id_made_at(timezone.now()), settled_at=timezone.now())
    time_machine.move_to(timezone.now() + 400 * DAY)
    archive_reminders()
    assert archived() == set()


@pytest.fixture
def reported(client_person):
    """`reported("delivered", 91)`: a report about a mail, written down so many days before noon."""

    def reported(what, days):
        at = NOON - days * DAY
        return DeliveryEvent.objects.create(
            id=id_made_at(at), practice=client_person.practice, client=client_person, reminder=uuid.uuid4(),
            what=what, source="Postmark", event_id=str(uuid.uuid4()), happened_at=at,
        )  # fmt: skip

    return reported


@pytest.mark.parametrize("what", Delivery)
def test_a_report_that_tells_nothing_any_more_is_deleted_and_one_about_a_bad_address_stays(reported, what):
    old, new = reported(what, 90.1), reported(what, 89.9)
    stays = {new.pk} if what in ("delivered", "deferred") else {old.pk, new.pk}
    assert reminders.archive(NOON) == 0
    assert set(DeliveryEvent.objects.values_list("pk", flat=True)) == stays


def test_a_delivery_stays_as_long_as_refusals_are_compared_with_it(reported, settings):
    settings.CLINIC = {"reminders": {"keep_for": 9 * DAY}}
    assert archiving.REFUSALS_ARE_COMPARED_FOR >= 2 * effects.REMEMBERED, "a report may come late"
    reported("delivered", 61)
    stays = reported("delivered", 59)
    reminders.archive(NOON)
    assert DeliveryEvent.objects.get() == stays


def test_reports_go_batch_by_batch_past_those_that_stay(reported, monkeypatch):
    monkeypatch.setattr(archiving, "BATCH", 2)
    monkeypatch.setattr(archiving, "BATCHES", 2)
    kept = {reported("bounced", 200 + age).pk for age in range(3)}
    last, *_ = [reported("delivered", 100 + age) for age in range(5)]
    reminders.archive(NOON)
    assert set(DeliveryEvent.objects.values_list("pk", flat=True)) == kept | {last.pk}
    reminders.archive(NOON)
    assert set(DeliveryEvent.objects.values_list("pk", flat=True)) == kept


# --- beside everybody else --------------------------------------------------------------------------------------------


class Once(PlainKind):
    """Plans one row for each client, due at noon."""

    def plan(self, *, now, until):
        return reminders.insert_occurrences(
            self.key,
            "SELECT practice_id, id AS client_id, id AS subject, %s::date AS local_date, 0 AS slot,"
            " %s::timestamptz AS due_at FROM clinic_client",
            [NOON.date(), NOON],
        )


@pytest.fixture
def once(kind):
    from clinic.reminders import kinds

    with kinds.temporarily(Once("once")) as made:
        yield made


@pytest.fixture
def meanwhile():
    """`meanwhile(work)` runs it in another connection that waits for no lock longer than a moment."""

    def meanwhile(work):
        found = []

        def run():
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            try:
                found.append(work())
            except Exception as error:
                found.append(error)
            finally:
                with connection.cursor() as cursor:
                    cursor.execute("RESET lock_timeout")  # the connection goes back to the pool, for whoever is next
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(20)
        return found[0]

    return meanwhile


def plan_claim_send_and_settle(kind):
    planned = plan_kind(kind, NOON)
    ids = claim("a:1:1:x", now=NOON + DAY, limit=9)
    rows = Reminder.objects.in_bulk(ids)
    begun = [hand_over(rows[id_], owner="a:1:1:x", counts=True) for id_ in ids]
    settle([Settlement(id_, State.SENT, "", 1, NOON) for id_ in ids], "a:1:1:x")
    return planned, sum(begun), Reminder.objects.filter(pk__in=ids, state="sent").count()


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_it_runs(settled, once, meanwhile):
    for age in range(5):
        settled(100 + age)
    with transaction.atomic():  # moved, not committed: as in the middle of a batch
        assert reminders.archive(NOON) == 5
        assert meanwhile(lambda: plan_claim_send_and_settle(once)) == (1, 1, 1)
    assert len(archived()) == 5


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_nobody(settled, meanwhile):
    held, free = settled(101), settled(100)
    with transaction.atomic():
        Reminder.objects.select_for_update().get(pk=held.pk)
        assert meanwhile(lambda: reminders.archive(NOON)) == 1
    assert archived() == {free.pk}
    assert kept() == {held.pk}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_move_every_row_once(settled, meanwhile):
    rows = {settled(100 + age).pk for age in range(6)}
    with transaction.atomic():
        moved = reminders.archive(NOON)
        moved += meanwhile(lambda: reminders.archive(NOON))
    assert moved == 6
    assert archived() == rows
    assert kept() == set()


ENDLESSLY = """
import django; django.setup()
import sys
from django.utils import timezone
from clinic.services import reminders
archiving = sys.modules[reminders.archive.__module__]
archiving.BATCH, archiving.BATCHES = 40, 10**6
while True:
    reminders.archive(timezone.now())
"""


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_loses_nothing_and_goes_on(settled):
    settled(1000)
    add_many(6000)
    everything = kept()
    for share in (6000, 4000, 2000, 0):
        process = subprocess.Popen([sys.executable, "-c", ENDLESSLY], cwd=ROOT, env=environment(PYTHONPATH=str(ROOT)))
        try:
            wait_until(lambda share=share: Reminder.objects.count() <= share, seconds=30)
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait(10)
        wait_until(lambda: not others_at_work())
        assert not kept() & archived()
        assert kept() | archived() == everything
    assert archived() == everything


def add_many(count):
    """Copies of the one row that is there, each of its own millisecond."""
    with connection.cursor() as cursor:
        columns = ", ".join(field.column for field in Reminder._meta.concrete_fields if field.column != "id")
        cursor.execute(
            f"INSERT INTO clinic_reminder (id, {columns}) SELECT overlay(r.id::text placing"
            f" lpad(to_hex(n), 8, '0') from 29)::uuid, {columns.replace('slot', 'n AS slot')}"
            " FROM clinic_reminder r, generate_series(1, %s) AS n",
            [count],
        )


def others_at_work():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND query LIKE '%%clinic_archivedreminder%%' AND state = 'active'", []
        )  # fmt: skip
        return cursor.fetchone()[0]
