"""Putting away the records that are past the practice's years. They stay readable; nothing is deleted."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clinic.models import AuditEntry, Client, Practice
from clinic.queries import retention
from clinic.services import attention, audit, clients

MOST = 1000  # a step, so that it takes a second or two


@transaction.atomic
def archive_past(*, practice: Practice, by: audit.Actor) -> tuple[int, datetime.datetime]:
    """Archives who is past, up to 1000 at once; how many, and the instant that `bring_back` takes."""
    now = timezone.now()
    rows = retention.may_go(practice, retention.border(practice, now)).order_by("pk")
    found = list(rows.values_list("pk", flat=True)[:MOST])
    Client.objects.filter(pk__in=found, archived_at=None).update(archived_at=now)
    kept = {"practice_id": practice.pk, "verb": "client.archived", "object_type": Client._meta.label_lower}
    facts = {"because": "retention", "years": practice.keep_years}
    AuditEntry.objects.bulk_create(
        AuditEntry(object_id=pk, client_id=pk, facts=facts, **kept, **audit.actor_fields(by)) for pk in found
    )
    if found:
        attention.look_through(practice.pk)
    return len(found), now


@transaction.atomic
def bring_back(*, practice: Practice, archived_at: datetime.datetime, by: audit.Actor) -> tuple[int, list[str]]:
    """Undoes one step; how many, and a line for each who cannot come back because somebody of the same name and birth
    is in care now."""
    lines, count = [], 0
    for client in Client.objects.filter(practice=practice, archived_at=archived_at).order_by("pk"):
        try:
            with transaction.atomic():
                clients.restore(client=client, by=by)
            count += 1
        except ValidationError as error:
            lines += [f"{client}: {line}" for line in error.messages]
    return count, lines
