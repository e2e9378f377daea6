"""Step 4: a mail service, by its API. django-anymail speaks to each of them; here is what its answers mean for a row.

Until the service has the whole request nothing can have left; after that only its answer tells. Nobody is watched: no
pixel for opening, no links that count.
"""

from __future__ import annotations

import ssl
import uuid
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.utils import parseaddr, quote
from typing import Any, Self

import requests
from anymail.exceptions import AnymailAPIError, AnymailError
from django.core.mail import EmailMultiAlternatives, get_connection
from urllib3.exceptions import NewConnectionError

from clinic.models import State
from clinic.services.reminders.message import Mail
from clinic.services.reminders.outcome import Outcome, server_down
from clinic.services.reminders.transport import for_backend

KEEP_OUR_MESSAGE_ID = ("Mailgun", "Amazon SES")  # others have their own, and some refuse a mail that brings one

BAD_GATEWAYS = (502, 504)  # somebody in between got no answer: the service may have the mail
SAME_KEY_AGAIN = 409  # to a service that knows idempotency keys: an earlier try may have been taken
ACCOUNT = (401, 402, 403, 429)  # our key, our bill, too fast: no other mail would go either
NOT_CONNECTED = (
    NewConnectionError, requests.ConnectTimeout, requests.exceptions.ProxyError, ssl.SSLCertVerificationError,
)  # fmt: skip
AMAZON_ACCOUNT = (
    "TooManyRequestsException", "LimitExceededException", "SendingPausedException", "AccountSuspendedException",
    "MailFromDomainNotVerifiedException",
)  # fmt: skip
# Amazon's library, which is only there where it is needed, has errors of its own for what never left.
AMAZON_NOT_CONNECTED = {
    "EndpointConnectionError", "ConnectTimeoutError", "ProxyConnectionError", "NoCredentialsError",
    "PartialCredentialsError", "CredentialRetrievalError",
}  # fmt: skip

UNKNOWN = Outcome(State.UNCERTAIN, "The mail service did not say whether it took the mail.", down=True)
NO_ADDRESS = Outcome(State.FAILED, "The mail service says that there is no such address.", bounced=True, permanent=True)
REFUSED_ADDRESS = Outcome(State.FAILED, "The mail service writes to this address no more: it came back before.")
NOT_SENT = Outcome(State.FAILED, "The mail service could not send the mail.")
BY_STATUS = {"invalid": NO_ADDRESS, "rejected": REFUSED_ADDRESS, "failed": NOT_SENT}


class ProviderLine:
    """Sends by the e-mail backend of django-anymail that the settings name, over one held connection."""

    def __init__(self) -> None:
        self._backend: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        if self._backend is not None:
            self._backend.close()

    def send(self, mail: Mail) -> Outcome:
        """Hand over one message. Never raises for what the network or the service does."""
        try:
            backend = self._opened()
        except Exception:  # a library that is missing, a region that is not set: nothing has left
            return server_down()
        try:
            message = as_message(mail, backend.esp_name)
        except Exception as error:  # a name that no decoder reads
            return Outcome(State.FAILED, f"The mail cannot be given to the mail service ({type(error).__name__}).")
        if session := getattr(backend, "session", None):
            session.headers["Idempotency-Key"] = once(mail)
        try:
            backend.send_messages([message])
        except Exception as error:  # of any of the libraries
            return of_error(error)
        return of_status(message.anymail_status)  # type: ignore[attr-defined]

    def _opened(self) -> Any:
        if self._backend is None:
            # Not every service can do all that a message asks for; what is left out then is only what links reports.
            backend = get_connection(ignore_unsupported_features=True, ignore_recipient_status=True)
            backend.open()
            self._backend = backend
        return self._backend


def once(mail: Mail) -> str:
    """The same for the same mail to the same address: a service that knows such keys takes it once."""
    return str(uuid.uuid5(mail.row, mail.to))


# --- the message ------------------------------------------------------------------------------------------------------


def as_message(mail: Mail, service: str) -> EmailMultiAlternatives:
    """In Django's class, with what anymail reads from it. Services encode by themselves: names are as people read."""
    message = for_backend(mail)
    message.from_email = readable(message.from_email)
    message.to = [readable(one) for one in message.to]
    message.reply_to = [readable(one) for one in message.reply_to]
    own = {"Date"} if service in KEEP_OUR_MESSAGE_ID else {"Date", "Message-ID"}
    message.extra_headers = {name: value for name, value in message.extra_headers.items() if name not in own}
    asked = {"metadata": {"reminder": str(mail.row)}, "track_opens": False, "track_clicks": False}
    if service in ("MailerSend", "Postal"):  # they know no metadata
        asked["tags"] = [str(mail.row)]
    for name, value in asked.items():
        setattr(message, name, value)
    return message


def readable(mailbox: str) -> str:
    name, address = parseaddr(mailbox)
    return f'"{quote(str(make_header(decode_header(name))))}" <{address}>' if name else address


# --- the answer -------------------------------------------------------------------------------------------------------


def of_status(status: Any) -> Outcome:
    """From what the service said about the one recipient."""
    said = status.status or set()
    if said & {"sent", "queued"}:
        return Outcome(State.SENT, provider_id=str(status.message_id or ""))
    return next((outcome for word, outcome in BY_STATUS.items() if word in said), UNKNOWN)


def of_error(error: Exception) -> Outcome:
    if never_connected(error):
        return server_down()
    if isinstance(error, AnymailAPIError):
        return of_answer(status_of(error), amazon_code(error))
    if isinstance(error, AnymailError):  # while the request was being made
        return Outcome(State.FAILED, f"The mail cannot be given to the mail service ({type(error).__name__}).")
    return UNKNOWN


def of_answer(status: int | None, code: str) -> Outcome:
    """From the HTTP status, None where there was no answer."""
    if status is None or status < 400 or status in BAD_GATEWAYS or status == SAME_KEY_AGAIN:
        return UNKNOWN
    if status >= 500 or status in ACCOUNT or code in AMAZON_ACCOUNT:
        return server_down(status)
    return Outcome(State.FAILED, f"The mail service refused the mail ({status}).")


def never_connected(error: BaseException) -> bool:
    """Whether there was no connection to send the request by."""
    return any(
        isinstance(cause, NOT_CONNECTED) or type(cause).__name__ in AMAZON_NOT_CONNECTED for cause in causes(error)
    )


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error, and those that it was made of; libraries keep them in different places."""
    left: list[object] = [error]
    seen: set[int] = set()
    while left:
        one = left.pop()
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            left += [one.__cause__, getattr(one, "reason", None), *one.args]


def status_of(error: AnymailAPIError) -> int | None:
    answer = error.response
    status: int | None = (
        answer.get("ResponseMetadata", {}).get("HTTPStatusCode") if isinstance(answer, dict) else error.status_code
    )
    return status


def amazon_code(error: AnymailAPIError) -> str:
    answer = error.response if isinstance(error.response, dict) else {}
    return str(answer.get("Error", {}).get("Code", ""))
