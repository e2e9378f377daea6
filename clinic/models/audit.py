from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from clinic.models.base import PERSONAL, PLAIN, PracticeRecord, Role, ScopedQuerySet
from clinic.models.people import Client


class AuditEntryQuerySet(ScopedQuerySet):
    staff = frozenset({Role.OWNER})


class AuditEntry(PracticeRecord):
    """Who did what to which row, and when. One per write; the database lets nobody change it."""

    verb = models.CharField(max_length=60, help_text="Noun and past tense, such as client.added.")
    object_type = models.CharField(max_length=60)
    object_id = models.UUIDField()
    client = models.ForeignKey(Client, null=True, on_delete=models.CASCADE, related_name="+")
    actor_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_client = models.ForeignKey(Client, null=True, on_delete=models.CASCADE, related_name="+")
    actor_machine = models.CharField(max_length=40, blank=True, help_text="Such as reminders or seed_practice.")
    facts = models.JSONField(default=dict, help_text="Plain facts about the write; never health data.")

    privacy = {
        "verb": PLAIN, "object_type": PLAIN, "object_id": PLAIN, "actor_user": PERSONAL, "actor_client": PERSONAL,
        "actor_machine": PLAIN, "facts": PLAIN,
    }  # fmt: skip
    objects: ClassVar[AuditEntryQuerySet] = AuditEntryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["practice", "client", "-created_at"], name="audit_of_client")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    @property
    def sentence(self) -> str:
        """The verb as people read it: client.added → Client added."""
        return self.verb.replace(".", " ").replace("_", " ").capitalize()

    @property
    def actor_name(self) -> str:
        if self.actor_client:
            return f"{self.actor_client} (client)"
        return str(self.actor_user) if self.actor_user else self.actor_machine
