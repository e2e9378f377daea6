"""How the practice's mail looks to its clients, and one such mail to somebody of the staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.header import decode_header, make_header
from typing import Any

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from clinic.models import Client, Membership, Reminder, State
from clinic.reminders import Letter, ReminderKind
from clinic.services import audit, logos
from clinic.services.reminders.message import Mail, build
from clinic.services.reminders.outcome import Outcome
from clinic.services.reminders.transport import line

SHOWN = ("From", "Reply-To")
UNFIT = "The sender’s name, the address for answers or your own cannot stand in a mail: correct it."


class Sample(ReminderKind):
    """Never planned and on no list: a mail that somebody asked for just now."""

    key = "sample"
    label = "Sample"
    requested = True

    def unwanted(self, reminders: Sequence[Reminder]) -> Mapping[Any, str]:
        return {}

    def compose(self, reminders: Sequence[Reminder]) -> Mapping[Any, Letter]:
        return {row.pk: sample(row) for row in reminders}


def headers(member: Membership) -> dict[str, str]:
    """Who a mail of the practice comes from, as mail programs show it; empty where that cannot be."""
    try:
        made = mail_to(member).headers
    except (ValueError, ValidationError):
        return {}
    return {name: str(make_header(decode_header(made[name]))) for name in SHOWN if name in made}


def send(*, to: Membership, by: audit.Actor, letter: Letter | None = None) -> Outcome:
    """By the engine's own line, at once; `letter` instead of a plain sample. The outcome says what went wrong."""
    try:
        mail = mail_to(to, letter)
    except (ValueError, ValidationError):
        return Outcome(State.FAILED, UNFIT)
    with line() as out:
        outcome = out.send(mail)
    audit.record("practice.sample_sent", on=to, by=by, state=str(outcome.state))
    return outcome


def mail_to(member: Membership, made: Letter | None = None) -> Mail:
    """Built as every mail to a client is. Raises ValueError or ValidationError for what no header can hold."""
    email = getattr(member.user, member.user.get_email_field_name())
    given, _, family = member.display_name.partition(" ")
    reader = Client(practice=member.practice, given_name=given, family_name=family, email=email)
    row = Reminder(practice=member.practice, client=reader, kind=Sample.key)
    return build(row, made or sample(row), Sample())


def sample(row: Reminder) -> Letter:
    subject = "A sample of our mail"
    logo = logos.of(row.practice)
    values = {"practice": row.practice, "client": row.client, "subject": subject, "logo": logo}
    text, html = (render_to_string(f"clinic/practice/mail/sample.{kind}", values) for kind in ("txt", "html"))
    return Letter(subject, text.strip() + "\n", html.strip() + "\n", images=(logo,) if logo else ())
