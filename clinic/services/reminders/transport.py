"""Step 4: the line that mail leaves by. Our own SMTP line, a mail service, or any other e-mail backend of Django."""

from __future__ import annotations

from email.mime.image import MIMEImage
from typing import Protocol, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.module_loading import import_string

from clinic.models import State
from clinic.reminders import Image
from clinic.services.reminders.message import Mail
from clinic.services.reminders.outcome import SENT, Outcome
from clinic.services.reminders.smtp import SmtpLine

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
SERVICES = "anymail.backends."
SERVICE_LINE = "clinic.services.reminders.provider.ProviderLine"  # its libraries are loaded only where they are used


class Line(Protocol):
    """Something that sends one mail after the other and says what became of each."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *args: object) -> None: ...
    def send(self, mail: Mail) -> Outcome: ...


class BackendLine:
    """Any Django e-mail backend. It cannot say in which step it broke, so an error is uncertain, never sent twice."""

    def __init__(self) -> None:
        self._backend = get_connection()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self._backend.close()

    def send(self, mail: Mail) -> Outcome:
        try:
            self._backend.send_messages([for_backend(mail)])
        except Exception as error:  # whatever a provider's library raises
            return Outcome(State.UNCERTAIN, f"The mail service failed ({type(error).__name__}).", down=True)
        return SENT


def line() -> Line:
    if settings.EMAIL_BACKEND.startswith(SERVICES):
        out: Line = import_string(SERVICE_LINE)()
        return out
    return SmtpLine() if settings.EMAIL_BACKEND == SMTP_BACKEND else BackendLine()


def for_backend(mail: Mail) -> EmailMultiAlternatives:
    """The same message in Django's own class."""
    headers = dict(mail.headers)
    del headers["Subject"], headers["To"]
    made = EmailMultiAlternatives(
        subject=mail.letter.subject,
        body=mail.letter.text,
        from_email=headers.pop("From"),
        to=[mail.headers["To"]],
        reply_to=[value] if (value := headers.pop("Reply-To", "")) else [],
        headers=headers,
    )
    made.attach_alternative(mail.letter.html, "text/html")
    made.mixed_subtype = "related"  # type: ignore[attr-defined]  # the pictures belong to the HTML; none of them is an attachment
    for image in mail.letter.images:
        made.attach(as_part(image))
    return made


def as_part(image: Image) -> MIMEImage:
    kind = image.media_type.rpartition("/")[2]
    part = MIMEImage(image.content, kind)
    part["Content-ID"] = f"<{image.cid}>"
    part["Content-Disposition"] = f'inline; filename="{image.cid}.{kind}"'
    return part
