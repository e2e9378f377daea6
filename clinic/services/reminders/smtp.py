"""Step 4: one SMTP connection, held open, that always knows whether a message can have left.

Python's `sendmail` cannot say in which step it broke. Before the final dot of DATA nothing was accepted, so the mail
may be sent again; after it, only the server's answer tells.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Sequence
from typing import Self

from django.conf import settings

from clinic.services.reminders.message import Mail
from clinic.services.reminders.outcome import BROKEN_OFF, SENT, UNANSWERED, Outcome, refused, server_down

CLOSING = 421
Reply = tuple[int, bytes]
BROKEN = (OSError, smtplib.SMTPException)  # ssl.SSLError and time-outs are OSErrors


class ServerDown(Exception):
    """No connection, or the server wants no mail from us: the mail itself has nothing to do with it."""

    def __init__(self, code: int | None = None) -> None:
        self.code = code


class Refused(Exception):
    """This mail was not wanted. `in_data`: the server nevertheless waits for a message."""

    def __init__(self, outcome: Outcome, *, in_data: bool = False) -> None:
        self.outcome = outcome
        self.in_data = in_data


class SmtpLine:
    """Sends by Django's EMAIL_… settings. A context manager; connects when the first mail comes."""

    def __init__(self) -> None:
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        if self._server is not None:
            with contextlib.suppress(*BROKEN):
                self._server.quit()
        self._hang_up()

    def send(self, mail: Mail) -> Outcome:
        """Hand over one message. Never raises for what the network or the server does."""
        was_held = self._server is not None
        try:
            return self._send(mail)
        except Refused as answer:
            self._start_over(answer)
            return answer.outcome
        except ServerDown as trouble:
            outcome = server_down(trouble.code)
        except BROKEN:
            outcome = BROKEN_OFF
        self._hang_up()
        # A held connection may have died or be used up meanwhile: nothing has left, so once more over a new one.
        return self.send(mail) if was_held else outcome

    def _send(self, mail: Mail) -> Outcome:
        """Raises Refused, ServerDown or one of BROKEN only while nothing can have left."""
        server = self._server = self._server or connect()
        hand_in(server, mail)
        server.send(dotted(mail.data))  # all of it or an exception: without the last dot nothing was accepted
        return self._verdict(server)

    def _verdict(self, server: smtplib.SMTP) -> Outcome:
        try:
            code, answer = server.getreply()
        except BROKEN:
            self._hang_up()
            return UNANSWERED
        return SENT if code == 250 else refused(code, answer, recipient=False)

    def _start_over(self, answer: Refused) -> None:
        """Ready for the next mail; hanging up is the only way out of a message for nobody (RFC 2920, 3.1)."""
        try:
            usable = not answer.in_data and self._server is not None and self._server.rset()[0] == 250
        except BROKEN:
            usable = False
        if not usable:
            self._hang_up()

    def _hang_up(self) -> None:
        """Without a word: a server that is in trouble, or in the middle of a message, would not answer it."""
        if self._server is not None:
            self._server.close()
            self._server = None


def hand_in(server: smtplib.SMTP, mail: Mail) -> None:
    """Sender, recipient and DATA, up to the server's “go ahead”. Raises ServerDown or Refused."""
    commands = [f"MAIL FROM:<{mail.sender}>", f"RCPT TO:<{mail.to}>", "DATA"]
    taken, recipient, go_ahead = (ask_at_once if server.has_extn("pipelining") else ask)(server, commands)
    for code, _ in (taken, recipient, go_ahead):
        if code == CLOSING or taken[0] != 250:
            raise ServerDown(code)
    if recipient[0] not in (250, 251):
        raise Refused(refused(*recipient, recipient=True), in_data=go_ahead[0] == 354)
    if go_ahead[0] != 354:
        raise Refused(refused(*go_ahead, recipient=False))


def ask_at_once(server: smtplib.SMTP, commands: Sequence[str]) -> list[Reply]:
    """All commands in one packet, as a server that says PIPELINING takes them (RFC 2920)."""
    server.send("".join(f"{command}\r\n" for command in commands))
    return [server.getreply() for _ in commands]


def ask(server: smtplib.SMTP, commands: Sequence[str]) -> list[Reply]:
    """One after the other; what follows a refusal is not asked, and counts as refused."""
    replies: list[Reply] = []
    for command in commands:
        refused_before = bool(replies) and replies[-1][0] >= 400
        replies.append(replies[-1] if refused_before else server.docmd(command))
    return replies


def connect() -> smtplib.SMTP:
    """A connection, encrypted and logged in as the settings say. Raises ServerDown."""
    try:
        server = _open()
        try:
            _log_in(server)
        except BROKEN:
            server.close()
            raise
    except smtplib.SMTPResponseException as error:
        raise ServerDown(error.smtp_code) from error
    except BROKEN as error:
        raise ServerDown from error
    return server


def _log_in(server: smtplib.SMTP) -> None:
    if settings.EMAIL_USE_TLS:
        server.starttls(context=_tls())
    if settings.EMAIL_HOST_USER:
        server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    server.ehlo_or_helo_if_needed()


def _open() -> smtplib.SMTP:
    host, port, timeout = settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT or 20
    if settings.EMAIL_USE_SSL:
        return smtplib.SMTP_SSL(host, port, timeout=timeout, context=_tls())
    return smtplib.SMTP(host, port, timeout=timeout)


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.EMAIL_SSL_CERTFILE:
        context.load_cert_chain(settings.EMAIL_SSL_CERTFILE, settings.EMAIL_SSL_KEYFILE)
    return context


def dotted(data: bytes) -> bytes:
    """As DATA wants it: a line that begins with a dot gets another, a dot alone ends the message (RFC 5321, 4.5.2)."""
    return re.sub(rb"(?m)^\.", b"..", data) + (b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n")
