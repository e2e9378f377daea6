"""The bounce mailbox, read by IMAP. A message counts as read only after what it says is stored."""

from __future__ import annotations

import contextlib
import imaplib
import logging
import ssl
from collections.abc import Iterator
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from clinic.services.delivery import bounces
from clinic.services.delivery.events import Report, note

logger = logging.getLogger(__name__)

PLAIN_PORT, TLS_PORT = 143, 993
SECONDS = 20
AT_ONCE = 200  # messages
LONGEST = 256 * 1024  # bytes: the report stands before the mail that came back

Connection = imaplib.IMAP4


class Unreachable(Exception):
    """The mailbox cannot be opened or read."""


def read_mailbox() -> int:
    """Note what the unread messages say; returns how many reports were new. 0 where no mailbox is set.

    Raises Unreachable. What was not marked as read comes again, and is stored once.
    """
    url: str = getattr(settings, "BOUNCE_MAILBOX_URL", "")
    if not url:
        return 0
    try:
        with _opened(urlsplit(url)) as mailbox:
            return sum(_handle(mailbox, uid) for uid in _unread(mailbox))
    except (OSError, imaplib.IMAP4.error) as error:
        # Its text may hold the log-in.
        raise Unreachable(f"The bounce mailbox cannot be read ({type(error).__name__}).") from None


@contextlib.contextmanager
def _opened(url: SplitResult) -> Iterator[Connection]:
    mailbox = _connected(url)
    try:
        mailbox.login(unquote(url.username or ""), unquote(url.password or ""))
        _checked(mailbox.select('"{}"'.format(unquote(url.path.strip("/")) or "INBOX")))
        yield mailbox
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            mailbox.logout()


def _connected(url: SplitResult) -> Connection:
    host = url.hostname or ""
    if url.scheme == "imap":  # only to this machine: the environment is checked for it
        return imaplib.IMAP4(host, url.port or PLAIN_PORT, timeout=SECONDS)
    context = ssl.create_default_context()
    return imaplib.IMAP4_SSL(host, url.port or TLS_PORT, ssl_context=context, timeout=SECONDS)


def _unread(mailbox: Connection) -> list[str]:
    (found,) = _checked(mailbox.uid("SEARCH", "UNSEEN"))
    return [uid.decode() for uid in (found or b"").split()][:AT_ONCE]


def _handle(mailbox: Connection, uid: str) -> bool:
    report = _read(_fetch(mailbox, uid))
    is_new = note(report) if report else False
    _checked(mailbox.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
    return is_new


def _fetch(mailbox: Connection, uid: str) -> bytes:
    """The beginning of a message; empty for one that is gone."""
    answer = _checked(mailbox.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LONGEST}>)"))
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")


def _read(raw: bytes) -> Report | None:
    try:
        return bounces.read(raw, timezone.now())
    except Exception as error:  # Python's own parser has its faults; one message must not hold up the others
        logger.warning("A message of the bounce mailbox could not be read (%s).", type(error).__name__)
        return None


def _checked(answer: tuple[str, list]) -> list:  # type: ignore[type-arg]
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error
    return data
