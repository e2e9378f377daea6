"""Sender, recipient and DATA in one packet, where the server takes that; and whatever it answers to one of them."""

import pytest

from clinic.models import Client, MailServer
from clinic.services import reminders
from clinic.services.reminders import smtp
from tests.smtp_sink import Sink

ADA, BEN = "ada@clients.example", "n0@clients.example"


@pytest.fixture
def sink(tmp_path, settings):
    server = Sink(tmp_path)
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    yield server
    server.kill()


@pytest.fixture
def rows(client_person, make_clients, make_reminder, kind, noon):
    return [make_reminder(client_person), make_reminder(make_clients(1)[0])]


@pytest.fixture
def packets(monkeypatch):
    """What was sent at once, up to each message."""
    sent = []

    def ask_at_once(server, commands):
        sent.append([command.split(":")[0] for command in commands])
        return asked(server, commands)

    asked = smtp.ask_at_once
    monkeypatch.setattr(smtp, "ask_at_once", ask_at_once)
    return sent


def became(row):
    row.refresh_from_db()
    return row.state, row.reason


def test_three_commands_go_in_one_packet(rows, sink, packets):
    assert reminders.wake() == 2
    assert packets == [["MAIL FROM", "RCPT TO", "DATA"]] * 2
    assert [to for _, to in sink.accepted()] == [ADA, BEN]


def test_a_server_that_does_not_offer_it_is_asked_step_by_step(rows, sink, packets):
    sink.obey({"at": "ehlo", "answer": "250 sink"})
    assert reminders.wake() == 2
    assert packets == []


@pytest.mark.parametrize("data", ["503 5.5.1 No recipient", "554 5.5.1 No recipient", "354 Go ahead"])
def test_a_refused_recipient_gets_no_message_and_holds_up_nobody(data, rows, sink):
    sink.obey({"at": "rcpt", "to": ADA, "answer": "550 5.1.1 Nobody"}, {"at": "data", "to": ADA, "answer": data})
    assert reminders.wake() == 1
    assert became(rows[0]) == ("failed", "The mail server knows no such address (550 5.1.1).")
    assert [to for _, to in sink.accepted()] == [BEN]
    assert Client.objects.get(pk=rows[0].client_id).email_bounced_at


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"at": "rcpt", "answer": "451 4.7.1 Later"}, "The mail server asked to try again later (451 4.7.1)."),
        ({"at": "data", "answer": "451 4.3.0 Later"}, "The mail server asked to try again later (451 4.3.0)."),
        ({"at": "dot", "answer": "452 4.3.1 Full"}, "The mail server asked to try again later (452 4.3.1)."),
    ],
)
def test_later_means_later_at_each_step(rule, reason, rows, sink):
    sink.obey({**rule, "to": ADA})
    assert reminders.wake() == 1
    assert became(rows[0]) == ("planned", reason)
    assert became(rows[1])[0] == "sent"


@pytest.mark.parametrize("at", ["mail", "rcpt", "data"])
def test_a_server_that_says_good_bye_at_any_step_is_down(at, rows, sink):
    sink.obey({"at": at, "answer": "421 4.3.2 Shutting down"})
    assert reminders.wake() == 0
    assert became(rows[0]) == ("planned", "The mail server did not take mail (421).")
    assert (rows[0].attempts, MailServer.objects.get().failures) == (0, 1)


def test_a_sender_that_is_refused_is_the_servers_trouble(rows, sink):
    sink.obey({"at": "mail", "answer": "530 5.7.0 Log in first"})
    assert reminders.wake() == 0
    assert {became(row)[0] for row in rows} == {"planned"}
    assert sink.count() == 0


@pytest.mark.parametrize("trouble", [{"do": "drop"}, {"answer": "421 4.3.2 Good bye"}])
def test_a_connection_lost_while_starting_over_holds_up_nobody(trouble, rows, sink):
    refuse = {"at": "rcpt", "to": ADA, "answer": "550 5.7.1 Not you"}
    no_message = {"at": "data", "to": ADA, "answer": "503 5.5.1 No recipient"}
    sink.obey(refuse, no_message, {"at": "rset", **trouble})
    assert reminders.wake() == 1
    assert became(rows[0])[0] == "failed"
    assert became(rows[1])[0] == "sent"
