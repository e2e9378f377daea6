"""All the way round by SMTP: the envelope sender of a real mail, and what a real mailbox then holds for it."""

import pytest

from clinic.models import Client, DeliveryEvent
from clinic.reminders import kinds
from clinic.services import delivery, reminders
from tests.clinic.delivery import reports
from tests.clinic.delivery.imap_server import ImapServer
from tests.clinic.reminders.faulty_server import FaultyServer
from tests.clinic.reminders.plain_kind import PlainKind


class Server(FaultyServer):
    """Keeps the envelope senders, too."""

    def __init__(self):
        super().__init__()
        self.senders = []

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.senders.append(address)
        return await super().handle_MAIL(server, session, envelope, address, options)


@pytest.fixture
def smtp(settings):
    server = Server()
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    yield server
    server.stop()


@pytest.fixture
def due(client_person, make_reminder):
    with kinds.temporarily(PlainKind()):
        yield make_reminder(client_person, state="planned", handing_over_at=None, settled_at=None)


def test_a_mail_that_comes_back_stops_the_next(due, smtp, settings, make_reminder):
    imap = ImapServer()
    try:
        settings.MAIL_BOUNCE_ADDRESS, settings.BOUNCE_MAILBOX_URL = "bounces@mail.example", imap.url
        assert reminders.wake() == 1
        assert smtp.messages[0]["From"].endswith("<no-reply@localhost>")
        (sender,) = smtp.senders
        assert sender.startswith("bounces+")
        imap.put(reports.postfix(sender))
        assert delivery.read_mailbox() == 1
    finally:
        imap.stop()
    requested = make_reminder(due.client, state="planned", handing_over_at=None, settled_at=None)
    assert reminders.wake() == 0
    requested.refresh_from_db()
    assert (requested.state, requested.reason) == ("skipped", "Mail to the client's address came back.")


def test_a_refusal_while_sending_is_a_report(due, smtp):
    smtp.recipient["ada@clients.example"] = "550 5.1.1 No such user"
    reminders.wake()
    event = DeliveryEvent.objects.get()
    assert (event.source, event.what, event.permanent, event.code) == ("smtp", "bounced", True, "5.1.1")
    assert event.reminder == due.pk
    assert Client.objects.get().email_bounced_at is not None
