"""A row and its letter as a message with addresses and headers."""

from __future__ import annotations

import re
import secrets
import uuid
from base64 import encodebytes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.header import Header
from email.message import MIMEPart
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email

from clinic import links
from clinic.models import Client, Reminder
from clinic.reminders import Image, Letter, ReminderKind
from clinic.services import clock
from clinic.services.delivery import return_path

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LONGEST_LINE = 990  # the mail system's own limit is 998


@dataclass(frozen=True, slots=True)
class Mail:
    """What goes over the line: envelope, ready headers, both bodies, and all of it as bytes."""

    row: uuid.UUID
    sender: str
    to: str
    headers: Mapping[str, str]
    letter: Letter
    data: bytes


def build(row: Reminder, letter: Letter, kind: ReminderKind) -> Mail:
    """Raises ValueError or ValidationError for what no header can hold, such as a line break or a broken address."""
    sender = address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    to = address(row.client.email)
    headers = {
        "Subject": encoded(letter.subject),
        "From": mailbox(row.practice.mail_name or row.practice.name, sender),
        "To": mailbox(str(row.client), to),
        **({"Reply-To": mailbox(row.practice.name, address(row.practice.reply_to))} if row.practice.reply_to else {}),
        "Date": format_datetime(clock.now()),
        "Message-ID": message_id(row, sender),
        "Auto-Submitted": "auto-generated",
        **({} if kind.requested else unsubscribe_headers(letter.unsubscribe_url or unsubscribe_link(row.client))),
        **{name: encoded(value) for name, value in letter.headers.items()},
    }
    return Mail(row.pk, return_path(row, otherwise=sender), to, headers, letter, as_bytes(headers, letter))


# --- headers ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1000)
def address(text: str) -> str:
    """As the mail system writes it (domain by IDNA). Raises ValidationError."""
    local, _, domain = text.rpartition("@")
    ascii_only = f"{local}@{domain.encode('idna').decode()}"
    validate_email(ascii_only)
    return ascii_only


@lru_cache(maxsize=1000)  # the practices' own come again and again
def mailbox(name: str, at: str) -> str:
    return sanitize_address((one_line(name), at), "utf-8")


def encoded(text: str) -> str:
    """Header text in ASCII (RFC 2047)."""
    return text if one_line(text).isascii() else Header(text, "utf-8").encode()


def one_line(text: str) -> str:
    """Raises ValueError for a line break or another control character: it would begin a header of its own."""
    if CONTROL.search(text):
        raise ValueError("A header holds one line, without control characters.")
    return text


def message_id(row: Reminder, sender: str) -> str:
    """Always the same for a row: a copy that comes again can be told."""
    return f"<{row.pk}@{sender.rpartition('@')[2]}>"


def unsubscribe_link(client: Client) -> str:
    return links.absolute("clinic:unsubscribe", links.sign("unsubscribe", client.pk))


def unsubscribe_headers(link: str) -> dict[str, str]:
    """One click in the mail program stops reminders (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


# --- the message ------------------------------------------------------------------------------------------------------


class PartHeaders(EmailPolicy):
    """The headers of a body are Python's own words: nothing has to parse them again."""

    def header_max_count(self, name: str) -> int:
        return 1

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return name, value

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return value


POLICY = PartHeaders(max_line_length=LONGEST_LINE, cte_type="7bit")


def as_bytes(headers: Mapping[str, str], letter: Letter) -> bytes:
    """Both bodies as `multipart/alternative`, seven bits wide, ready for the wire; pictures stand beside the HTML that
    shows them, in a `multipart/related`.

    Python chooses character set and encoding of each body. The few lines around them are written here: its generator
    goes over the whole message line by line, which takes longer than everything else about a mail.
    """
    html = body("html", letter.html)
    if letter.images:
        html = multipart("related", [html, *map(inline, letter.images)], '; type="text/html"')
    lines = [f"{name}: {value}" for name, value in headers.items()]
    lines += ["MIME-Version: 1.0", multipart("alternative", [body("plain", letter.text), html])]
    return re.sub(r"\r?\n", "\r\n", "\n".join(lines)).encode("ascii")


def body(subtype: str, content: str) -> str:
    part = MIMEPart(policy=POLICY)
    part.set_content(content, subtype=subtype)
    return "\n".join([*(f"{name}: {value}" for name, value in part.items()), "", str(part.get_payload())])


def multipart(subtype: str, parts: Sequence[str], more: str = "") -> str:
    boundary = secrets.token_hex(16)
    inside = [line for part in parts for line in (f"--{boundary}", part)]
    return "\n".join(
        [f'Content-Type: multipart/{subtype}; boundary="{boundary}"{more}', "", *inside, f"--{boundary}--", ""]
    )


@lru_cache(maxsize=200)  # the same logo and the same drawings go out again and again
def inline(image: Image) -> str:
    ending = image.media_type.rpartition("/")[2]
    lines = [
        f"Content-Type: {image.media_type}",
        "Content-Transfer-Encoding: base64",
        f"Content-ID: <{image.cid}>",
        f'Content-Disposition: inline; filename="{image.cid}.{ending}"',
        "",
        encodebytes(image.content).decode(),
    ]
    return "\n".join(lines)
