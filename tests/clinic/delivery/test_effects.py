"""Reports are stored once, and what follows depends on the reports, not on the order in which they come."""

import datetime
import itertools
import threading
import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from clinic.models import ArchivedReminder, AuditEntry, Client, Delivery, DeliveryEvent, Reminder
from clinic.services import clients, delivery
from clinic.services.audit import Machine
from tests.clinic.delivery.conftest import ADA, NOW, SENT_AT
from tests.people import make_client

DAY = datetime.timedelta(days=1)


def bounced_at():
    return Client.objects.get().email_bounced_at


def verbs():
    return sorted(AuditEntry.objects.values_list("verb", flat=True))


# --- storing ----------------------------------------------------------------------------------------------------------


def test_a_report_is_stored_once_however_often_it_comes(say, stored):
    assert [say("bounced", event_id="b1", permanent=True) for _ in range(10)] == [True] + [False] * 9
    assert stored() == ["bounced"]
    assert verbs() == ["client.mail_bounced"]


def test_reports_without_a_name_are_told_by_mail_kind_and_time(say, make_reminder, row, stored):
    other = make_reminder(row.client)
    for _ in range(2):
        assert [say("deferred"), say("deferred", days=1), say("delivered"), say("deferred", reminder=other.pk)] == (
            [True] * 4 if _ == 0 else [False] * 4
        )
    assert stored() == ["deferred", "deferred", "deferred", "delivered"]


@pytest.mark.django_db(transaction=True)
def test_the_same_report_on_two_threads_at_once_is_stored_once(say, stored):
    def tell():
        try:
            answers.append(say("complained", event_id="c1"))
        finally:
            connection.close()

    answers = []
    threads = [threading.Thread(target=tell) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers) == [False] * 5 + [True]
    assert stored() == ["complained"]
    assert verbs() == ["client.complained", "reminders.stopped"]


@pytest.mark.django_db(transaction=True)
def test_two_reports_at_once_see_each_other(say):
    """The third refusal and a delivery before it: whoever comes second has to know of the first."""
    for day in range(2):
        say("bounced", days=day)
    stored, free = threading.Event(), threading.Event()

    def refuse():
        with transaction.atomic():
            say("bounced", days=3)
            stored.set()
            free.wait(1)
        connection.close()

    first = threading.Thread(target=refuse)
    first.start()
    assert stored.wait(10)
    say("delivered", days=2)  # waits until the first is through
    free.set()
    first.join(10)
    assert bounced_at() is None


def test_mail_that_is_not_ours_is_ignored(say, stored):
    assert not say("bounced", reminder=uuid.uuid4(), permanent=True)
    assert not say("bounced", reminder=None, permanent=True)
    assert not say("bounced", reminder=None, provider_id="unknown", permanent=True)
    assert not say("bounced", reminder=None, provider_id="a\0b", permanent=True)
    assert stored() == []
    assert bounced_at() is None


def test_a_mail_is_found_by_the_services_own_name(say, row, stored):
    Reminder.objects.update(provider_id="pm-1")
    assert say("bounced", reminder=None, provider_id="pm-1", permanent=True)
    assert DeliveryEvent.objects.get().reminder == row.pk


def test_the_services_names_are_looked_up_in_their_index(row):
    Reminder.objects.update(provider_id="pm-1")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Reminder.objects.filter(provider_id="pm-1").exclude(provider_id="").order_by().explain()
    assert "reminders_by_provider_id" in plan


def test_a_mail_is_found_in_the_archive(say, row, stored):
    copied = {field.attname: getattr(row, field.attname) for field in Reminder._meta.concrete_fields}
    ArchivedReminder.objects.create(**copied)
    Reminder.objects.all().delete()
    assert say("bounced", permanent=True)
    assert bounced_at() is not None


def test_practice_and_client_come_from_the_mail(say, row, other_practice, other_therapist, therapist):
    say("delivered")
    event = DeliveryEvent.objects.get()
    assert (event.practice, event.client) == (row.practice, row.client)
    assert list(DeliveryEvent.objects.visible_to(therapist.user)) == [event]
    assert list(DeliveryEvent.objects.visible_to(other_therapist.user)) == []


def test_no_report_keeps_an_address(say):
    say("bounced", permanent=True, code="5.1.1", event_id="e")
    assert not any("clients.example" in str(value) for value in DeliveryEvent.objects.values().get().values())


def test_nothing_happens_in_the_future(say, today):
    say("delivered", days=1000)
    assert DeliveryEvent.objects.get().happened_at <= NOW + datetime.timedelta(seconds=5)


# --- the address ------------------------------------------------------------------------------------------------------


def test_an_address_that_does_not_exist_gets_no_more_mail(say):
    say("bounced", permanent=True)
    assert bounced_at() == NOW - 20 * DAY
    assert verbs() == ["client.mail_bounced"]


@pytest.mark.parametrize("written", ["ADA@Clients.Example", " ada@clients.example "])
def test_addresses_are_compared_as_people_mean_them(say, written):
    say("bounced", permanent=True, recipient=written)
    assert bounced_at() is not None


def test_a_domain_of_foreign_letters_has_one_spelling(say):
    Client.objects.update(email="zoe@bücher.example")
    say("bounced", permanent=True, recipient="zoe@xn--bcher-kva.example")
    assert bounced_at() is not None


@pytest.mark.parametrize("recipient", ["old@clients.example", ""])
def test_an_address_that_was_changed_meanwhile_is_not_blamed(say, recipient, stored):
    say("bounced", permanent=True, recipient=recipient)
    assert stored() == ["bounced"]
    assert bounced_at() is None


def test_a_new_address_is_not_blamed_for_the_old_ones_refusals(say, row):
    for day in range(2):
        say("bounced", days=day)
    clients.change(client=row.client, by=Machine.COMMAND, email="new@clients.example")
    say("bounced", days=3, recipient="new@clients.example")
    assert bounced_at() is None


def test_three_days_in_a_row_are_enough(say):
    for hour in range(4):
        say("bounced", event_id=f"h{hour}")  # one day, however often
    say("rejected", days=1)
    assert bounced_at() is None
    say("bounced", days=2)
    assert bounced_at() == NOW - 18 * DAY


def test_a_delivery_between_begins_a_new_count(say):
    for what, day in [("bounced", 0), ("bounced", 1), ("delivered", 2), ("bounced", 3), ("bounced", 4)]:
        say(what, days=day)
    assert bounced_at() is None


def test_refusals_of_long_ago_do_not_count(say):
    say("bounced", happened_at=NOW - 60 * DAY)
    say("bounced", happened_at=NOW - 59 * DAY)
    say("bounced", happened_at=NOW)
    assert bounced_at() is None


def test_a_delivery_after_that_undoes_what_only_came_back_often(say):
    for day in range(3):
        say("bounced", days=day)
    say("delivered", days=4)
    assert bounced_at() is None
    assert verbs() == ["client.mail_arrives_again", "client.mail_bounced"]


def test_a_late_delivery_undoes_nothing_that_came_back_for_good(say):
    say("bounced", days=2, permanent=True)
    say("delivered", days=1)
    say("delivered", days=3)
    assert bounced_at() == NOW - 18 * DAY


def test_what_others_wrote_is_left_alone(say):
    Client.objects.update(email_bounced_at=NOW - 30 * DAY)
    for day in range(4):
        say("bounced", days=day)
    say("delivered", days=5)
    assert bounced_at() == NOW - 30 * DAY
    say("bounced", days=6, permanent=True)
    assert bounced_at() == NOW - 30 * DAY


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_any_order_of_refusals_leads_to_the_same_end(order, say):
    for number in order:
        say("bounced", days=number, permanent=number == 3)
    assert bounced_at() == NOW - 17 * DAY


@pytest.mark.parametrize("days", [(4, 5), (5, 4)])
def test_of_two_that_came_back_for_good_the_first_counts(days, say):
    for day in days:
        say("bounced", days=day, permanent=True)
    assert bounced_at() == NOW - 16 * DAY


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_any_order_with_a_delivery_between_leads_to_the_same_end(order, say):
    for number in order:
        say(*[("bounced", 0), ("bounced", 1), ("delivered", 1.5), ("bounced", 2)][number])
    assert bounced_at() is None


# --- the wish ---------------------------------------------------------------------------------------------------------


def test_a_complaint_stops_reminders(say, row):
    say("complained")
    assert Client.objects.get().reminders_stopped_at is not None
    assert verbs() == ["client.complained", "reminders.stopped"]
    assert AuditEntry.objects.get(verb="reminders.stopped").actor_machine == "reminders"


def test_an_old_complaint_that_comes_again_does_not_undo_a_new_start(say, row):
    say("complained", event_id="c")
    clients.start_reminders(client=row.client, by=Machine.COMMAND)
    say("complained", event_id="c")
    assert Client.objects.get().reminders_stopped_at is None


# --- uncertain mail ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "state", "reason"),
    [
        ("delivered", "sent", "The mail service confirmed delivery."),
        ("complained", "sent", "The mail service confirmed delivery."),
        ("bounced", "failed", "The mail came back."),
        ("rejected", "failed", "The mail came back."),
        ("deferred", "uncertain", "?"),
    ],
)
def test_a_report_dissolves_uncertainty(what, state, reason, say, row):
    Reminder.objects.update(state="uncertain", reason="?", counted=True)
    say(what)
    row.refresh_from_db()
    assert (row.state, row.reason, row.counted) == (state, reason, True)
    assert verbs().count("reminder.dissolved") == (state != "uncertain")


@pytest.mark.parametrize("state", ["planned", "claimed", "sent", "skipped", "failed"])
def test_a_row_that_is_sure_stays_as_it_is(state, say, row):
    Reminder.objects.update(state=state, reason="Why.")
    say("bounced", permanent=True)
    say("delivered")
    row.refresh_from_db()
    assert (row.state, row.reason) == (state, "Why.")


@pytest.mark.parametrize("before", ["uncertain", "sent"])
@pytest.mark.parametrize("order", list(itertools.permutations(["delivered", "bounced", "complained", "deferred"])))
def test_any_order_leads_to_the_same_end(order, before, say, row):
    Reminder.objects.update(state=before)
    for what in order:
        for _ in range(2):
            say(what, event_id=what, permanent=what == "bounced")
    row.refresh_from_db()
    person = Client.objects.get()
    assert (row.state, person.email_bounced_at, person.reminders_stopped_at is not None) == (
        "sent",
        NOW - 20 * DAY,
        True,
    )
    assert DeliveryEvent.objects.count() == 4


@pytest.mark.parametrize("order", list(itertools.permutations(["delivered", "bounced", "deferred"])))
def test_an_uncertain_mail_that_came_back_has_failed_in_any_order(order, say, row):
    Reminder.objects.update(state="uncertain")
    for what in order:
        say(what)
    row.refresh_from_db()
    assert row.state == "failed"


def test_reports_that_came_before_the_row_was_uncertain_dissolve_it_later(say, row, make_reminder):
    Reminder.objects.update(state="claimed")
    say("delivered")
    other = make_reminder(make_client(row.practice, ref="C2", given_name="Bo"), state="uncertain")
    assert delivery.dissolve_uncertain() == 0
    Reminder.objects.filter(pk=row.pk).update(state="uncertain")
    assert delivery.dissolve_uncertain() == 1
    assert delivery.dissolve_uncertain() == 0
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, other.state) == ("sent", "uncertain")


@pytest.fixture
def sent_again(row):
    """It came back, its address was corrected, and a day later it was sent once more: nobody knows whether it left."""
    delivery.refused_at_once(row=row, code="5.1.1", permanent=True)
    DeliveryEvent.objects.update(happened_at=SENT_AT)
    Client.objects.update(email="new@clients.example", email_bounced_at=None)
    Reminder.objects.update(state="uncertain", reason="?", handing_over_at=SENT_AT + DAY)


def state_of(row):
    row.refresh_from_db()
    return row.state


def test_what_came_back_before_it_was_sent_again_says_nothing_of_the_new_try(sent_again, row):
    assert delivery.dissolve_uncertain() == 0
    assert state_of(row) == "uncertain"


def test_a_weak_report_of_the_new_try_does_not_bring_back_the_old_ones(sent_again, say, row):
    say("deferred", days=1, recipient="new@clients.example")
    assert state_of(row) == "uncertain"
    say("delivered", days=2, recipient="new@clients.example")
    assert state_of(row) == "sent"


def test_reports_of_the_new_try_are_found_when_it_gets_uncertain_after_them(sent_again, say, row):
    Reminder.objects.update(state="claimed")
    say("delivered", days=1 - 30 / 86_400, recipient="new@clients.example")  # its clock is half a minute behind
    Reminder.objects.update(state="uncertain")
    assert delivery.dissolve_uncertain() == 1
    assert state_of(row) == "sent"


def test_what_cannot_be_dissolved_does_not_stand_before_what_can(sent_again, say, row, make_reminder, monkeypatch):
    monkeypatch.setattr("clinic.services.delivery.effects.AT_ONCE", 1)
    later = make_reminder(make_client(row.practice, ref="C2", given_name="Bo"), due_at=row.due_at - DAY)
    say("delivered", reminder=later.pk)
    Reminder.objects.filter(pk=later.pk).update(state="uncertain")
    assert delivery.dissolve_uncertain() == 1
    assert (state_of(later), state_of(row)) == ("sent", "uncertain")


def test_uncertain_mail_is_found_without_reading_all_mail(row):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as asked:
        delivery.dissolve_uncertain()
    (query,) = (one["sql"] for one in asked if one["sql"].startswith("SELECT") and "LIMIT 200" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query}")
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan
    assert "on clinic_reminder" in plan


# --- SMTP -------------------------------------------------------------------------------------------------------------


def test_a_refusal_while_sending_is_a_report_too(row):
    assert delivery.refused_at_once(row=row, code="5.1.1", permanent=True)
    event = DeliveryEvent.objects.get()
    assert (event.source, event.what, event.permanent, event.code) == ("smtp", Delivery.BOUNCED, True, "5.1.1")
    assert bounced_at() is not None


def test_a_refusal_of_an_address_that_was_changed_meanwhile_is_stored_only(row, stored):
    assert row.client.email == ADA
    Client.objects.update(email="new@clients.example")
    delivery.refused_at_once(row=row, code="550", permanent=True)
    assert stored() == ["bounced"]
    assert bounced_at() is None
