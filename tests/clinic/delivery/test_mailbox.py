"""Mail that comes back, read from a real IMAP server: told by the token in its address, and by nothing else."""

import datetime
import imaplib
import itertools
import random
import uuid

import pytest
from django.db import OperationalError

from clinic import tasks
from clinic.models import Client, DeliveryEvent, Reminder
from clinic.services import delivery
from clinic.services.delivery import bounces, mailbox
from clinic.services.delivery.addresses import LONGEST_LOCAL_PART, read_token, return_path, token
from clinic.services.delivery.codes import code_in, is_permanent
from tests.clinic.delivery import reports
from tests.clinic.delivery.conftest import NOW
from tests.clinic.delivery.imap_server import ImapServer


@pytest.fixture(scope="module")
def imap_process():
    server = ImapServer()
    yield server
    server.stop()


@pytest.fixture
def imap(imap_process, settings):
    imap_process.empty()
    settings.MAIL_BOUNCE_ADDRESS = "bounces@clinic.example"
    settings.BOUNCE_MAILBOX_URL = imap_process.url
    return imap_process


@pytest.fixture
def to(row, settings):
    settings.MAIL_BOUNCE_ADDRESS = "bounces@clinic.example"
    return return_path(row, otherwise="-")


def events():
    return list(DeliveryEvent.objects.order_by("what").values_list("what", "permanent", "code", "source"))


def end(row):
    row.refresh_from_db()
    person = Client.objects.get()
    return row.state, person.email_bounced_at is not None, person.reminders_stopped_at is not None


# --- the address ------------------------------------------------------------------------------------------------------


def test_the_envelope_sender_names_the_mail_and_fits(row, settings):
    settings.MAIL_BOUNCE_ADDRESS = "b" * LONGEST_LOCAL_PART + "@clinic.example"
    address = return_path(row, otherwise="-")
    local, _, domain = address.rpartition("@")
    assert (len(local), domain) == (64, "clinic.example")
    assert local == local.lower()
    assert "ada" not in local
    assert read_token(address.encode()).reminder == row.pk
    assert read_token(address.upper().encode()).reminder == row.pk


def test_without_a_bounce_address_the_sender_stays(row, settings):
    settings.MAIL_BOUNCE_ADDRESS = ""
    assert return_path(row, otherwise="mail@clinic.example") == "mail@clinic.example"


def test_the_environment_knows_how_long_an_address_may_be():
    from clinic.config import mail

    assert mail.LONGEST_LOCAL_PART == LONGEST_LOCAL_PART


def test_no_letter_of_a_token_can_be_changed(row):
    good = token(row)
    for place in range(len(good)):
        for letter in "a7":
            forged = good[:place] + letter + good[place + 1 :]
            assert forged == good or read_token(f"bounces+{forged}@x".encode()) is None


def test_a_token_outlives_a_change_of_the_secret_key(row, settings):
    made = f"b+{token(row)}@x".encode()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]
    assert read_token(made).reminder == row.pk
    settings.SECRET_KEY_FALLBACKS = []
    assert read_token(made) is None


# --- what comes back --------------------------------------------------------------------------------------------------

GONE = ("bounced", True)
FULL = ("bounced", False)


@pytest.mark.parametrize(
    ("write", "expected", "code"),
    [
        (reports.postfix, GONE, "5.1.1"),
        (lambda to: reports.postfix(to, original=False), GONE, "5.1.1"),
        (lambda to: reports.postfix(to, "5.2.2"), FULL, "5.2.2"),
        (lambda to: reports.postfix(to, "5.7.1"), FULL, "5.7.1"),
        (lambda to: reports.postfix(to, "4.4.1"), FULL, "4.4.1"),
        (lambda to: reports.postfix(to, "4.4.1", "delayed"), ("deferred", False), "4.4.1"),
        (lambda to: reports.postfix(to, "2.0.0", "delivered (to mailbox)"), ("delivered", False), "2.0.0"),
        (reports.exim, GONE, "5.1.1"),
        (reports.gmail, GONE, "5.1.1"),
        (reports.exchange, GONE, "5.1.10"),
        (reports.qmail, GONE, "5.1.1"),
        (lambda to: reports.qmail(to, "550 no such user"), FULL, "550"),
        (lambda to: reports.qmail(to, "451 later"), ("deferred", False), "451"),
        (reports.complaint, ("complained", False), ""),
    ],
)
def test_mail_systems_say_it_in_their_ways(write, expected, code, imap, to, row):
    imap.put(write(to))
    assert delivery.read_mailbox() == 1
    assert events() == [(*expected, code, "mailbox")]
    assert end(row) == ("sent", expected == GONE, expected[0] == "complained")
    assert imap.unread() == 0
    assert DeliveryEvent.objects.get().reminder == row.pk


@pytest.mark.parametrize(
    "write",
    [
        reports.holiday_note,
        reports.receipt,
        lambda to: reports.complaint(to, "not-spam"),
        lambda to: reports.postfix(to, action="relayed"),
        lambda to: reports.postfix(to, action=""),
        lambda to: reports.qmail(to, "go away"),
        lambda to: reports.qmail(to).replace(b"Date:", b"Auto-Submitted: auto-replied\nDate:"),
        lambda to: b"Subject: hi\n\nI am a person and know this address: " + to.encode(),
        lambda to: b"To: " + to.encode(),
        lambda to: b"From: MAILER-DAEMON\nTo: " + to.encode() + b"\nContent-Type: multipart/mixed\n\n5.1.1",
    ],
)
def test_other_mail_is_put_aside(write, imap, to, row):
    imap.put(write(to))
    assert delivery.read_mailbox() == 0
    assert events() == []
    assert imap.unread() == 0


def test_a_forged_token_does_nothing(imap, to, row):
    named, _, domain = to.rpartition("@")
    for forged in (
        f"{named[:-1]}a@{domain}",
        f"bounces+{'a' * 47}@{domain}",
        f"bounces+{row.pk}@{domain}",
        f"b@{domain}",
    ):
        if forged != to:
            imap.put(reports.postfix(f"{forged}@{domain}"))
    assert delivery.read_mailbox() == 0
    assert events() == []
    assert imap.unread() == 0


def test_a_token_of_a_mail_that_is_gone_does_nothing(imap, to, row):
    Reminder.objects.all().delete()
    imap.put(reports.postfix(to))
    assert delivery.read_mailbox() == 0
    assert imap.unread() == 0


def test_an_address_that_was_changed_meanwhile_is_not_blamed(imap, to, row):
    Client.objects.update(email="new@clients.example")
    imap.put(reports.postfix(to))
    assert delivery.read_mailbox() == 1
    assert end(row) == ("sent", False, False)


def test_the_same_report_again_is_no_news(imap, to, row):
    for _ in range(3):
        imap.put(reports.postfix(to))
        imap.put(reports.qmail(to))  # it has no Message-ID
    assert delivery.read_mailbox() == 2
    assert len(events()) == 2


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_any_order_leads_to_the_same_end(order, imap, to, row):
    Reminder.objects.update(state="uncertain")
    letters = [reports.postfix(to, "2.0.0", "delivered", name="<d@x>"), reports.postfix(to), reports.complaint(to)]
    for number in order:
        imap.put(letters[number])
        delivery.read_mailbox()
    assert end(row) == ("sent", True, True)


def test_an_uncertain_mail_that_came_back_has_failed(imap, to, row):
    Reminder.objects.update(state="uncertain")
    imap.put(reports.postfix(to))
    delivery.read_mailbox()
    assert end(row)[0] == "failed"


# --- trouble ----------------------------------------------------------------------------------------------------------


def test_what_was_not_stored_stays_unread_and_comes_again(imap, to, row, monkeypatch):
    imap.put(reports.postfix(to))
    with monkeypatch.context() as broken:

        def note(report):
            raise OperationalError

        broken.setattr(mailbox, "note", note)
        with pytest.raises(OperationalError):
            delivery.read_mailbox()
    assert imap.unread() == 1
    assert delivery.read_mailbox() == 1
    assert imap.unread() == 0


def test_a_mail_box_that_cannot_be_marked_gives_the_same_report_again_and_once(imap, to, row, monkeypatch):
    imap.put(reports.postfix(to))
    uid = imaplib.IMAP4.uid

    def refuse_store(self, command, *args):
        return ("NO", [b""]) if command == "STORE" else uid(self, command, *args)

    with monkeypatch.context() as broken:
        broken.setattr(imaplib.IMAP4, "uid", refuse_store)
        with pytest.raises(delivery.Unreachable):
            delivery.read_mailbox()
    assert (imap.unread(), len(events())) == (1, 1)
    assert delivery.read_mailbox() == 0
    assert (imap.unread(), len(events())) == (0, 1)


def test_a_letter_that_breaks_the_parser_holds_up_no_neighbour(imap, to, row, monkeypatch, caplog):
    read = bounces.read

    def sometimes(raw, now):
        if b"poison" in raw:
            raise LookupError("ada@clients.example")
        return read(raw, now)

    monkeypatch.setattr(bounces, "read", sometimes)
    imap.put(b"Subject: poison\n\n" + to.encode())
    imap.put(reports.postfix(to))
    assert delivery.read_mailbox() == 1
    assert imap.unread() == 0
    assert "(LookupError)" in caplog.text
    assert "ada@" not in caplog.text


def test_garbage_does_no_harm(to):
    """Reports with bytes missing, doubled and changed: read or not, but never an error."""
    chance = random.Random(4)
    written = [reports.postfix(to), reports.exim(to), reports.complaint(to), reports.qmail(to), reports.receipt(to)]
    for _ in range(400):
        raw = bytearray(chance.choice(written))
        for _ in range(chance.randrange(1, 12)):
            place = chance.randrange(len(raw))
            raw[place : place + chance.randrange(30)] = chance.randbytes(chance.randrange(8))
        bounces.read(bytes(raw), NOW)


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Wed, 03 Jun 2099 09:30:00 +0000", "Mon, 01 Jan 1990 00:00:00 +0000"]
)
def test_a_date_that_cannot_be_is_now(date, to):
    raw = reports.postfix(to).replace(reports.DATE.encode(), date.encode())
    assert bounces.read(raw, NOW).happened_at == NOW


def test_a_date_without_a_zone_is_taken_as_utc(to):
    raw = reports.postfix(to).replace(reports.DATE.encode(), b"Wed, 03 Jun 2026 09:30:00 -0000")
    assert bounces.read(raw, NOW).happened_at == NOW - datetime.timedelta(minutes=30)


def test_a_huge_letter_is_read_at_its_beginning_only(imap, to, row):
    imap.put(reports.postfix(to) + b"x" * 70 + (b"\n" + b"y" * 70) * 12_000)
    assert delivery.read_mailbox() == 1


def test_many_letters_are_read_in_turns(imap, to, row, monkeypatch):
    monkeypatch.setattr(mailbox, "AT_ONCE", 2)
    for number in range(3):
        imap.put(reports.postfix(to, name=f"<{number}@x>"))
    assert [delivery.read_mailbox() for _ in range(3)] == [2, 1, 0]


def test_without_a_mailbox_nothing_is_read(settings, db):
    settings.BOUNCE_MAILBOX_URL = ""
    assert delivery.read_mailbox() == 0


@pytest.mark.parametrize(("old", "new"), [("word", "wrong"), ("INBOX", "None"), ("imap://", "imaps://")])
def test_a_mailbox_that_cannot_be_opened_is_told_without_its_password(old, new, imap, settings, caplog, db):
    settings.BOUNCE_MAILBOX_URL = imap.url.replace(old, new)
    tasks.read_delivery_reports()
    assert "The bounce mailbox cannot be read" in caplog.text
    assert "wrong" not in caplog.text
    assert "pass" not in caplog.text


def test_the_clock_has_reports_read(imap, to, row, settings):
    imap.put(reports.postfix(to))
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.read_delivery_reports.name in names
    tasks.read_delivery_reports()
    assert len(events()) == 1


# --- codes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("550 5.1.1 unknown", "5.1.1"), ("550-5.1.1 unknown", "5.1.1"), ("smtp;550 5.1.10 x", "5.1.10"),
        ("(5.2.1)", "5.2.1"), ("host 5.1.2.3 said no", ""), ("15.1.1", ""), ("3.1.1", ""), ("", ""),
        ("see 192.0.2.1: 4.7.0", "4.7.0"), ("ended with 5.1.1.", "5.1.1"),
    ],
)  # fmt: skip
def test_a_code_is_found(text, code):
    assert code_in(text) == code


@pytest.mark.parametrize(
    ("code", "permanent"),
    [
        ("5.1.1", True), ("5.1.2", True), ("5.1.10", True), ("5.2.1", True), ("5.4.1", True), ("5.4.4", True),
        ("5.2.2", False), ("5.2.20", True), ("5.3.4", False), ("5.4.7", False), ("5.4.310", True), ("5.4.300", False),
        ("5.5.1", False), ("5.6.0", False), ("5.7.26", False), ("5.0.0", False), ("4.1.1", False), ("550", False),
        ("", False),
    ],
)  # fmt: skip
def test_what_will_not_get_better(code, permanent):
    assert is_permanent(code) is permanent


def test_a_stranger_cannot_make_a_token_for_another_mail(row):
    other = Reminder(pk=uuid.uuid4(), client=row.client)
    assert token(other)[:26] != token(row)[:26]
    assert read_token(f"b+{token(other)[:34]}{token(row)[34:]}@x".encode()) is None
