"""A person who was here twice becomes one: everything moves to the row that goes on, the other one leads there."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from typing import Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from clinic import facts, merging
from clinic.models import CLINICIANS, AuditEntry, Client, MailDetail, Membership
from clinic.services import attention, audit
from clinic.services.clients import save

#: What somebody may take over from the row that ends. Its reference stays with it.
CHOICES = (
    "given_name", "family_name", "date_of_birth", "sex", "email", "phone", "language", "timezone", "therapist",
    "reminder_time",
)  # fmt: skip
#: What the client chose for themself: that of the row that goes on, where anything was chosen there.
OWN_CHOICES = ("reminder_days", "reminders_skipped_on", "snoozed_until")
KEPT_APART = "client.kept_apart"


@transaction.atomic
def merge(*, goes_on: Client, ends: Client, take: Collection[str] = (), by: Membership) -> Client:
    """Every row of `ends` belongs to `goes_on` from now on, signed ones too; `ends` is archived and leads there.

    `take`: the details of `ends` that count. Of consent, pauses and how much a mail says the more careful one
    does. Raises ValidationError.
    """
    goes_on, ends = locked(goes_on.pk, ends.pk)
    refuse(goes_on, ends, take, by)
    for part in merging.parts:
        if part.settle:
            part.settle(goes_on, ends, by)
    moved = {model._meta.label: move(model, name, goes_on, ends) for model, name in references()}
    took = take_over(goes_on, ends, take)
    facts.changed(goes_on, by=by)
    attention.look_at(ends)
    attention.look_at(goes_on)
    counted = {label: count for label, count in moved.items() if count}
    audit.record("client.merged", on=goes_on, by=by, other=str(ends.pk), ref=ends.ref, fields=took, moved=counted)
    audit.record("client.merged_into", on=ends, by=by, other=str(goes_on.pk), ref=goes_on.ref)
    return goes_on


def locked(*pks: uuid.UUID) -> list[Client]:
    """In one order for everybody, so that two merges wait for each other."""
    rows = Client.objects.select_for_update(of=("self",)).select_related("practice").filter(pk__in=pks).order_by("pk")
    found = {row.pk: row for row in rows}
    return [found[pk] for pk in pks]


def refuse(goes_on: Client, ends: Client, take: Collection[str], by: Membership) -> None:
    if goes_on.practice_id != ends.practice_id or by.practice_id != ends.practice_id or by.role not in CLINICIANS:
        raise ValidationError("Only a clinician of the practice of both can do this.")
    if goes_on.pk == ends.pk:
        raise ValidationError("This is the same row twice.")
    if goes_on.merged_into_id or ends.merged_into_id:
        raise ValidationError("One of the two was merged already.")
    if goes_on.archived_at:
        raise ValidationError(f"{goes_on} is archived: take them back into care first, or let the other row go on.")
    if unknown := set(take) - set(CHOICES):
        raise ValidationError(f"Nobody can take over: {', '.join(sorted(unknown))}.")
    if missing := {model._meta.label for model, _name in references()} - {part.key for part in merging.parts}:
        raise ValidationError(f"Nobody said what becomes of: {', '.join(sorted(missing))}.")


def references() -> Iterator[tuple[type[models.Model], str]]:
    """Every model and field that refers to a client."""
    for relation in Client._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel):
            yield relation.related_model, relation.field.name


def move(model: type[models.Model], name: str, goes_on: Client, ends: Client) -> int:
    """How many rows. What is signed stays as it was, but for whose it is: only here may that change."""
    guards = [f"{model._meta.label}:{guard.name}" for guard in getattr(model._meta, "triggers", ())]
    rows = model._base_manager.filter(**{name: ends})
    if not guards:
        return rows.update(**{name: goes_on})
    with pgtrigger.ignore(*guards):
        return rows.update(**{name: goes_on})


def take_over(goes_on: Client, ends: Client, take: Collection[str]) -> list[str]:
    """Saves both. The names of what `goes_on` got from `ends`."""
    took = [name for name in CHOICES if name in take]
    if "email" in took:
        goes_on.email_bounced_at = ends.email_bounced_at
    for name in took:
        setattr(goes_on, name, getattr(ends, name))
    kept: dict[str, Any] = {
        "email_refused_at": earlier(goes_on.email_refused_at, ends.email_refused_at),
        "reminders_stopped_at": earlier(goes_on.reminders_stopped_at, ends.reminders_stopped_at),
        "reminders_paused_until": later(goes_on.reminders_paused_until, ends.reminders_paused_until),
        "user": goes_on.user or ends.user,
        "mail_detail": min(goes_on.mail_detail, ends.mail_detail, key=MailDetail.values.index),
        **{name: set_one(getattr(goes_on, name), getattr(ends, name)) for name in OWN_CHOICES},
    }
    for name, value in kept.items():
        if getattr(goes_on, name) != value:
            setattr(goes_on, name, value)
            took.append(name)
    ends.archived_at, ends.merged_into, ends.user = ends.archived_at or timezone.now(), goes_on, None
    ends.save()
    save(goes_on)
    return took


def set_one(one: Any, other: Any) -> Any:
    """An empty list of days is a choice, too."""
    return other if one is None else one


def earlier(one: Any, other: Any) -> Any:
    return min((at for at in (one, other) if at), default=None)


def later(one: Any, other: Any) -> Any:
    return max((at for at in (one, other) if at), default=None)


@transaction.atomic
def keep_apart(*, client: Client, other: Client, by: Membership) -> None:
    """Two people who only look alike: nobody is asked about them again. Saying it twice changes nothing."""
    if not client.practice_id == other.practice_id == by.practice_id or by.role not in CLINICIANS:
        raise ValidationError("Only a clinician of the practice of both can do this.")
    said = AuditEntry.objects.filter(practice_id=by.practice_id, client=client, verb=KEPT_APART)
    if not said.filter(facts__other=str(other.pk)).exists():
        audit.record(KEPT_APART, on=client, by=by, other=str(other.pk))
