"""Adding and changing the people in care."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from clinic.models import Client, Practice
from clinic.services import attention, audit, languages

EDITABLE = (
    "given_name", "family_name", "date_of_birth", "sex", "email", "phone", "timezone", "therapist", "reminder_time",
    "language",
)  # fmt: skip
#: What a client chooses on their own page.
PREFERENCES = ("mail_detail", "reminder_days")


@transaction.atomic
def add(*, practice: Practice, by: audit.Actor, ref: str = "", **details: Any) -> Client:
    """A new client; `ref` is the next number of the practice unless given.

    Raises ValidationError with one line per problem: a duplicate person or reference, an address that is none.
    """
    client = Client(practice=practice, ref=ref or next_ref(practice), **details)
    save(client)
    audit.record("client.added", on=client, by=by)
    return client


def save(client: Client, *fields: str) -> None:
    """Those fields, or all. Raises ValidationError, also when the same person was added elsewhere in the moment after
    the check."""
    client.full_clean()
    languages.require_spoken(client.language)
    try:
        with transaction.atomic():
            client.save(update_fields=[*fields, "search"] if fields else None)
    except IntegrityError as error:
        raise ValidationError("Somebody saved this client, or this reference, in the same moment.") from error


def next_ref(practice: Practice) -> str:
    """C0001, C0002, … past those that were typed in; the row lock of the update keeps two receptionists apart."""
    while True:
        Practice.objects.filter(pk=practice.pk).update(client_counter=F("client_counter") + 1)
        number = Practice.objects.values_list("client_counter", flat=True).get(pk=practice.pk)
        ref = f"C{number:04d}"
        if not Client.objects.filter(practice=practice, ref__iexact=ref).exists():
            return ref


@transaction.atomic
def change(*, client: Client, by: audit.Actor, **details: Any) -> Client:
    """Set the given fields, and no other, on the row as it is now: what was said elsewhere since `client` was read
    stays. A new address is worth trying again, so it clears an earlier bounce."""
    unknown = set(details) - {*EDITABLE, *PREFERENCES}
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    changes = dict(details)
    client.refresh_from_db(from_queryset=Client.objects.select_related("practice").select_for_update(of=("self",)))
    if "email" in changes and changes["email"] != client.email:
        changes["email_bounced_at"] = None
    for field, value in changes.items():
        setattr(client, field, value)
    if changes:
        save(client, *changes)
    attention.look_at(client, "mail_bounced", "mail_uncertain")
    audit.record("client.changed", on=client, by=by, fields=sorted(details))
    return client


@transaction.atomic
def archive(*, client: Client, by: audit.Actor) -> Client:
    """Out of care: nothing is deleted, reminders end."""
    client.archived_at = timezone.now()
    client.save(update_fields=["archived_at"])
    attention.look_at(client)
    audit.record("client.archived", on=client, by=by)
    return client


@transaction.atomic
def restore(*, client: Client, by: audit.Actor) -> Client:
    """In care again. Raises ValidationError where somebody of that name and birth was added meanwhile."""
    if client.merged_into_id is not None:
        raise ValidationError("This row was merged with another one of the same person, which goes on.")
    if client.archived_at is not None:
        client.archived_at = None
        client.validate_constraints()
        client.save(update_fields=["archived_at"])
        attention.look_at(client)
        audit.record("client.restored", on=client, by=by)
    return client


@transaction.atomic
def pause_reminders(*, client: Client, until: datetime.date, by: audit.Actor, instead_of_stop: bool = False) -> Client:
    """No mail before `until`, a day in the client's calendar; then they go on by themselves, unless stopped."""
    client.reminders_paused_until, written = until, ["reminders_paused_until"]
    if instead_of_stop:
        client.reminders_stopped_at, written = None, [*written, "reminders_stopped_at"]
    client.save(update_fields=written)
    audit.record("reminders.paused", on=client, by=by, until=until.isoformat())
    return client


@transaction.atomic
def stop_reminders(*, client: Client, by: audit.Actor) -> Client:
    """No more reminder mail until the client or the practice starts it again. Stopping twice changes nothing."""
    if client.reminders_stopped_at is None:
        client.reminders_stopped_at = timezone.now()
        client.save(update_fields=["reminders_stopped_at"])
        audit.record("reminders.stopped", on=client, by=by)
    return client


@transaction.atomic
def start_reminders(*, client: Client, by: audit.Actor) -> Client:
    """Undo a stop or a pause."""
    client.reminders_stopped_at = None
    client.reminders_paused_until = None
    client.save(update_fields=["reminders_stopped_at", "reminders_paused_until"])
    audit.record("reminders.started", on=client, by=by)
    return client


@transaction.atomic
def refuse_mail(*, client: Client, by: audit.Actor) -> Client:
    """The client withdrew their consent: no mail of any kind, asked for or not. Refusing twice changes nothing."""
    if client.email_refused_at is None:
        client.email_refused_at = timezone.now()
        client.save(update_fields=["email_refused_at"])
        audit.record("client.mail_refused", on=client, by=by)
    return client


@transaction.atomic
def allow_mail(*, client: Client, by: audit.Actor) -> Client:
    """The client consented again. A stop or pause of reminders stays as it was. Allowing twice changes nothing."""
    if client.email_refused_at is not None:
        client.email_refused_at = None
        client.save(update_fields=["email_refused_at"])
        audit.record("client.mail_allowed", on=client, by=by)
    return client
