"""One row per write, in the same transaction as the write."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from clinic.models import AuditEntry, Client, Membership, Practice, PracticeRecord


class Machine(StrEnum):
    """Writers that are no person."""

    REMINDERS = "reminders"
    COMMAND = "command"
    SEED = "seed"


if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    #: Who does something: somebody on the staff, a client by their link, a log-in (administration), or a machine.
    Actor = Membership | Client | Machine | AbstractBaseUser


def record(
    verb: str, *, on: PracticeRecord | Practice, by: Actor, client: Client | None = None, **facts: object
) -> AuditEntry:
    """Write the audit row. `verb` is noun.past_tense; `facts` are plain, never health data."""
    return AuditEntry.objects.create(
        practice_id=on.pk if isinstance(on, Practice) else on.practice_id,
        verb=verb,
        object_type=on._meta.label_lower,
        object_id=on.pk,
        client=on if isinstance(on, Client) else client,
        facts=facts,
        **actor_fields(by),
    )


def actor_fields(by: Actor) -> dict[str, object]:
    if isinstance(by, Membership):
        return {"actor_user_id": by.user_id}
    if isinstance(by, Client):
        return {"actor_client": by}
    if isinstance(by, Machine):
        return {"actor_machine": by.value}
    return {"actor_user": by}
