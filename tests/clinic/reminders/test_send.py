"""The way over a real socket: what the mail looks like, and what becomes of a row whatever the server does."""

import datetime
import smtplib
import socket
import sys
import threading
import time

import pytest
from django.db import InternalError, OperationalError

from clinic.models import AuditEntry, Client, DeliveryEvent, MailServer, Reminder
from clinic.services import reminders
from clinic.services.reminders import drain as engine
from clinic.services.reminders.smtp import SmtpLine, dotted
from clinic.services.reminders.sweep import sweep
from tests.clinic.reminders.conftest import NOON

ADA = "ada@clients.example"


@pytest.fixture
def row(client_person, make_reminder, kind, noon):
    return make_reminder(client_person)


def state(row):
    row.refresh_from_db()
    return row.state, row.reason


def test_a_mail_says_who_it_is_from_and_how_to_stop_it(row, mail_server, settings):
    settings.DEFAULT_FROM_EMAIL = "Plumbline <mail@clinic.example>"
    settings.PUBLIC_URL = "https://clinic.example"
    assert reminders.wake() == 1
    (mail,) = mail_server.messages
    assert mail["From"] == "Riverside Bodywork <mail@clinic.example>"
    assert mail["To"] == "Ada Brandt <ada@clients.example>"
    assert mail["Reply-To"] == "Riverside Bodywork <desk@riverside.example>"
    assert mail["Message-ID"] == f"<{row.pk}@clinic.example>"
    assert mail["List-Unsubscribe"].startswith("<https://clinic.example/u/")
    assert mail["List-Unsubscribe"].endswith(">")
    assert " " not in mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.date() == datetime.date(2026, 6, 3)
    assert mail.get_content_type() == "multipart/alternative"
    assert mail.get_body(["plain"]).get_content().strip() == "Hello Ada Brandt"
    assert "<p>Hello Ada Brandt</p>" in mail.get_body(["html"]).get_content()
    assert state(row) == ("sent", "")
    assert (row.attempts, row.counted, row.settled_at.date()) == (1, True, datetime.date(2026, 6, 3))


def test_mail_that_was_asked_for_offers_no_unsubscribe(row, kind, mail_server, practice):
    kind.requested = True
    practice.reply_to = ""
    practice.save()
    assert reminders.wake() == 1
    assert "List-Unsubscribe" not in mail_server.messages[0]
    assert "Reply-To" not in mail_server.messages[0]


def test_foreign_letters_and_dots_arrive_as_they_were_written(row, kind, mail_server, client_person):
    Client.objects.update(given_name="Zoë", email="zoe@bücher.example")
    kind.letter = lambda row: type(kind).letter(kind, row).__class__("Grüße", ".\n..a\n.b\n", "<p>ü</p>")
    assert reminders.wake() == 1
    (mail,) = mail_server.messages
    assert mail["Subject"] == "Grüße"
    assert mail["To"].addresses[0].display_name == "Zoë Brandt"
    assert mail["To"].addresses[0].domain == "xn--bcher-kva.example"
    assert mail.get_body(["plain"]).get_content().splitlines() == [".", "..a", ".b"]


def test_dotted_ends_with_one_dot_alone():
    assert dotted(b".a\r\nb\r\n") == b"..a\r\nb\r\n.\r\n"
    assert dotted(b"a\r\n.b") == b"a\r\n..b\r\n.\r\n"


def test_all_mail_of_a_batch_leaves_over_one_connection(make_clients, make_reminder, kind, mail_server, noon):
    for person in make_clients(5):
        make_reminder(person)
    assert reminders.wake() == 5
    assert mail_server.connections == 1


@pytest.mark.parametrize("where", ["recipient", "message"])
def test_a_server_that_says_later_is_asked_later_each_time(where, row, mail_server, noon):
    getattr(mail_server, where)[ADA] = "451 4.7.1 Greylisted, Ada Brandt"
    waits = []
    for _ in range(6):
        reminders.wake()
        row.refresh_from_db()
        waits.append((row.not_before - datetime.datetime.now(datetime.UTC)).total_seconds() / 60)
        before = row.state
        noon.move_to(row.not_before + datetime.timedelta(seconds=1))
    assert [round(wait) for wait in waits[:5]] == [1, 2, 4, 8, 16]
    assert before == "failed"
    assert state(row) == ("failed", "The mail server asked to try again later (451 4.7.1).")
    assert (row.attempts, row.counted) == (6, False)


def test_greylisting_ends_well(row, mail_server, noon):
    mail_server.recipient[ADA] = "450 4.7.1 Greylisted"
    reminders.wake()
    assert state(row)[0] == "planned"
    assert (row.handing_over_at, row.claimed_at, row.claimed_by, row.settled_at) == (None, None, "", None)
    del mail_server.recipient[ADA]
    assert reminders.wake() == 0  # not before its time
    noon.shift(61)
    assert reminders.wake() == 1
    assert row.attempts == 1
    row.refresh_from_db()
    assert row.attempts == 2


def test_an_address_that_does_not_exist_fails_and_stops_mail_there(row, mail_server):
    mail_server.recipient[ADA] = "550 5.1.1 No such user"
    reminders.wake()
    assert state(row) == ("failed", "The mail server knows no such address (550 5.1.1).")
    row.client.refresh_from_db()
    assert row.client.email_bounced_at is not None
    assert AuditEntry.objects.get(verb="client.mail_bounced").actor_machine == "reminders"


def test_an_address_that_was_changed_meanwhile_is_not_marked(row, mail_server, kind):
    mail_server.recipient[ADA] = "550 No such user"
    compose = kind.compose

    def compose_slowly(rows):
        Client.objects.update(email="new@clients.example")
        return compose(rows)

    kind.compose = compose_slowly
    reminders.wake()
    row.client.refresh_from_db()
    assert state(row)[0] == "failed"
    assert row.client.email_bounced_at is None


@pytest.mark.parametrize(
    ("where", "answer", "reason"),
    [
        ("recipient", "550 5.1.8 Sender address rejected", "The mail server refused the recipient (550 5.1.8)."),
        ("recipient", "550 5.3.0 Trouble here", "The mail server refused the recipient (550 5.3.0)."),
        ("recipient", "553 5.7.1 Log in first", "The mail server refused the recipient (553 5.7.1)."),
        ("recipient", "550 relay not permitted", "The mail server refused the recipient (550)."),
        ("recipient", "550 5.7.1 Relaying denied", "The mail server refused the recipient (550 5.7.1)."),
        ("recipient", "552 5.2.2 Mailbox full", "The mail server refused the recipient (552 5.2.2)."),
        ("message", "554 5.6.0 Not like this", "The mail server refused the message (554 5.6.0)."),
        ("message", "550 Spam", "The mail server refused the message (550)."),
    ],
)
def test_a_refusal_that_says_nothing_about_the_address_leaves_it_alone(where, answer, reason, row, mail_server):
    getattr(mail_server, where)[ADA] = answer
    reminders.wake()
    assert state(row) == ("failed", reason)
    row.client.refresh_from_db()
    assert row.client.email_bounced_at is None


def test_one_refused_recipient_holds_up_no_neighbour(row, make_clients, make_reminder, mail_server):
    others = [make_reminder(person, not_before=NOON + datetime.timedelta(0)) for person in make_clients(3)]
    mail_server.recipient[ADA] = "550 5.1.1 No such user"
    assert reminders.wake() == 3
    assert {state(other)[0] for other in others} == {"sent"}
    assert mail_server.connections == 1


def test_a_connection_lost_before_the_message_had_left_is_tried_again(row, mail_server, noon):
    mail_server.drop[ADA] = "rcpt"
    assert reminders.wake() == 0
    assert state(row) == ("planned", "The connection to the mail server broke before the mail had left.")
    assert row.attempts == 1
    mail_server.drop.clear()
    noon.shift(61)
    assert reminders.wake() == 1
    assert len(mail_server.messages) == 1


def test_a_connection_lost_after_the_message_had_left_is_uncertain_and_never_sent_again(
    row, make_clients, make_reminder, mail_server, noon
):
    other = make_reminder(make_clients(1)[0], not_before=NOON + datetime.timedelta(seconds=0))
    mail_server.drop[ADA] = "after_data"
    assert reminders.wake() == 0  # and the rest waits for a server that answers
    assert state(row) == (
        "uncertain", "The mail server took the mail but did not answer: it may or may not have arrived.",
    )  # fmt: skip
    assert state(other)[0] == "planned"
    assert row.counted
    noon.shift(3600)
    assert reminders.wake() == 1
    assert [mail["To"].addresses[0].addr_spec for mail in mail_server.messages] == [ADA, "n0@clients.example"]


def test_a_server_that_takes_the_mail_and_never_answers_is_not_waited_for_for_ever(row, mail_server, settings):
    settings.EMAIL_TIMEOUT = 0.5
    mail_server.seconds = 1.5
    assert reminders.wake() == 0
    assert state(row)[0] == "uncertain"


def test_a_held_connection_that_died_is_opened_again(row, make_clients, make_reminder, mail_server, monkeypatch):
    make_reminder(make_clients(1)[0])
    send = SmtpLine._send

    def cut_after(line, mail):
        outcome = send(line, mail)
        line._server.sock.shutdown(socket.SHUT_RDWR)
        return outcome

    monkeypatch.setattr(SmtpLine, "_send", cut_after)
    assert reminders.wake() == 2
    assert mail_server.connections == 2
    assert len(mail_server.messages) == 2


def test_a_server_that_is_down_costs_no_attempt_and_the_rest_is_given_back(
    row, make_clients, make_reminder, settings, noon
):
    others = [make_reminder(person) for person in make_clients(3)]
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = nobody.getsockname()
        assert reminders.wake() == 0
    assert state(row) == ("planned", "The mail server did not take mail.")
    assert (row.attempts, row.counted) == (0, False)
    server = MailServer.objects.get()
    assert server.rest_until > NOON  # it rests, not the row
    assert server.reason == "The mail server did not take mail."
    assert {(state(other), other.claimed_by, other.not_before) for other in others} == {(("planned", ""), "", NOON)}


@pytest.mark.parametrize("answer", ["530 5.7.0 Log in first", "421 4.3.2 Shutting down"])
def test_a_server_that_wants_no_mail_from_us_is_down(answer, row, mail_server):
    mail_server.sender = answer
    assert reminders.wake() == 0
    assert state(row) == ("planned", f"The mail server did not take mail ({answer[:3]}).")
    assert row.attempts == 0


def test_a_log_in_that_fails_is_the_servers_trouble(row, mail_server, settings, monkeypatch, noon):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "me", "wrong"
    assert reminders.wake() == 0
    assert state(row)[1] == "The mail server did not take mail."  # it knows no log-in at all

    def login(server, user, password):
        raise smtplib.SMTPAuthenticationError(535, b"5.7.8 me is unknown")

    monkeypatch.setattr(smtplib.SMTP, "login", login)
    noon.shift(61)
    assert reminders.wake() == 0
    assert state(row)[1] == "The mail server did not take mail (535)."


def test_a_server_without_encryption_gets_nothing_where_encryption_is_set(row, mail_server, settings):
    settings.EMAIL_USE_TLS = True
    assert reminders.wake() == 0
    assert mail_server.messages == []
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = False, True
    Reminder.objects.update(not_before=NOON)
    assert reminders.wake() == 0
    assert mail_server.messages == []


def test_a_client_certificate_that_cannot_be_read_is_the_servers_trouble(row, mail_server, settings, tmp_path):
    settings.EMAIL_USE_SSL, settings.EMAIL_SSL_CERTFILE = True, str(tmp_path / "none.pem")
    assert reminders.wake() == 0
    assert state(row)[0] == "planned"


def test_hanging_up_on_a_dead_server_is_quiet(row, mail_server, monkeypatch):
    def quit_(server):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(smtplib.SMTP, "quit", quit_)
    assert reminders.wake() == 1


def test_another_mail_backend_of_django_serves_too(row, client_person, mailoutbox, settings):
    assert reminders.wake() == 1
    (mail,) = mailoutbox
    assert (mail.subject, mail.to, mail.body.strip()) == ("Your day", [f"Ada Brandt <{ADA}>"], "Hello Ada Brandt")
    assert mail.extra_headers["Message-ID"].startswith(f"<{row.pk}@")
    assert "List-Unsubscribe" in mail.extra_headers
    assert mail.alternatives[0].mimetype == "text/html"


def test_a_backend_that_fails_may_have_sent_it(row, mailoutbox, monkeypatch):
    def send_messages(backend, messages):
        raise RuntimeError("x")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send_messages)
    reminders.wake()
    assert state(row) == ("uncertain", "The mail service failed (RuntimeError).")


def test_a_server_that_refuses_to_take_data_has_not_taken_it(row, mail_server, monkeypatch):
    answers = {"DATA": (452, b"4.3.1 Disk full")}
    monkeypatch.setattr(smtplib.SMTP, "docmd", lambda server, command: answers.get(command, (250, b"")))
    assert reminders.wake() == 0
    assert state(row) == ("planned", "The mail server asked to try again later (452 4.3.1).")
    assert row.attempts == 1


# --- rows that break --------------------------------------------------------------------------------------------------


def test_a_poison_row_holds_up_no_neighbour(row, make_clients, make_reminder, kind, mail_server, noon):
    healthy = [make_reminder(person) for person in make_clients(3)]

    def compose(rows):
        if any(one.pk == row.pk for one in rows):
            raise ZeroDivisionError
        return type(kind).compose(kind, rows)

    kind.compose = compose
    assert reminders.wake() == 3
    assert {state(one)[0] for one in healthy} == {"sent"}
    assert state(row) == ("planned", "The mail could not be prepared (ZeroDivisionError).")
    for _ in range(5):
        noon.shift(3700)
        Reminder.objects.filter(pk=row.pk).update(not_before=NOON, local_date=datetime.date(2026, 6, 3))
        reminders.wake()
    assert state(row)[0] == "failed"


@pytest.mark.parametrize(
    "change",
    [{"email": "a@b@@"}, {"family_name": "B\r\nBcc: everybody@example.org"}, {"email": "x" * 70 + "@" + "é" * 70}],
)
def test_an_address_or_a_name_that_no_header_can_hold_never_leaves(
    change, row, make_clients, make_reminder, mail_server
):
    make_reminder(make_clients(1)[0])
    Client.objects.filter(pk=row.client_id).update(**change)
    assert reminders.wake() == 1
    assert len(mail_server.messages) == 1
    assert "could not be prepared" in state(row)[1]


def test_the_database_being_away_is_no_rows_fault(row, kind, mail_server):
    def unwanted(rows):
        raise OperationalError("gone")

    kind.unwanted = unwanted
    with pytest.raises(OperationalError):
        reminders.wake()
    assert state(row) == ("planned", "")
    assert (row.attempts, row.claimed_by) == (0, "")


# --- the loop ---------------------------------------------------------------------------------------------------------


def test_a_check_is_good_for_a_moment_only(row, make_clients, make_reminder, kind, mail_server, settings):
    settings.CLINIC = {"reminders": {"fresh_for": datetime.timedelta(microseconds=1)}}
    later = make_reminder(make_clients(1)[0], not_before=NOON)
    asked = []
    unwanted = kind.unwanted

    def unwanted_later(rows):
        asked.append(len(rows))
        if len(asked) == 2:
            kind.against[later.client_id] = "Changed a moment ago."
        return unwanted(rows)

    kind.unwanted = unwanted_later
    monotonic = iter(range(1000))
    engine.time, saved = type("Clock", (), {"monotonic": staticmethod(lambda: next(monotonic) / 2e6)}), engine.time
    try:
        reminders.wake()
    finally:
        engine.time = saved
    assert asked[0] == 2
    assert state(later) == ("skipped", "Changed a moment ago.")
    assert state(row)[0] == "sent"


def test_it_stops_when_its_time_is_up(row, mail_server, settings):
    settings.CLINIC = {"reminders": {"budget": datetime.timedelta(0)}}
    assert reminders.wake() == 0
    assert state(row)[0] == "planned"


def test_a_second_thread_of_a_process_leaves_the_work_to_the_first(row, kind, mail_server):
    found = []

    def compose(rows):
        thread = threading.Thread(target=lambda: found.append(engine.drain(time.monotonic() + 60)))
        thread.start()
        thread.join(5)
        return type(kind).compose(kind, rows)

    kind.compose = compose
    assert reminders.wake() == 1
    assert found == [0]


def test_a_row_that_was_taken_back_meanwhile_is_not_sent(row, kind, mail_server):
    def compose(rows):
        Reminder.objects.update(state="planned", claimed_by="", not_before=NOON + datetime.timedelta(hours=1))
        return type(kind).compose(kind, rows)

    kind.compose = compose
    assert reminders.wake() == 0
    assert mail_server.messages == []
    assert state(row)[0] == "planned"


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_a_batch(count, make_clients, make_reminder, kind, mail_server, noon, django_assert_num_queries):
    for person in make_clients(count):
        make_reminder(person)
    # whether the server rests, whether anything is due, at which practices; claim, load (2); booking at the domain (6);
    # the end of the last; nothing due any more, release, count what was done. One more for each mail (the begin of one
    # with the end of the one before), which goes past Django's counter.
    with django_assert_num_queries(16):
        assert engine.drain(time.monotonic() + 60) == count


# --- a database that goes away in the wrong moment --------------------------------------------------------------------


@pytest.fixture
def failing(monkeypatch):
    """`failing("hand_over", 1)`: the second time that it is asked, the database is gone."""

    def failing(name, times):
        really, asked = getattr(engine.settle, name), []

        def sometimes(*arguments, **more):
            asked.append(name)
            if len(asked) == times + 1:
                raise OperationalError("gone")
            return really(*arguments, **more)

        monkeypatch.setattr(engine.settle, name, sometimes)

    return failing


def test_what_became_of_a_mail_is_written_when_the_database_is_back(
    row, make_clients, make_reminder, mail_server, failing
):
    other = make_reminder(make_clients(1)[0])
    failing("hand_over", 1)
    with pytest.raises(OperationalError):
        reminders.wake()
    assert len(mail_server.messages) == 1
    sweep(NOON + datetime.timedelta(minutes=11))  # somebody else has already called it uncertain
    assert state(row)[0] == "uncertain"
    assert reminders.wake() == 1
    assert state(row) == state(other) == ("sent", "")
    assert len(mail_server.messages) == 2


def test_the_last_of_a_batch_is_written_later_too(row, mail_server, failing):
    failing("settle", 1)  # the first writes what was held back: nothing
    with pytest.raises(OperationalError):
        reminders.wake()
    assert state(row)[0] == "claimed"
    reminders.wake()
    assert state(row) == ("sent", "")
    assert len(mail_server.messages) == 1


def test_a_mark_that_may_or_may_not_be_written_is_taken_back(row, mail_server, monkeypatch):
    hand_over = engine.settle.hand_over

    def written_and_then_gone(*arguments, **more):
        hand_over(*arguments, **more)
        raise OperationalError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(engine.settle, "hand_over", written_and_then_gone)
        with pytest.raises(OperationalError):
            reminders.wake()
    assert mail_server.messages == []
    assert reminders.wake() == 1
    assert state(row) == ("sent", "")


@pytest.mark.parametrize("name", ["Ada\u00a0Maria", "\u202eAda", "نور\u200cا", "A" * 80, "Å" * 20])
def test_a_name_in_any_script_reaches_the_header_as_it_is(row, mail_server, name):
    Client.objects.update(given_name=name)
    assert reminders.wake() == 1
    assert mail_server.messages[0]["To"].addresses[0].display_name == f"{name} Brandt"


@pytest.mark.parametrize(
    ("answer", "reports"),
    [
        ("550 5.1.1 No such user", [("bounced", True, "5.1.1")]),
        ("552 5.2.2 Mailbox full", [("bounced", False, "5.2.2")]),
        ("550 relay not permitted", [("bounced", False, "550")]),
        ("550 5.1.8 Sender address rejected", []),  # our own fault
        ("550 5.7.1 Relaying denied", []),
    ],
)
def test_a_refusal_is_a_report_only_where_it_is_about_the_address(answer, reports, row, mail_server):
    mail_server.recipient[ADA] = answer
    reminders.wake()
    assert list(DeliveryEvent.objects.values_list("what", "permanent", "code")) == reports


@pytest.mark.parametrize("gone", [OperationalError, InternalError])
@pytest.mark.parametrize("name", ["breaker.answered", "breaker.failed", "clock.now"])
def test_an_answer_of_the_mail_server_is_kept_whatever_fails_after_it(
    name, gone, row, mail_server, monkeypatch, kind, noon
):
    """A primary that became read-only says InternalError."""
    if name == "breaker.failed":
        mail_server.sender = "421 4.3.2 Shutting down"
    elif name == "breaker.answered":
        engine.breaker.failed(NOON - datetime.timedelta(minutes=1), "It was down.", trial=False)
    module, function = getattr(engine, name.partition(".")[0]), name.partition(".")[2]
    send = SmtpLine.send

    def fail(*_, **__):
        raise gone

    with monkeypatch.context() as broken:

        def send_and_lose_the_database(line, mail):
            broken.setattr(module, function, fail)
            return send(line, mail)

        broken.setattr(SmtpLine, "send", send_and_lose_the_database)
        with pytest.raises(gone):
            reminders.wake()
    assert state(row)[0] == "claimed"
    noon.shift(1)
    reminders.wake()
    assert state(row)[0] == ("planned" if name == "breaker.failed" else "sent")
    assert engine._owed == []
    assert len(mail_server.messages) == (name != "breaker.failed")


def test_a_round_ends_when_its_time_is_up_also_within_a_batch(make_clients, make_reminder, kind, mail_server, noon):
    mail_server.seconds = 0.1
    for person in make_clients(20):
        make_reminder(person)
    assert 1 <= engine.drain(time.monotonic() + 0.3) < 8
    assert not Reminder.objects.filter(state="claimed").exists()
    assert not engine._owed


def test_a_tick_ends_when_its_time_is_up_however_much_there_is_to_plan(row, mail_server, settings, monkeypatch):
    settings.CLINIC = {"reminders": {"budget": datetime.timedelta(seconds=0.2)}}
    planned = []

    def endless(now):
        while True:
            time.sleep(0.05)
            planned.append(now)
            yield 1

    # The package has a function of the module's name.
    monkeypatch.setattr(sys.modules["clinic.services.reminders.wake"], "portions", endless)
    assert reminders.wake() == 1  # what a portion made does not wait for the rest
    assert 2 <= len(planned) <= 8
